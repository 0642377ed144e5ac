"""Bounds of the checks' own work: shapes and structures of photos, sizes and structures of PDFs.

The rules of a photo are `shared.reference.files.photo_rules`.
"""

from dataclasses import dataclass
from fractions import Fraction

# Between a phone held upright (9:16) and a square; anything else loses the face or most of the picture when cropped.
PHOTO_NARROWEST, PHOTO_WIDEST = Fraction(9, 16), Fraction(1, 1)
# Above the largest phone cameras' default pictures; a decoded pixel costs three bytes.
PHOTO_MAX_PIXELS = 64_000_000

PDF_MAX_PAGES = 1000
# The largest honest files seen have some 60,000 objects (1,000 pages with tags). A parser takes 10 to 20 us for each.
PDF_MAX_OBJECTS = 300_000
# Object streams and cross-reference streams together, unpacked. Contents, pictures and fonts do not count: the check
# does not unpack them. 25 MB of nothing but text unpack to less structure than this.
PDF_MAX_STRUCTURE_BYTES = 32 * 1024 * 1024

# Segments before the pixels of a JPEG, fill bytes before one, and scans: cameras write up to 300 segments (colour
# profiles and maps in pieces of 64 KB) and programs up to 12 scans. Chunks of a PNG: 25 MB in pieces of 4 KB.
PHOTO_MAX_SEGMENTS, PHOTO_MAX_FILL, PHOTO_MAX_SCANS, PHOTO_MAX_CHUNKS = 2000, 4096, 40, 8000


@dataclass(frozen=True, slots=True)
class Crop:
    """A rectangle in pixels, `right` and `bottom` excluded."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top


def crop_to_ratio(width: int, height: int, wanted_ratio: Fraction) -> Crop | None:
    """The largest rectangle of a picture whose width by height is `wanted_ratio`; None where the picture is too wide or
    too narrow for one.

    Of a picture that is too tall, a third of what goes is taken above and two thirds below: faces are near the top.
    """
    ratio = Fraction(width, height)
    if not PHOTO_NARROWEST * Fraction(99, 100) <= ratio <= PHOTO_WIDEST:
        return None
    if ratio > wanted_ratio:
        wanted = int(height * wanted_ratio)
        left = (width - wanted) // 2
        return Crop(left, 0, left + wanted, height)
    wanted = int(width / wanted_ratio)
    top = (height - wanted) // 3
    return Crop(0, top, width, top + wanted)
