"""The record of an organisation beside its cases: registration, category, and reports that are overdue."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from services.registration.usage_registration.domain.report_standing import (
    RoleReport,
    Standing,
    overdue_reasons,
    standing_of,
)
from shared.auth import Role
from shared.clock import ManualClock
from shared.ids import new_id
from shared.journal import journal
from shared.reference.organisations import report_window
from tests.services.registration.life import report
from tests.services.registration.site import Person, RegistrationClient

days = st.dates(date(2020, 1, 1), date(2035, 12, 31))
SUBMITTED = datetime(2029, 9, 20, 3, 0, tzinfo=UTC)
OVERDUE = datetime(2029, 10, 21, 3, 0, tzinfo=UTC)
ENDED = datetime(2029, 11, 21, 3, 0, tzinfo=UTC)


@pytest.fixture
async def person(site: RegistrationClient) -> Person:
    """Staff of an organisation that is registered until 20 November 2029."""
    return await site.person()


async def _record(site: RegistrationClient, person: Person, name: str) -> dict[str, Any]:
    examiner = await site.officer(Role.EXAMINER, login_id=name)
    answer = await site.get(f"/v1/organisations/{person.organisation_id}/record", examiner)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def _go(clock: ManualClock, moment: datetime) -> None:
    clock.advance(moment - clock.now())


async def test_an_examiner_reads_the_record_and_the_journal_says_so(site: RegistrationClient, person: Person) -> None:
    found = await _record(site, person, "examiner.tyo")
    assert (found["name"], found["category"], found["treated_as"]) == ("株式会社見本", "CAT3", "CAT2")
    (role,) = found["roles"]
    assert (role["role"], role["valid_until"], role["report"]) == ("org_staff", "2029-11-20", "not_yet")
    assert [(hint["code"], hint["found"], hint["reasons"]) for hint in found["hints"]] == [
        ("reports_overdue", "no", [])
    ]
    async with site.service.db.read() as session:
        query = select(journal.c.action).where(journal.c.aggregate_id == person.organisation_id)
        assert list(await session.scalars(query.order_by(journal.c.version)))[-1] == "organisation:read"
    assert await site.service.journal_problems() == []


@pytest.mark.parametrize(
    ("now", "standing", "reason"),
    [
        (OVERDUE - timedelta(days=1), "open", ""),
        (OVERDUE, "overdue", "The periodic report was due by 2029-10-20 and is not submitted"),
        (ENDED, "ended", "The usage registration ended on 2029-11-20 without a periodic report"),
    ],
)
async def test_a_report_that_is_not_there_is_a_hint_with_its_day(
    site: RegistrationClient, person: Person, now: datetime, standing: str, reason: str
) -> None:
    _go(site.clock, now)
    found = await _record(site, person, "examiner.tyo")
    assert found["roles"][0]["report"] == standing
    assert [text["en"] for text in found["hints"][0]["reasons"]] == ([reason] if reason else [])
    assert found["hints"][0]["found"] == ("yes" if reason else "no")


async def test_a_report_that_was_submitted_is_not_overdue(site: RegistrationClient, person: Person) -> None:
    _go(site.clock, SUBMITTED)
    filed = await site.post("/v1/periodic-reports", report(), headers=await site.signed_in(person))
    assert filed.status_code == 201, filed.text
    _go(site.clock, OVERDUE)
    found = await _record(site, person, "examiner.tyo")
    assert (found["roles"][0]["report"], found["hints"][0]["found"]) == ("submitted", "no")


async def test_an_organisation_that_there_is_not_is_not_found(site: RegistrationClient) -> None:
    examiner = await site.officer(Role.EXAMINER, login_id="examiner.tyo")
    answer = await site.get(f"/v1/organisations/{new_id()}/record", examiner)
    assert answer.status_code == 404


@given(days, st.none() | days, st.integers(-90, 10))
def test_a_standing_has_a_reason_exactly_where_a_report_is_missing(
    valid_until: date, submitted_on: date | None, after: int
) -> None:
    today = valid_until + timedelta(days=after)
    window = report_window(valid_until, today)
    standing = standing_of(window, submitted_on, today)
    missing = standing in (Standing.OVERDUE, Standing.ENDED)
    assert bool(overdue_reasons([RoleReport("org_staff", window, standing)])) is missing
    if missing:
        assert today > window.due_on
        assert submitted_on is None or submitted_on < window.opens_on
    if submitted_on is not None and submitted_on >= window.opens_on:
        assert standing is Standing.SUBMITTED
