"""Files that unpack to far more than they are: refused before a parser unpacks them, or by the parser's own limits."""

import struct
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO

import pikepdf
import pytest
from PIL import ExifTags, Image

from services.document.checks import limits
from services.document.checks.catalogue import CATALOGUE
from services.document.checks.pdf import check_pdf
from services.document.checks.photo import check_photo
from services.document.checks.structure import jpeg_too_complex, pdf_too_complex, png_too_complex
from tests.services.document import files

# Without a server, but as slow: make quick leaves it out.
pytestmark = pytest.mark.server

NOW = datetime(2026, 7, 1, tzinfo=UTC)
MEGABYTE = 1024 * 1024


def pdf_with(
    packed: bytes, filters: bytes = b"/FlateDecode", *, held: int = 1, keys: bytes = b"/N %d/First 4", streams: int = 1
) -> bytes:
    """A PDF whose catalogue refers to object 5, which lies in the object stream `packed`; `streams` such streams."""
    data, rows = bytearray(b"%PDF-1.7\n"), [b"\0\0\0\0\0\0"]

    def put(number: int, body: bytes) -> None:
        rows.append(b"\1" + struct.pack(">I", len(data)) + b"\0")
        data.extend(b"%d 0 obj\n" % number + body + b"\nendobj\n")

    put(1, b"<</Type/Catalog/Pages 2 0 R/X 5 0 R>>")
    put(2, b"<</Type/Pages/Kids[3 0 R]/Count 1>>")
    put(3, b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Resources<<>>>>")
    held_keys = keys % held if b"%d" in keys else keys
    stream = b"<<" + held_keys + b"/Type/ObjStm/Filter %s/Length %d>>\nstream\n" % (filters, len(packed)) + packed
    put(4, stream + b"\nendstream")
    rows.append(b"\2" + struct.pack(">I", 4) + b"\0")
    for number in range(6, 5 + streams):
        put(number, stream + b"\nendstream")
    number, start = 5 + streams, len(data)
    rows.append(b"\1" + struct.pack(">I", start) + b"\0")
    table = zlib.compress(b"".join(rows))
    data.extend(
        b"%d 0 obj\n<</Type/XRef/W[1 4 1]/Size %d/Root 1 0 R/Filter/FlateDecode/Length %d>>\nstream\n"
        % (number, number + 1, len(table))
    )
    return bytes(data + table + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % start)


def packed(size: int, fill: bytes = b"\0") -> bytes:
    """An object stream's content of `size` bytes, compressed."""
    compress = zlib.compressobj(9)
    return compress.compress(b"5 0 <</A 1>>" + fill * (size // len(fill))) + compress.flush()


def run_length(size: int) -> bytes:
    return b"\x0b5 0 <</A 1>>" + b"\x81 " * (size // 128) + b"\x80"


def test_object_stream_of_ordinary_size_is_accepted() -> None:
    """[attacks F5] A PDF with an object stream, as every current program writes it, passes."""
    assert check_pdf(pdf_with(packed(MEGABYTE, b" "))).accepted


@pytest.mark.parametrize(
    "bomb",
    [
        lambda: pdf_with(packed(400 * MEGABYTE)),
        lambda: pdf_with(packed(60 * MEGABYTE, b"0 ")),
        lambda: pdf_with(zlib.compress(packed(40 * MEGABYTE)), b"[/FlateDecode/FlateDecode]"),
        lambda: pdf_with(run_length(40 * MEGABYTE), b"/RunLengthDecode"),
        lambda: pdf_with(packed(MEGABYTE).hex().encode() + b">", b"[/ASCIIHexDecode/FlateDecode]"),
        lambda: pdf_with(b"\x80\x0b\x60\x50\x22\x0c\x0c\x85\x01", b"/LZWDecode"),
        lambda: pdf_with(packed(MEGABYTE), streams=40),
        lambda: pdf_with(packed(100), held=2_000_000_000),
        lambda: pdf_with(packed(40 * MEGABYTE), keys=b"/#4E 1/F#69rst 4"),
        lambda: _table_bomb(),
        lambda: b"%PDF-1.7\n" + b"1 0 obj null endobj\n" * (limits.PDF_MAX_OBJECTS + 1),
        lambda: b"%PDF-1.7\nxref\n0 400000\n" + b"0000000015 00000 n \n" * (limits.PDF_MAX_OBJECTS + 1),
    ],
    ids=[
        "400-mb",
        "numbers",
        "flate-in-flate",
        "run-length",
        "hex-flate",
        "lzw",
        "many-streams",
        "declared-count",
        "escaped-names",
        "table-entries",
        "objects",
        "classic-table",
    ],
)
def test_structure_that_unpacks_to_too_much_is_refused_before_it_is_parsed(
    bomb: Callable[[], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """[attacks F5] Unpacked size and object counts are bounded before the parser opens the file."""

    def never(*_: object, **__: object) -> None:
        raise AssertionError("the parser was reached")

    monkeypatch.setattr(pikepdf, "open", never)
    data = bomb()
    assert check_pdf(data).problems == ("pdf-too-complex",)


def _table_bomb() -> bytes:
    """A cross-reference stream of a few kilobytes with millions of entries of three bytes."""
    table = zlib.compress(b"\1\0\0" * 3_000_000, 9)
    head = b"%%PDF-1.7\n5 0 obj\n<</Type/XRef/W[1 1 1]/Size 3000000/Root 1 0 R/Filter/FlateDecode/Length %d>>\nstream\n"
    return head % len(table) + table + b"\nendstream\nendobj\nstartxref\n9\n%%EOF\n"


@pytest.mark.parametrize(
    "bomb",
    [
        pytest.param(lambda: pdf_with(packed(100 * MEGABYTE, b" ")), id="flate"),
        pytest.param(lambda: pdf_with(run_length(100 * MEGABYTE), b"/RunLengthDecode"), id="run-length"),
        pytest.param(
            lambda: pdf_with(zlib.compress(packed(40 * MEGABYTE)), b"[/FlateDecode/FlateDecode]"), id="flate-in-flate"
        ),
    ],
)
def test_bomb_that_the_first_look_misses_meets_the_limits_of_the_parser(
    bomb: Callable[[], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """[attacks F5] A file disguised against the first look (or encrypted) is refused by the parser's own limits."""
    monkeypatch.setattr("services.document.checks.pdf.pdf_too_complex", lambda data: False)
    assert check_pdf(bomb()).problems == ("pdf-too-complex",)


def test_encrypted_bomb_is_refused() -> None:
    """[attacks F5] Encryption with an empty password hides the size from the first look, not from the parser."""
    document = pikepdf.open(BytesIO(pdf_with(packed(MEGABYTE, b" "))))
    document.Root.Y = document.make_indirect(pikepdf.Dictionary(Z=pikepdf.String("0" * (20 * MEGABYTE))))
    out = BytesIO()
    document.save(
        out,
        encryption=pikepdf.Encryption(owner="x", user=""),
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
    )
    assert not pdf_too_complex(out.getvalue())
    # The object that holds the pages may be lost with the bomb; either way the file is refused at once.
    assert check_pdf(out.getvalue()).problems in {("pdf-too-complex",), ("pdf-damaged",)}


def test_page_tree_in_a_circle_or_with_a_wrong_count_ends() -> None:
    """[attacks F5] A page tree that leads back to itself, and a count of two thousand million, cost nothing."""
    circle = files.pdf(change=lambda d: d.Root.Pages.Kids.append(d.Root.Pages))
    assert check_pdf(circle).problems in {("pdf-damaged",), ("pdf-too-long",)}
    count = files.pdf(change=lambda d: d.Root.Pages.__setitem__("/Count", 2_000_000_000))
    assert check_pdf(count).pages in {1, None}


def test_disguised_script_is_still_found() -> None:
    """[attacks F5] The quicker search for actions sees names written with codes, and kinds kept in other objects."""

    def indirect(document: pikepdf.Pdf) -> None:
        kind = document.make_indirect(pikepdf.Name.Launch)
        document.Root.OpenAction = pikepdf.Dictionary(S=kind, F=pikepdf.String("calc.exe"))

    assert check_pdf(files.pdf(change=indirect)).problems == ("pdf-active-content",)
    coded = zlib.compress(b"5 0 <</S/J#61v#61Script/J#53(app.alert)>>")
    assert check_pdf(pdf_with(coded)).problems == ("pdf-active-content",)


@pytest.mark.parametrize("pages", [1, 100])
def test_honest_large_scans_and_long_documents_are_accepted(pages: int) -> None:
    """[attacks F5] The bounds leave 24 MB of scans, 1,000 pages and 100,000 objects alone."""
    piece = b"\x9c\x01\xfestream/W [obj" * (24 * MEGABYTE // pages // 16)

    def grow(document: pikepdf.Pdf) -> None:
        for page in document.pages:
            page.obj["/Contents"] = document.make_stream(piece)

    assert check_pdf(files.pdf(pages, change=grow)).pages == pages


@pytest.mark.parametrize("mode", [pikepdf.ObjectStreamMode.disable, pikepdf.ObjectStreamMode.generate])
def test_long_documents_of_many_objects_are_accepted(mode: pikepdf.ObjectStreamMode) -> None:
    """[attacks F5] A tagged document of 1,000 pages has some 100,000 objects, with and without object streams."""
    document = pikepdf.open(BytesIO(files.pdf(1000)))
    document.Root.X = pikepdf.Array([document.make_indirect(pikepdf.Dictionary(P=n)) for n in range(100_000)])
    out = BytesIO()
    document.save(out, object_stream_mode=mode)
    assert check_pdf(out.getvalue()).pages == 1000


def test_page_contents_with_very_many_paths_are_accepted() -> None:
    """[attacks F5] Contents that are not packed may hold hundreds of thousands of clipped cells (tables)."""
    cells = b"0 0 9 9 re W n\n" * (limits.PDF_MAX_OBJECTS + 1)
    data = files.pdf(change=lambda d: d.pages[0].obj.__setitem__("/Contents", d.make_stream(cells)), packed=False)
    assert cells in data
    assert check_pdf(data).pages == 1


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _png_with(*chunks: bytes) -> bytes:
    png = files.encoded(files.face(), "PNG")
    return png[:33] + b"".join(chunks) + png[33:]


def test_text_and_profile_bombs_in_a_png_are_refused() -> None:
    """[attacks F5] Compressed text and profiles of a PNG are unpacked to a small bound only."""
    bomb = zlib.compress(bytes(200 * MEGABYTE), 9)
    for chunk in (
        _chunk(b"zTXt", b"Comment\0\0" + bomb),
        _chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + bomb),
        _chunk(b"iCCP", b"profile\0\0" + bomb),
    ):
        verdict = check_photo(_png_with(chunk), NOW)
        assert verdict.problems in {(), ("photo-damaged",)}


def test_png_of_very_many_chunks_is_refused_and_one_of_many_pieces_is_not() -> None:
    """[attacks F5] Chunks of a PNG are counted before the decoder reads them one by one."""
    assert check_photo(_png_with(*[_chunk(b"tEXt", b"a\0b")] * 9000), NOW).problems == ("photo-too-complex",)
    assert check_photo(_png_with(*[_chunk(b"tEXt", b"a\0b")] * 500), NOW).accepted
    assert not png_too_complex(files.encoded(files.face(3000, 4000), "PNG"))


def test_jpeg_with_hundreds_of_scans_is_refused() -> None:
    """[attacks F5] Each scan of a progressive JPEG goes over all pixels again; programs write about ten."""
    picture = files.encoded(files.face(), "JPEG", progressive=True)
    assert check_photo(picture, NOW).accepted
    last = picture.rindex(b"\xff\xda")
    assert check_photo(picture[:-2] + picture[last:-2] * 400 + b"\xff\xd9", NOW).problems == ("photo-too-complex",)


def test_jpeg_with_endless_segments_or_fill_bytes_is_refused() -> None:
    """[attacks F5] Segments before the pixels are counted, and fill bytes before a marker."""
    picture = files.jpeg()
    for junk in (b"\xff\xfe\x00\x02" * 100_000, b"\xff" * MEGABYTE, b"\xff\xe1\x00\x02" * 100_000):
        assert check_photo(picture[:2] + junk + picture[2:], NOW).problems == ("photo-too-complex",)
    assert check_photo(picture[:2] + b"\xff\xfe\x00\x02" * 100 + b"\xff" * 9 + picture[2:], NOW).accepted
    assert not jpeg_too_complex(picture)


def test_animated_png_costs_one_frame() -> None:
    """[attacks F5] Further frames of an animated PNG are not decoded."""
    frames = [files.face(shade=200 + n) for n in range(3)]
    data = files.encoded(frames[0], "PNG", save_all=True, append_images=frames[1:])
    assert check_photo(data, NOW).accepted


def test_mpo_is_decoded_like_the_jpeg_that_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """[faults 34] A photo that other pictures follow (MPO) is decoded at the reduced size, as a JPEG is."""
    image = files.face(3600, 4800)
    data = files.encoded(image, "MPO", save_all=True, append_images=[image.resize((300, 400))])
    decoded: list[tuple[int, int]] = []
    transpose = Image.Image.convert

    def recorded(self: Image.Image, *args: object, **options: object) -> Image.Image:
        decoded.append(self.size)
        return transpose(self, *args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(Image.Image, "convert", recorded)
    verdict = check_photo(data, NOW)
    assert (verdict.width, verdict.height) == (1200, 1600)
    assert max(decoded) <= (1800, 2400)


def test_large_png_is_reduced_before_it_is_copied() -> None:
    """[faults 34] A PNG of many pixels is brought near the kept size first, with transparent parts white."""
    image = files.face(3600, 4800).convert("RGBA")
    image.putpixel((5, 5), (0, 0, 0, 0))
    assert check_photo(files.encoded(image, "PNG", compress_level=1), NOW).width == 1200
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    lying = files.encoded(image.rotate(90, expand=True), "PNG", compress_level=1, exif=exif)
    verdict = check_photo(lying, NOW)
    assert (verdict.width, verdict.height) == (1200, 1600)


@pytest.mark.parametrize("code", ["pdf-too-complex", "photo-too-complex", "file-not-checkable"])
def test_refusal_says_what_to_do(code: str) -> None:
    """[attacks F5] The refusal of such a file says how to make one that is accepted."""
    text = CATALOGUE[code].text
    assert "again" in text.en
    assert "し直して" in text.ja or "作り直" in text.ja
