"""A PDF of nearly 25 MB, as a scanner makes one: pages that are pictures, none of which compresses."""

import io
import random

import pikepdf

# Beside a photo within the 25 MB of an application.
_BYTES = 24_000_000
_PAGES = 12
_WIDTH = 1240


def large_pdf(size: int = _BYTES) -> bytes:
    """The file; the same each time."""
    pdf = pikepdf.new()
    noise = random.Random(1)
    height = size // _PAGES // _WIDTH
    for _ in range(_PAGES):
        page = pdf.add_blank_page(page_size=(595, 842))
        picture = pdf.make_stream(
            noise.randbytes(_WIDTH * height),
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Image,
            Width=_WIDTH,
            Height=height,
            ColorSpace=pikepdf.Name.DeviceGray,
            BitsPerComponent=8,
        )
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Scan=picture))
        page.Contents = pdf.make_stream(b"q 595 0 0 842 0 0 cm /Scan Do Q")
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()
