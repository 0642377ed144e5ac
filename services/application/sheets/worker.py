"""The process in which foreign books are read: `python -m services.application.sheets.worker` (`shared.confined`)."""

import codecs
import io
from collections.abc import Iterator
from datetime import date
from typing import Any

import xlsxwriter

from services.application.forms.sections import section_form
from services.application.sheets.book import Book
from services.application.sheets.columns import Plan
from services.application.sheets.grid import Broken, problem
from services.application.sheets.official_file import OfficialRow, write_official
from services.application.sheets.reading import open_book, read_book
from services.application.sheets.templates import SheetPlan, template_csv
from shared.confined import worker
from shared.errors import FieldProblem, Text

Piece = tuple[dict[str, Any], bytes]
# Characters of the rows or cells that travel together.
_TOGETHER = 200_000


def answer(job: dict[str, Any], content: bytes) -> Iterator[Piece]:
    """The pieces of an answer. `job`: `name` of the file, and `today` to read its rows, or `cells` to read them all."""
    try:
        if job.get("cells"):
            yield from _cells(content, job["name"])
        else:
            yield from _rows(content, job["name"], date.fromisoformat(job["today"]))
    except Broken as broken:
        yield _refused(broken.problem)
    except MemoryError:
        yield _refused(
            problem(
                "takes-too-much",
                Text(
                    "ファイルの内容が多すぎるため読み込めません。ファイルを分けて送信してください。",
                    "The file has too much in it. Send it in parts.",
                ),
            )
        )


def _refused(wrong: FieldProblem) -> Piece:
    return {"book": Book("template-xlsx", (), (wrong,)).described()}, b""


def _rows(content: bytes, name: str, today: date) -> Iterator[Piece]:
    book, rows = read_book(content, name, today)
    yield {"book": book.described()}, b""
    kept: list[dict[str, Any]] = []
    length = 0
    for row in rows:
        kept.append(row.described())
        length += sum(len(pointer) + len(ref) for pointer, ref in row.cells.items()) + _characters(row.form)
        if length > _TOGETHER:
            yield {"rows": kept}, b""
            kept, length = [], 0
    yield {"rows": kept}, b""


def _characters(value: Any) -> int:
    if isinstance(value, dict):
        return sum(map(_characters, value.values()))
    return sum(map(_characters, value)) if isinstance(value, list) else len(value)


def _cells(content: bytes, name: str) -> Iterator[Piece]:
    """The cells of every sheet, a row or a part of one at a time."""
    opened = open_book(content, name)
    if opened.problems:
        yield _refused(opened.problems[0])
    for grid in opened.grids:
        yield {"sheet": grid.name}, b""
        kept: list[tuple[int, int, list[str]]] = []
        length = 0
        for number, row in enumerate(grid.rows()):
            first = 0
            for place, cell in enumerate(row):
                length += len(cell) + 2
                if length > _TOGETHER:
                    kept.append((number, first, list(row[first : place + 1])))
                    yield {"cells": kept}, b""
                    kept, length, first = [], 0, place + 1
            if first < len(row):
                kept.append((number, first, list(row[first:])))
        yield {"cells": kept}, b""


def _prepare() -> None:
    """Read a book of each kind, so that all is loaded: a confined process opens no file any more."""
    for encoding in ("ascii", "cp437", "cp932", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"):
        codecs.lookup(encoding)
    form = section_form("EXTEND", "N")
    today = str(form.valid_from)
    list(answer({"name": "a.csv", "today": today}, template_csv(SheetPlan(Plan(form.version, form.statuses[0])), "ja")))
    (official,), _ = write_official([OfficialRow(form.version, form.statuses[0], form.example)])
    list(answer({"name": official.name, "today": today}, official.content))
    with io.BytesIO() as workbook:
        book = xlsxwriter.Workbook(workbook, {"in_memory": True})
        book.add_worksheet().write_string(0, 0, "example")
        book.close()
        list(answer({"name": "a.xlsx", "today": today}, workbook.getvalue()))
    list(answer({"name": "a.xlsx", "today": today}, b"PK\x03\x04"))


if __name__ == "__main__":
    _prepare()
    worker.main(answer)
