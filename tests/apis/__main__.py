"""`python -m tests.apis [--check]`: write the pages of docs/api, or say which of them are stale."""

import argparse
import sys
from pathlib import Path

from tests.apis.pages import pages

FOLDER = Path(__file__).parents[2] / "docs" / "api"


def main(arguments: list[str] | None = None) -> int:
    """1 where --check finds a page that is not what the code says."""
    parser = argparse.ArgumentParser(prog="python -m tests.apis", description="Write the pages of docs/api.")
    parser.add_argument("--check", action="store_true", help="write nothing; fail where a page is stale")
    options = parser.parse_args(arguments)
    wanted = pages()
    stale = sorted(name for name, text in wanted.items() if _present(name) != text)
    stale += sorted(path.name for path in FOLDER.glob("*.md") if path.name not in wanted)
    if options.check:
        for name in stale:
            sys.stdout.write(f"docs/api/{name} is not what the code says: run `make docs`\n")
        return 1 if stale else 0
    FOLDER.mkdir(exist_ok=True)
    for path in FOLDER.glob("*.md"):
        path.unlink()
    for name, text in wanted.items():
        (FOLDER / name).write_text(text, "utf-8")
    return 0


def _present(name: str) -> str:
    path = FOLDER / name
    return path.read_text("utf-8") if path.exists() else ""


if __name__ == "__main__":
    sys.exit(main())
