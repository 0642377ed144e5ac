"""Properties of every table."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.auth import Role
from shared.auth.actor import OFFICER_ROLES
from shared.reference import NotInRules, Procedure, __main__, code_list
from shared.reference.codes import Category
from shared.reference.dated import Dated, Table
from shared.reference.document_types import DOCUMENT_TYPES
from shared.reference.documents import REQUIREMENTS
from shared.reference.fees import FEES
from shared.reference.files import PHOTO_AGES
from shared.reference.lists import NAMES
from shared.reference.officer_roles import NAMES as NAMES_OF_OFFICERS
from shared.reference.officer_roles import excluded_pair
from shared.reference.offices import OFFICES
from shared.reference.periods import Period
from shared.reference.permitted_periods import PERMITTED
from shared.reference.processing_times import AVERAGE_TIMES
from shared.reference.rights import RIGHTS
from shared.reference.statuses import CATEGORY_STATUSES, STATUSES
from shared.reference.tables import ALL

days = st.dates(date(2019, 1, 1), date(2035, 12, 31))
STATUS_CODES = {row.code for row in STATUSES.rows}


@pytest.mark.parametrize("table", ALL, ids=lambda table: table.name)
def test_no_two_rows_of_a_key_hold_on_one_day(table: Table[Any]) -> None:
    assert list(table.overlaps()) == []


@pytest.mark.parametrize("table", ALL, ids=lambda table: table.name)
def test_every_row_names_its_source_and_ends_after_it_begins(table: Table[Any]) -> None:
    assert table.rows
    for row in table.rows:
        assert row.source
        assert row.valid_from is None or row.valid_to is None or row.valid_from <= row.valid_to, row


@given(day=days)
def test_the_row_found_for_a_day_is_the_one_that_holds(day: date) -> None:
    for table in ALL:
        for row in table.on(day):
            assert row.holds_on(day)
            assert table.get(day, table.key(row)) == row


def test_overlapping_rows_are_noticed() -> None:
    old = Dated(source="a", valid_to=date(2025, 3, 31))
    new = Dated(source="b", valid_from=date(2025, 3, 31))
    assert list(Table("sample", lambda row: "x", [old, new]).overlaps()) == [(old, new)]


def test_asking_for_what_is_not_there_says_so() -> None:
    with pytest.raises(NotInRules, match="statuses: nothing for 'WIZARD' on 2026-01-01"):
        STATUSES.get(date(2026, 1, 1), "WIZARD")


def test_every_status_in_another_table_exists() -> None:
    named = {row.status for row in PERMITTED.rows}
    named |= {code for row in RIGHTS.rows for code in (row.statuses or frozenset()) | row.not_statuses}
    named |= {row.status for row in REQUIREMENTS.rows} | {row.status for row in PHOTO_AGES.rows}
    named |= {row.status for row in AVERAGE_TIMES.rows} | set(CATEGORY_STATUSES)
    assert named - {""} <= STATUS_CODES


def test_every_status_has_periods_from_its_first_day() -> None:
    for row in STATUSES.rows:
        assert PERMITTED.get(row.valid_from or date(2019, 7, 25), (row.code, ""))


def test_every_period_can_be_read() -> None:
    for row in PERMITTED.rows:
        for code in (*row.choices, *([row.designated_up_to] if row.designated_up_to else [])):
            assert Period.parse(code)


def test_every_document_of_a_list_has_a_type_and_every_category_is_one() -> None:
    types = {row.code for row in DOCUMENT_TYPES.rows}
    for row in REQUIREMENTS.rows:
        assert row.document in types
        assert row.category in {"", *Category}


def test_every_online_procedure_has_a_fee_on_every_day() -> None:
    for day in (date(2019, 7, 25), date(2025, 3, 31), date(2025, 4, 1), date(2027, 3, 31), date(2027, 4, 1)):
        priced = {row.procedure for row in FEES.on(day) if row.channel == "online"}
        assert priced == set(Procedure) - {Procedure.PR}


def test_every_prefecture_has_one_office() -> None:
    handled = [prefecture for office in OFFICES.rows for prefecture in office.prefectures]
    assert sorted(handled) == sorted(label.ja for label in code_list("prefecture").labels.values())


@pytest.mark.parametrize("name", NAMES)
def test_a_code_list_has_both_languages_for_every_code(name: str) -> None:
    entries = code_list(name)
    assert len(entries) > 7
    for code in entries:
        label = entries.label(code)
        assert label.ja.strip()
        assert label.en.strip()


def test_the_lists_are_as_long_as_those_of_the_official_form() -> None:
    lengths = {name: len(code_list(name)) for name in NAMES}
    assert lengths == {
        "nationality": 197,
        "industry": 47,
        "occupation": 30,
        "relationship": 29,
        "education_level": 8,
        "major_university": 25,
        "major_vocational": 10,
        "landing_port": 8,
        "prefecture": 47,
    }
    assert {"CHOSEN", "XKX", "XXA"} <= set(code_list("nationality"))
    assert "JPN" not in code_list("nationality")


def test_the_page_of_the_reference_data_is_current() -> None:
    assert __main__.main(["docs", "--check"]) == 0, "run `python -m shared.reference docs`"


def test_an_unknown_list_is_refused() -> None:
    with pytest.raises(KeyError):
        code_list("../secrets")


def test_an_auditor_holds_no_other_officers_role() -> None:
    assert set(NAMES_OF_OFFICERS) == {role.value for role in OFFICER_ROLES}
    for role in OFFICER_ROLES - {Role.AUDITOR}:
        assert excluded_pair({"auditor", role.value}, date(2026, 11, 20)) == ("auditor", role.value)
    assert excluded_pair(OFFICER_ROLES - {Role.AUDITOR}, date(2026, 11, 20)) is None
    assert excluded_pair({"auditor"}, date(2026, 11, 20)) is None
