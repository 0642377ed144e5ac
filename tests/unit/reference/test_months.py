"""Arithmetic of months, periods of stay, deadlines and holidays."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.clock import JST
from shared.reference.codes import Channel
from shared.reference.deadlines import (
    acquisition_due,
    coe_valid_until,
    extension_opens_on,
    filing_window,
    last_filing_day,
    special_period_end,
    status_needed_after,
)
from shared.reference.holidays import business_day_from, is_agency_holiday, public_holidays
from shared.reference.periods import Period, add_months, monthly, period_code, period_name, stay_days

days = st.dates(date(2000, 1, 1), date(2090, 12, 31))


@given(day=days, months=st.integers(-240, 240))
def test_months_later_is_the_same_day_or_the_last_one_of_that_month(day: date, months: int) -> None:
    later = add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    if later.day != day.day:
        assert later.day < day.day
        assert (later + timedelta(days=1)).day == 1


@given(day=days, months=st.integers(0, 120), more=st.integers(0, 12))
def test_more_months_never_end_earlier(day: date, months: int, more: int) -> None:
    assert add_months(day, months) <= add_months(day, months + more)


@given(first=days, second=days, months=st.integers(0, 60))
def test_a_later_beginning_never_ends_earlier(first: date, second: date, months: int) -> None:
    first, second = sorted((first, second))
    assert add_months(first, months) <= add_months(second, months)


def test_a_leap_day_ends_on_the_last_of_february() -> None:
    assert add_months(date(2028, 2, 29), 12) == date(2029, 2, 28)
    assert add_months(date(2027, 12, 31), 2) == date(2028, 2, 29)


@given(years=st.integers(0, 9), months=st.integers(0, 99), number=st.integers(0, 999))
def test_a_period_code_reads_back_what_it_says(years: int, months: int, number: int) -> None:
    code = "".join(f"{letter}{n}" for letter, n in (("Y", years), ("M", months), ("D", number)) if n)
    if code:
        assert Period.parse(code) == Period(years=years, months=months, days=number)


@pytest.mark.parametrize("code", ["", "Y", "Y0", "3Y", "M6Y1", "D1000", "Y3 ", "inf", "Y-1"])
def test_what_is_no_period_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match="period of stay"):
        Period.parse(code)


@given(start=days, code=st.sampled_from(["Y5", "Y4M3", "Y3", "Y1", "M6", "M4", "M3", "D90", "D30", "D15"]))
def test_a_stay_ends_after_it_begins_and_its_days_count(start: date, code: str) -> None:
    end = Period.parse(code).end(start)
    assert end is not None
    assert stay_days(start, end) == Period.parse(code).days_from(start)
    assert end > start


def test_an_indefinite_stay_has_no_end() -> None:
    assert Period.parse("INF").end(date(2026, 1, 1)) is None
    assert not Period.parse("INF").fits_in(Period.parse("Y5"))
    assert Period.parse("Y5").fits_in(Period.parse("INF"))


@pytest.mark.parametrize(
    ("expiry", "end"),
    [
        (date(2026, 4, 1), date(2026, 6, 1)),
        (date(2026, 12, 31), date(2027, 2, 28)),
        (date(2027, 12, 31), date(2028, 2, 29)),
    ],
)
def test_the_special_period_ends_with_the_day_two_months_after_expiry(expiry: date, end: date) -> None:
    moment = special_period_end(expiry, expiry, 365)
    assert moment == datetime(end.year, end.month, end.day, 23, 59, 59, tzinfo=JST)
    assert moment is not None
    assert moment.tzinfo is UTC


@given(expiry=days, late=st.integers(1, 400), length=st.integers(31, 2000))
def test_filed_late_there_is_no_special_period(expiry: date, late: int, length: int) -> None:
    assert special_period_end(expiry, expiry + timedelta(days=late), length) is None
    assert special_period_end(expiry, expiry, length) is not None


def test_a_stay_of_30_days_has_no_special_period_and_one_of_31_has() -> None:
    expiry = date(2026, 4, 1)
    assert special_period_end(expiry, expiry, 30) is None
    assert special_period_end(expiry, expiry, 31) is not None


def test_an_extension_opens_three_months_before_expiry_or_halfway_through_a_short_stay() -> None:
    assert extension_opens_on(date(2026, 8, 31)) == date(2026, 5, 31)
    assert extension_opens_on(date(2026, 8, 31), date(2025, 8, 31)) == date(2026, 5, 31)
    assert extension_opens_on(date(2026, 4, 1), date(2026, 1, 1)) == date(2026, 2, 15)


def test_online_the_day_of_expiry_is_in_time_and_the_counter_reopens_after_a_holiday() -> None:
    new_year = date(2026, 1, 1)
    assert last_filing_day(new_year) == new_year
    assert last_filing_day(new_year, Channel.COUNTER) == date(2026, 1, 5)
    assert last_filing_day(date(2026, 4, 1), Channel.COUNTER) == date(2026, 4, 1)


def test_a_birth_is_reported_within_30_days_and_a_coe_is_good_for_3_months() -> None:
    assert acquisition_due(date(2026, 1, 31)) == date(2026, 3, 2)
    assert coe_valid_until(date(2026, 11, 30)) == date(2027, 2, 28)


HOLIDAYS = {
    2025: "0101 0113 0211 0223 0224 0320 0429 0503 0504 0505 0506 0721 0811 0915 0923 1013 1103 1123 1124",
    2026: "0101 0112 0211 0223 0320 0429 0503 0504 0505 0506 0720 0811 0921 0922 0923 1012 1103 1123",
    2027: "0101 0111 0211 0223 0321 0322 0429 0503 0504 0505 0719 0811 0920 0923 1011 1103 1123",
    2028: "0101 0110 0211 0223 0320 0429 0503 0504 0505 0717 0811 0918 0922 1009 1103 1123",
}


@pytest.mark.parametrize("year", HOLIDAYS)
def test_the_public_holidays_are_those_of_the_calendar(year: int) -> None:
    assert [day.strftime("%m%d") for day in public_holidays(year)] == HOLIDAYS[year].split()


def test_a_day_between_two_holidays_is_one() -> None:
    assert public_holidays(2026)[date(2026, 9, 22)] == "国民の休日"
    assert public_holidays(2026)[date(2026, 5, 6)] == "振替休日"


def test_years_without_a_rule_are_refused() -> None:
    with pytest.raises(ValueError, match="2021"):
        public_holidays(2021)


@given(day=st.dates(date(2023, 1, 1), date(2090, 1, 1)))
def test_a_business_day_is_the_first_open_one(day: date) -> None:
    open_day = business_day_from(day)
    assert not is_agency_holiday(open_day)
    assert all(is_agency_holiday(day + timedelta(days=n)) for n in range((open_day - day).days))


def test_offices_are_closed_over_the_turn_of_the_year() -> None:
    assert [is_agency_holiday(date(2026, 12, d)) for d in (28, 29, 30, 31)] == [False, True, True, True]
    assert business_day_from(date(2026, 12, 29)) == date(2027, 1, 4)


@pytest.mark.parametrize(
    ("code", "ja", "en"),
    [
        ("Y1", "1年", "1 year"),
        ("Y4M3", "4年3月", "4 years 3 months"),
        ("D90", "90日", "90 days"),
        ("INF", "無期限", "Indefinite"),
    ],
)
def test_a_period_has_a_name(code: str, ja: str, en: str) -> None:
    name = period_name(code)
    assert (name.ja, name.en) == (ja, en)


def test_each_procedure_has_its_window() -> None:
    day, expiry = date(2026, 11, 29), date(2027, 1, 15)
    extension = filing_window("EXTEND", day, expiry=expiry, granted_on=date(2024, 1, 15))
    assert (extension.opens, extension.closes) == (date(2026, 10, 15), expiry)
    change = filing_window("CHANGE", day, expiry=expiry)
    assert (change.opens, change.closes) == (None, expiry)
    birth = filing_window("ACQUIRE", day, expiry=None, cause_on=date(2026, 11, 1))
    assert (birth.event, birth.opens, birth.closes) == ("cause", date(2026, 11, 1), date(2026, 12, 1))
    assert status_needed_after(date(2026, 11, 1)) == date(2026, 12, 31)


@pytest.mark.parametrize("procedure", ["COE", "WORKCERT"])
def test_a_certificate_knows_no_last_day(procedure: str) -> None:
    window = filing_window(procedure, date(2026, 11, 29), expiry=date(2020, 1, 1), cause_on=date(2020, 1, 1))
    assert (window.event, window.opens, window.closes) == (None, None, None)


@given(expiry=days, months=st.sampled_from([1, 3, 6, 12, 36, 60]))
def test_an_extension_can_be_filed_on_the_last_day_and_opens_before_it(expiry: date, months: int) -> None:
    window = filing_window("EXTEND", expiry, expiry=expiry, granted_on=add_months(expiry, -months))
    assert window.opens is not None
    assert window.opens < expiry == window.closes
    assert window.opens >= add_months(expiry, -months)


@given(cause=days)
def test_an_acquisition_is_filed_within_30_days_and_needed_after_60(cause: date) -> None:
    assert (acquisition_due(cause) - cause).days == 30
    assert (status_needed_after(cause) - cause).days == 60


@given(expiry=days)
def test_the_special_period_ends_on_the_same_day_of_the_month_or_on_its_last(expiry: date) -> None:
    end = special_period_end(expiry, expiry, 365)
    assert end is not None
    last = end.astimezone(JST).date()
    assert (last.year * 12 + last.month) - (expiry.year * 12 + expiry.month) == 2
    assert last.day == expiry.day or (last + timedelta(days=1)).day == 1


@given(shortest=st.integers(1, 60), more=st.integers(0, 60))
def test_whole_months_are_named_once_each_from_the_longest_to_the_shortest(shortest: int, more: int) -> None:
    def code(months: int) -> str:
        return "".join(f"{letter}{n}" for letter, n in zip("YM", divmod(months, 12), strict=True) if n)

    codes = monthly(code(shortest), code(shortest + more))
    assert [Period.parse(each).years * 12 + Period.parse(each).months for each in codes] == [
        *range(shortest + more, shortest - 1, -1)
    ]
    assert len(set(codes)) == len(codes)


def test_words_of_a_period_are_its_code_again() -> None:
    for code in ("Y3", "M6", "D90", "Y4M3", "INF", "DIP", "Y1"):
        assert period_code(period_name(code).ja) == period_code(period_name(code).en) == code
    assert period_code("1年6か月") == "Y1M6"
    assert period_code("Y3") is period_code("") is period_code("3") is None
