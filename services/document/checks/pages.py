"""Pages as a reader shows them, by PDFium. Runs in a child process."""

import ctypes
import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pypdfium2
import pypdfium2.raw as pdfium

from services.document.checks import limits
from services.document.checks.verdict import Finding

_TEXT, _IMAGE = pdfium.FPDF_PAGEOBJ_TEXT, pdfium.FPDF_PAGEOBJ_IMAGE
_POINTS, _MILLIMETRES = 72, 25.4
_WHITE = b"\xff"


class UnreadablePage(Exception):
    """A page that the reader does not show. `number` counts from 1."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


@contextmanager
def opened(data: bytes) -> Iterator[pypdfium2.PdfDocument]:
    """A PDF opened by the reader, without a password. Raises `pypdfium2.PdfiumError`."""
    document = pypdfium2.PdfDocument(data)
    try:
        yield document
    finally:
        document.close()


@contextmanager
def page_of(document: pypdfium2.PdfDocument, number: int) -> Iterator[pypdfium2.PdfPage]:
    """A page (from 1) for as long as it is looked at. Raises `UnreadablePage`."""
    try:
        page = document[number - 1]
    except pypdfium2.PdfiumError as error:
        raise UnreadablePage(number) from error
    try:
        yield page
    finally:
        page.close()


@dataclass(slots=True)
class Drawn:
    """Things drawn on a page: number of objects, pixels of pictures and the square inches that they cover, and how many
    texts run in each direction as the page is shown, in quarter turns."""

    objects: int
    images: int = 0
    pixels: int = 0
    inches: float = 0.0
    turns: list[int] = field(default_factory=lambda: [0, 0, 0, 0])
    # The dots per inch of pictures by their width and height; of several the fewest.
    dots: dict[tuple[int, int], float] = field(default_factory=dict)

    @property
    def direction(self) -> int:
        """The quarter turns in which nearly all texts run, where there are some."""
        texts = sum(self.turns)
        most = max(range(4), key=self.turns.__getitem__)
        return most if texts >= limits.PDF_TURNED_TEXTS and self.turns[most] > texts * 0.8 else 0


def look(document: pypdfium2.PdfDocument, numbers: list[int]) -> list[Finding]:
    """Findings on pages `numbers` (from 1), each kind once: at its first page. Raises `UnreadablePage`."""
    found: dict[str, list[Finding]] = {}
    rendered = 0
    for number in numbers:
        with page_of(document, number) as page:
            drawn = drawn_on(page)
            findings = list(_of_page(page, number, drawn))
            if drawn.objects == 0:
                if pdfium.FPDFPage_GetAnnotCount(page) == 0:
                    findings.append(Finding.of("pdf-page-blank", number, measured=1))
            elif drawn.images == 0 and rendered < limits.PDF_MAX_PAGES_RENDERED:
                rendered += 1
                if _is_white(picture(page, limits.PDF_SMALL_SCALE)):
                    findings.append(Finding.of("pdf-page-invisible", number))
        for finding in findings:
            found.setdefault(finding.code, []).append(finding)
    return [_first(each) for each in found.values()]


def _first(findings: list[Finding]) -> Finding:
    """The finding at its first page, which stands for all of a kind; blank pages are counted."""
    first = findings[0]
    if first.code == "pdf-page-blank":
        return Finding.of(first.code, first.page, measured=len(findings))
    return first


def _of_page(page: pypdfium2.PdfPage, number: int, drawn: Drawn) -> Iterator[Finding]:
    width, height = page.get_size()
    short, long = sorted(round(side / _POINTS * _MILLIMETRES) for side in (width, height))
    if short < limits.PDF_SMALLEST_PAGE or short > limits.PDF_LARGEST_PAGE[0] or long > limits.PDF_LARGEST_PAGE[1]:
        yield Finding.of("pdf-page-size", number, measured=short, length=long)
    if drawn.inches >= limits.PDF_SCAN_COVERS * width * height / _POINTS**2:
        resolution = round(math.sqrt(drawn.pixels / drawn.inches)) if drawn.inches else 0
        if 0 < resolution < limits.PDF_SCAN_RESOLUTION:
            yield Finding.of("pdf-scan-coarse", number, measured=resolution, allowed=limits.PDF_SCAN_RESOLUTION)
        if resolution > limits.PDF_FINE_RESOLUTION:
            yield Finding.of("pdf-scan-fine", number, measured=resolution, allowed=limits.PICTURE_RESOLUTION)
    if drawn.direction:
        yield Finding.of("pdf-page-turned", number)


def drawn_on(page: pypdfium2.PdfPage) -> Drawn:
    """Things drawn on a page."""
    drawn = Drawn(pdfium.FPDFPage_CountObjects(page))
    turned = page.get_rotation() // 90
    matrix = pdfium.FS_MATRIX()
    width, height = ctypes.c_uint(), ctypes.c_uint()
    for index in range(min(drawn.objects, limits.PDF_MAX_DRAWN)):
        item = pdfium.FPDFPage_GetObject(page, index)
        kind = pdfium.FPDFPageObj_GetType(item)
        if kind not in (_TEXT, _IMAGE) or not pdfium.FPDFPageObj_GetMatrix(item, matrix):
            drawn.images += kind not in (_TEXT, pdfium.FPDF_PAGEOBJ_PATH)
            continue
        if kind == _IMAGE:
            drawn.images += 1
            if pdfium.FPDFImageObj_GetImagePixelSize(item, width, height):
                drawn.pixels += width.value * height.value
                inches = abs(matrix.a * matrix.d - matrix.b * matrix.c) / _POINTS**2
                drawn.inches += inches
                if inches:
                    size, dots = (width.value, height.value), math.sqrt(width.value * height.value / inches)
                    drawn.dots[size] = min(drawn.dots.get(size, dots), dots)
        else:
            angle = math.degrees(math.atan2(matrix.b, matrix.a))
            drawn.turns[(round(angle / 90) - turned) % 4] += 1
    return drawn


def _is_white(grey: bytes) -> bool:
    # Compared as a whole: that ends at the first pixel that differs.
    return grey == _WHITE * len(grey)


def picture(page: pypdfium2.PdfPage, scale: float) -> bytes:
    """The grey picture of a page."""
    bitmap = page.render(scale=scale, grayscale=True, maybe_alpha=False)
    try:
        return bytes(bitmap.buffer)
    finally:
        bitmap.close()


def same_pictures(one: bytes, other: bytes) -> bool:
    """Whether two PDFs have the same pages to look at, compared picture by picture. False also where that cannot be
    shown: one is not opened, or comparing takes too long."""
    until = time.process_time() + limits.PDF_COMPARED_SECONDS
    try:
        with opened(one) as first, opened(other) as second:
            if len(first) != len(second):
                return False
            for number in range(1, len(first) + 1):
                if time.process_time() > until:
                    return False
                with page_of(first, number) as before, page_of(second, number) as after:
                    size = before.get_size()
                    if size != after.get_size():
                        return False
                    scale = min(1.0, limits.PDF_COMPARED_PIXELS / max(*size, 1))
                    if picture(before, scale) != picture(after, scale):
                        return False
            return True
    except (pypdfium2.PdfiumError, UnreadablePage):
        return False
