"""Cuts a large sheet of a workbook into portions of rows, each a small workbook of its own.

Calamine keeps a place for every cell between the first and the last one of a sheet. The head of a template names a
thousand columns, of which a row fills a hundred: for 10,000 rows at once that is 260 MB, nearly all of it empty.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import IO

from shared.reference.files import MEGABYTE

# Places of the portion that has the head; the others are as wide as what is filled in.
_PLACES = 500_000
_CHUNK = MEGABYTE
_DATA, _END_OF_DATA, _END_OF_ROW = b"<sheetData>", b"</sheetData>", b"</row>"
_END = _END_OF_DATA + b"</worksheet>"
# What the values of a sheet depend on: the workbook, its texts and its formats.
_NEEDED = re.compile(r"(\[Content_Types\]\.xml|_rels/[^/]+|xl/[^/]+|xl/_rels/[^/]+)", re.IGNORECASE)


def is_large(rows: int, columns: int) -> bool:
    """Whether a sheet of that size is worth being cut."""
    return rows * columns > _PLACES


def frame_of(content: bytes, part: str) -> bytes:
    """The workbook with the sheet `part` without its rows: what is said of the sheet as a whole, like merged cells."""
    with zipfile.ZipFile(io.BytesIO(content)) as parts, parts.open(part) as sheet:
        head, rest = _head(sheet)
        # No row is kept: only what follows the last one.
        while _END_OF_DATA not in rest and (chunk := sheet.read(_CHUNK)):
            rest = rest[-len(_END_OF_DATA) :] + chunk
        tail = rest.partition(_END_OF_DATA)[2] + sheet.read()
        return _with(parts, part, head + _DATA + _END_OF_DATA + tail)


def portions(content: bytes, part: str, columns: int) -> Iterator[bytes]:
    """Workbooks with some rows each of the sheet `part`, in their order."""
    most = max(_PLACES // columns, 1)
    with zipfile.ZipFile(io.BytesIO(content)) as parts, parts.open(part) as sheet:
        head, rest = _head(sheet)
        rows: list[bytes] = []
        chunk = b"any"
        while chunk:
            *whole, rest = rest.split(_END_OF_ROW)
            rows += whole
            while len(rows) > most:
                yield _with(parts, part, b"".join((head, _DATA, *(row + _END_OF_ROW for row in rows[:most]), _END)))
                del rows[:most]
            chunk = sheet.read(_CHUNK)
            rest += chunk
        yield _with(parts, part, b"".join((head, _DATA, *(row + _END_OF_ROW for row in rows), rest)))


def _head(sheet: IO[bytes]) -> tuple[bytes, bytes]:
    """The text before the rows, and the beginning of the rows."""
    begun = b""
    while _DATA not in begun and (chunk := sheet.read(_CHUNK)):
        begun += chunk
    head, _, rest = begun.partition(_DATA)
    return head, rest


def _with(parts: zipfile.ZipFile, part: str, sheet: bytes) -> bytes:
    """The workbook with one sheet alone, which is `sheet`."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as written:
        for info in parts.infolist():
            if _NEEDED.fullmatch(info.filename):
                written.writestr(info.filename, parts.read(info))
        written.writestr(part, sheet)
    return made.getvalue()
