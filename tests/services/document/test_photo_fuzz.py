"""Photos with bytes changed, cut and doubled: the check ends with a verdict, and what it accepts is a photo.

`make test` changes some, the same each time; `make fuzz` changes more, other ones each time.
"""

import os
import random
from datetime import UTC, datetime
from io import BytesIO

import pytest
from PIL import Image

from deploy.demo.portraits import portrait
from services.document.checks.crops import Part
from services.document.checks.photo import check_photo
from services.document.checks.worker import check
from services.document.files.domain import Kind
from tests.services.document import files

# Photos are decoded and faces looked for, which computes for seconds: make quick leaves them out.
pytestmark = pytest.mark.server

TODAY = datetime(2026, 7, 1, tzinfo=UTC)
ROUNDS = int(os.environ.get("ZAIRYU_FUZZ_EXAMPLES", "12"))
SEED = None if "ZAIRYU_FUZZ_EXAMPLES" in os.environ else 20261129
FORMATS = {"JPEG": {"quality": 85}, "PNG": {}, "WEBP": {"quality": 80}, "HEIF": {"quality": 60}, "MPO": {}}


def _changed(data: bytes, chance: random.Random) -> bytes:
    """The file with a few bytes set, a part cut out, doubled or filled with zeros; heads are hit as often as pixels."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(min(len(changed), 600) if chance.random() < 0.5 else len(changed))
        size = chance.choice((1, 1, 2, 4, 64, 1000))
        match chance.randrange(4):
            case 0:
                changed[at : at + size] = chance.randbytes(size)
            case 1:
                del changed[at : at + size]
            case 2:
                changed[at:at] = changed[at : at + size]
            case _:
                changed[at : at + size] = bytes(size)
    return bytes(changed)


@pytest.mark.parametrize("format", FORMATS)
def test_changed_photo_is_refused_or_kept_as_a_photo(format: str) -> None:
    chance = random.Random(SEED)
    whole = files.encoded(portrait(480, 640), format, **FORMATS[format])
    for _ in range(ROUNDS):
        data = _changed(whole, chance)
        part = Part(chance.uniform(-5, 60), chance.uniform(-5, 60), chance.uniform(1, 100))
        job = {"kind": Kind.PHOTO.value, "now": TODAY.isoformat(), "part": None}
        for verdict in (check(job, data), check_photo(whole, TODAY, part)):
            assert verdict.accepted == (verdict.cleaned is not None)
            if verdict.cleaned:
                image = Image.open(BytesIO(verdict.cleaned))
                image.load()
                assert image.size == (verdict.width, verdict.height)
                assert image.width * 4 == image.height * 3
