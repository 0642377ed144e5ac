"""Marked answers and exports: rows stay at their places, nothing becomes a formula, memory does not grow."""

import csv
import io
import resource
import zipfile
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from services.application.forms.catalogue import form_of
from services.application.sheets.book import RowOutcome
from services.application.sheets.confined import BookReader
from services.application.sheets.export import Column, csv_export, xlsx_export
from services.application.sheets.marking import Outcomes, marked_book
from services.application.sheets.templates import FilledRow, SheetPlan, template_csv, template_xlsx
from services.application.sheets.worker import answer
from shared.errors import Text
from tests.unit.sheets.books import EXAMPLE, EXTEND_N, read, sheet_of, workbook

HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "'=1", "https://example.jp", "０９０", "00123", "普通"]
FILED = Text("既に申請済みです", "Filed already")
WRONG = Text("誤りです", "This is wrong")


class Unconfined(BookReader):
    """Reads the cells in this process: what the confined one gives is tested beside it."""

    async def _pieces(self, content: bytes, job: dict[str, Any]) -> Any:
        for fields, _ in answer(job, content):
            yield fields


async def marked(content: bytes, name: str, outcomes: Outcomes, language: Any = "ja") -> bytes:
    return b"".join([piece async for piece in marked_book(Unconfined(), content, name, outcomes, language)])


def texts(content: bytes) -> dict[str, list[list[str]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {
        name: [[str(cell) for cell in row] for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False)]
        for name in book.sheet_names
    }


def part(content: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        return parts.read(name).decode()


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
async def test_an_answer_is_the_same_book_with_marks_and_can_be_sent_again(kind: str) -> None:
    ssw = form_of("change-v-2026-04-01")
    plans = [SheetPlan(EXTEND_N, [FilledRow(key, EXAMPLE) for key in "ABC"])]
    plans += [SheetPlan(type(EXTEND_N)(ssw.version, "SSW1"), [FilledRow("D", ssw.example)])]
    content = template_xlsx(plans, "ja") if kind == "xlsx" else template_csv(plans[0], "ja")
    book, rows = read(content, "社員.csv")
    first, second, third = rows[:3]
    ref = second.cells["/form/name_roman"]
    outcomes = {
        (first.sheet, first.number): RowOutcome("filed", "東オンＥＮ26000001"),
        (second.sheet, second.number): RowOutcome("wrong", None, ((ref, WRONG), (None, FILED))),
        (third.sheet, third.number): RowOutcome("ready"),
    }
    answer = await marked(content, "社員.csv", outcomes)
    sheets = texts(answer)
    assert list(sheets)[:2] == ["結果（Result）", first.sheet]
    summary = sheets["結果（Result）"]
    assert [row[:2] for row in summary[1:4]] == [["申請済", "1.0"], ["申請できます", "1.0"], ["誤りあり", "1.0"]]
    assert [row[4:6] for row in summary if row[2] == "誤りあり"] == [[ref, "誤りです"], ["", "既に申請済みです"]]
    lines = sheets[first.sheet]
    assert [line[:3] for line in lines[5:8]] == [
        ["A", "申請済", "東オンＥＮ26000001"], ["B", "誤りあり\n既に申請済みです", ""], ["C", "申請できます", ""],
    ]  # fmt: skip
    assert ">誤りです<" in part(answer, "xl/comments1.xml")
    # Marked again and read again: the same rows, and one summary.
    again = await marked(answer, "a.xlsx", outcomes, "en")
    assert list(texts(again)) == list(sheets)
    again_book, again_rows = read(again)
    assert [row.form for row in again_rows] == [row.form for row in rows]
    assert (again_book.sheets, again_book.notices) == (book.sheets, ())


async def test_sheets_that_are_no_templates_stay_and_a_broken_file_is_a_summary_alone() -> None:
    content = workbook([["note", *HOSTILE]], sheet_of({"#key": "A", "name_roman": "=1+1"}))
    answer = await marked(content, "a.xlsx", {("Sheet2", 3): RowOutcome("wrong", None, (("B3", WRONG),))})
    sheets = texts(answer)
    assert sheets["Sheet1"] == [["note", *HOSTILE]]
    assert sheets["Sheet2"][2] == ["A", "=1+1", "誤りあり"]
    assert "<f>" not in part(answer, "xl/worksheets/sheet3.xml")
    assert list(texts(await marked(b"PK\x03\x04", "a.xlsx", {}))) == ["結果（Result）"]
    odd = await marked(b"zairyu\nx", "C:\\a\\it's [1]: *?.csv", {})
    assert list(texts(odd)) == ["結果（Result）", "it s  1"]


async def rows_of(rows: Sequence[Sequence[str | int | None]]) -> AsyncIterator[Sequence[str | int | None]]:
    for row in rows:
        yield row


async def test_exports_hold_no_formula_and_no_link() -> None:
    columns = [Column("番号"), Column("氏名", 30), Column("=2+2")]
    rows = [(number, text, None) for number, text in enumerate(HOSTILE)]
    written = b"".join([piece async for piece in csv_export(columns, rows_of(rows))])
    assert written.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(written.decode("utf-8-sig"), newline="")))
    assert lines[0] == ["番号", "氏名", "'=2+2"]
    assert not any(cell.startswith(tuple("=+-@\t\r")) for line in lines for cell in line)
    content = b"".join([piece async for piece in xlsx_export(columns, rows_of(rows), "一覧")])
    assert texts(content)["一覧"][1:] == [[f"{number}.0", text, ""] for number, text, _ in rows]
    assert "<f>" not in part(content, "xl/worksheets/sheet1.xml")
    assert "xl/worksheets/_rels/sheet1.xml.rels" not in zipfile.ZipFile(io.BytesIO(content)).namelist()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
async def test_an_export_begins_before_its_rows_end_and_keeps_none(kind: str) -> None:
    taken = 0

    async def many() -> AsyncIterator[Sequence[str | int | None]]:
        nonlocal taken
        for taken in range(20_000):
            yield (taken, "東京都千代田区霞が関１－１－１" * 3)

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    columns = [Column("番号"), Column("住所")]
    pieces = csv_export(columns, many()) if kind == "csv" else xlsx_export(columns, many(), "a")
    size = 0
    async for piece in pieces:
        assert size or taken == 0, "the heading leaves before any row is there"
        size += len(piece)
        if kind == "csv" and size < 10_000:
            assert taken < 1_000
    assert taken == 19_999
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 30 * 1024
