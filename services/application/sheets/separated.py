"""Opens a CSV as a sheet of texts: UTF-8, UTF-16 or CP932, separated by commas, tabs or semicolons.

The official tools write UTF-16LE with tabs and no quoting; Excel saves the same with quoting, as commas or tabs.
"""

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from services.application.sheets.grid import Broken, Grid, Opened, problem
from services.application.sheets.marker import is_marked
from services.application.sheets.sheet_writer import sheet_name
from shared.errors import Text
from shared.reference.files import MOST_BYTES_OF_A_BOOK

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_CHUNK = 1024 * 1024
# Lines in which the separator is looked for.
_HEAD = 4


@dataclass(frozen=True, slots=True)
class Separated:
    """The way in which a CSV is written: encoding, separator, and whether fields may stand in quotation marks."""

    encoding: str
    separator: str
    quotes: bool


def opened_csv(content: bytes, name: str) -> Opened:
    """A CSV as one sheet, named as the file is, or why it is not read."""
    encoding = _encoding(content)
    if encoding is None:
        return Opened.refused(
            "encoding",
            Text(
                "文字コードを判別できません。Excelで「CSV UTF-8（コンマ区切り）」として保存し直してから送信"
                "してください。",
                "The character encoding is not known. Save it in Excel as “CSV UTF-8 (comma delimited)”, and send "
                "that.",
            ),
        )
    written = _written(content, encoding)
    sheet = name.rpartition("/")[2].rpartition("\\")[2]
    sheet = sheet_name(sheet.rpartition(".")[0] or sheet or "CSV")
    return Opened((Grid(sheet, lambda: _rows(content, written)),), separated=True)


def _encoding(content: bytes) -> str | None:
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return encoding if _readable(content, encoding) else None
    start = content[:_CHUNK]
    # Only UTF-16 has zeros in every Latin letter; the official file may have lost its mark.
    if start[1::2].count(0) > len(start) // 40 and _readable(content, "utf-16-le"):
        return "utf-16-le"
    return next((encoding for encoding in ("utf-8", "cp932") if _readable(content, encoding)), None)


def _readable(content: bytes, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for start in range(0, len(content), _CHUNK):
            decoder.decode(content[start : start + _CHUNK])
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def _written(content: bytes, encoding: str) -> Separated:
    start = _text(content, encoding).read(20_000).split("\n")
    first, head = start[0], "\n".join(start[:_HEAD])
    separator = "\t" if "\t" in head else max(",;", key=head.count)
    # Names of the official header have commas, so that Excel puts them in quotation marks; the tool does not.
    return Separated(encoding, separator, separator != "\t" or '"' in first or is_marked(first))


def _text(content: bytes, encoding: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(content), encoding, newline="")


def _rows(content: bytes, written: Separated) -> Iterator[Sequence[str]]:
    text = _text(content, written.encoding)
    if not written.quotes:
        for line in _lines(text):
            yield line.split(written.separator)
        return
    # Longer cells are reported by their place; this bound is never reached.
    csv.field_size_limit(MOST_BYTES_OF_A_BOOK)
    try:
        yield from csv.reader(text, delimiter=written.separator, strict=False)
    except csv.Error as error:
        raise Broken(
            problem(
                "damaged",
                Text(
                    "CSVの形式が正しくないため読み込めません。Excelで開き、保存し直してから送信してください。",
                    "The CSV is damaged. Open it in Excel, save it again, and send that.",
                ),
            )
        ) from error


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    """Lines that end with CRLF, or with LF in a file that has none of those; a lone LF in a field stays there."""
    ends = "\r\n" if "\r\n" in text.read(20_000) else "\n"
    text.seek(0)
    kept = ""
    while piece := text.read(_CHUNK):
        *whole, kept = (kept + piece).split(ends)
        yield from whole
    if kept:
        yield kept
