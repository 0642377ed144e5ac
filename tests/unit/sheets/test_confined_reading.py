"""Books are read in a process of its own: rows come whole, and what breaks it is a sentence."""

import os
from datetime import date

import psutil
import pytest

from services.application.forms.catalogue import form_of
from services.application.forms.form import read_form
from services.application.sheets.book import Book, RowRead
from services.application.sheets.confined import BookReader, ReadingLimits
from services.application.sheets.official_file import OfficialRow, write_official
from services.application.sheets.templates import FilledRow, SheetPlan, template_csv
from tests.unit.sheets.books import EXAMPLE, EXTEND_N, TODAY, read, sheet_of, with_parts, workbook

# Processes of their own, as slow as servers: make quick leaves them out.
pytestmark = pytest.mark.server

ROWS = [FilledRow(f"A-{number}", EXAMPLE, number % 2 == 0) for number in range(200)]


async def items(reader: BookReader, content: bytes, name: str = "a.xlsx", today: date = TODAY) -> list[Book | RowRead]:
    return [item async for item in reader.read(content, name, today)]


def children() -> list[psutil.Process]:
    workers = psutil.Process(os.getpid()).children()
    return [each for each in workers if "services.application.sheets.worker" in each.cmdline()]


async def test_rows_come_out_of_the_process_as_they_were_read() -> None:
    content = template_csv(SheetPlan(EXTEND_N, ROWS), "ja")
    book, rows = read(content, "a.csv")
    reader = BookReader()
    assert await items(reader, content, "a.csv") == [book, *rows]
    xlsx = workbook(
        sheet_of(
            {"#key": "A", "tel": "1"},
            {"#key": "", "tel": "\U0001f600"},
        )
    )
    assert await items(reader, xlsx) == [read(xlsx)[0], *read(xlsx)[1]]
    change = form_of("change-v-2026-04-01")
    (official,), _ = write_official([OfficialRow(change.version, "SSW1", read_form(change, change.example, "SSW1")[0])])
    assert await items(reader, official.content, "b.csv") == [
        *read(official.content, "b.csv")[:1], *read(official.content, "b.csv")[1],
    ]  # fmt: skip
    cells = [cell async for cell in reader.cells(content, "a.csv")]
    assert len({cell.row for cell in cells}) == 205
    assert [cell.cells[0] for cell in cells if cell.row == 5] == ["A-0"]
    assert children() == []


async def test_who_stops_taking_rows_leaves_no_process() -> None:
    rows = BookReader().read(template_csv(SheetPlan(EXTEND_N, ROWS), "ja"), "a.csv", TODAY)
    assert isinstance(await anext(rows), Book)
    await rows.aclose()
    assert children() == []


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (ReadingLimits(wall_seconds=0.001), "takes-too-long"),
        (ReadingLimits(cpu_seconds=-1), "not-readable"),
    ],
    ids=["time", "computing"],
)
async def test_a_file_that_takes_more_than_the_limits_is_a_sentence(limits: ReadingLimits, code: str) -> None:
    content = template_csv(SheetPlan(EXTEND_N, ROWS * 5), "ja")
    *_, last = await items(BookReader(limits=limits), content, "a.csv")
    assert isinstance(last, Book)
    assert [problem.code for problem in last.problems] == [code]
    assert children() == []


async def test_cells_that_hide_their_place_cost_no_more_than_the_memory_allowed() -> None:
    """The reader keeps a place for every cell between two far ones; an entity hides the second from the first look."""
    sheet = b"""<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">
    <sheetData><row r="1"><c r="A1" t="str"><v>a</v></c></row><row r="1048576">
    <c r="&#88;FD1048576"><v>1</v></c></row></sheetData></worksheet>"""
    content = with_parts(workbook([["a"]]), **{"xl/worksheets/sheet1.xml": sheet})
    (book,) = await items(BookReader(), content)
    assert isinstance(book, Book)
    assert [problem.code for problem in book.problems] in (["not-readable"], ["damaged"], ["takes-too-much"])
