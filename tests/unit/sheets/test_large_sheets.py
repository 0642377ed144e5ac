"""A large sheet is read in portions of its rows: what comes out is what it is when read at once."""

import io
import zipfile
from typing import Any

import pytest

from services.application.sheets import excel, portions
from services.application.sheets.archive import Archive, looked_into
from services.application.sheets.book import RowRead
from services.application.sheets.grid import Broken
from tests.unit.sheets.books import read, sheet_of, with_parts, workbook

SHEET = "xl__worksheets__sheet1.xml"


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Cuts every sheet of more than twenty places; fills in the sizes of the workbooks that are opened for it."""
    sizes: list[int] = []
    whole = portions._with

    def noted(*args: Any) -> bytes:
        made = whole(*args)
        sizes.append(len(made))
        return made

    monkeypatch.setattr(portions, "_PLACES", 20)
    monkeypatch.setattr(portions, "_with", noted)
    return sizes


def in_portions_and_at_once(content: bytes, monkeypatch: pytest.MonkeyPatch) -> tuple[list[RowRead], list[RowRead]]:
    cut = read(content)
    with monkeypatch.context() as patched:
        patched.setattr(excel, "is_large", lambda _rows, _columns: False)
        whole = read(content)
    assert cut[0] == whole[0]
    return cut[1], whole[1]


def test_a_large_sheet_is_read_in_portions_as_it_is_at_once(opened: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    def change(_book: Any, sheets: list[Any]) -> None:
        sheets[0].write_formula("B9", "=CONCATENATE(1,2)", None, "12")
        sheets[0].merge_range("C20:C21", "1000014")

    rows = [{"#key": f"A-{number}", "name_roman": "NGUYEN", "jp_postal": "1000013"} for number in range(40)]
    # Without a key, without anything, and with the last column alone.
    rows[10], rows[11], rows[12], rows[30] = {"name_roman": "X"}, {}, {}, {"jp_postal": "1000015"}
    content = workbook(sheet_of(*rows, codes=["#key", "name_roman", "jp_postal"]), change=change)
    cut, whole = in_portions_and_at_once(content, monkeypatch)
    assert cut == whole
    assert len(cut) == 38
    assert [row.cells["/form/jp_postal"] for row in cut if row.key == "Sheet1:33"] == ["C33"]
    assert len(opened) > 5, "it was cut"


def test_rows_and_columns_before_the_first_cell_count(opened: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    lines = sheet_of(*({"#key": f"A-{number}", "tel": "0312345678"} for number in range(30)), codes=["", "#key", "tel"])
    cut, whole = in_portions_and_at_once(workbook([[], [], *lines]), monkeypatch)
    assert cut == whole
    assert [(row.number, row.cells["/form/tel"]) for row in cut[:2]] == [(5, "C5"), (6, "C6")]


def test_rows_that_are_not_in_their_order_are_refused(opened: list[int]) -> None:
    content = workbook(sheet_of(*({"#key": f"A-{number}"} for number in range(40))))
    xml = sheet_xml(content)
    early, late = xml.index(b'<row r="5"'), xml.index(b'<row r="35"')
    moved = xml[early : xml.index(b'<row r="6"')]
    changed = xml[:early] + xml[early + len(moved) : late] + moved + xml[late:]
    assert len(changed) == len(xml)
    with pytest.raises(Broken) as broken:
        read(with_parts(content, **{SHEET: changed}))
    assert broken.value.problem.code == "damaged"


@pytest.mark.parametrize(
    ("what", "instead"),
    [
        (b"<sheetData>", b"<sheetData ><!-- </row> -->"),
        (b'<row r="4"', b"<row"),
        (b"</sheetData>", b"<!-- </row> --></sheetData>"),
    ],
)
def test_sheets_that_cannot_be_cut_are_read_as_a_whole(opened: list[int], what: bytes, instead: bytes) -> None:
    content = workbook(sheet_of(*({"#key": f"A-{number}"} for number in range(40))))
    book, rows = read(with_parts(content, **{SHEET: sheet_xml(content).replace(what, instead, 1)}))
    assert book.problems == ()
    assert [row.key for row in rows] == [f"A-{number}" for number in range(40)]
    assert opened == []


def sheet_xml(content: bytes) -> bytes:
    archive = looked_into(content)
    assert isinstance(archive, Archive)
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        return parts.read(archive.sheets["sheet1.xml"].name)
