"""Crafted files from end to end: sent, read in the confined process, answered with a sentence; the service goes on."""

import re
import resource
from typing import Any

import pytest

from services.application.sheets.confined import BookReader
from shared.http.limits import BOOK_BODY
from tests.services.application.sheet import Office
from tests.support.service import RunningService
from tests.unit.sheets.books import sheet_of, with_parts, workbook
from tests.unit.sheets.test_confined_reading import children
from tests.unit.sheets.test_odd_books import CRAFTED, FILES, ROW

_KANA = re.compile(r"[ぁ-んァ-ヶ]")
# Megabytes by which the service itself may grow, whatever a file unpacks to.
_GROWS = 150


@pytest.fixture
async def office(service: RunningService) -> Office:
    found = Office(service)
    service.app.state.imports.books = BookReader()
    await found.activate()
    return found


def hidden_place() -> bytes:
    """A sheet with two cells, for which a reader would keep 17 thousand million places; an entity hides the second."""
    sheet = b"""<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">
    <sheetData><row r="1"><c r="A1" t="str"><v>a</v></c></row><row r="1048576">
    <c r="&#88;FD1048576"><v>1</v></c></row></sheetData></worksheet>"""
    return with_parts(workbook([["a"]]), **{"xl/worksheets/sheet1.xml": sheet})


async def outcome(office: Office, content: bytes, name: str = "book.xlsx") -> Any:
    """The import of a file after it was read."""
    answer = await office.send(content, name=name)
    assert answer.status_code == 202, answer.text
    await office.work()
    assert children() == [], "no process is left"
    return await office.look(answer.json()["id"])


def assert_words(message: dict[str, str]) -> None:
    assert _KANA.search(message["ja"]), message
    assert message["en"] and not _KANA.search(message["en"]), message


async def test_each_crafted_file_is_refused_with_a_sentence_in_bounded_memory(office: Office) -> None:
    files = {code: (FILES[code], {code}) for code in ("encrypted", "macros", "encoding", "damaged")}
    for what in ("zip bomb", "nested zip", "1,048,576 rows", "16,384 columns", "two far cells"):
        made, code = CRAFTED[what]
        files[what] = (made(), {code})
    files["gigabytes of places"] = (hidden_place(), {"not-readable", "damaged", "takes-too-much"})
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for what, (content, codes) in files.items():
        seen = await outcome(office, content, "folder\\renewals.csv" if what == "encoding" else "book.xlsx")
        (problem,) = seen["problems"]
        assert (seen["state"], seen["rows"], problem["code"] in codes) == ("refused", 0, True), (what, problem)
        assert_words(problem["message"])
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < _GROWS * 1024
    assert (await office.send(bytes(BOOK_BODY + 1))).status_code == 413
    assert (await outcome(office, workbook(sheet_of(ROW))))["state"] == "checked"


async def test_odd_cells_and_sheets_are_named_and_the_rest_is_read(office: Office) -> None:
    def change(book: Any, sheets: list[Any]) -> None:
        sheets[0].write_formula("B3", "=CONCATENATE(1,2)", None, "12")
        sheets[0].merge_range("C4:C5", "1000014")
        sheets[1].hide()

    heading = {"#key": "#key", "name_roman": "name_roman", "jp_postal": "jp_postal"}
    lines = sheet_of(ROW, {**ROW, "#key": "A-2"}, {"#key": "A-3"}, heading)
    content = with_parts(
        workbook(lines, sheet_of(ROW), [["a note"]], change=change),
        **{"xl/externalLinks/externalLink1.xml": b"<x/>"},
    )
    seen = await outcome(office, content)
    assert (seen["state"], seen["rows"]) == ("checked", 4)
    assert [notice["code"] for notice in seen["notices"]] == ["external-links", "hidden-sheet", "not-a-template"]
    rows = await office.rows(seen["id"])
    named = {problem["code"] for row in rows for problem in row["problems"]}
    assert {"formula", "merged-cell", "second-heading"} <= named

    csv = "\n".join([lines[0][0], ",".join(lines[1]), f"A-5,{'x' * 1_000_000},1", "A-6,a\x00b,2"])
    seen = await outcome(office, csv.encode(), "renewals.csv")
    rows = await office.rows(seen["id"])
    assert [row["problems"][0]["code"] for row in rows] == ["row-too-long", "impossible-character"]
    for message in (each["message"] for row in rows for each in row["problems"]):
        assert_words(message)
