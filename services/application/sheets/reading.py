"""Reads a workbook, a CSV of a template or an official bulk file. Runs inside the confined process (`confined.py`)."""

from collections.abc import Iterator
from datetime import date

from services.application.sheets.book import Book, BookKind, RowRead
from services.application.sheets.excel import opened_workbook
from services.application.sheets.grid import Broken, Grid, Opened, problem
from services.application.sheets.official_rows import OfficialSheet, official_rows, official_sheet
from services.application.sheets.separated import opened_csv
from services.application.sheets.template_rows import rows_of
from services.application.sheets.template_sheet import TemplateSheet, recognised
from shared.errors import FieldProblem, Text
from shared.reference.files import MOST_BYTES_OF_A_BOOK, MOST_ROWS_OF_A_BOOK

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


def read_book(content: bytes, name: str, today: date) -> tuple[Book, Iterator[RowRead]]:
    """The book, and its rows one after the other; the name of a CSV's only sheet is that of the file.

    A file that cannot be read has problems and no rows. Where that shows in the middle of it, taking the next row
    raises `Broken`, and the rows before it count for nothing.
    """
    opened = open_book(content, name)
    kind: BookKind = "template-csv" if opened.separated else "template-xlsx"
    if opened.problems:
        return Book(kind, (), opened.problems), iter(())
    problems: list[FieldProblem] = []
    notices = list(opened.notices)
    sheets: list[TemplateSheet | OfficialSheet] = []
    for grid in opened.grids:
        found = recognised(grid, today) or official_sheet(grid, today)
        if isinstance(found, FieldProblem):
            problems.append(found)
        elif found is not None:
            sheets.append(found)
            notices.extend(found.notices)
            kind = "official" if isinstance(found, OfficialSheet) else kind
        elif not _is_empty(grid):
            notices.append(_not_a_template(grid))
    if not sheets and not problems:
        problems.append(_nothing_to_read())
    book = Book(kind, tuple(sheet.grid.name for sheet in sheets), tuple(problems), tuple(notices))
    return book, iter(()) if problems else _limited(sheets)


def open_book(content: bytes, name: str) -> Opened:
    """The sheets of a file, or why it cannot be opened."""
    if not content:
        return Opened.refused("empty-file", Text("ファイルが空です。", "The file is empty."))
    if len(content) > MOST_BYTES_OF_A_BOOK:
        most = MOST_BYTES_OF_A_BOOK // (1024 * 1024)
        return Opened.refused(
            "too-large",
            Text(
                "ファイルが大きすぎます。{most} MB以下にするか、ファイルを分けて送信してください。",
                "The file is too large. It can have {most} MB: send it in parts.",
            ).with_values(most=most),
        )
    if content.startswith((_ZIP, _OLE)):
        return opened_workbook(content)
    return opened_csv(content, name)


def _limited(sheets: list[TemplateSheet | OfficialSheet]) -> Iterator[RowRead]:
    keys: set[str] = set()
    count = 0
    for sheet in sheets:
        rows = official_rows(sheet, keys) if isinstance(sheet, OfficialSheet) else rows_of(sheet, keys)
        for row in rows:
            count += 1
            if count > MOST_ROWS_OF_A_BOOK:
                raise Broken(
                    problem(
                        "too-many-rows",
                        Text(
                            "行が多すぎます。1つのファイルは{most_rows_of_a_book}行までです。ファイルを分"
                            "けて送信してください。",
                            "There are too many rows. A file has at most {most_rows_of_a_book}: send it in parts.",
                        ).with_values(most_rows_of_a_book=MOST_ROWS_OF_A_BOOK),
                    )
                )
            yield row


def _is_empty(grid: Grid) -> bool:
    return not any(cell.strip() for row in grid.rows() for cell in row)


def _not_a_template(grid: Grid) -> FieldProblem:
    return problem(
        "not-a-template",
        Text(
            "シート「{grid}」は様式ではないため読み込みません。",
            "The sheet “{grid}” is not a template, and is not read.",
        ).with_values(grid=grid.name),
        grid.name,
    )


def _nothing_to_read() -> FieldProblem:
    return problem(
        "no-template",
        Text(
            "様式のシートがありません。様式をダウンロードして記入するか、一括登録用Excelツールのファイルを送信してください。",
            "There is no sheet of a template. Fill in the template, or send the file of the official bulk tool.",
        ),
    )
