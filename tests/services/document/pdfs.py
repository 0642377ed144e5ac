"""A writer of PDFs that breaks things on purpose, and good parts to build them from."""

import zlib
from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String
from PIL import Image

Objects = dict[int, bytes]


def objects(
    pages: int = 2,
    *,
    page: bytes = b"",
    catalog: bytes = b"",
    tree: bytes = b"",
    kids: bytes = b"",
    count: int | None = None,
    font: bytes = b"/Subtype /Type1 /BaseFont /Helvetica",
    content: bytes | None = None,
    box: bytes = b"[0 0 595 842]",
) -> Objects:
    """The objects of a small PDF: 1 catalogue, 2 tree, 3 font, then each page with its contents."""
    every = b" ".join(b"%d 0 R" % (4 + 2 * index) for index in range(pages))
    made = {
        1: b"<< /Type /Catalog /Pages 2 0 R " + catalog + b" >>",
        2: b"<< /Type /Pages /Kids [ %s %s ] /Count %d %s >>" % (every, kids, pages if count is None else count, tree),
        3: b"<< /Type /Font %s >>" % font,
    }
    for index in range(pages):
        drawn = content if content is not None else text(f"Invented evidence, page {index + 1}")
        made[4 + 2 * index] = (
            b"<< /Type /Page /Parent 2 0 R /MediaBox %s /Resources << /Font << /F1 3 0 R >> >> /Contents %d 0 R %s >>"
            % (box, 5 + 2 * index, page)
        )
        made[5 + 2 * index] = stream(drawn)
    return made


def text(words: str, turn: bytes = b"1 0 0 1 72 740", lines: int = 1) -> bytes:
    shown = b" ".join(b"(%s) Tj T*" % words.encode() for _ in range(lines))
    return b"BT /F1 18 Tf 20 TL %s Tm %s ET" % (turn, shown)


def stream(data: bytes, entries: bytes = b"", length: int | None = None) -> bytes:
    size = len(data) if length is None else length
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (size, entries, data)


def written(
    made: Mapping[int, bytes],
    *,
    header: bytes = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
    before: bytes = b"",
    after: bytes = b"",
    shift: int = 0,
    offsets: int = 0,
    first: int = 0,
    size: int | None = None,
    trailer: bytes = b"",
    entry: Callable[[int], bytes] = lambda offset: b"%010d 00000 n \n" % offset,
    startxref: bool = True,
    end: bytes = b"%%EOF\n",
    endobj: bytes = b"\nendobj\n",
) -> bytes:
    """The file, with `shift` to the place of its table and `offsets` to those of its objects."""
    out, places = bytearray(header), dict[int, int]()
    for number, body in made.items():
        places[number] = len(out)
        out += b"%d 0 obj\n" % number + body + endobj
    table, top = len(out), max(made) + 1
    out += b"xref\n%d %d\n0000000000 65535 f \n" % (first, top)
    for number in range(1, top):
        out += entry(places[number] + offsets) if number in places else b"0000000000 00000 f \n"
    out += b"trailer\n<< /Size %d /Root 1 0 R %s >>\n" % (size or top, trailer)
    if startxref:
        out += b"startxref\n%d\n" % (table + shift)
    return before + bytes(out) + end + after


def good(pages: int = 2, **parts: Any) -> bytes:
    return written(objects(pages, **parts))


def changed(change: Callable[[pikepdf.Pdf], None], pages: int = 1, **save: Any) -> bytes:
    """A good file, changed with pikepdf."""
    with pikepdf.open(BytesIO(good(pages))) as pdf:
        change(pdf)
        out = BytesIO()
        pdf.save(out, **save)
        return out.getvalue()


def action(kind: str, **more: Any) -> Dictionary:
    return Dictionary(S=Name(f"/{kind}"), **more)


def script() -> Dictionary:
    return action("JavaScript", JS=String("app.alert(1)"))


def link(**entries: Any) -> Callable[[pikepdf.Pdf], None]:
    """Puts a link with these entries on the first page."""

    def change(pdf: pikepdf.Pdf) -> None:
        note = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 90, 90], **entries)
        pdf.pages[0].obj["/Annots"] = Array([pdf.make_indirect(note)])

    return change


def attached(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["list.csv"] = b"a,b"


def encrypted(**kinds: Any) -> bytes:
    """Encrypted; `allow` names what is forbidden."""
    forbidden = kinds.pop("forbid", ())
    allow = pikepdf.Permissions(**dict.fromkeys(forbidden, False))
    return changed(lambda pdf: None, 2, encryption=pikepdf.Encryption(allow=allow, **kinds))


def scan(width: int = 1240, height: int = 1754, *, pages: int = 1, strips: int = 1, turn: int = 0) -> bytes:
    """A4 pages that are one picture each, or several strips. 1240 x 1754 pixels are 150 dpi."""
    pdf = pikepdf.new()
    image = Image.linear_gradient("L").resize((width, height // strips)).convert("RGB")
    packed = BytesIO()
    image.save(packed, "JPEG", quality=40)
    for _ in range(pages):
        pdf.add_blank_page(page_size=(595, 842))
        names, drawn = Dictionary(), b""
        for strip in range(strips):
            names[f"/I{strip}"] = picture(pdf, packed.getvalue(), image.size)
            drawn += b"q 595 0 0 %d 0 %d cm /I%d Do Q " % (842 // strips, 842 // strips * strip, strip)
        page = pdf.pages[-1].obj
        page.Resources = Dictionary(XObject=names)
        page.Contents = pdf.make_stream(drawn)
        if turn:
            page.Rotate = turn
    out = BytesIO()
    pdf.save(out)
    return out.getvalue()


def picture(pdf: pikepdf.Pdf, data: bytes, size: tuple[int, int]) -> Stream:
    return pdf.make_stream(
        data,
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=size[0],
        Height=size[1],
        ColorSpace=Name.DeviceRGB,
        BitsPerComponent=8,
        Filter=Name.DCTDecode,
    )


def updated(base: bytes, number: int, body: bytes) -> bytes:
    """An object written again behind the end, as programs save changes."""
    previous = int(base.rsplit(b"startxref\n", 1)[1].split(b"\n")[0])
    place = len(base)
    new = b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"xref\n%d 1\n%010d 00000 n \n" % (number, place)
    size = base.rsplit(b"/Size ", 1)[1].split(b" ")[0]
    trailer = b"trailer\n<< /Size %s /Root 1 0 R /Prev %d >>\n" % (size, previous)
    return base + new + table + trailer + b"startxref\n%d\n%%%%EOF\n" % (place + len(new))


def packed_twice(data: bytes) -> bytes:
    return stream(zlib.compress(zlib.compress(data)), b"/Filter [ /FlateDecode /FlateDecode ]")
