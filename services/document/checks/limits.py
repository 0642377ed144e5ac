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
# The contents of a page, and of all pages together, unpacked: what is larger is not looked at page by page. A full page
# of text has some 20 KB, a page of a drawing a few MB.
PDF_MAX_PAGE_CONTENTS, PDF_MAX_CONTENTS = 8 * 1024 * 1024, 64 * 1024 * 1024
# Texts and pictures of a page that are measured, and pages that are drawn to see whether anything shows.
PDF_MAX_DRAWN, PDF_MAX_PAGES_RENDERED, PDF_SMALL_SCALE = 5000, 200, 0.15
# Sides of a page in millimetres: below the first, or above the second (A3 and a little), people are told.
PDF_SMALLEST_PAGE, PDF_LARGEST_PAGE = 50, (320, 450)
# A page is a scan where pictures cover so much of it; its resolution in dots per inch should be at least this.
PDF_SCAN_COVERS, PDF_SCAN_RESOLUTION = 0.6, 150
# In a file of so many bytes a scan of more dots than these is said: a copy with fewer can be asked for.
PDF_LARGE, PDF_FINE_RESOLUTION = 2 * 1024 * 1024, 250
# Pages of such a copy that one check changes, and its seconds of CPU until they have been compared.
PDF_IMPROVED_PAGES, PDF_IMPROVED_SECONDS = 8, 5.0
# A page lies on its side where most of at least so many texts do.
PDF_TURNED_TEXTS = 10
# How a repaired file is compared: its pages' longer side in pixels, and the seconds of CPU that it may take.
PDF_COMPARED_PIXELS, PDF_COMPARED_SECONDS = 850, 3.0

# Pictures of documents become pages of so many dots per inch at most, and one TIFF so many pages.
PICTURE_RESOLUTION, PICTURE_MAX_PAGES = 200, 50
# Pages that are put together in one go.
PICTURE_MAX_JOINED = 200

# Characters of text of a page, and of all pages together, that are kept to be searched: a full page has some 3,000.
TEXT_MOST_PAGE, TEXT_MOST = 50_000, 300_000

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
