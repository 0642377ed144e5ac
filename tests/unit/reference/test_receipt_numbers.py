"""Receipt numbers: written as seen, read as typed."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.reference.dated import NotInRules
from shared.reference.offices import OFFICES
from shared.reference.procedures import MAIN_PROCEDURES
from shared.reference.receipt_numbers import (
    PATTERN,
    ReceiptNumber,
    number_typed,
    parse_receipt_number,
    receipt_number,
)

DAY = date(2026, 7, 1)


def test_the_first_number_of_a_year() -> None:
    assert receipt_number("TYO", "EXTEND", "N", DAY, 1) == "東オンＥＮ26000001"
    assert receipt_number("OSA", "CHANGE", "T", DAY, 12345) == "阪オンＣＴ26012345"
    assert parse_receipt_number("阪オンＣＴ26012345").ascii == "OSACT26012345"


@pytest.mark.parametrize("seen", ["福オンＥＮ25001878", "阪オンＥＮ25006057"])
def test_numbers_that_were_seen_are_read_and_written_alike(seen: str) -> None:
    assert str(parse_receipt_number(seen)) == seen
    assert re.fullmatch(PATTERN, seen)


@given(
    office=st.sampled_from([office.code for office in OFFICES.rows]),
    procedure=st.sampled_from(MAIN_PROCEDURES),
    section=st.sampled_from(["", *"IJKLMNOPQRTUVY"]),
    day=st.dates(date(2020, 1, 1), date(2090, 12, 31)),
    serial=st.integers(1, 999_999),
)
def test_a_number_says_its_office_year_and_serial(
    office: str, procedure: str, section: str, day: date, serial: int
) -> None:
    number = receipt_number(office, procedure, section, day, serial)
    assert re.fullmatch(PATTERN, number)
    parsed = parse_receipt_number(number)
    assert (parsed.office, parsed.year, parsed.serial) == (office, day.year, serial)
    assert str(parsed) == number


def test_offices_have_prefixes_of_their_own() -> None:
    assert len({office.prefix for office in OFFICES.rows}) == len(OFFICES.rows)


@pytest.mark.parametrize("typed", ["東オンEN26000001", " 東ｵﾝ en 2600 0001", "東オンｅｎ２６０００００１"])
def test_a_number_is_read_in_any_width_and_case(typed: str) -> None:
    assert parse_receipt_number(typed) == ReceiptNumber("東", "EN", 2026, 1)
    assert str(parse_receipt_number(typed)) == "東オンＥＮ26000001"


@pytest.mark.parametrize(
    "typed", ["", "東オン26000001", "京オンＥＮ26000001", "東オンＥＮ2600001", "東オンＥＮＮＮ26000001"]
)
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="receipt number"):
        parse_receipt_number(typed)


def test_a_serial_or_code_out_of_bounds_is_refused() -> None:
    for serial in (0, 1_000_000):
        with pytest.raises(ValueError, match="six digits"):
            receipt_number("TYO", "EXTEND", "N", DAY, serial)
    with pytest.raises(ValueError, match="form section"):
        receipt_number("TYO", "EXTEND", "n", DAY, 1)
    with pytest.raises(NotInRules):
        receipt_number("XXX", "EXTEND", "N", DAY, 1)
    with pytest.raises(NotInRules):
        receipt_number("TYO", "REENTRY", "N", DAY, 1)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("東オンEN26000001", "東オンＥＮ26000001"),
        ("東オン－ＥＮ－２６－０００００１", "東オンＥＮ26000001"),
        ("東オン EN 26 000001", "東オンＥＮ26000001"),
        ("東ｵﾝ en26000001", "東オンＥＮ26000001"),
        ("TYOEN26000001", "東オンＥＮ26000001"),
        ("tyo-en-26000001", "東オンＥＮ26000001"),
        ("オンEN26000001", "オンＥＮ26000001"),
        ("EN 26-000001", "ＥＮ26000001"),
        ("26-000001", None),
        ("XYZEN26000001", None),
        ("東オンＥＮ260000012", None),
        ("NGUYEN VAN AN", None),
        ("", None),
    ],
)
def test_a_number_is_found_however_it_is_typed(typed: str, meant: str | None) -> None:
    assert number_typed(typed) == meant
