"""CSV files of printers, carriers and providers."""

import codecs
import csv

import pytest

from services.review.cases.domain import sheet
from services.review.cases.domain.sheet import read_rows, write_rows
from tests.unit.review.support import refusal

COLUMNS = {"number": ("受付番号", "Receipt Number"), "result": ("結果",)}
TEXT = "受付番号,結果\n1, ok \n,\n2\n"


def _cells(content: bytes) -> list[tuple[int, str, str]]:
    return [(row.line, row["number"], row["result"]) for row in read_rows(content, COLUMNS, "/file")]


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("cp932"),
        TEXT.encode("utf-16"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        TEXT.replace(",", ";").encode(),
        TEXT.replace(",", "\t").encode(),
        TEXT.replace("\n", "\r\n").encode(),
        TEXT.replace("受付番号", " number ").encode(),
        TEXT.replace("受付番号,結果", "結果の前,受付番号,結果")
        .replace("\n1", "\nx,1")
        .replace("\n2", "\nx,2")
        .encode(),
    ],
)
def test_a_file_is_read_as_others_save_it(content: bytes) -> None:
    """Empty rows are left out, and a cell that a short row lacks is empty."""
    assert _cells(content) == [(2, "1", "ok"), (4, "2", "")]


def test_a_row_has_no_other_columns() -> None:
    assert read_rows(TEXT.encode(), COLUMNS)[0]["amount"] == ""


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "columns-missing"),
        ("受付番号\n1\n".encode(), "columns-missing"),
        (TEXT.splitlines()[0].encode(), "no-rows"),
        (b"\x81 ", "encoding"),
        (b"number,result\n\0,1\n", "encoding"),
        (codecs.BOM_UTF8 + b"\xff", "encoding"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(content: bytes, code: str) -> None:
    assert refusal(lambda: _cells(content)) == (code, "/file")


def test_a_file_has_so_many_rows_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet, "MOST_ROWS", 2)
    assert len(_cells(TEXT.encode())) == 2
    assert refusal(lambda: _cells(TEXT.encode() + b"3,x\n")) == ("too-many-rows", "/file")


def test_a_cell_longer_than_any_is_a_row_that_says_nothing() -> None:
    # The bound is the process's: reading an import, in a test before this one, has set another.
    before = csv.field_size_limit(131_072)
    try:
        found = _cells(("number,result\n" + "x" * 200_000 + ",1\n2,ok\n").encode())
    finally:
        csv.field_size_limit(before)
    assert found[0][1:] == ("?", "")


def test_what_is_written_is_read_again_and_begins_no_formula() -> None:
    content = write_rows(["number", "result"], [(1, None), ("=1+1", "+81"), ("a,b", "-")])
    assert content.startswith(codecs.BOM_UTF8)
    assert content.decode("utf-8-sig").splitlines()[2] == "'=1+1,'+81"
    assert _cells(content) == [(2, "1", ""), (3, "'=1+1", "'+81"), (4, "a,b", "'-")]
