"""Pages of an accepted file as pictures, and their text. Runs in a child process."""

import ctypes
from array import array
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image, ImageOps

from services.document.checks import limits
from services.document.checks.pages import opened
from services.document.checks.pictures import eight_bits, in_srgb, reduced
from services.document.checks.pictures import opened as opened_picture

Piece = tuple[dict[str, Any], bytes]
# Places on a page are given in parts of so many of its width and height.
PARTS = 10_000
_QUALITY = 82
# In points: about the side of a page.
_UNIT = 500


def draw_page(content: str, data: bytes, number: int, pixels: int) -> Piece:
    """Page `number` (from 1) as a JPEG, its longer side at most `pixels` long. A photo, or the
    picture it was cut from, is its only page.

    Raises whatever the decoder does: then the page cannot be shown.
    """
    image = _page(data, number, pixels) if content == "pdf" else _DRAWN[content](data, pixels)
    out = BytesIO()
    image.save(out, "JPEG", quality=_QUALITY)
    return {"width": image.width, "height": image.height}, out.getvalue()


def _photo(data: bytes, pixels: int) -> Image.Image:
    with opened_picture(data) as image:
        image.draft("RGB", (pixels, pixels))
        image.thumbnail((pixels, pixels))
        return image.convert("RGB")


def _picture(data: bytes, pixels: int) -> Image.Image:
    """A picture as it was sent: upright, in sRGB."""
    with opened_picture(data) as image:
        profile = image.info.get("icc_profile")
        upright = reduced(image, max(image.size) // pixels)
        upright.load()
        ImageOps.exif_transpose(upright, in_place=True)
        drawn = in_srgb(eight_bits(upright), profile)
    drawn.thumbnail((pixels, pixels))
    return drawn


_DRAWN = {"photo": _photo, "picture": _picture}


def _page(data: bytes, number: int, pixels: int) -> Image.Image:
    with opened(data) as document:
        if document.get_formtype():
            # What was typed into the fields of a form shows only then.
            document.init_forms()
        page = document[number - 1]
        try:
            width, height = page.get_size()
            bitmap = page.render(scale=pixels / max(width, height, 1), maybe_alpha=False, rev_byteorder=True)
            try:
                drawn: Image.Image = bitmap.to_pil().convert("RGB")
            finally:
                bitmap.close()
        finally:
            page.close()
    return drawn


def read_text(data: bytes) -> Iterator[Piece]:
    """The text of each page of a PDF, in order: `page`, `text`, and the place of each character as four numbers of 16
    bits (left, top, right, bottom) in `PARTS` of the page. Ends early where there is more than `limits` allow."""
    rest = limits.TEXT_MOST
    with opened(data) as document:
        for number in range(1, len(document) + 1):
            if rest <= 0:
                return
            page = document[number - 1]
            try:
                text, places = _text(page, min(rest, limits.TEXT_MOST_PAGE))
            finally:
                page.close()
            rest -= len(text)
            yield {"page": number, "text": text}, places


def _text(page: pypdfium2.PdfPage, most: int) -> tuple[str, bytes]:
    found = page.get_textpage()
    try:
        letters, places, shown = [], array("H"), _places_on(page)
        sides = [ctypes.c_double() for _ in range(4)]
        left, right, bottom, top = sides
        for index in range(min(pdfium.FPDFText_CountChars(found), most)):
            code = pdfium.FPDFText_GetUnicode(found, index)
            # Half characters and NUL, which nothing keeps.
            if not code or 0xD800 <= code <= 0xDFFF or code > 0x10FFFF:
                continue
            letters.append(chr(code))
            pdfium.FPDFText_GetCharBox(found, index, left, right, bottom, top)
            x1, y1 = shown(left.value, top.value)
            x2, y2 = shown(right.value, bottom.value)
            # Of a turned page the corners are others.
            places.extend((min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)))
        return "".join(letters), places.tobytes()
    finally:
        found.close()


def _places_on(page: pypdfium2.PdfPage) -> Callable[[float, float], tuple[int, int]]:
    """A function from a place of the page's own to where it shows, on a page turned as it says.

    What it gives is in `PARTS` from the upper left corner."""
    # Three corners asked once, finely, and the rest reckoned: asking for each character takes twice as long.
    fine = 100
    across, down = ctypes.c_int(), ctypes.c_int()

    def asked(x: float, y: float) -> tuple[float, float]:
        pdfium.FPDF_PageToDevice(page, 0, 0, PARTS * fine, PARTS * fine, 0, x, y, across, down)
        return across.value / fine, down.value / fine

    (x0, y0), (xx, yx), (xy, yy) = asked(0, 0), asked(_UNIT, 0), asked(0, _UNIT)
    ax, bx = (xx - x0) / _UNIT, (xy - x0) / _UNIT
    ay, by = (yx - y0) / _UNIT, (yy - y0) / _UNIT

    def shown(x: float, y: float) -> tuple[int, int]:
        across, down = round(x0 + ax * x + bx * y), round(y0 + ay * x + by * y)
        return max(0, min(across, PARTS)), max(0, min(down, PARTS))

    return shown
