"""Files that are odd, damaged or crafted: read or refused, always with a sentence, and no row is lost in silence."""

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from services.application.forms.catalogue import form_of
from services.application.forms.form import read_form
from services.application.sheets.grid import Broken, cell_name, column_number
from services.application.sheets.templates import SheetPlan, template_csv
from tests.unit.sheets.books import EXTEND_N, read, refusals, sheet_of, with_parts, workbook

ROW = {"#key": "A-1", "name_roman": "NGUYEN VAN AN", "jp_postal": "1000013"}
GOOD = workbook(sheet_of(ROW))
SHEET = "xl__worksheets__sheet1.xml"
XML = b"""<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s
</sheetData></worksheet>"""


def zipped(**parts: bytes) -> bytes:
    with io.BytesIO() as written:
        with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as parts_of:
            for name, data in parts.items():
                parts_of.writestr(name.replace("__", "/"), data)
        return written.getvalue()


def xml_of(rows: bytes) -> bytes:
    return with_parts(GOOD, **{SHEET: XML % rows})


FILES = {
    "empty-file": b"",
    "not-a-workbook": zipped(letter=b"hello"),
    "damaged": GOOD[: len(GOOD) // 2],
    "old-format": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000) + "Workbook".encode("utf-16-le"),
    "encrypted": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000) + "EncryptedPackage".encode("utf-16-le"),
    "macros": with_parts(GOOD, xl__vbaProject__bin=b"", **{"xl/vbaProject.bin": b"macro"}),
    "binary-workbook": zipped(**{"xl/workbook.bin": b"x"}),
    "no-template": workbook([["name", "postal"], ["AN", "1000013"]]),
    "encoding": b"\xff\xfe\x00\xd8\x00\xd8" + b"\x81\xff\xff",
}
# What is crafted, made when a test asks for it (some of it is large), with the refusal that it gets.
CRAFTED: dict[str, tuple[Callable[[], bytes], str]] = {
    "nested zip": (lambda: zipped(**{"inner.zip": zipped(**{"book.xlsx": GOOD})}), "not-a-workbook"),
    "zip bomb": (lambda: with_parts(GOOD, xl__media__bomb=bytes(600 * 1024 * 1024)), "unpacks-too-large"),
    "many parts": (
        lambda: with_parts(GOOD, **{f"xl/media/{number}": b"" for number in range(1_001)}),
        "unpacks-too-large",
    ),
    "two far cells": (
        lambda: xml_of(
            b'<row r="1"><c r="A1" t="str"><v>a</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
        ),
        "too-many-rows",
    ),
    "16,384 columns": (
        lambda: xml_of(b'<row r="1"><c r="A1"><v>1</v></c><c r="XFD1"><v>1</v></c></row>'),
        "too-many-columns",
    ),
    "1,048,576 rows": (
        lambda: xml_of(b"".join(b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (n, n) for n in range(1, 1_048_577))),
        "too-many-rows",
    ),
    "an entity that grows": (
        lambda: with_parts(
            GOOD,
            **{
                "xl/workbook.xml": b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
                + b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10 if n else b"&a;" * 10) for n in range(9))
                + b"]><workbook><sheets>&a8;</sheets></workbook>"
            },
        ),
        "damaged",
    ),
    "formulas in cells without a place": (
        lambda: xml_of(b'<row><c t="str"><f>1+1</f><v>2</v></c><c t="str"><f>1+2</f><v>3</v></c></row>'),
        "formulas",
    ),
    "a start tag that never ends": (lambda: xml_of(b'<row r="1"><c ' + b'r="A1" ' * 100_000), "damaged"),
    "text in place of parts": (lambda: with_parts(GOOD, **{"xl/workbook.xml": b"hello"}), "damaged"),
    "an entry with a path out of the archive": (lambda: zipped(**{"../../etc/passwd": b"x"}), "not-a-workbook"),
}


@pytest.mark.parametrize("code", FILES)
def test_each_kind_of_wrong_file_is_refused_with_its_own_sentence(code: str) -> None:
    assert refusals(FILES[code]) == [code]


@pytest.mark.server  # computes for seconds
@pytest.mark.parametrize("what", CRAFTED)
def test_crafted_workbooks_are_refused_before_they_are_unpacked(what: str) -> None:
    made, code = CRAFTED[what]
    assert refusals(made()) == [code]


def test_formatted_rows_down_to_the_end_of_the_sheet_do_no_harm() -> None:
    """Excel writes cells that have a format and no value."""
    cells = b'<row r="1"><c r="A1" t="str"><v>%s</v></c></row>' % sheet_of(ROW)[0][0].encode()
    cells += b'<row r="2"><c r="A2" t="str"><v>#key</v></c><c r="B2" t="str"><v>name_roman</v></c></row>'
    cells += b'<row r="3"><c r="A3" t="str"><v>A-1</v></c></row>'
    cells += b"".join(b'<row r="%d"><c r="A%d" s="1"/></row>' % (n, n) for n in range(4, 60_000))
    book, rows = read(xml_of(cells))
    assert book.problems == ()
    assert [(row.key, row.number) for row in rows] == [("A-1", 3)]


def test_formulas_and_merged_cells_are_named_and_the_rest_of_the_row_is_read() -> None:
    def change(book: Any, sheets: list[Any]) -> None:
        sheets[0].write_formula("B3", "=CONCATENATE(1,2)", None, "12")
        sheets[0].merge_range("C4:C5", "1000014")

    book, rows = read(workbook(sheet_of(ROW, {**ROW, "#key": "A-2"}, {"#key": "A-3"}), change=change))
    assert book.problems == ()
    found = [(row.key, [(each.code, row.cells[each.pointer]) for each in row.problems]) for row in rows]
    assert found == [
        ("A-1", [("formula", "B3")]),
        ("A-2", [("merged-cell", "C4")]),
        ("A-3", [("merged-cell", "C5")]),
    ]
    assert "name_roman" not in rows[0].form
    assert rows[0].form["jp_postal"] == "1000013"


def test_hidden_sheets_other_sheets_and_links_are_noticed() -> None:
    def change(book: Any, sheets: list[Any]) -> None:
        sheets[1].hide()
        book.add_worksheet("Empty")

    content = workbook(sheet_of(ROW), sheet_of(ROW), [["a note"]], change=change)
    book, rows = read(with_parts(content, **{"xl/externalLinks/externalLink1.xml": b"<x/>"}))
    assert [notice.code for notice in book.notices] == ["external-links", "hidden-sheet", "not-a-template"]
    assert [row.sheet for row in rows] == ["Sheet1"]


def test_templates_that_cannot_be_read_as_they_are_name_the_way_out() -> None:
    lines = sheet_of(ROW)
    marker = lines[0][0]
    for first, code in {
        marker.replace("zairyu-template 1", "zairyu-template 9"): "template-unknown",
        marker.replace("extend-n-2026-02-27", "extend-n-2099-01-01"): "template-unknown",
        marker.replace("ENG_HUM_INT", "STUDENT"): "template-unknown",
        marker.replace("extend-n-2026-02-27", "extend-n-2026-01-05"): "template-old",
        marker + " with=PR": "combination-not-allowed",
    }.items():
        assert refusals(workbook([[first], *lines[1:]])) == [code]
    assert refusals(workbook([lines[0], ["name", "postal"], *lines[2:]])) == ["no-codes"]
    assert refusals(workbook([lines[0], ["#key", "tel", "tel"]])) == ["column-twice"]
    # One sheet that cannot be read keeps the whole workbook back: nothing of it is filed by half.
    assert refusals(workbook(lines, [lines[0], ["name"]])) == ["no-codes"]


def test_columns_may_be_moved_and_left_out_and_unknown_ones_are_noticed() -> None:
    book, (row,) = read(workbook(sheet_of({**ROW, "shoe_size": "25"}, codes=["shoe_size", "jp_postal", "#key"])))
    assert [(notice.code, "A2 shoe_size" in notice.message.en) for notice in book.notices] == [("unknown-column", True)]
    assert (row.key, row.form, row.cells["/form/jp_postal"]) == ("A-1", {"jp_postal": "1000013"}, "B3")


def test_rows_that_are_no_applications_are_left_out_or_named() -> None:
    example = {"#key": "（記入例）", "name_roman": "NGUYEN VAN AN"}
    heading = {"#key": "Key", "name_roman": "氏名（ローマ字）＊", "jp_postal": "jp_postal"}
    rows = [example, {}, ROW, heading, {**example, "name_roman": "TANAKA"}, ROW, {"name_roman": "X", "#key": "k" * 101}]
    _, read_rows = read(workbook(sheet_of(*rows, codes=["#key", "name_roman", "jp_postal"])))
    found = [(row.number, row.key, [problem.code for problem in row.problems]) for row in read_rows]
    assert found == [
        (5, "A-1", []),
        (6, "Sheet1:6", ["second-heading"]),
        (7, "Sheet1:7", ["example-row"]),
        (8, "Sheet1:8", ["key-twice"]),
        (9, "Sheet1:9", ["too-long"]),
    ]


def test_the_rows_own_columns_are_read_in_either_language() -> None:
    codes = ["#key", "#same", "#email", "#language", "#result", "#receipt"]
    rows = [
        {"#same": "はい", "#email": "a@example.jp", "#language": "英語", "#result": "誤り", "#receipt": "X"},
        {"#key": "B", "#same": "ＮＯ", "#language": "ja"},
        {"#key": "C", "#same": "maybe", "#language": "fr"},
        {"#result": "誤り"},
    ]
    _, read_rows = read(workbook(sheet_of(*rows, codes=codes)))
    assert [(row.key, row.same_as_last, row.notify_email, row.notify_language) for row in read_rows] == [
        ("Sheet1:3", True, "a@example.jp", "en"), ("B", False, None, "ja"), ("C", False, None, None),
    ]  # fmt: skip
    assert [each.code for each in read_rows[2].problems] == ["not-yes-or-no", "not-in-list"]
    assert [each.pointer for each in read_rows[2].problems] == ["/same_as_last", "/notify/language"]


def test_rows_of_a_table_close_up_and_keep_their_cells() -> None:
    row = {"#key": "A", "family.1.name": "FIRST", "family.3.name": "THIRD", "family.3.relationship": "妻"}
    _, (read_row,) = read(workbook(sheet_of(row)))
    assert read_row.form["family"] == [{"name": "FIRST"}, {"name": "THIRD", "relationship": "妻"}]
    assert read_row.cells["/form/family/1/name"] == "C3"
    assert read_form(form_of(EXTEND_N.version), read_row.form)[0]["family"][1]["relationship"] == "REL03"


def test_values_that_excel_made_of_what_was_typed_are_read_as_people_mean_them() -> None:
    def change(book: Any, sheets: list[Any]) -> None:
        day = book.add_format({"num_format": "yyyy/m/d"})
        sheets[0].write_datetime("B3", dt.date(2027, 1, 15), day)
        sheets[0].write_number("C3", 3000000)
        sheets[0].write_boolean("D3", True)
        sheets[0].write_number("E3", 1.5)

    content = workbook(sheet_of({}, codes=["#key", "stay_expiry", "salary", "has_card", "tel"]), change=change)
    _, (row,) = read(content)
    assert {"stay_expiry": "2027-01-15", "has_card": "true", "tel": "1.5"}.items() <= row.form.items()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_csv_is_read_in_every_encoding_and_separator(encoding: str, separator: str) -> None:
    plain = io.StringIO()
    lines = csv.writer(plain, delimiter=separator)
    lines.writerows(csv.reader(template_csv(SheetPlan(EXTEND_N), "ja").decode("utf-8-sig").splitlines(keepends=True)))
    lines.writerow(["A-1", *[""] * 5, "ベトナム", f"2000{separator}01", '1\r\n"2"'])
    mark = b"\xfe\xff" if encoding == "utf-16-be" else b""
    book, rows = read(mark + plain.getvalue().encode(encoding), "folder\\staff.csv")
    assert book.kind == "template-csv"
    assert book.problems == ()
    assert [(row.sheet, row.key, row.number, row.form) for row in rows] == [
        ("staff", "A-1", 6, {"nationality": "ベトナム", "birth_date": f"2000{separator}01", "name_roman": '1\r\n"2"'})
    ]


def test_csv_cells_of_a_megabyte_nul_and_too_many_cells_are_named_by_their_place() -> None:
    lines = sheet_of(ROW)
    rows = [f"A-1,{'x' * 1_000_000},1", "A-2,a\x00b,2", "A-3,x,3,extra", "A-4," + "y" * 32_000 + ",4"]
    _, read_rows = read("\n".join([lines[0][0], ",".join(lines[1]), *rows]).encode(), "a.csv")
    found = [(row.key, [(each.code, row.cells.get(each.pointer)) for each in row.problems]) for row in read_rows]
    assert found == [
        ("A-1", [("row-too-long", None)]),
        ("A-2", [("impossible-character", "B4")]),
        ("A-3", [("too-many-cells", None)]),
        ("A-4", []),
    ]
    assert read_rows[0].form == {"jp_postal": "1"}


def test_more_rows_than_a_book_may_have_count_for_nothing() -> None:
    lines = sheet_of({"#key": ""})
    content = "\n".join([lines[0][0], "#key,tel", *(f"{number},1" for number in range(10_001))]).encode()
    with pytest.raises(Broken) as broken:
        read(content, "a.csv")
    assert broken.value.problem.code == "too-many-rows"


def test_columns_have_the_letters_of_excel() -> None:
    assert [cell_name(0, number) for number in (0, 25, 26, 701, 702, 16_383)] == [
        "A1",
        "Z1",
        "AA1",
        "ZZ1",
        "AAA1",
        "XFD1",
    ]
    assert [column_number(letters) for letters in ("A", "Z", "AA", "ZZ", "xfd")] == [0, 25, 26, 701, 16_383]
