"""`python -m shared.events export|asyncapi|docs [--check]` and `compare DIRECTORY`."""

import argparse
import json
import sys
from pathlib import Path

from shared.events import CATALOGUE, asyncapi, compatibility, schemas, table

DOCS = Path(__file__).parents[2] / "docs"


def main(arguments: list[str] | None = None) -> int:
    """Exit code 0 where all is well or written, 1 where something differs or breaks."""
    parser = argparse.ArgumentParser(prog="python -m shared.events", description="What is generated from the models.")
    parser.add_argument("what", choices=["export", "asyncapi", "docs", "compare"])
    parser.add_argument("directory", nargs="?", type=Path, help="compare: schemas of the release to compare with")
    parser.add_argument("--check", action="store_true", help="write nothing; fail where the files differ")
    options = parser.parse_args(arguments)
    if options.what == "export":
        return export(schemas.DIRECTORY, check=options.check)
    if options.what == "asyncapi":
        return _write(DOCS / "asyncapi.yaml", asyncapi.text(), check=options.check)
    if options.what == "docs":
        page = DOCS / "events.md"
        return _write(page, table.page(page.read_text("utf-8")), check=options.check)
    if options.directory is None:
        parser.error("compare needs the directory of the older schemas")
    return _report(options.directory)


def export(directory: Path, *, check: bool) -> int:
    """Write the schemas; an incompatible change of a stored one is refused and nothing is written."""
    if _report(directory):
        sys.stdout.write("Make a new version beside the old, or delete the file if that version was never released.\n")
        return 1
    wanted = schemas.texts(CATALOGUE)
    return max(_write(directory / name, text, check=check) for name, text in wanted.items())


def _report(older: Path) -> int:
    newer = {name: json.loads(text) for name, text in schemas.texts(CATALOGUE).items()}
    _, found = compatibility.compare_all(schemas.load(older), newer)
    for name, problem in found:
        sys.stdout.write(f"{name}: {problem}\n")
    return 1 if found else 0


def _write(path: Path, text: str, *, check: bool) -> int:
    same = path.exists() and path.read_text("utf-8") == text
    if same:
        return 0
    if check:
        sys.stdout.write(f"{path.name} is not what the models say\n")
        return 1
    path.write_text(text, "utf-8")
    sys.stdout.write(f"wrote {path.name}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
