"""Dates: every unambiguous way of writing one is read; what cannot be true or could be two days is refused."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.application.filing.domain.permission import refusals
from services.application.forms.checks import contradictions
from services.application.forms.extend.n import EXTEND_N
from services.application.forms.field import Form
from services.application.forms.form import read_form
from shared.text import BadValue, day, partial_day
from shared.text.eras import ERAS
from tests.services.application.test_completeness import TODAY, draft, full_form

HYPHENS = "-‐‑‒–—―−ー－﹣⁃"
FIRST = date(2021, 4, 1)


@pytest.mark.parametrize(
    "typed",
    [
        *(f"2021{hyphen}04{hyphen}01" for hyphen in HYPHENS),
        *("2021年 4月 1日", "2021年4月1日(木)", "２０２１年４月１日", "2021/4/1", "2021.4.1", "２０２１．４．１"),
        *("2021 - 04 - 01", "\u3000２０２１／０４／０１\u3000", "20210401", 20210401, "2021-04-01 00:00:00"),
        *("2021-04-01T00:00:00", "2021-04-01\r\n", "\u200e2021-04-01", "01 APR 2021", "1 April 2021", "April 1, 2021"),
        *("令和3年4月1日", "R3.4.1", "r3/4/1", "令3-4-1", "令和３年４月１日", "㋿3年4月1日", "R 3. 4. 1"),
    ],
)
def test_a_day_is_read_however_it_is_written(typed: Any) -> None:
    """[faults 17, faults 18] In any width, with any hyphen, in eras, as passports print it."""
    assert day(typed) == FIRST
    assert partial_day(typed) == "2021-04-01"
    assert read_form(EXTEND_N, {"job": {"start": typed}}) == ({"job": {"start": "2021-04-01"}}, [])


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("1980-00-00", "1980"),
        ("1980年00月00日", "1980"),
        ("1980-05-00", "1980-05"),
        ("1980/5/0", "1980-05"),
        ("1980-XX-XX", "1980"),
        ("1980", "1980"),
        (1980, "1980"),
        ("１９８０年", "1980"),
        ("1980年5月", "1980-05"),
        ("1980‐05", "1980-05"),
        ("昭和55年", "1980"),
        ("S55.5", "1980-05"),
        ("昭和55年00月00日", "1980"),
        ("昭和55年5月3日", "1980-05-03"),
        ("昭和64年", "1989"),
        ("平成元年", "1989"),
        ("平成元年1月8日", "1989-01-08"),
        ("大正15年12月25日", "1926-12-25"),
        ("昭和元年12月25日", "1926-12-25"),
        ("明治45年7月30日", "1912-07-30"),
        ("M45.7.30", "1912-07-30"),
    ],
)
def test_unknown_parts_of_a_birth_date_are_read_as_cards_print_them(typed: Any, read: str) -> None:
    """[faults 16, faults 18] Zeros, X, or nothing for what is unknown; with eras as well."""
    assert read_form(EXTEND_N, {"birth_date": typed}) == ({"birth_date": read}, [])
    assert partial_day(read) == read


@pytest.mark.parametrize(
    ("typed", "code", "hint"),
    [
        (34801, "serial-number", "spreadsheet"),
        ("34801", "serial-number", "spreadsheet"),
        ("34801.0", "serial-number", "spreadsheet"),
        ("4/1/2021", "ambiguous-day", "4 digits first"),
        ("01-04-2021", "ambiguous-day", "4 digits first"),
        ("21/4/1", "ambiguous-day", "4 digits first"),
        ("210401", "ambiguous-day", "4 digits first"),
        ("2021-02-29", "not-a-day", "no such day"),
        ("2021-13-01", "not-a-day", "no such day"),
        ("1980-00-15", "not-a-day", "year alone"),
        ("yesterday", "not-a-day", "Enter a date, like"),
        ("", "not-a-day", "Enter a date, like"),
        (True, "not-a-day", "Enter a date, like"),
        (20210401.5, "not-a-day", "Enter a date, like"),
        (-5, "not-a-day", "Enter a date, like"),
        (10**300, "not-a-day", "Enter a date, like"),
        ("令和0年1月1日", "not-a-day", "first year"),
        ("昭和64年1月8日", "not-in-era", "1989-01-07"),
        ("平成31年5月1日", "not-in-era", "2019-04-30"),
        ("平成35年6月", "not-in-era", "2019-04-30"),
        ("R1.4.30", "not-in-era", "2019-05-01"),
        ("大正20年", "not-in-era", "1926-12-25"),
        ("1800-01-01", "cannot-be-true", "cannot be true"),
        ("0001-01-01", "cannot-be-true", "cannot be true"),
        ("0003-06-01", "cannot-be-true", "cannot be true"),
        ("0000", "cannot-be-true", "cannot be true"),
        ("0000-00-00", "cannot-be-true", "cannot be true"),
        ("2538-04-12", "cannot-be-true", "Buddhist"),
        ("9999-12-31", "cannot-be-true", "cannot be true"),
    ],
)
def test_what_is_no_day_is_refused_with_the_reason(typed: Any, code: str, hint: str) -> None:
    """[faults 5, faults 16, faults 18, faults 19, faults 20] Each with an example of how to write it."""
    with pytest.raises(BadValue) as refused:
        partial_day(typed)
    assert (refused.value.code, hint in refused.value.message.en) == (code, True), refused.value.message.en
    assert "（例：" in refused.value.message.ja
    with pytest.raises(BadValue):
        day(typed)


@pytest.mark.parametrize("field", ["birth_date", "passport_expiry", "stay_expiry"])
@pytest.mark.parametrize("typed", ["0001-01-01", "0003-06-01", "0005-12-31", "1800-01-01", "2538-04-12", "9999-12-31"])
def test_a_draft_that_holds_such_a_day_from_before_has_a_problem_and_no_error(field: str, typed: str) -> None:
    """[faults 5, faults 20] The rules count back from days that the reader would no longer take."""
    for period in ("Y5", "Y3", "M6", "D90", "INF"):
        old = replace(draft(full_form()), form=Form(full_form() | {field: typed, "current_period": period}))
        problems = [*contradictions(old.filled(TODAY)), *refusals(old, TODAY)]
        assert f"/form/{field}" in [problem.pointer for problem in problems]
        assert {"cannot-be-true", "in-the-future"} & {problem.code for problem in problems}


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"birth_date": "1900-01-01"}, "/form/birth_date"),
        ({"birth_date": "1900"}, "/form/birth_date"),
        ({"birth_date": "2026-12"}, "/form/birth_date"),
        ({"passport_expiry": "1994-01-01"}, "/form/passport_expiry"),
        ({"passport_expiry": "2150-01-01"}, "/form/passport_expiry"),
        ({"stay_expiry": "2066-01-15"}, "/form/stay_expiry"),
        ({"job": full_form()["job"] | {"start": "1980-04-01"}}, "/form/job/start"),
        ({"family": [full_form()["family"][0] | {"birth_date": "2030-01-01"}]}, "/form/family/0/birth_date"),
        ({"family": [full_form()["family"][0] | {"birth_date": "1900-12"}]}, "/form/family/0/birth_date"),
    ],
)
def test_days_that_cannot_be_true_together_are_named(changes: dict[str, Any], pointer: str) -> None:
    """[faults 20] Born in the future or too long ago, an expiry before the birth, a stay of forty years."""
    problems = list(contradictions(draft(full_form() | changes).filled(TODAY)))
    assert [problem.pointer for problem in problems] == [pointer]
    assert problems[0].code in ("cannot-be-true", "in-the-future")
    assert list(contradictions(draft(full_form()).filled(TODAY))) == []


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_every_day_is_read_in_every_way_of_writing(value: date) -> None:
    """[faults 17, faults 18] And in the era to which it belongs."""
    written = [f"{value:%Y-%m-%d}", f"{value:%Y%m%d}", f"{value.year}年{value.month}月{value.day}日"]
    written += [f"{value.year}/{value.month}/{value.day}", f"{value:%d %b %Y}"]
    era = next(era for era in reversed(ERAS) if era.has(value))
    number = value.year - era.first.year + 1
    if number < 100:
        written += [f"{era.name}{'元' if number == 1 else number}年{value.month}月{value.day}日"]
        written += [f"{era.letter}{number}.{value.month}.{value.day}"]
    assert {day(each) for each in written} == {value}


def test_every_day_belongs_to_an_era_and_the_eras_do_not_overlap_by_more_than_a_day() -> None:
    """[faults 18] The day of a change had two eras until 1926."""
    for before, after in pairwise(ERAS):
        assert before.last is not None
        assert timedelta(0) <= after.first - before.last <= timedelta(1)


@given(st.text() | st.integers() | st.floats() | st.none() | st.booleans() | st.lists(st.text()))
def test_whatever_is_sent_is_a_day_or_a_reason(typed: Any) -> None:
    """[faults 5] Nothing else comes out, whatever goes in."""
    for read in (day, partial_day):
        try:
            read(typed)
        except BadValue as bad:
            message = bad.message
        else:
            continue
        assert message.ja
        assert message.en


def test_a_form_of_another_shape_has_no_days() -> None:
    """[faults 5] Rules look at what is entered only."""
    assert list(contradictions(draft({}).filled(TODAY))) == []
    assert Form({})["stay_expiry"] is None
