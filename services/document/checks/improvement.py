"""Copies of PDFs that can be used as they are: smaller, or with pages upright. Runs in a child process.

A copy is offered where every page looks as before: exactly where nothing but its direction changed, and nearly where
pictures were drawn again with fewer dots.
"""

import time
from collections import Counter
from collections.abc import Iterator, Mapping, Set
from io import BytesIO

import pikepdf
import pypdfium2
from PIL import Image, ImageChops, ImageStat

from services.document.checks import limits
from services.document.checks.pages import Drawn, UnreadablePage, drawn_on, opened, page_of
from services.document.checks.repair import BROKEN
from services.document.checks.verdict import Verdict

SMALLER, UPRIGHT = "pdf-scan-fine", "pdf-page-turned"
_QUALITY = 80
# Of 255 shades of grey: how much a page may differ on the whole, and one spot of it.
_MOST_ON_THE_WHOLE, _MOST_IN_A_SPOT, _SPOT = 2.0, 24, 4
_MODES = {"/DeviceGray": "L", "/DeviceRGB": "RGB"}


def improved(data: bytes, codes: Set[str], first: int = 1, last: int | None = None) -> Verdict:
    """The verdict with a copy without what `codes` name on the pages from `first` to `last`, in `cleaned`. Without it
    nothing is to be changed there, or, where `pages` is missing too, there is none that looks the same."""
    until = time.process_time() + limits.PDF_IMPROVED_SECONDS
    try:
        with opened(data) as document:
            last = min(last or len(document), len(document))
            found = {number: _look(document, number) for number in range(first, last + 1)}
            copy = _copied(data, codes, found, whole=len(found) == len(document))
            if copy is None or (codes == {SMALLER} and len(copy) >= len(data)):
                return Verdict(pages=len(document))
            with opened(copy) as after:
                same = len(after) == len(document) and all(
                    time.process_time() < until and _alike(document, after, number, drawn.direction, SMALLER in codes)
                    for number, drawn in found.items()
                )
            return Verdict(pages=len(document), cleaned=copy) if same else Verdict()
    except (*BROKEN, pypdfium2.PdfiumError, UnreadablePage, OSError):
        return Verdict()


def _look(document: pypdfium2.PdfDocument, number: int) -> Drawn:
    with page_of(document, number) as page:
        return drawn_on(page)


def _copied(data: bytes, codes: Set[str], found: Mapping[int, Drawn], *, whole: bool) -> bytes | None:
    """The copy with the pages of `found` changed; None where nothing changed in it. Where these are not all pages,
    pictures that several pages show stay: the others are not compared with what they were."""
    changed = False
    with pikepdf.open(BytesIO(data), suppress_warnings=True) as pdf:
        done = {} if whole else dict.fromkeys(_shown_twice(pdf), False)
        for number, drawn in found.items():
            page = pdf.pages[number - 1]
            if UPRIGHT in codes and drawn.direction:
                page.rotate(drawn.direction * 90, relative=True)
                changed = True
            if SMALLER in codes:
                changed = any(list(_reduced(page, drawn, done))) or changed
        out = BytesIO()
        pdf.save(out, compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.preserve)
    return out.getvalue() if changed else None


def _reduced(page: pikepdf.Page, drawn: Drawn, done: dict[tuple[int, int], bool]) -> Iterator[bool]:
    """Draw the page's pictures again with fewer dots, each once; whether one of them is smaller now."""
    for item in _pictures_of(page):
        if item.objgen in done:
            continue
        size = (_number(item, "/Width"), _number(item, "/Height"))
        dots = drawn.dots.get(size)
        done[item.objgen] = bool(dots and dots > limits.PDF_FINE_RESOLUTION and _redraw(item, size, dots))
        yield done[item.objgen]


def _pictures_of(page: pikepdf.Page) -> Iterator[pikepdf.Stream]:
    resources = page.obj.get("/Resources")
    pictures = resources.get("/XObject") if resources is not None else None
    for item in pictures.as_dict().values() if pictures is not None else ():
        if isinstance(item, pikepdf.Stream):
            yield item


def _shown_twice(pdf: pikepdf.Pdf) -> Iterator[tuple[int, int]]:
    """The pictures that more than one page names."""
    pages = Counter(one for page in pdf.pages for one in {item.objgen for item in _pictures_of(page)})
    return (one for one, number in pages.items() if number > 1)


def _number(item: pikepdf.Stream, name: str) -> int:
    value = item.stream_dict.get(name)
    return value if isinstance(value, int) else 0


def _redraw(item: pikepdf.Stream, size: tuple[int, int], dots: float) -> bool:
    """Put a smaller JPEG in the place of a picture, where it is an ordinary one."""
    entries = item.stream_dict
    mode = _MODES.get(str(entries.get("/ColorSpace")))
    if mode is None or _number(item, "/BitsPerComponent") != 8 or any(name in entries for name in _ODD):
        return False
    share = limits.PICTURE_RESOLUTION / dots
    wanted = (max(round(size[0] * share), 1), max(round(size[1] * share), 1))
    if entries.get("/Filter") == pikepdf.Name.DCTDecode and "/DecodeParms" not in entries:
        with Image.open(BytesIO(item.read_raw_bytes()), formats=("JPEG",)) as image:
            if image.size != size or image.mode != mode:
                return False
            image.draft(mode, wanted)
            small = image.resize(wanted, Image.Resampling.LANCZOS)
    else:
        whole = pikepdf.PdfImage(item).as_pil_image()
        if whole.size != size or whole.mode != mode:
            return False
        small = whole.resize(wanted, Image.Resampling.LANCZOS)
    encoded = BytesIO()
    small.info = {}
    small.save(encoded, "JPEG", quality=_QUALITY)
    if encoded.tell() >= len(item.read_raw_bytes()):
        return False
    item.write(encoded.getvalue(), filter=pikepdf.Name.DCTDecode)
    entries.Width, entries.Height = wanted
    return True


# What makes a picture more than its pixels.
_ODD = ("/SMask", "/Mask", "/ImageMask", "/Decode", "/Alternates", "/OPI")


def _alike(
    before: pypdfium2.PdfDocument, after: pypdfium2.PdfDocument, number: int, direction: int, redrawn: bool
) -> bool:
    """Whether a page shows the same, turned where it was turned."""
    with page_of(before, number) as one, page_of(after, number) as other:
        turn = (other.get_rotation() - one.get_rotation()) % 360
        if turn not in (0, direction * 90):
            return False
        scale = min(1.0, limits.PDF_COMPARED_PIXELS / max(*one.get_size(), 1))
        first, second = _grey(one, scale, turn), _grey(other, scale, 0)
        if first.size != second.size:
            return False
        if not redrawn:
            return first.tobytes() == second.tobytes()
        # Brought to fewer pixels first: a reader drops dots of a fine picture, others than of a coarse one.
        difference = ImageChops.difference(first.reduce(_SPOT), second.reduce(_SPOT))
        largest = difference.getextrema()[1]
        assert isinstance(largest, int)
        return ImageStat.Stat(difference).mean[0] <= _MOST_ON_THE_WHOLE and largest <= _MOST_IN_A_SPOT


def _grey(page: pypdfium2.PdfPage, scale: float, turn: int) -> Image.Image:
    bitmap = page.render(scale=scale, rotation=turn, grayscale=True, maybe_alpha=False)
    try:
        picture: Image.Image = bitmap.to_pil().convert("L")
        return picture.copy()
    finally:
        bitmap.close()
