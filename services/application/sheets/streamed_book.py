"""Writes a workbook of one sheet piece by piece: each piece leaves before the next rows are there.

XlsxWriter has the bytes of a workbook only when it is complete; a reader behind a proxy would wait for minutes.
"""

import re
import zipfile
from collections.abc import Iterator, Sequence
from io import RawIOBase
from typing import Any
from xml.sax.saxutils import escape, quoteattr

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_SHEET = "xl/worksheets/sheet1.xml"
_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>'
    f'<Override PartName="/{_SHEET}" ContentType="{_TYPE}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
    # Styles by number: 0 for numbers, 1 for texts (format "@", so that Excel leaves them alone), 2 for the heading.
    "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}">'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/></cellXfs>'
    "</styleSheet>",
}
_TEXT, _LABEL = 1, 2
# The same content gives the same bytes.
_DATE = (2026, 1, 1, 0, 0, 0)
_QUICK = 3
_LONGEST_CELL = 32_767
# What XML does not have is left out, or written as Excel writes the code of a character; what looks like such a code
# is written as a text.
_NO_CHARACTER = re.compile("[\ud800-\udfff\ufffe\uffff]")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f]")
_CODE_LIKE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")

Cell = str | int | None


class _Pieces(RawIOBase):
    """A file that can only be written, and is emptied by taking what was written."""

    def __init__(self) -> None:
        self._written: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        self._written.append(bytes(piece))
        return len(piece)

    def taken(self) -> bytes:
        """The bytes that were written since the last time."""
        written = b"".join(self._written)
        self._written.clear()
        return written


class StreamedBook:
    """A workbook with one sheet, whose columns are headings with their width in characters.

    Call `begun` once, `written` for rows as often as there are some, and `ended` at the end; each gives bytes.
    """

    def __init__(self, sheet: str, columns: Sequence[tuple[str, int]]) -> None:
        self._pieces = _Pieces()
        self._zip = zipfile.ZipFile(self._pieces, "w", zipfile.ZIP_DEFLATED, compresslevel=_QUICK)
        self._name, self._columns = sheet, columns
        self._letters = [_letters(number) for number in range(len(columns))]
        self._row = 0
        self._sheet: Any = None

    def begun(self) -> bytes:
        """The beginning, with the heading."""
        book = (
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
            f'<sheet name={quoteattr(self._name)} sheetId="1" r:id="rId1"/></sheets></workbook>'
        )
        for name, content in (_PARTS | {"xl/workbook.xml": book}).items():
            self._zip.writestr(_entry(name), _HEAD + content)
        # More than 2 GB of XML are possible, and nobody knows beforehand.
        self._sheet = self._zip.open(_entry(_SHEET), "w", force_zip64=True)
        widths = "".join(
            f'<col min="{number}" max="{number}" width="{width}" customWidth="1"/>'
            for number, (_, width) in enumerate(self._columns, start=1)
        )
        self._put(
            f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
            '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
            f"<cols>{widths}</cols><sheetData>{self._line([heading for heading, _ in self._columns], _LABEL)}"
        )
        return self._pieces.taken()

    def written(self, rows: Sequence[Sequence[Cell]]) -> bytes:
        """More rows; empty where they are still being compressed."""
        self._put("".join(self._line(row, _TEXT) for row in rows))
        return self._pieces.taken()

    def ended(self) -> bytes:
        """The end."""
        self._put("</sheetData></worksheet>")
        self._sheet.close()
        self._zip.close()
        return self._pieces.taken()

    def _put(self, xml: str) -> None:
        self._sheet.write(xml.encode())

    def _line(self, cells: Sequence[Cell], style: int) -> str:
        self._row += 1
        return f'<row r="{self._row}">{"".join(self._cells(cells, style))}</row>'

    def _cells(self, cells: Sequence[Cell], style: int) -> Iterator[str]:
        for letters, cell in zip(self._letters, cells, strict=True):
            if isinstance(cell, int):
                yield f'<c r="{letters}{self._row}"><v>{cell}</v></c>'
            elif cell:
                yield (
                    f'<c r="{letters}{self._row}" s="{style}" t="inlineStr">'
                    f'<is><t xml:space="preserve">{_text(cell)}</t></is></c>'
                )


def _text(cell: str) -> str:
    plain = _CODE_LIKE.sub("_x005F_", _NO_CHARACTER.sub("", cell[:_LONGEST_CELL]))
    return escape(_CONTROL.sub(lambda found: f"_x{ord(found[0]):04X}_", plain))


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _DATE)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _letters(column: int) -> str:
    """The letters of a column, the first of which is 0: A, B, ..., Z, AA."""
    letters, left = "", column + 1
    while left:
        left, place = divmod(left - 1, 26)
        letters = chr(ord("A") + place) + letters
    return letters
