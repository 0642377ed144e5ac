"""Rules that hints to officers compare a form with: floors of pay, and words of a job."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.reference.job_words import JOB_WORDS, JobWords, job_words, words_in
from shared.reference.salary_floors import EQUAL_PAY, SALARY_FLOORS, Per, needs_equal_pay, salary_floors
from shared.reference.statuses import STATUSES

DAY = date(2026, 11, 29)
WAGES = date(2026, 3, 31)
STATUS_CODES = {row.code for row in STATUSES.rows}


def _yen(status: str, *, special: bool = False, day: date = DAY) -> list[tuple[Per, int]]:
    return [(row.per, row.yen) for row in salary_floors(status, special=special, day=day)]


def test_highly_skilled_professionals_but_researchers_have_a_least_yearly_pay() -> None:
    assert _yen("HSP1_A") == []
    assert _yen("HSP1_B") == _yen("HSP1_C") == [(Per.YEAR, 3_000_000)]
    assert _yen("HSP1_A", special=True) == _yen("HSP1_B", special=True) == [(Per.YEAR, 20_000_000)]
    assert _yen("HSP1_C", special=True) == [(Per.YEAR, 40_000_000)]


def test_the_lowest_hourly_wage_holds_from_its_day_on() -> None:
    assert _yen("SSW1", day=WAGES) == _yen("SSW2", day=WAGES) == [(Per.HOUR, 1_023)]
    assert _yen("SSW1", day=WAGES - timedelta(days=1)) == []


def test_pay_like_that_of_a_japanese_is_asked_where_the_criteria_say_so() -> None:
    assert needs_equal_pay("ENG_HUM_INT", DAY) and needs_equal_pay("SSW1", DAY)
    assert not needs_equal_pay("STUDENT", DAY) and not needs_equal_pay("BUS_MGR", DAY)


def test_every_rule_names_a_status_that_there_is() -> None:
    assert {row.status for table in (SALARY_FLOORS, EQUAL_PAY, JOB_WORDS) for row in table.rows} <= STATUS_CODES


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ホテルの客室清掃", ("清掃",)),
        ("客室の清　掃とベッドメイキング", ("清掃", "ベッドメイキング")),
        ("Ｃｌｅａｎｉｎｇ of rooms", ("cleaning",)),
        ("Writes data-cleaninglib", ()),
        ("設計と保守", ()),
        ("", ()),
    ],
)
def test_words_are_found_whatever_their_width_and_english_ones_as_whole_words(
    text: str, found: tuple[str, ...]
) -> None:
    (row,) = (row for row in job_words("ENG_HUM_INT", DAY) if row.code == "cleaning")
    assert words_in(text, row) == found


@given(st.sampled_from(JOB_WORDS.rows), st.text(max_size=40), st.text(max_size=40))
def test_a_word_is_found_wherever_it_stands(row: JobWords, before: str, after: str) -> None:
    for word in row.ja:
        assert word in words_in(f"{before} {word} {after}", row)


def test_a_status_without_words_has_none() -> None:
    assert job_words("STUDENT", DAY) == ()
    assert job_words("NURSING", DAY) == ()
