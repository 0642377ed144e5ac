"""PDFs of every kind that people send, each with what the check finds in it.

Expected are codes: `code!` refuses the file, `code~` can be repaired (a copy was made), `code` alone is advice.
"""

import zlib
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from tests.services.document import files
from tests.services.document.pdfs import (
    action,
    attached,
    changed,
    encrypted,
    good,
    link,
    objects,
    packed_twice,
    scan,
    script,
    stream,
    text,
    updated,
    written,
)

HTML = b"<html><body>Thank you for your download</body></html>\n"
SMALL = {"box": b"[0 0 100 100]", "content": text("x", b"1 0 0 1 10 10")}
_NOT_EMBEDDED = b"/Subtype /TrueType /BaseFont /MS-Mincho"
_DESCRIBED = b"/Subtype /TrueType /BaseFont /MS-Mincho /FontDescriptor << /Type /FontDescriptor /FontFile2 9 0 R >>"


def _root(**entries: object):  # type: ignore[no-untyped-def]
    def change(pdf: pikepdf.Pdf) -> None:
        for name, value in entries.items():
            pdf.Root[f"/{name}"] = value

    return change


def _scripts_by_name(pdf: pikepdf.Pdf) -> None:
    tree = Dictionary(Names=Array([String("one"), pdf.make_indirect(script())]))
    pdf.Root.Names = Dictionary(JavaScript=tree)


def _calculated_field(pdf: pikepdf.Pdf) -> None:
    field = Dictionary(FT=Name.Tx, T=String("sum"), AA=Dictionary(C=script()), Rect=[0, 0, 9, 9], Subtype=Name.Widget)
    pdf.Root.AcroForm = Dictionary(Fields=Array([pdf.make_indirect(field)]))


def _chain(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = action("GoTo", D=Array([pdf.pages[0].obj, Name.Fit]), Next=Array([script(), script()]))


def _page_action(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.AA = Dictionary(O=pdf.make_indirect(script()))


def _outline(pdf: pikepdf.Pdf) -> None:
    item = pdf.make_indirect(Dictionary(Title=String("x"), A=action("Launch", F=String("calc.exe"))))
    pdf.Root.Outlines = Dictionary(First=item, Last=item, Count=1)


def _form(*fields: object, **more: object):  # type: ignore[no-untyped-def]
    def change(pdf: pikepdf.Pdf) -> None:
        made = [pdf.make_indirect(Dictionary(FT=Name.Tx, T=String(str(each)))) for each in fields]
        pdf.Root.AcroForm = Dictionary(Fields=Array(made), XFA=pdf.make_stream(b"<xdp/>"))
        for name, value in more.items():
            pdf.Root[f"/{name}"] = value

    return change


def _signed(pdf: pikepdf.Pdf) -> None:
    value = Dictionary(Type=Name.Sig, ByteRange=[0, 1, 2, 3], Contents=String("x"))
    field = Dictionary(FT=Name.Sig, T=String("s"), V=pdf.make_indirect(value))
    pdf.Root.AcroForm = Dictionary(Fields=Array([pdf.make_indirect(field)]), SigFlags=3)


def _signed_with_script(pdf: pikepdf.Pdf) -> None:
    _signed(pdf)
    _page_action(pdf)


def _portfolio(pdf: pikepdf.Pdf) -> None:
    attached(pdf)
    pdf.Root.Collection = Dictionary(Type=Name.Collection, View=Name.D)


def _script_and_file(pdf: pikepdf.Pdf) -> None:
    attached(pdf)
    _page_action(pdf)


def _portfolio_with_script(pdf: pikepdf.Pdf) -> None:
    _portfolio(pdf)
    _page_action(pdf)


def _file_on_page(pdf: pikepdf.Pdf) -> None:
    note = Dictionary(Type=Name.Annot, Subtype=Name.FileAttachment, Rect=[0, 0, 9, 9])
    pdf.pages[0].obj.Annots = Array([pdf.make_indirect(note)])


def _note(kind: str):  # type: ignore[no-untyped-def]
    def change(pdf: pikepdf.Pdf) -> None:
        note = Dictionary(Type=Name.Annot, Subtype=Name(f"/{kind}"), Rect=[0, 0, 9, 9], Contents=String("x"))
        pdf.pages[0].obj.Annots = Array([pdf.make_indirect(note)])

    return change


def _outside(pdf: pikepdf.Pdf) -> None:
    found = pdf.make_stream(b"", Type=Name.XObject, Subtype=Name.Image, Width=1, Height=1)
    found.stream_dict["/F"] = String("other.jpg")
    pdf.pages[0].obj.Resources.XObject = Dictionary(I=found)


def _rotated(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.Rotate = 90


def _tagged(pdf: pikepdf.Pdf) -> None:
    pdf.Root.MarkInfo = Dictionary(Marked=True)
    pdf.Root.StructTreeRoot = Dictionary(Type=Name.StructTreeRoot)


def _blank(*places: int):  # type: ignore[no-untyped-def]
    def change(pdf: pikepdf.Pdf) -> None:
        for place in places:
            pdf.pages[place].obj.Contents = pdf.make_stream(b"")

    return change


def _repacked(**save: object) -> bytes:
    return changed(lambda pdf: None, 3, **save)


def _without(part: bytes, data: bytes) -> bytes:
    assert part in data
    return data.replace(part, b"")


def _each(action_name: str) -> bytes:
    more = {"JS": String("1")} if action_name == "JavaScript" else {"F": String("x")}
    return changed(link(A=action(action_name, **more)))


def _contents(*parts: bytes) -> bytes:
    made = objects(1)
    for number, part in enumerate(parts, 10):
        made[number] = part
    kids = b" ".join(b"%d 0 R" % number for number in range(10, 10 + len(parts)))
    made[4] = made[4].replace(b"/Contents 5 0 R", b"/Contents [ %s ]" % kids)
    return written(made)


def _heavy(data: bytes) -> bytes:
    """The file with 2 MB that nobody sees."""
    with pikepdf.open(BytesIO(data)) as pdf:
        pdf.Root.PieceInfo = pdf.make_stream(bytes(2 * 1024 * 1024))
        out = BytesIO()
        pdf.save(out, compress_streams=False)
        return out.getvalue()


FINE: dict[str, bytes] = {
    "two pages": good(),
    "one page": good(1),
    "forty pages": good(40),
    "a hundred pages": good(100),
    "head 1.0": written(objects(), header=b"%PDF-1.0\n"),
    "head 1.4 without binary line": written(objects(), header=b"%PDF-1.4\n"),
    "head 1.3": written(objects(), header=b"%PDF-1.3\n%\xe2\xe3\xcf\xd3\n"),
    "head 1.6": written(objects(), header=b"%PDF-1.6\n%\xe2\xe3\xcf\xd3\n"),
    "head 2.0": written(objects(), header=b"%PDF-2.0\n%\xe2\xe3\xcf\xd3\n"),
    "byte order mark first": written(objects(), before=b"\xef\xbb\xbf"),
    "line ends first": written(objects(), before=b"\r\n\n"),
    "object streams": _repacked(object_stream_mode=pikepdf.ObjectStreamMode.generate),
    "linearised": _repacked(linearize=True),
    "streams unpacked": _repacked(compress_streams=False),
    "readable form": _repacked(qdf=True),
    "one change behind the end": updated(good(), 4, objects()[4]),
    "three changes behind the end": updated(
        updated(updated(good(), 4, objects()[4]), 6, objects()[6]), 3, objects()[3]
    ),
    "a page's contents changed behind the end": updated(good(), 5, stream(text("changed"))),
    "NUL behind the end, few": written(objects(), after=b"\0" * 700),
    "NUL behind the end, a copier's": written(objects(), after=b"\0" * 4845),
    "NUL behind the end, many": written(objects(), after=b"\0" * 80_508),
    "spaces behind the end": written(objects(), after=b" " * 2000),
    "line ends behind the end": written(objects(), after=b"\r\n" * 1000),
    "a server's lines behind the end": written(objects(), after=HTML * 40),
    "no line end behind the end": written(objects(), end=b"%%EOF"),
    "CR LF behind the end": written(objects(), end=b"%%EOF\r\n"),
    "19-byte table lines": written(objects(), entry=lambda place: b"%010d 00000 n\n" % place),
    "CR LF table lines": written(objects(), entry=lambda place: b"%010d 00000 n\r\n" % place),
    "wrong size in the trailer": written(objects(), size=500),
    "title and author": changed(lambda pdf: pdf.docinfo.update({"/Title": "x", "/Author": "山田"})),
    "notes of a program": changed(lambda pdf: _root(PieceInfo=Dictionary(X=pdf.make_stream(b"<x/>")))(pdf)),
    "tagged": changed(_tagged),
    "signed": changed(_signed),
    "opens at a page": changed(lambda pdf: _root(OpenAction=Array([pdf.pages[0].obj, Name.Fit]))(pdf)),
    "link to a page": changed(lambda pdf: link(Dest=Array([pdf.pages[0].obj, Name.Fit]))(pdf)),
    "link to the web": changed(link(A=action("URI", URI=String("https://example.jp/")))),
    "link to another file's page": changed(link(A=action("GoToR", F=String("other.pdf"), D=Array([0, Name.Fit])))),
    "print button": changed(link(A=action("Named", N=Name.Print))),
    "reset button": changed(link(A=action("ResetForm"))),
    "hides a layer": changed(link(A=action("SetOCGState", State=Array([])))),
    "text that names scripts": good(1, content=text("/JavaScript /OpenAction /Launch (%%EOF)")),
    "text that says end of file": good(1, content=text("%%EOF startxref")),
    "fields without scripts": changed(_root(AcroForm=Dictionary(Fields=Array([]), NeedAppearances=True))),
    "note": changed(_note("Text")),
    "stamp": changed(_note("Stamp")),
    "highlight": changed(_note("Highlight")),
    "contents in parts": _contents(stream(b"BT /F1 18 Tf"), stream(b"72 740 Td (in two parts) Tj ET")),
    "contents twice packed": _contents(packed_twice(text("twice"))),
    "contents packed": _contents(stream(zlib.compress(text("x" * 500)), b"/Filter /FlateDecode")),
    "rectangles alone": good(1, content=b"100 100 200 200 re f"),
    "landscape": good(1, box=b"[0 0 842 595]", content=text("wide", b"1 0 0 1 72 400")),
    "A3": good(1, box=b"[0 0 842 1191]"),
    "a receipt": good(1, box=b"[0 0 227 800]"),
    "box from the tree": written(
        {
            **objects(1, tree=b"/MediaBox [0 0 595 842]"),
            4: objects(1)[4].replace(b"/MediaBox [0 0 595 842]", b""),
        }
    ),
    "crop box": good(1, page=b"/CropBox [50 50 500 800]"),
    "turned by the reader, text upright": good(
        1, page=b"/Rotate 90", content=text("turned", b"0 1 -1 0 300 100", lines=12)
    ),
    "scan 150 dpi": scan(),
    "scan 200 dpi": scan(1654, 2339),
    "scan 300 dpi": scan(2480, 3508),
    "scan in strips": scan(1240, 1754, strips=4),
    "scan turned by the reader": scan(1240, 1754, turn=90),
    "three scans": scan(1240, 1754, pages=3),
    "Arial not embedded": good(1, font=b"/Subtype /TrueType /BaseFont /Arial"),
    "part of Helvetica": good(1, font=b"/Subtype /Type1 /BaseFont /ABCDEF+Helvetica-Bold"),
    "embedded font": written({**objects(1, font=_DESCRIBED), 9: stream(b"x" * 20)}),
    "encrypted, nothing forbidden, RC4 40": encrypted(owner="o", user="", R=2, aes=False, metadata=False),
    "encrypted, nothing forbidden, RC4 128": encrypted(owner="o", user="", R=3, aes=False, metadata=False),
    "encrypted, nothing forbidden, AES 128": encrypted(owner="o", user="", R=4),
    "encrypted, nothing forbidden, AES 256": encrypted(owner="o", user="", R=6),
    "encrypted, editing forbidden": encrypted(owner="o", user="", R=6, forbid=("modify_other", "modify_annotation")),
    "encrypted, assembling forbidden": encrypted(owner="o", user="", R=6, forbid=("modify_assembly",)),
    "numbers of objects far apart": written({**objects(1), 900: b"(x)"}),
    "objects nobody refers to": written({**objects(1), 9: b"<< /A 1 >>", 10: b"[ 1 2 ]"}),
    "spaces around names": good(1, catalog=b"/PageLayout   /SinglePage"),
    "null in the catalogue": good(1, catalog=b"/Names null"),
}
ADVISED: dict[str, tuple[bytes, str]] = {
    "signed is named": (FINE.pop("signed"), "pdf-signed"),
    "blank page": (changed(_blank(1), 3), "pdf-page-blank"),
    "blank pages": (changed(_blank(0, 2), 3), "pdf-page-blank"),
    "all blank": (changed(_blank(0), 1), "pdf-page-blank"),
    "contents that are missing": (
        written({number: body for number, body in objects(2).items() if number != 7}),
        "pdf-page-blank",
    ),
    "white text": (good(1, content=b"1 g " + text("white")), "pdf-page-invisible"),
    "text without ink": (good(1, content=b"3 Tr " + text("unseen")), "pdf-page-invisible"),
    "text beside the page": (good(1, content=text("away", b"1 0 0 1 -900 -900")), "pdf-page-invisible"),
    "scan 72 dpi": (scan(595, 842), "pdf-scan-coarse"),
    "scan 100 dpi": (scan(827, 1169), "pdf-scan-coarse"),
    "scan 100 dpi in strips": (scan(827, 1168, strips=4), "pdf-scan-coarse"),
    "scan 300 dpi of 2 MB": (_heavy(scan(2480, 3508)), "pdf-scan-fine"),
    "scan 149 dpi": (scan(1228, 1740), "pdf-scan-coarse"),
    "two scans 72 dpi": (scan(595, 842, pages=2), "pdf-scan-coarse"),
    "tiny page": (good(1, **SMALL), "pdf-page-size"),
    "poster": (good(1, box=b"[0 0 2384 3370]"), "pdf-page-size"),
    "long strip": (good(1, box=b"[0 0 595 5000]"), "pdf-page-size"),
    "text on its side": (good(1, content=text("turned", b"0 1 -1 0 300 100", lines=12)), "pdf-page-turned"),
    "text upside down": (good(1, content=text("turned", b"-1 0 0 -1 500 100", lines=12)), "pdf-page-turned"),
    "reader turns upright text": (
        good(1, page=b"/Rotate 270", content=text("turned", lines=12)),
        "pdf-page-turned",
    ),
    "Mincho not embedded": (good(1, font=_NOT_EMBEDDED), "pdf-fonts-missing"),
    "CID font not embedded": (
        good(1, font=b"/Subtype /CIDFontType0 /BaseFont /KozMinPr6N-Regular"),
        "pdf-fonts-missing",
    ),
}
REFUSED: dict[str, tuple[bytes, str]] = {
    "password": (encrypted(owner="o", user="u", R=6), "pdf-encrypted!"),
    "password, RC4": (encrypted(owner="o", user="u", R=3, aes=False, metadata=False), "pdf-encrypted!"),
    "certificates": (
        written(objects(), trailer=b"/Encrypt << /Filter /Adobe.PubSec /V 4 /SubFilter /adbe.pkcs7.s5 >>"),
        "pdf-encrypted!",
    ),
    "rights server": (written(objects(), trailer=b"/Encrypt << /Filter /FOPN_foweb /V 1 >>"), "pdf-encrypted!"),
    "cut in the middle": (good(9)[: len(good(9)) // 2], "pdf-damaged!"),
    "cut before the table": (good(9)[: good(9).index(b"xref")], "pdf-damaged!"),
    "cut in the trailer": (good(9)[:-12], "pdf-damaged!"),
    "head alone": (b"%PDF-1.7\n", "pdf-damaged!"),
    "nothing but NUL": (b"%PDF-1.7\n" + b"\0" * 5000, "pdf-damaged!"),
    "text after the head": (b"%PDF-1.7\n" + HTML * 30, "pdf-damaged!"),
    "no page": (files.empty_pdf(), "pdf-empty!"),
    "more pages than allowed": (files.pdf(1001), "pdf-too-long!"),
    "stated pages are not there": (good(2, count=26), "pdf-pages-missing!"),
    "fewer pages stated": (good(3, count=2), "pdf-pages-missing!"),
    "kid that is missing": (good(2, kids=b"88 0 R", count=3), "pdf-pages-missing!"),
    "page that is no page": (
        written({**objects(2), 6: objects(2)[6].replace(b"/Type /Page ", b"/Type /Font ")}),
        "pdf-page-damaged!",
    ),
    "dynamic form": (files.form_pdf(), "pdf-dynamic-form!"),
    "form whose pages the reader makes": (changed(_form("a", NeedsRendering=True)), "pdf-dynamic-form!"),
    "portfolio": (changed(_portfolio), "pdf-portfolio!"),
    "file on a page": (changed(_file_on_page), "pdf-attached-files!"),
    "film": (changed(_note("RichMedia")), "pdf-media!"),
    "picture in another file": (changed(_outside), "pdf-outside-data!"),
    "signed and with a script": (changed(_signed_with_script), "pdf-active-content! pdf-signed"),
    "script in a portfolio": (
        changed(_portfolio_with_script),
        "pdf-active-content! pdf-portfolio!",
    ),
    "too many objects": (b"%PDF-1.7\n" + b"1 0 obj<<>>endobj\n" * 300_001, "pdf-too-complex!"),
}
REPAIRED: dict[str, tuple[bytes, str]] = {
    "forbids printing": (
        encrypted(owner="o", user="", R=6, forbid=("print_lowres", "print_highres")),
        "pdf-restricted~",
    ),
    "forbids fine printing": (encrypted(owner="o", user="", R=6, forbid=("print_highres",)), "pdf-restricted~"),
    "forbids copying": (encrypted(owner="o", user="", R=6, forbid=("extract",)), "pdf-restricted~"),
    "forbids printing, RC4": (
        encrypted(owner="o", user="", R=3, aes=False, metadata=False, forbid=("print_highres",)),
        "pdf-restricted~",
    ),
    "forbids copying, AES 128": (encrypted(owner="o", user="", R=4, forbid=("extract",)), "pdf-restricted~"),
    "table shifted": (written(objects(), shift=7), "pdf-table-damaged~"),
    "table far away": (written(objects(), shift=99_999), "pdf-table-damaged~"),
    "places shifted": (written(objects(), offsets=9), "pdf-table-damaged~"),
    "no place of the table, wrong": (written(objects(), shift=-300), "pdf-table-damaged~"),
    "a line too many after the head": (files.shifted_xref_pdf(), "pdf-table-damaged~"),
    "server's lines first": (written(objects(), before=HTML), "pdf-begins-late~"),
    "mail's head first": (written(objects(), before=b"Content-Type: application/pdf\r\n\r\n"), "pdf-begins-late~"),
    "a kilobyte first, counted": (
        written(objects(), before=b"x" * 900 + b"\n"),
        "pdf-begins-late~",
    ),
    "printer's commands first": (written(objects(), before=b"\x1b%-12345X@PJL JOB\n"), "pdf-begins-late~"),
    "script at opening": (changed(lambda pdf: _root(OpenAction=script())(pdf)), "pdf-active-content~"),
    "scripts by name": (changed(_scripts_by_name), "pdf-active-content~"),
    "script of a page": (changed(_page_action), "pdf-active-content~"),
    "script of a field": (changed(_calculated_field), "pdf-active-content~"),
    "script in a chain": (changed(_chain), "pdf-active-content~"),
    "script of an outline": (changed(_outline), "pdf-active-content~"),
    "script under an odd name": (
        written(
            {**objects(1), 1: objects(1)[1].replace(b"/Type", b"/OpenAction << /S /J#61vaScript /J#53 (1) >> /Type")}
        ),
        "pdf-active-content~",
    ),
    **{
        f"link {kind}": (_each(kind), "pdf-active-content~")
        for kind in ("JavaScript", "Launch", "ImportData", "SubmitForm", "GoToE", "Rendition")
    },
    "embedded file": (changed(attached), "pdf-embedded-files~"),
    "embedded file and script": (changed(_script_and_file), "pdf-active-content~ pdf-embedded-files~"),
    "form with XFA beside its fields": (changed(_form("a", "b")), "pdf-hybrid-form~"),
}


def _all() -> dict[str, tuple[bytes, str]]:
    fine = {name: (data, "") for name, data in FINE.items()}
    return {**fine, **ADVISED, **REFUSED, **REPAIRED}


CORPUS = _all()
