"""Books for tests: templates filled in, and workbooks made by hand with whatever is wrong."""

import io
import zipfile
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

import xlsxwriter

from services.application.forms.catalogue import form_of
from services.application.sheets.book import Book, RowRead
from services.application.sheets.columns import Plan, columns_of
from services.application.sheets.marker import marker_of
from services.application.sheets.reading import read_book

TODAY = date(2026, 11, 29)
EXTEND_N = Plan("extend-n-2026-02-27", "ENG_HUM_INT")
EXAMPLE: Mapping[str, Any] = form_of(EXTEND_N.version).example


def read(content: bytes, name: str = "book.xlsx", today: date = TODAY) -> tuple[Book, list[RowRead]]:
    book, rows = read_book(content, name, today)
    return book, list(rows)


def refusals(content: bytes, name: str = "book.xlsx") -> list[str]:
    """The codes of why a book is not read; each with a sentence in both languages."""
    book, rows = read(content, name)
    assert rows == []
    assert all(problem.message.ja and problem.message.en for problem in book.problems)
    return [problem.code for problem in book.problems]


def sheet_of(*rows: Mapping[str, str], plan: Plan = EXTEND_N, codes: Iterable[str] | None = None) -> list[list[str]]:
    """The lines of a template with only the columns that are used; each row is cells by code."""
    used = list(codes or dict.fromkeys(["#key", *(code for row in rows for code in row)]))
    return [[marker_of(plan)], used, *([row.get(code, "") for code in used] for row in rows)]


def workbook(*sheets: list[list[str]], change: Callable[[Any, list[Any]], None] | None = None) -> bytes:
    """A workbook with these sheets of texts; `change` does more with it before it is closed."""
    with io.BytesIO() as written:
        book = xlsxwriter.Workbook(written, {"in_memory": True})
        made = []
        for number, lines in enumerate(sheets, start=1):
            made.append(sheet := book.add_worksheet(f"Sheet{number}"))
            for row, cells in enumerate(lines):
                for column, cell in enumerate(cells):
                    if cell:
                        sheet.write_string(row, column, cell)
        if change:
            change(book, made)
        book.close()
        return written.getvalue()


def with_parts(content: bytes, **parts: bytes | None) -> bytes:
    """A workbook with parts replaced, added, or (None) left out; `__` in a name stands for `/`."""
    changed = {name.replace("__", "/"): data for name, data in parts.items()}
    with io.BytesIO() as written:
        with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
            for name in old.namelist():
                if name not in changed:
                    new.writestr(name, old.read(name))
            for name, data in changed.items():
                if data is not None:
                    new.writestr(name, data)
        return written.getvalue()


def codes_of(plan: Plan) -> list[str]:
    return [column.code for column in columns_of(plan)]
