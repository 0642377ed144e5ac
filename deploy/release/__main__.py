"""`make release`: checks that a version can be released, and writes an SBOM for each image into `dist/VERSION`.

A bill is made from the very lock that its image installs. Nothing is tagged or pushed.
"""

import re
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ROOT / ".zairyu" / "release"
LOCK = Path(__file__).with_name("requirements.lock")


def version() -> str:
    """The version of the project, which stands in pyproject.toml."""
    found = re.search(r'^version = "(.+)"$', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    assert found is not None, "pyproject.toml has a version"
    return found[1]


def faults(number: str) -> list[str]:
    """Reasons for which this checkout cannot be released as `number`."""
    found = []
    if not re.search(
        rf"^## {re.escape(number)} \(\d{{4}}-\d\d-\d\d\)$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE
    ):
        found.append(f"CHANGELOG.md has no heading `## {number} (YYYY-MM-DD)` with the day of the release")
    if _git("status", "--porcelain"):
        found.append("there are changes that are not committed")
    if _git("tag", "--list", f"v{number}"):
        found.append(f"the tag v{number} is there already: raise the version in pyproject.toml")
    return found


def bills(folder: Path) -> list[Path]:
    """Write the bill of materials of each image into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for lock in sorted((ROOT / "deploy/docker").glob("requirements-*.lock")):
        service = lock.stem.removeprefix("requirements-")
        bill = folder / f"zairyu-{service}.cdx.json"
        _run(
            *(str(_tool()), "requirements", str(lock), "--of", "JSON", "--sv", "1.6", "--output-reproducible"),
            *("--validate", "-o", str(bill)),
        )
        written.append(bill)
    return written


def _tool() -> Path:
    """The program of cyclonedx-bom, in an environment of its own, as locked."""
    program = TOOLS / "bin/cyclonedx-py"
    if not program.exists():
        venv.create(TOOLS, with_pip=True, clear=True)
        pip = (str(TOOLS / "bin/python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
        _run(*pip, "--no-deps", "--require-hashes", "-r", str(LOCK))
    return program


def _run(*command: str) -> None:
    subprocess.run(command, cwd=ROOT, check=True)


def _git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()


def main() -> int:
    """The exit status: 1 with the reasons where the version cannot be released. Bills are written in any case."""
    number = version()
    written = bills(ROOT / "dist" / number)
    print(*(bill.relative_to(ROOT) for bill in written), sep="\n")
    if found := faults(number):
        print(f"{number} cannot be released:", *found, sep="\n- ")
        return 1
    print(
        f"git tag --sign v{number} --message 'Zairyu {number}' && git push origin v{number}",
        *(
            f"docker build --build-arg SERVICE={service} -f deploy/docker/Dockerfile"
            f" -t REPOSITORY/zairyu-{service}:{number} ."
            for service in (bill.name.removesuffix(".cdx.json").removeprefix("zairyu-") for bill in written)
        ),
        sep="\n",
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
