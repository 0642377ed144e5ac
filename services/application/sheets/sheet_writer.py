"""Writes workbooks with xlsxwriter, a row at a time: what was written stands in files of a folder, not in memory.

Every cell is a text, so that Excel keeps leading zeros and runs no formula.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from services.application.sheets.columns import Column, options_of
from services.application.sheets.notes import note_of
from shared.errors import Text
from shared.languages import OfficialLang
from shared.reference.files import MOST_ROWS_OF_A_BOOK

# Sheets of our own: the lists to choose from, and the first one of an answer.
LISTS, RESULTS = "_lists", "結果（Result）"
# A table of the form shows this many of its rows; the others are a group of columns that opens with a click.
_SHOWN_ROWS = 2
_FROZEN_COLUMNS = 3
# The formats of the rows above the applications, by their distance from the row of codes.
_HEAD_FORMATS = {0: "code", -1: "label", -2: "topic"}
# Characters of a note; Excel takes no more than 32,767.
_MOST_NOTE = 5_000
_FIXED = datetime(2026, 1, 1)  # noqa: DTZ001  # the same content gives the same bytes
_NOT_IN_LIST = Text(
    "一覧にない値です。一覧から選択してください。", "This is not one of the list. Choose one of the list."
)
_FORMATS: Mapping[str, Mapping[str, Any]] = {
    "text": {"num_format": "@", "valign": "top"},
    "marker": {"num_format": "@", "font_color": "#6B7280", "font_size": 8},
    "guide": {"num_format": "@", "bold": True},
    "topic": {"num_format": "@", "bold": True, "font_color": "#FFFFFF", "bg_color": "#1F3A5F"},
    "label": {"num_format": "@", "bold": True, "bg_color": "#E5ECF6", "text_wrap": True, "valign": "top", "border": 1},
    "required": {
        "num_format": "@", "bold": True, "bg_color": "#FCE8C8", "text_wrap": True, "valign": "top", "border": 1,
    },
    "code": {"num_format": "@", "font_color": "#6B7280", "font_size": 8, "bg_color": "#F3F4F6"},
    "example": {"num_format": "@", "italic": True, "font_color": "#6B7280", "bg_color": "#F3F4F6"},
    "wrong": {"num_format": "@", "bg_color": "#FBD5D5", "font_color": "#8B0000", "valign": "top"},
    "good": {"num_format": "@", "bg_color": "#D9F2E0", "valign": "top"},
    "title": {"num_format": "@", "bold": True, "font_size": 14},
    "link": {"font_color": "#1D4ED8", "underline": 1},
    "number": {"num_format": "0"},
}  # fmt: skip


def sheet_name(name: str) -> str:
    """`name` as Excel allows it for a sheet: 31 characters, without some signs."""
    return re.sub(r"[\[\]:*?/\\']", " ", name)[:31].strip() or "Sheet"


class SheetWriter:
    """A workbook that is being written into `folder`, in a language."""

    def __init__(self, folder: str | Path, language: OfficialLang) -> None:
        self.path = Path(folder) / "book.xlsx"
        self.language: OfficialLang = language
        options = {"constant_memory": True, "tmpdir": str(folder), "strings_to_formulas": False}
        self.book = xlsxwriter.Workbook(str(self.path), options | {"strings_to_urls": False})
        self.book.set_properties({"title": "Zairyu", "created": _FIXED})
        self.formats = {name: self.book.add_format(dict(shape)) for name, shape in _FORMATS.items()}
        self._lists: dict[tuple[str, ...], int] = {}

    def sheet(self, name: str) -> "WrittenSheet":
        """A new sheet, whose rows are written in order."""
        return WrittenSheet(self, self.book.add_worksheet(sheet_name(name)))

    def template_sheet(self, name: str, columns: Sequence[Column], head: Sequence[Sequence[str]]) -> "WrittenSheet":
        """A sheet with these columns and the rows of a template above the applications."""
        sheet = self.sheet(name)
        inner = sheet.inner
        inner.freeze_panes(len(head), _FROZEN_COLUMNS)
        for number, column in enumerate(columns):
            self._shape(inner, number, column, len(head), opened=False)
            if note := note_of(column, self.language):
                inner.write_comment(2, number, note, {"x_scale": 2, "y_scale": 1 + note.count("\n") * 0.25})
        marker, topics, labels, codes, *examples = head
        sheet.row(0, marker, {0: "marker"}, usual="guide")
        sheet.row(1, topics, usual="topic")
        required = {number: "required" for number, column in enumerate(columns) if column.always_required}
        sheet.row(2, labels, required, usual="label")
        inner.set_row(2, 48)
        sheet.row(3, codes, usual="code")
        for number, example in enumerate(examples, start=4):
            sheet.row(number, example, usual="example")
        return sheet

    def shaped_sheet(
        self, name: str, columns: Sequence[Column | None], head: Sequence[Sequence[str]], codes: int
    ) -> "WrittenSheet":
        """A sheet in the shape of its template: columns may be moved or unknown, and `codes` is the row of codes."""
        sheet = self.sheet(name)
        sheet.inner.freeze_panes(codes + 1, min(_FROZEN_COLUMNS, len(columns)))
        for number, column in enumerate(columns):
            self._shape(sheet.inner, number, column, codes + 1, opened=True)
        for number, values in enumerate(head):
            marks = {0: "marker"} if number == 0 else None
            sheet.row(number, values, marks, usual=_HEAD_FORMATS.get(number - codes, "guide"))
        return sheet

    def finished(self) -> bytes:
        """The workbook; the end of writing."""
        self.close()
        return self.path.read_bytes()

    def close(self) -> None:
        """Write what is still in memory; `path` is then complete."""
        if self._lists:
            lists = self.book.add_worksheet(LISTS)
            for row in range(max(len(options) for options in self._lists)):
                for options, column in self._lists.items():
                    if row < len(options):
                        lists.write_string(row, column, options[row], self.formats["text"])
            lists.very_hidden()
        self.book.close()

    def _shape(self, sheet: Any, number: int, column: Column | None, first: int, *, opened: bool) -> None:
        """Width, group and drop-down of a column whose applications begin at row `first`."""
        if column is None:
            return
        shape = {"level": 1, "hidden": not opened} if column.row > _SHOWN_ROWS else {}
        sheet.set_column(number, number, _width(column), self.formats["text"], shape)
        if options := options_of(column, self.language):
            self._validate(sheet, number, first, options)

    def _validate(self, sheet: Any, column: int, first: int, options: tuple[str, ...]) -> None:
        place = self._lists.setdefault(options, len(self._lists))
        letters = xlsxwriter.utility.xl_col_to_name(place, col_abs=True)
        sheet.data_validation(
            first,
            column,
            first + MOST_ROWS_OF_A_BOOK - 1,
            column,
            {
                "validate": "list",
                "source": f"={LISTS}!{letters}$1:{letters}${len(options)}",
                "error_type": "warning",
                "error_message": getattr(_NOT_IN_LIST, self.language),
            },
        )


class WrittenSheet:
    """A sheet that is being written, row by row."""

    def __init__(self, writer: SheetWriter, inner: Any) -> None:
        self._writer = writer
        self.inner = inner

    def text(self, row: int, column: int, value: str) -> None:
        """A text in a cell."""
        self.inner.write_string(row, column, value, self._writer.formats["text"])

    def number(self, row: int, column: int, value: int) -> None:
        """A whole number in a cell."""
        self.inner.write_number(row, column, value, self._writer.formats["number"])

    def link(self, row: int, column: int, sheet: str, ref: str) -> None:
        """A link to a cell of a sheet of this workbook."""
        place = f"internal:'{sheet_name(sheet)}'!{ref}"
        self.inner.write_url(row, column, place, self._writer.formats["link"], ref)

    def row(
        self,
        number: int,
        values: Sequence[str],
        marks: Mapping[int, str] | None = None,
        notes: Mapping[int, str] | None = None,
        usual: str = "text",
    ) -> None:
        """Row `number`, from 0. `marks` name the format of single columns, `notes` are their comments."""
        formats, marks = self._writer.formats, marks or {}
        plain = formats[usual]
        for column, value in enumerate(values):
            if value:
                self.inner.write_string(number, column, value, formats[marks[column]] if column in marks else plain)
        for column, name in marks.items():
            if column >= len(values) or not values[column]:
                self.inner.write_blank(number, column, None, formats[name])
        for column, note in (notes or {}).items():
            self.inner.write_comment(number, column, note[:_MOST_NOTE], {"x_scale": 2})


def _width(column: Column) -> int:
    if column.field is None:
        return 18
    return 24 if column.field.most is None or column.field.most > 20 else 14
