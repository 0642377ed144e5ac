"""Files for tests: good ones, and one for each thing that can be wrong."""

import zlib
from io import BytesIO
from random import Random
from typing import Any

import pikepdf
from PIL import ExifTags, Image

from deploy.demo.portraits import Look, portrait


def face(width: int = 900, height: int = 1200, *, shade: int = 240) -> Image.Image:
    """A drawn face from the front on a light ground, as a photo has to be."""
    drawn = portrait(min(width, 900), min(height, 900 * height // width), Look(ground=(shade, shade, shade)))
    return drawn if drawn.size == (width, height) else drawn.resize((width, height))


def jpeg(width: int = 900, height: int = 1200, *, turned: bool = False, taken: str | None = None) -> bytes:
    """A JPEG; `turned` stores it lying, with the note for viewers to turn it, as phones do."""
    image = face(width, height)
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "Camera of a person"
    exif[ExifTags.Base.GPSInfo] = {1: "N", 2: (35.0, 41.0, 22.0)}
    if taken:
        exif[ExifTags.Base.ExifOffset] = {ExifTags.Base.DateTimeOriginal: taken}
    if turned:
        image = image.rotate(90, expand=True)
        exif[ExifTags.Base.Orientation] = 6
    return encoded(image, "JPEG", exif=exif, quality=90)


def encoded(image: Image.Image, format: str, **options: object) -> bytes:
    out = BytesIO()
    image.save(out, format, **options)
    return out.getvalue()


def png_bomb(width: int = 30_000, height: int = 40_000) -> bytes:
    """A PNG of few bytes whose head promises more than a billion pixels."""
    image = encoded(Image.new("L", (1, 1)), "PNG")
    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + image[24:29]
    checksum = zlib.crc32(b"IHDR" + head).to_bytes(4, "big")
    return image[:16] + head + checksum + image[33:]


def noise(width: int = 3000, height: int = 4000) -> bytes:
    """A photo that does not compress: ends above 500 KB unless the quality is lowered."""
    grain = Random(1).randbytes(width * height * 3 // 16)
    return encoded(Image.frombytes("RGB", (width // 4, height // 4), grain), "PNG")


def pdf(
    pages: int = 1, *, encryption: pikepdf.Encryption | None = None, change: object = None, packed: bool = True
) -> bytes:
    """A PDF with a black square on each page; `change(pdf)` alters it before it is saved."""
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page()
        document.pages[-1].obj["/Contents"] = document.make_stream(b"100 100 200 200 re f")
    if callable(change):
        change(document)
    out = BytesIO()
    document.save(out, encryption=encryption or False, compress_streams=packed)
    return out.getvalue()


def locked_pdf() -> bytes:
    return pdf(encryption=pikepdf.Encryption(user="secret", owner="secret"))


def restricted_pdf(**forbidden: bool) -> bytes:
    allow = pikepdf.Permissions(**(forbidden or {"print_lowres": False, "print_highres": False}))
    return pdf(encryption=pikepdf.Encryption(user="", owner="owner", allow=allow))


def script_pdf() -> bytes:
    return pdf(
        change=lambda d: d.Root.__setitem__("/OpenAction", _action("/JavaScript", JS=pikepdf.String("app.alert(1)")))
    )


def launch_pdf() -> bytes:
    """The action hides in an annotation's additional actions, two levels deep."""

    def change(document: pikepdf.Pdf) -> None:
        launch = _action("/Launch", F=pikepdf.String("calc.exe"))
        annotation = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Link,
            Rect=[0, 0, 9, 9],
            AA=pikepdf.Dictionary(U=launch),
        )
        document.pages[0].obj["/Annots"] = pikepdf.Array([annotation])

    return pdf(change=change)


def form_pdf() -> bytes:
    def change(document: pikepdf.Pdf) -> None:
        document.Root["/AcroForm"] = pikepdf.Dictionary(Fields=[], XFA=document.make_stream(b"<xdp/>"))

    return pdf(change=change)


def empty_pdf() -> bytes:
    return pdf(pages=0)


def damaged_pdf() -> bytes:
    """The end of the file is lost, as after a broken transfer."""
    whole = pdf(pages=3)
    return whole[: len(whole) * 2 // 3]


def shifted_xref_pdf() -> bytes:
    """Every entry of the cross-reference table points beside its object."""
    whole = pdf(pages=3)
    head, rest = whole.split(b"\n", 1)
    return head + b"\n% twenty bytes more......\n" + rest


def _action(kind: str, **more: Any) -> pikepdf.Dictionary:
    return pikepdf.Dictionary(Type=pikepdf.Name.Action, S=pikepdf.Name(kind), **more)
