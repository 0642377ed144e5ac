"""The generated files of the Python client: `python -m tests.clients [--check]` writes them or names stale ones."""

import subprocess
import sys
from pathlib import Path

from tests.clients.generated import wanted

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "clients" / "python" / "zairyu_client"


def main(check: bool) -> int:
    """Write what is generated, or only compare it. The exit status."""
    texts = {PACKAGE / name: _formatted(text, PACKAGE / name) for name, text in wanted(PACKAGE).items()}
    stale = [path for path, text in texts.items() if not path.exists() or path.read_text() != text]
    stale += [path for path in (PACKAGE / "_sync").glob("*.py") if path not in texts]
    for path in stale:
        if check:
            print(f"{path.relative_to(ROOT)} is not what is generated: run make docs")
        elif path in texts:
            path.parent.mkdir(exist_ok=True)
            path.write_text(texts[path])
        else:
            path.unlink()
    return 1 if check and stale else 0


def _formatted(text: str, path: Path) -> str:
    ruff = str(Path(sys.executable).parent / "ruff")
    for step in (["check", "--fix", "--quiet", "--exit-zero"], ["format"]):
        command = [ruff, *step, "--stdin-filename", str(path), "-"]
        text = subprocess.run(command, input=text, capture_output=True, text=True, check=True, cwd=ROOT).stdout
    return text


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv))
