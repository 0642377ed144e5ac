"""Pictures of documents as pages of a PDF: upright, each on a page of A4, without metadata. Runs in a child process."""

from collections.abc import Iterator, Sequence
from io import BytesIO

import pikepdf
from PIL import Image, ImageOps

from services.document.checks import limits
from services.document.checks.pictures import Unusable, eight_bits, in_srgb, opened, reduced
from services.document.checks.verdict import Finding, Verdict

_POINTS, _MILLIMETRES = 72, 25.4
# A4 in inches.
_SHORT, _LONG = 210 / _MILLIMETRES, 297 / _MILLIMETRES
_QUALITY = 82
# A page is blank where its small picture has no more shades of grey than a sheet under a lamp has.
_SMALL, _SHADES = 200, 24


def pages_of(data: bytes) -> Verdict:
    """The verdict on a picture: `cleaned` is a PDF of its pages. A TIFF may have several, other pictures have one."""
    with pikepdf.new() as pdf:
        findings: list[Finding] = []
        try:
            with opened(data) as image:
                profile = image.info.get("icc_profile")
                for number, frame in enumerate(_frames(image), 1):
                    findings += _add(pdf, number, frame, profile)
        except Unusable as unusable:
            return Verdict.refused(unusable.args[0].replace("photo-", "picture-"), len(pdf.pages) + 1)
        return Verdict(tuple(findings), pages=len(pdf.pages), cleaned=_written(pdf))


def joined(data: bytes, sizes: Sequence[int], pages: Sequence[Sequence[int]]) -> Verdict:
    """The verdict with a PDF of pages of several, which lie one behind the other in `data`. `pages`: which of the
    files, from 0, and which page of it, from 1."""
    sources, at = [], 0
    for size in sizes:
        sources.append(pikepdf.open(BytesIO(data[at : at + size]), attempt_recovery=False))
        at += size
    with pikepdf.new() as pdf:
        for file, page in pages:
            pdf.pages.append(sources[file].pages[page - 1])
        return Verdict(pages=len(pdf.pages), cleaned=_written(pdf))


def _frames(image: Image.Image) -> Iterator[Image.Image]:
    """The pages of a TIFF; of another picture the first, whatever follows it (MPO, bursts, moving pictures)."""
    number = getattr(image, "n_frames", 1) if image.format == "TIFF" else 1
    if number > limits.PICTURE_MAX_PAGES:
        raise Unusable("picture-too-many-pages")
    for at in range(number):
        if at:
            image.seek(at)
        if image.width * image.height > limits.PHOTO_MAX_PIXELS:
            raise Unusable("picture-too-many-pixels")
        yield image


def _add(pdf: pikepdf.Pdf, number: int, image: Image.Image, profile: bytes | None) -> Iterator[Finding]:
    """Add a page that shows a picture as large as A4 lets it; the findings on it."""
    long, short = max(image.size), min(image.size)
    # An inch of the page has so many of the picture's dots.
    dots = max(long / _LONG, short / _SHORT)
    shown = _shown(image, dots, profile)
    width, height = shown.size
    dots = max(max(shown.size) / _LONG, min(shown.size) / _SHORT)
    encoded = BytesIO()
    shown.info = {}
    shown.save(encoded, "JPEG", quality=_QUALITY)
    sides = (_SHORT, _LONG) if width <= height else (_LONG, _SHORT)
    page_width, page_height = (round(side * _POINTS, 2) for side in sides)
    wide, high = width / dots * _POINTS, height / dots * _POINTS
    pdf.add_blank_page(page_size=(page_width, page_height))
    page = pdf.pages[-1]
    picture = pdf.make_stream(encoded.getvalue())
    picture.stream_dict = pikepdf.Dictionary(
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=width,
        Height=height,
        ColorSpace=pikepdf.Name.DeviceGray if shown.mode == "L" else pikepdf.Name.DeviceRGB,
        BitsPerComponent=8,
        Filter=pikepdf.Name.DCTDecode,
    )
    page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Picture=picture))
    place = f"q {wide:.2f} 0 0 {high:.2f} {(page_width - wide) / 2:.2f} {(page_height - high) / 2:.2f} cm /Picture Do Q"
    page.obj.Contents = pdf.make_stream(place.encode())
    resolution = round(dots)
    if resolution < limits.PDF_SCAN_RESOLUTION:
        yield Finding.of("picture-coarse", number, measured=resolution, allowed=limits.PDF_SCAN_RESOLUTION)
    if _is_blank(shown):
        yield Finding.of("picture-blank", number)


def _shown(image: Image.Image, dots: float, profile: bytes | None) -> Image.Image:
    """A picture upright, in grey or sRGB, with no more dots than the page needs."""
    # TIFF may lie too, and each of its pages by itself.
    upright = ImageOps.exif_transpose(reduced(image, int(dots / limits.PICTURE_RESOLUTION)))
    plain = eight_bits(upright)
    dots = max(max(plain.size) / _LONG, min(plain.size) / _SHORT)
    if dots > limits.PICTURE_RESOLUTION:
        share = limits.PICTURE_RESOLUTION / dots
        size = (max(round(plain.width * share), 1), max(round(plain.height * share), 1))
        plain = plain.resize(size, Image.Resampling.LANCZOS)
    return plain if plain.mode == "L" and not profile else in_srgb(plain, profile)


def _is_blank(shown: Image.Image) -> bool:
    small = shown.convert("L")
    small = small.reduce(max(max(small.size) // _SMALL, 1))
    low, high = small.getextrema()
    assert isinstance(low, int)
    assert isinstance(high, int)
    return high - low < _SHADES


def _written(pdf: pikepdf.Pdf) -> bytes:
    out = BytesIO()
    pdf.save(out, compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.disable, deterministic_id=True)
    return out.getvalue()
