"""The picture of the layout in docs/architecture.md, from the tree: `python -m deploy.layout_picture [--check]`."""

import ast
import sys
from pathlib import Path

from deploy.generated import GeneratedPart

ROOT = Path(__file__).resolve().parents[1]
SERVICES = ("registration", "application", "document", "review", "notification", "gateway")
# Upper rooms use lower ones.
ROOMS = ("api", "handlers", "jobs", "commands", "schemas", "problems", "store", "domain")
# Folders without code of their own.
_SILENT = ("migrations", "static", "__pycache__", "data", "texts", "templates", "site_texts", "schemas")


def picture() -> str:
    """Every service with its rooms, its wings with theirs, and the packages of `shared`, one line each."""
    lines = []
    for service in SERVICES:
        folder = ROOT / "services" / service
        lines += [_line("services/" + service, folder)]
        lines += [_line("    " + wing.name, wing) for wing in _packages(folder) if wing.name not in ROOMS]
    lines.append("shared")
    lines += [_row("    " + package.name, _purpose(package)) for package in _packages(ROOT / "shared")]
    return "\n".join(["```", *lines, "```"])


def _packages(folder: Path) -> list[Path]:
    found = [path for path in sorted(folder.iterdir()) if (path / "__init__.py").is_file()]
    return [path for path in found if path.name not in _SILENT]


def _line(name: str, folder: Path) -> str:
    rooms = [room for room in ROOMS if (folder / room).is_dir() or (folder / f"{room}.py").is_file()]
    return _row(name, " ".join(rooms) or _purpose(folder))


def _row(name: str, text: str) -> str:
    return f"{name:<26}{text}".rstrip()


def _purpose(folder: Path) -> str:
    """The first line of a package's docstring."""
    text = ast.get_docstring(ast.parse((folder / "__init__.py").read_text())) or ""
    return text.partition("\n")[0].rstrip(".")


if __name__ == "__main__":
    sys.exit(GeneratedPart("architecture.md", "layout").run(picture()))
