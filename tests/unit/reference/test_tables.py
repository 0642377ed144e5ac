"""Properties of every table."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.auth import Role
from shared.auth.actor import OFFICER_ROLES
from shared.reference import __main__
from shared.reference.activities import ACTIVITIES
from shared.reference.codes import Procedure
from shared.reference.dated import Dated, NotInRules, Table, Withdrawn
from shared.reference.document_groups import DOCUMENT_GROUPS
from shared.reference.documents import REQUIREMENTS
from shared.reference.exclusions import EXCLUSIONS
from shared.reference.fees import FEES
from shared.reference.files import PHOTO_AGES
from shared.reference.lists import NAMES, code_list
from shared.reference.officer_roles import NAMES as NAMES_OF_OFFICERS
from shared.reference.officer_roles import excluded_pair
from shared.reference.offices import OFFICES
from shared.reference.periods import Period
from shared.reference.permitted_periods import PERMITTED
from shared.reference.processing_times import AVERAGE_TIMES
from shared.reference.rights import RIGHTS
from shared.reference.statuses import STATUSES
from shared.reference.tables import ALL

days = st.dates(date(2019, 1, 1), date(2035, 12, 31))
STATUS_CODES = {row.code for row in STATUSES.rows}


# On which past day how many keys began to have another row, or none. The past stays as it is when rows are added.
PAST = {
    ("combinations", "2026-01-05"): 2,
    ("permitted_periods", "2023-08-01"): 1,
    ("permitted_periods", "2025-09-30"): 3,
    ("fees", "2025-04-01"): 11,
    ("registration_terms", "2026-01-01"): 1,
    ("required_documents", "2025-09-30"): 220,
    ("required_documents", "2025-12-01"): 1,
    ("required_documents", "2026-04-15"): 27,
    ("file_limits", "2026-01-05"): 1,
    ("photo_rules", "2024-01-01"): 1,
    ("photo_ages", "2026-06-14"): 4,
    ("average_times", "2026-08-01"): 2,
    ("usage_documents", "2025-04-01"): 6,
    ("usage_documents", "2026-01-05"): 4,
    ("salary_floors", "2026-03-31"): 2,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample(Dated):
    code: str = "x"


def _table(*rows: Sample | Withdrawn) -> Table[Sample]:
    return Table("sample", lambda row: row.code, rows)


@pytest.mark.parametrize("table", ALL, ids=lambda table: table.name)
def test_no_two_rows_of_a_key_hold_on_one_day(table: Table[Any]) -> None:
    for day in (date.min, *table.changes(), date.max):
        keys = [table.key(row) for row in table.on(day)]
        assert len(keys) == len(set(keys)), day


@pytest.mark.parametrize("table", ALL, ids=lambda table: table.name)
def test_every_row_names_its_source_and_ends_after_it_begins(table: Table[Any]) -> None:
    assert table.rows
    for row in table.written:
        assert row.source
    for span in table.spans:
        assert span.last is None or span.first is None or span.first <= span.last, span


@pytest.mark.parametrize("table", ALL, ids=lambda table: table.name)
def test_a_change_of_law_is_one_added_row(table: Table[Any]) -> None:
    """Rows that hold today are replaced, one at a time, by one line more in a copy of their table."""
    day = date(2040, 4, 1)
    eve = day - timedelta(days=1)
    rows = table.on(eve)
    # Of the long lists of documents some rows stand for all: each costs a table.
    for old in rows[:: max(1, len(rows) // 60)]:
        new = replace(old, valid_from=day, source="Act of 2040")
        changed = Table(table.name, table.key, [*table.written, new])
        assert changed.find(eve, table.key(old)) is old
        assert changed.find(day, table.key(old)) is new
        assert set(changed.on(eve)) == set(table.on(eve))
        assert set(changed.on(day)) == {row for row in table.on(day) if row is not old} | {new}


def test_rows_may_be_written_in_any_order() -> None:
    rows = [Sample(source=str(year), valid_from=date(year, 1, 1)) for year in (2026, 2024, 2025)]
    table = _table(*rows, Sample(source="first"))
    assert [table.get(date(year, 6, 1), "x").source for year in (2023, 2024, 2025, 2026)] == [
        "first",
        "2024",
        "2025",
        "2026",
    ]


def test_a_withdrawn_rule_ends_the_day_before_and_may_come_back() -> None:
    old, new = Sample(source="a"), Sample(source="b", valid_from=date(2027, 1, 1))
    table = _table(old, Withdrawn(source="repealed", key="x", valid_from=date(2025, 4, 1)), new)
    assert table.find(date(2025, 3, 31), "x") is old
    assert table.find(date(2025, 4, 1), "x") is None
    assert table.on(date(2026, 12, 31)) == ()
    assert table.find(date(2027, 1, 1), "x") is new
    assert [(span.first, span.last) for span in table.spans] == [
        (None, date(2025, 3, 31)),
        (date(2027, 1, 1), None),
    ]


def test_where_nothing_holds_for_a_key_the_next_one_is_asked() -> None:
    own: list[Sample | Withdrawn] = [
        Sample(source="own", code="y"),
        Withdrawn(source="repealed", key="y", valid_from=date(2025, 4, 1)),
    ]
    table = _table(Sample(source="general"), *own)
    assert table.get(date(2025, 3, 31), "y", "x").source == "own"
    assert table.get(date(2025, 4, 1), "y", "x").source == "general"


def test_the_past_is_as_it_was() -> None:
    """A row that is added begins today or later, or is a mistake of the past that this table names."""
    found = {}
    for table in ALL:
        for day in table.changes():
            if day < date(2026, 10, 1):
                eve = day - timedelta(days=1)
                keys = {table.key(row) for row in table.rows}
                found[table.name, str(day)] = sum(table.find(eve, key) is not table.find(day, key) for key in keys)
    assert found == PAST


@given(day=days)
def test_the_row_found_for_a_day_is_the_one_that_holds(day: date) -> None:
    for table in ALL:
        held = table.on(day)
        assert list(map(id, held)) == [id(span.row) for span in table.spans if span.holds_on(day)]
        for row in held:
            assert table.get(day, table.key(row)) is row


def test_two_rows_of_a_key_that_begin_on_one_day_are_refused() -> None:
    rows = [Sample(source=source, valid_from=date(2025, 3, 31)) for source in ("a", "b")]
    with pytest.raises(ValueError, match="sample: two rows for 'x' begin on 2025-03-31"):
        _table(*rows)


def test_the_end_of_a_rule_that_does_not_hold_is_refused() -> None:
    end = Withdrawn(source="repealed", key="z", valid_from=date(2025, 4, 1))
    with pytest.raises(ValueError, match="sample: nothing holds for 'z' that could end on 2025-04-01"):
        _table(Sample(source="a"), end)


def test_asking_for_what_is_not_there_says_so() -> None:
    with pytest.raises(NotInRules, match="statuses: nothing for 'WIZARD' on 2026-01-01"):
        STATUSES.get(date(2026, 1, 1), "WIZARD")


def test_every_status_in_another_table_exists() -> None:
    named = {row.status for row in PERMITTED.rows}
    named |= {code for row in RIGHTS.rows for code in (row.statuses or frozenset()) | row.not_statuses}
    named |= {row.status for row in REQUIREMENTS.rows} | {row.status for row in PHOTO_AGES.rows}
    named |= {row.status for row in AVERAGE_TIMES.rows} | {row.status for row in EXCLUSIONS.rows}
    named |= {code for row in ACTIVITIES.rows for code in (row.status, row.resembles)}
    named |= {code for row in DOCUMENT_GROUPS.rows for code in row.statuses}
    assert named - {""} <= STATUS_CODES


def test_every_status_has_periods_from_its_first_day() -> None:
    for row in STATUSES.rows:
        assert PERMITTED.get(row.valid_from or date(2019, 7, 25), (row.code, "", ""))


def test_every_period_can_be_read() -> None:
    for row in PERMITTED.rows:
        for code in (*row.choices, *([row.designated_up_to] if row.designated_up_to else [])):
            assert Period.parse(code)


def test_every_online_procedure_has_a_fee_on_every_day() -> None:
    for day in (
        date(2019, 7, 25),
        date(2025, 3, 31),
        date(2025, 4, 1),
        date(2026, 9, 30),
        date(2026, 10, 1),
        date(2027, 4, 1),
    ):
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
        "ssw_field": 19,
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
