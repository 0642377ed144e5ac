"""The stored part of a photo: pixels, and nothing that a camera or a program wrote beside them."""

from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from PIL import ExifTags, Image, ImageCms, PngImagePlugin

from services.document.checks.photo import check_photo
from shared.outgoing import http_client
from tests.services.document import files
from tests.services.document.conftest import Documents

# Photos are decoded and faces looked for, which computes for seconds: make quick leaves them out.
pytestmark = pytest.mark.server

NOW = datetime(2026, 7, 1, tzinfo=UTC)
SECRET = b"35.0N 135.0E"
SEGMENT_LIMIT = 65_533

# SOI, the bare JFIF head, tables, frame, scan, EOI: what a picture needs.
_NEEDED = {0xE0, 0xDB, 0xC0, 0xC1, 0xC2, 0xC4, 0xDD, 0xDA}


def segments(jpeg: bytes) -> list[tuple[int, bytes]]:
    """Marker and content of every segment, and 0xD9 with whatever follows the end mark."""
    assert jpeg[:2] == b"\xff\xd8"
    at, found = 2, []
    while True:
        assert jpeg[at] == 0xFF
        marker = jpeg[at + 1]
        length = int.from_bytes(jpeg[at + 2 : at + 4], "big")
        found.append((marker, jpeg[at + 4 : at + 2 + length]))
        at += 2 + length
        if marker == 0xDA:
            end = jpeg.index(b"\xff\xd9", at)
            return [*found, (0xD9, jpeg[end + 2 :])]


def assert_bare(jpeg: bytes) -> None:
    found = segments(jpeg)
    assert {marker for marker, _ in found} <= _NEEDED | {0xD9}
    heads = [content for marker, content in found if marker == 0xE0]
    # JFIF 1.01 without a thumbnail: 14 bytes.
    assert [head[:5] for head in heads] == [b"JFIF\0"]
    assert len(heads[0]) == 14
    assert found[-1] == (0xD9, b"")
    assert SECRET not in jpeg
    image = Image.open(BytesIO(jpeg))
    assert not image.getexif()
    assert not set(image.info) & {"comment", "exif", "icc_profile", "xmp", "photoshop", "mp", "adobe"}


def with_segment(marker: int, content: bytes) -> bytes:
    plain = files.encoded(files.face(), "JPEG")
    return plain[:2] + bytes((0xFF, marker)) + (len(content) + 2).to_bytes(2, "big") + content + plain[2:]


def _exif() -> bytes:
    exif = Image.Exif()
    exif[ExifTags.Base.ImageDescription] = SECRET.decode()
    exif[ExifTags.Base.GPSInfo] = {1: "N", 2: (35.0, 0.0, 0.0)}
    return exif.tobytes()


def _png() -> bytes:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", SECRET.decode())
    notes.add_text("Long", SECRET.decode() * 50, zip=True)
    notes.add_itxt("XML:com.adobe.xmp", f"<x>{SECRET.decode()}</x>")
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return files.encoded(files.face(), "PNG", pnginfo=notes, exif=_exif(), icc_profile=profile, dpi=(300, 300))


def _profile() -> bytes:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return files.encoded(files.face(), "JPEG", icc_profile=profile, comment=SECRET)


JFIF_THUMBNAIL = b"JFIF\0\1\1\0\0\1\0\1\2\2" + SECRET
CASES: dict[str, Callable[[], bytes]] = {
    "comment": lambda: with_segment(0xFE, b"taken at " + SECRET),
    "longest-comment": lambda: with_segment(0xFE, (SECRET * 6000)[:SEGMENT_LIMIT]),
    "exif": lambda: files.encoded(files.face(), "JPEG", exif=_exif()),
    "xmp": lambda: with_segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x>" + SECRET + b"</x>"),
    "photoshop-iptc": lambda: with_segment(0xED, b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x0c" + SECRET),
    "mpf": lambda: with_segment(0xE2, b"MPF\0" + SECRET),
    "jfif-extension": lambda: with_segment(0xE0, b"JFXX\0\x10" + SECRET),
    "jfif-thumbnail": lambda: with_segment(0xE0, JFIF_THUMBNAIL),
    "maker": lambda: with_segment(0xEF, SECRET),
    "profile": _profile,
    "trailing": lambda: files.encoded(files.face(), "JPEG") + SECRET * 1000,
    "mpo": lambda: files.encoded(files.face(), "MPO", save_all=True, append_images=[files.face()]),
    "png": _png,
    "png-trailing": lambda: files.encoded(files.face(), "PNG") + SECRET,
    "large": lambda: files.encoded(files.face(3000, 4000), "JPEG", comment=SECRET, exif=_exif()),
    "noise": lambda: files.encoded(Image.open(BytesIO(files.noise())), "JPEG", comment=SECRET, quality=99),
}


@pytest.mark.parametrize("case", CASES)
def test_kept_photo_carries_no_metadata(case: str) -> None:
    """[faults 3] Comments, APPn segments, chunks, profiles and what follows the end mark are not kept."""
    verdict = check_photo(CASES[case](), NOW)
    assert verdict.cleaned is not None, verdict.problems
    assert_bare(verdict.cleaned)


async def test_stored_photo_has_no_comment(documents: Documents) -> None:
    """[faults 3] The photo that a link gives is free of the comment that was sent."""
    data = (Path(__file__).parent / "photo-comment.jpg").read_bytes()
    assert Image.open(BytesIO(data)).info["comment"]
    body = await documents.uploaded(data, "photo")
    link = (await documents.get(f"/{body['id']}/link")).json()["url"]
    async with http_client() as client:
        assert_bare((await client.get(link)).content)
