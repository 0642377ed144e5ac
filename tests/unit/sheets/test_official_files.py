"""The official bulk file: what is written is read again as the same applications, for every type code."""

import csv
import io
from random import Random
from typing import Any

import pytest

from services.application.forms.catalogue import current_form, form_of
from services.application.forms.field import Form
from services.application.forms.form import put_value, read_form
from services.application.sheets.official_file import MOST_ROWS, OfficialFile, OfficialRow, write_official
from services.application.sheets.official_layout import layout_of, split_code, type_codes
from services.application.sheets.official_types import PROCEDURES, Kind, kinds_of, type_code_of
from services.application.sheets.official_values import joined_address, split_address
from tests.unit.sheets.books import EXAMPLE, EXTEND_N, TODAY, read
from tests.unit.sheets.made_up import form_of_somebody

# What the file has no column for.
UNWRITTEN = ("org.category", "applicant_unable")
TOGETHER = ("REENTRY", "EXTRA_ACT", "WORKCERT")
ROW = OfficialRow(EXTEND_N.version, EXTEND_N.status, EXAMPLE)
AMBIGUOUS = {"R2", "R3", "EPA_FAMILY"}


def capacity(type_code: str) -> dict[str, int]:
    """The rows of each table that the layout has room for."""
    layout = layout_of(type_code)
    assert layout is not None
    found: dict[str, int] = {}
    for column in layout.columns:
        table, row, inner = split_code(column.code)
        if inner:
            found[table] = max(found.get(table, 0), row + 1)
    return found


def somebody(type_code: str, kind: Kind, random: Random) -> OfficialRow | None:
    """An application of that kind, filled in at random; None where it is not offered."""
    procedure = PROCEDURES[type_code[:2]]
    activity = kind.activity or ("73" if type_code[2:] == "U4" else None)
    form = current_form(procedure, kind.status, TODAY, activity)
    if form is None:
        return None
    combined = tuple(random.sample(TOGETHER, random.randint(0, 3))) if procedure != "COE" else ()
    form = form_of(form.version, combined)
    values = form_of_somebody(form, kind.status, random, capacity(type_code))
    stated: dict[str, Any] = {"supervisor.used": kind.status.endswith("_B")}
    stated |= {"hsp.type": kind.table} if kind.status == "HSP2" else {}
    stated |= {"current_status": kind.status} if procedure == "EXTEND" else {}
    stated |= {"designated.kind": activity} if type_code[2:] == "U4" else {}
    asked = {item.code for item in form.items_for(kind.status)}
    for code in asked.intersection(stated):
        put_value(values, code, stated[code])
    for item in form.items_for(kind.status):
        if getattr(item, "listed", "") == "decided" and Form(values)[item.code] is None:
            put_value(values, item.code, "UNDECIDED")
    if "dispatch.used" in asked:
        put_value(values, "dispatch.used", False)
        others = set(values["dispatch"]) - {"used"} or values.get("dispatch_industries")
        put_value(values, "dispatch.used", bool(others))
    for code in UNWRITTEN:
        group, _, name = code.rpartition(".")
        (values.get(group, {}) if group else values).pop(name or code, None)
    normal, problems = read_form(form, values, kind.status)
    assert problems == []
    order = tuple(added for added in TOGETHER if added in combined)
    return OfficialRow(form.version, kind.status, normal, activity, order, "a@example.jp")


def written(*rows: OfficialRow) -> OfficialFile:
    (file,), left = write_official(rows)
    assert left == ()
    return file


def emptied(value: Any) -> Any:
    """Without groups and rows that have nothing in them: they cannot be stated from those that are not there."""
    if isinstance(value, dict):
        return {key: inner for key, each in value.items() if (inner := emptied(each)) not in ({}, [])}
    return [emptied(each) for each in value] if isinstance(value, list) else value


@pytest.mark.parametrize("type_code", type_codes())
def test_made_up_applications_of_every_type_code_are_the_same_when_they_are_read_again(type_code: str) -> None:
    random = Random(type_code)  # the same applications each time
    for kind in kinds_of(type_code):
        people = [each for each in [somebody(type_code, kind, random)] if each is not None]
        if not people or (kind.activity in AMBIGUOUS and kind.status == "DESIGNATED" and type_code[:2] != "01"):
            assert type_code[2:] == "R1", "every other kind is offered"
            continue
        if kind.activity == "EPA_FAMILY":
            continue
        file = written(*people)
        assert file.problems == {}
        assert file.type_code == type_code
        book, rows = read(file.content, file.name)
        assert (book.kind, book.problems, book.notices) == ("official", (), ())
        for number, (person, row) in enumerate(zip(people, rows, strict=True), start=1):
            assert (row.key, row.problems, row.notices, row.notify_email) == (str(number), (), (), "a@example.jp")
            assert (row.version, row.status_of_residence) == (person.version, person.status)
            assert (row.activity, row.combined_with) == (person.activity, person.combined_with)
            again, problems = read_form(form_of(person.version, person.combined_with), row.form, person.status)
            assert problems == []
            assert emptied(again) == emptied(dict(person.form))


def test_there_are_206_type_codes_and_each_is_that_of_its_kinds() -> None:
    assert len(type_codes()) == len(set(type_codes())) == 206
    for type_code in type_codes():
        for kind in kinds_of(type_code):
            assert type_code_of(PROCEDURES[type_code[:2]], kind) == type_code
    assert type_code_of("ACQUIRE", Kind("DEPENDENT")) is None
    assert type_code_of("COE", Kind("DIPLOMAT")) is None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
@pytest.mark.parametrize("separator", [",", "\t"])
def test_the_file_is_read_as_excel_saves_it_again(encoding: str, separator: str) -> None:
    file = written(ROW, ROW)
    lines = [line.split("\t") for line in file.content.decode("utf-16").split("\r\n")]
    saved = io.StringIO()
    csv.writer(saved, delimiter=separator).writerows(lines)
    again = read(saved.getvalue().encode(encoding), "a.csv")
    assert again[0].kind == "official"
    expected = read(file.content, "a.csv")[1]
    assert [(row.key, row.form, row.cells) for row in again[1]] == [(row.key, row.form, row.cells) for row in expected]
    assert expected[0].form["nationality"] == "VNM"


def test_the_file_is_written_as_the_tools_write_it() -> None:
    file = written(ROW)
    assert file.content.startswith(b"\xff\xfe")
    assert file.name.startswith("SA_03_003__ver20260227_04N2")
    text = file.content.decode("utf-16")
    first, second = text.split("\r\n")
    assert not text.endswith("\r\n")
    assert first.endswith("\t") and second.endswith("\t")
    assert first.count("\t") == second.count("\t") == 375
    assert second.split("\t")[:6] == ["1", "04N", "04N2", "283", "NGUYEN VAN AN", "1"]
    by_name = dict(zip(first.split("\t"), second.split("\t"), strict=True))
    assert by_name["selNewZiryPeriod"] == "T260300000"
    assert by_name["WCCBS010Dto:hdnSearchedAddress"] == "131016"
    assert by_name["txtDetailHomeAddress"] == "霞が関１－１－１"
    assert [problem.pointer for problem in file.problems[0]] == ["/form/org/category"]
    files, left = write_official([ROW] * (MOST_ROWS + 1) + [OfficialRow("workcert-2026-04-01", "SSW1", {})])
    assert [len(each.content.decode("utf-16").split("\r\n")) for each in files] == [301, 2]
    assert left == (301,)


def test_what_the_layout_cannot_hold_is_reported_for_each_row() -> None:
    family = [{"name": f"PERSON {number}"} for number in "ABCDEFGH"]
    row = OfficialRow(EXTEND_N.version, EXTEND_N.status, {"applicant_unable": True, "family": family})
    problems = written(ROW, row).problems[1]
    unwritten = ["/form/family/6/name", "/form/family/7/name", "/form/applicant_unable"]
    assert [each.pointer for each in problems] == unwritten
    assert {each.code for each in problems} == {"no-column"}
    change = OfficialRow("change-r-2026-04-01", "DESIGNATED", {}, "R3")
    assert [each.pointer for each in written(change).problems[0]] == ["/activity"]


def test_rows_of_an_official_file_that_cannot_be_read_say_why() -> None:
    lines = [line.split("\t") for line in written(ROW).content.decode("utf-16").split("\r\n")]
    good = lines[1]
    place = {name: number for number, name in enumerate(lines[0])}

    def changed(**cells: str) -> list[str]:
        return [cells.get(name.rpartition(":")[2], cell) for name, cell in zip(lines[0], good, strict=True)]

    rows = [
        good,
        [*good[:2], "04ZZ", *good[3:]],
        good[:100],
        changed(selCurrentZirySkk="T41"),
        changed(radSex="7", txtTelNum="a\x00b", selNewZiryPeriod="T99"),
        changed(txtMailAddress="b@example.jp", knkyuJhsgUmFlg="1", **{"doji.nameEng": "ANOTHER"}),
    ]
    content = "\r\n".join("\t".join(row) for row in [[*lines[0][:-1], "new", ""], *rows]).encode("utf-16")
    book, found = read(content, "a.csv")
    assert [notice.code for notice in book.notices] == ["unknown-column"]
    assert [[problem.code for problem in row.problems] for row in found] == [
        [], ["type-code"], ["field-count"], ["status-unknown"],
        ["not-in-list", "impossible-character", "not-in-list"], [],
    ]  # fmt: skip
    assert [row.cells["/form/sex"] for row in found[4:]] == ["F6", "F7"]
    assert [row.key for row in found[:2]] == ["1", "a:3"]
    assert found[5].notify_email == "b@example.jp"
    assert found[5].version == EXTEND_N.version
    assert place["radSex"] == 5


def test_addresses_begin_with_the_code_of_their_municipality() -> None:
    for address, code in {
        "東京都千代田区霞が関１": "131016",
        "北海道札幌市中央区北１条": "011011",
        "東京都架空区": "130001",
        "千代田区": "",
        "": "",
    }.items():
        assert split_address(address)[0] == code
        assert joined_address(*split_address(address)) == address
