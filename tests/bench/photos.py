"""Photos of twelve megapixels: computing and memory of the check, beside Pillow alone.

`python -m tests.bench.photos FOLDER` measures in a process of its own, whose memory is nobody else's, and prints JSON.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageOps

from deploy.demo.portraits import portrait
from services.document.checks.faces import find_faces
from services.document.checks.photo import check_photo
from tests.bench.line import Line

_SIZE = (3024, 4032)
_ROUNDS = 15
_TODAY = datetime(2026, 11, 29, tzinfo=UTC)


def measure() -> list[Line]:
    """CPU of a check with and without the search for a face, its ratio to Pillow alone, and memory."""
    with tempfile.TemporaryDirectory() as folder:
        # One process makes the pictures and another one measures: a child's peak begins with its parent's.
        asked = [sys.executable, "-m", "tests.bench.photos", folder]
        subprocess.run([*asked, "make"], check=True)
        found: dict[str, float] = json.loads(subprocess.run(asked, check=True, capture_output=True).stdout)
    return [
        Line("12-megapixel JPEG checked, without the face", found["plain"], "ms CPU", 200, at_most=True),
        Line("the same with the face", found["face"], "ms CPU", 400, at_most=True),
        Line("the same without the face, beside Pillow alone", found["ratio"], "times", 1.3, at_most=True),
        Line("12-megapixel HEIC checked", found["heic"], "ms CPU", 1000, at_most=True),
        Line("memory of the process, both formats", found["memory"], "MB", 300, at_most=True),
    ]


def _pillow(data: bytes) -> bytes:
    """The least that has to be done: upright, of the size that is kept, saved again."""
    with Image.open(BytesIO(data)) as image:
        image.draft("RGB", (image.width // 2, image.height // 2))
        upright = ImageOps.exif_transpose(image).resize((1200, 1600), Image.Resampling.LANCZOS)
    out = BytesIO()
    upright.save(out, "JPEG", quality=92, optimize=True)
    return out.getvalue()


def _milliseconds(work: Callable[[], object], rounds: int = _ROUNDS) -> float:
    """The CPU of one round, the best of them: other work on the machine only adds to it."""
    best = float("inf")
    for _ in range(rounds):
        began = time.process_time()
        work()
        best = min(best, time.process_time() - began)
    return best * 1000


def _make(folder: Path) -> None:
    # Grain, as cameras have it: a drawn face alone would be decoded too quickly.
    photo = Image.blend(portrait(*_SIZE), Image.effect_noise(_SIZE, 12).convert("RGB"), 0.15)
    photo.save(folder / "JPEG", "JPEG", quality=92)
    photo.save(folder / "HEIF", "HEIF", quality=80)


def _measured(folder: Path) -> dict[str, float]:
    jpeg, heic = (folder / "JPEG").read_bytes(), (folder / "HEIF").read_bytes()
    small = Image.open(BytesIO(_pillow(jpeg)))
    small.load()
    alone = _milliseconds(lambda: _pillow(jpeg))
    face = _milliseconds(lambda: find_faces(small))
    whole = _milliseconds(lambda: check_photo(jpeg, _TODAY))
    slow = _milliseconds(lambda: check_photo(heic, _TODAY), 3)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    ratio = (whole - face) / alone
    return {"plain": whole - face, "face": whole, "ratio": ratio, "heic": slow, "memory": memory}


if __name__ == "__main__":
    place = Path(sys.argv[1])
    if len(sys.argv) > 2:
        _make(place)
    else:
        sys.stdout.write(json.dumps(_measured(place)))
