"""Looks into a workbook before a library does: what it is, how large it unpacks, which cells are calculated.

Excel's own limits allow 17 thousand million cells, of which a reader would keep a place for each.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import IO

from services.application.sheets.grid import Opened, Position, column_number
from shared.errors import Text
from shared.reference.files import MEGABYTE, MOST_COLUMNS_OF_A_BOOK, MOST_ROWS_OF_A_BOOK

# 10,000 rows of the widest form with long texts unpack to 400 MB; nothing honest has a thousand parts.
_MOST_UNPACKED = 512 * MEGABYTE
_MOST_PARTS = 1_000
_MOST_SHARED = 128 * MEGABYTE
# Cells between the first and the last one, filled in or not; a place takes 32 bytes.
_MOST_CELLS = 8_000_000
# Rows above the applications.
_HEAD_ROWS = 50
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CHUNK = MEGABYTE
# A cell with content: its start tag is not closed at once. Start tags of honest cells have less than 100 characters.
_CELL = re.compile(
    rb"""<(?:\w+:)?c\s(?:[^<>]{0,200}?\s)?r\s{0,9}=\s{0,9}["']([A-Za-z]+)([0-9]+)["'](?:[^<>]{0,200}[^<>/])?>"""
)
_FORMULA = re.compile(
    rb"""<(?:\w+:)?c\s(?:[^<>]{0,200}?\s)?r\s{0,9}=\s{0,9}["']([A-Za-z]+)([0-9]+)["'][^<>]{0,200}>\s{0,9}"""
    rb"""<(?:\w+:)?f[\s/>]"""
)
# Ranges of drop-downs and formats have an element of that name too, in a namespace of their own.
_ANY_FORMULA = re.compile(rb"<(?!xm:)(?:\w+:)?f[\s/>]")
# More than the longest start tag of a cell; what is cut at the end of a piece is looked at again with the next one.
_OVERLAP = 1_000


# What a sheet has that cannot be cut between its rows: comments and the like, a namespace before its elements, rows
# without their number.
_WHOLE = re.compile(rb"""<!|<\w+:(?:worksheet|sheetData|row)[\s>]|<row(?![^<>]*\sr="[0-9]+")[^<>]*>""")


@dataclass(frozen=True, slots=True)
class Part:
    """A sheet of a workbook: the name of its part, its size, its calculated cells, and whether it can be cut between
    its rows."""

    name: str
    rows: int
    columns: int
    formulas: frozenset[Position]
    can_be_cut: bool


@dataclass(frozen=True, slots=True)
class Archive:
    """A workbook that may be opened, with its sheets by the name of the file of their part."""

    sheets: Mapping[str, Part]
    has_links: bool


def looked_into(content: bytes) -> Archive | Opened:
    """The workbook, or why it is refused."""
    if content.startswith(_OLE):
        return _old_or_locked(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            return _workbook(parts)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError, RuntimeError):
        return Opened.refused(
            "damaged",
            Text(
                "ファイルが壊れているため読み込めません。Excelで開き、「名前を付けて保存」で保存し直してから送信してください。",
                "The file is damaged. Open it in Excel, save it again under another name, and send that.",
            ),
        )


def _old_or_locked(content: bytes) -> Opened:
    if "EncryptedPackage".encode("utf-16-le") in content:
        return Opened.refused(
            "encrypted",
            Text(
                "パスワードで保護されているため読み込めません。パスワードを解除して保存し、送信してください。",
                "The workbook is protected by a password. Take the password off, save it, and send it again.",
            ),
        )
    return Opened.refused(
        "old-format",
        Text(
            "古い形式（.xls）のファイルです。Excelで開き、「Excelブック（.xlsx）」で保存し直してから送信してください。",
            "This is the old format .xls. Open it in Excel, save it as .xlsx, and send that.",
        ),
    )


def _workbook(parts: zipfile.ZipFile) -> Archive | Opened:
    names = parts.namelist()
    if refused := _other_kind(parts, names) or _too_large(parts):
        return refused
    sheets: dict[str, Part] = {}
    for name in names:
        if re.fullmatch(r"xl/worksheets/[^/]+\.xml", name, re.IGNORECASE):
            found = _part(parts, name)
            if isinstance(found, Opened):
                return found
            sheets[name.rpartition("/")[2]] = found
    return Archive(sheets, any(name.startswith("xl/externalLinks/") for name in names))


def _other_kind(parts: zipfile.ZipFile, names: list[str]) -> Opened | None:
    known = {name.lower() for name in names}
    if any(info.flag_bits & 1 for info in parts.infolist()):
        return Opened.refused(
            "encrypted",
            Text(
                "パスワード付きのZIPファイルです。パスワードを外したExcelファイルを送信してください。",
                "This is a ZIP file with a password. Send the Excel file without a password.",
            ),
        )
    if any(name.endswith("vbaproject.bin") for name in known):
        return Opened.refused(
            "macros",
            Text(
                "マクロ付きのファイル（.xlsm）は読み込みません。Excelで「Excelブック（.xlsx）」として保存し直してから送信してください。",
                "Workbooks with macros (.xlsm) are not read. Save it as .xlsx in Excel, and send that.",
            ),
        )
    if "xl/workbook.bin" in known:
        return Opened.refused(
            "binary-workbook",
            Text(
                "バイナリ形式（.xlsb）のファイルです。「Excelブック（.xlsx）」で保存し直してから送信してください。",
                "This is the binary format .xlsb. Save it as .xlsx, and send that.",
            ),
        )
    if "xl/workbook.xml" in known:
        return None
    return Opened.refused(
        "not-a-workbook",
        Text(
            "Excelファイル（.xlsx）ではありません。ZIPファイルや他の形式ではなく、様式のExcelファイルかCSVを送信してください。",
            "This is not an Excel file (.xlsx). Send the template as Excel or CSV, not a ZIP file or another format.",
        ),
    )


def _too_large(parts: zipfile.ZipFile) -> Opened | None:
    infos = parts.infolist()
    shared = sum(info.file_size for info in infos if info.filename.lower().endswith("sharedstrings.xml"))
    if len(infos) > _MOST_PARTS or sum(info.file_size for info in infos) > _MOST_UNPACKED or shared > _MOST_SHARED:
        return Opened.refused(
            "unpacks-too-large",
            Text(
                "展開すると大きすぎるため読み込めません。不要なシート・画像・書式を削除するか、ファイルを分けて送信してください。",
                "Unpacked, the file is too large. Delete sheets, pictures and formats, or send it in parts.",
            ),
        )
    return None


def _part(parts: zipfile.ZipFile, name: str) -> Part | Opened:
    """A sheet, where it is not too large."""
    rows: set[bytes] = set()
    begins, whole = False, False
    columns: set[bytes] = set()
    formulas: set[Position] = set()
    with parts.open(name) as part:
        for piece in _pieces(part):
            found = _CELL.findall(piece)
            columns.update(letters for letters, _ in found)
            rows.update(number for _, number in found)
            begins = begins or b"<sheetData>" in piece
            whole = whole or _WHOLE.search(piece) is not None
            if len(rows) > MOST_ROWS_OF_A_BOOK + _HEAD_ROWS:
                return _too_many_rows()
            if written := len(_ANY_FORMULA.findall(piece)):
                placed = _FORMULA.findall(piece)
                formulas.update((int(row) - 1, column_number(letters.decode())) for letters, row in placed)
                # The first one of a piece may have lost its cell, and stood in the piece before with it.
                if written > len(placed) + 1:
                    return _lost_formulas()
    last_row = max(map(int, rows), default=0)
    last_column = max((column_number(letters.decode()) for letters in columns), default=0) + 1
    if last_row > MOST_ROWS_OF_A_BOOK + _HEAD_ROWS:
        return _too_many_rows()
    if last_column > MOST_COLUMNS_OF_A_BOOK or last_row * last_column > _MOST_CELLS:
        return Opened.refused(
            "too-many-columns",
            Text(
                "列が多すぎます（{last_column}列）。様式の右側にある不要な列を削除してから送信してください。",
                "There are too many columns ({last_column}). Delete those right of the template.",
            ).with_values(last_column=last_column),
        )
    return Part(name, last_row, last_column, frozenset(formulas), begins and not whole)


def _lost_formulas() -> Opened:
    return Opened.refused(
        "formulas",
        Text(
            "計算式を含むセルの位置を判別できません。値だけを様式に貼り付けて送信してください。",
            "It has formulas whose cells are not known. Paste the values alone into the template, and send that.",
        ),
    )


def _too_many_rows() -> Opened:
    return Opened.refused(
        "too-many-rows",
        Text(
            "行が多すぎます。1つのファイルは{most_rows_of_a_book}行までです。ファイルを分"
            "けるか、下にある不要な行を削除してください。",
            "There are too many rows. A file has at most {most_rows_of_a_book}: send it in "
            "parts, or delete empty rows.",
        ).with_values(most_rows_of_a_book=MOST_ROWS_OF_A_BOOK),
    )


def _pieces(part: IO[bytes]) -> Iterator[bytes]:
    """The content in pieces, each with the end of the one before."""
    end = b""
    while chunk := part.read(_CHUNK):
        piece = end + chunk
        yield piece
        end = piece[-_OVERLAP:]
