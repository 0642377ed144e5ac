"""The repository speaks of the project alone, and needs nothing that is not named."""

import re
import subprocess

from tests.guards.sources import ROOT

_NOT_OURS = re.compile(r"(/root/|/home/|/work/|/usr/local/bin)|files\.pythonhosted|registry\.npmjs|pypi\.org")


def _tracked() -> list[str]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    return listed.stdout.splitlines()


def test_no_file_names_a_machine_or_a_registry() -> None:
    found = []
    for name in _tracked():
        path = ROOT / name
        if path.suffix in {".png", ".jpg", ".pdf"} or name == "tests/guards/test_repository.py" or not path.exists():
            continue
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
            # Inside an image it is no machine's.
            in_image = (
                name.startswith(("tests/compose/images/", "deploy/docker/Dockerfile")) and "/usr/local/bin" in line
            )
            if _NOT_OURS.search(line) and not in_image:
                found.append(f"{name}:{number}: {line.strip()[:100]}")
    assert found == []


def test_every_requirement_is_pinned_with_a_hash() -> None:
    lock = (ROOT / "requirements.lock").read_text()
    pins = re.findall(r"^[a-z0-9][^\s=]*==\S+", lock, re.M)
    assert len(pins) > 50
    for block in re.split(r"\n(?=[a-z0-9])", lock.strip()):
        assert "--hash=sha256:" in block, block.splitlines()[0]
