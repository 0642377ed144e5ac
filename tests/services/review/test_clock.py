"""The clock of a case: deadlines near or over as words, filter, count and metric, and reported to the officers once."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import delete, func, select, text

from services.review.allocation.store.clock import Notice
from services.review.allocation.store.queue import Moment, holds
from services.review.cases.domain.clock import CONCERNS, Concern, Dates, holding
from services.review.cases.domain.states import State
from services.review.cases.domain.urgency import act_by, standard_end
from services.review.cases.store import Case
from shared.events.review_allocation import CaseDeadlineReached
from shared.timers import timers
from tests.infra.databases import TestDatabase
from tests.services.review.conftest import as_owner
from tests.services.review.desk import WAYS, Desk
from tests.services.review.test_queue_plan import DIALECT

DAY = timedelta(days=1)
NOW = datetime(2026, 7, 15, 3, tzinfo=UTC)


async def _seen(desk: Desk, case: Case) -> tuple[list[str], list[str]]:
    """The words of a case in the queue, and the concerns of which it is found and counted."""
    listed = (await desk.get(desk.examiner, "", receipt_number=case.receipt_number)).json()["items"][0]["concerns"]
    counts = (await desk.get(desk.chief, "/counts")).json()["concerns"]
    counted = [one["concern"] for one in counts if one["cases"]]
    for name in (concern.name for concern in CONCERNS):
        found = (await desk.get(desk.chief, "", concern=name)).json()["items"]
        assert [one["id"] for one in found] == ([str(case.id)] if name in counted else []), name
    return listed, counted


async def _reported(desk: Desk, case: Case) -> list[str]:
    async with desk.service.db.read() as session:
        query = select(Notice.concern).where(Notice.case_id == case.id).order_by(Notice.noticed_at, Notice.id)
        return list(await session.scalars(query))


@pytest.mark.parametrize(
    ("procedure", "end"),
    [("EXTEND", "2026-07-31"), ("COE", "2026-09-29"), ("ACQUIRE", "2026-07-31"), ("WORKCERT", "2026-09-29")],
)
def test_the_standard_period_counts_from_the_receipt_with_the_applicants_time_added(procedure: str, end: str) -> None:
    """An acquisition is due 60 days after its cause, which was at most 30 days ago when it was filed."""
    received = date(2026, 7, 1)
    assert standard_end(procedure, received) == date.fromisoformat(end)
    later = standard_end(procedure, received, waited_seconds=3 * 86400 + 5)
    assert later == date.fromisoformat(end) + 3 * DAY


def test_a_case_should_be_decided_before_anybody_is_harmed() -> None:
    standard, expiry = date(2026, 7, 31), date(2026, 7, 20)
    assert act_by(standard, expiry, None) == expiry
    assert act_by(standard, expiry, datetime(2026, 9, 20, 14, 59, 59, tzinfo=UTC)) == standard
    assert act_by(None, None, None) is None


async def test_each_report_of_a_deadline_is_an_event(desk: Desk) -> None:
    case = await desk.open(procedure="COE", stay_expiry=None, special_period_end="2026-08-15T14:59:59Z")
    await desk.pass_time(datetime(2026, 8, 9, tzinfo=UTC) - desk.clock.now())
    await desk.sweep()
    events = await desk.events(CaseDeadlineReached)
    assert [event.concern for event in events] == await _reported(desk, case)
    assert {(event.case_id, event.application_id) for event in events} == {(case.id, case.application_id)}


async def test_each_deadline_is_seen_and_reported_once_when_it_comes(desk: Desk) -> None:
    case = await desk.open(procedure="COE", stay_expiry=None, special_period_end="2026-08-15T14:59:59Z")
    assert (await _seen(desk, case), await _reported(desk, case)) == (([], []), [])
    expected: list[str] = []
    for name, day in (("special_14", "01"), ("special_7", "08"), ("special_1", "14"), ("special_ended", "15")):
        moment = datetime.fromisoformat(f"2026-08-{day}T14:59:59+00:00")
        await desk.pass_time(moment - desk.clock.now() - timedelta(seconds=1))
        assert name not in await _reported(desk, case)
        await desk.pass_time(timedelta(seconds=1))
        expected.append(name)
        assert await _reported(desk, case) == expected
        assert await _seen(desk, case) == ([name], expected)
    await desk.sweep()
    assert REGISTRY.get_sample_value("zairyu_review_concern_cases", {"concern": "special_14"}) == 1
    await desk.pass_time(60 * DAY)
    assert await _reported(desk, case) == [*expected, "standard_exceeded"]
    lines = (await desk.get(desk.chief, f"/{case.id}/timeline")).json()["entries"]
    assert [one["detail"]["concerns"] for one in lines if one["action"] == "case:notice"] == [
        [name] for name in [*expected, "standard_exceeded"]
    ]


async def test_waiting_for_the_applicant_does_not_count_against_the_standard_period(desk: Desk) -> None:
    """Received on 1 July, 30 days; ten days of waiting move its end from 31 July to 10 August."""
    case = await desk.at(State.DOCS_REQUESTED, special_period_end=None, stay_expiry=None)
    await desk.pass_time(10 * DAY)
    await desk._answer(case)
    assert str((await desk.case(case.id)).standard_end) == "2026-08-10"
    await desk.pass_time(datetime(2026, 8, 10, 14, 59, 59, tzinfo=UTC) - desk.clock.now())
    assert "standard_exceeded" not in await _reported(desk, case)
    await desk.pass_time(timedelta(seconds=1))
    assert await _reported(desk, case) == ["standard_exceeded"]


async def test_the_standard_period_stands_while_the_office_waits(desk: Desk) -> None:
    case = await desk.at(State.ON_HOLD_INTERVIEW, special_period_end=None, stay_expiry=None)
    await desk.pass_time(100 * DAY)
    assert (await _seen(desk, case), await _reported(desk, case)) == (([], []), [])


async def test_overdue_documents_are_reported_for_each_request(desk: Desk) -> None:
    case = await desk.at(State.DOCS_REQUESTED, special_period_end=None)
    await desk.pass_time(15 * DAY)
    assert await _reported(desk, case) == ["documents_overdue"]
    body = {"items": [{"code": "RES_TAX", "message": "x"}], "due_on": "2026-08-05"}
    await desk.done(desk.examiner, case.id, "document-requests", body)
    assert (await _seen(desk, case))[0] == []
    await desk.pass_time(15 * DAY)
    assert (await _reported(desk, case)).count("documents_overdue") == 2


@pytest.mark.parametrize(
    ("state", "concern", "days"),
    [(State.CARD_PRODUCTION, "production_late", 10), (State.CARD_ISSUED, "mailing_late", 3)],
)
async def test_a_card_that_is_not_made_or_mailed_in_time_is_reported_once(
    desk: Desk, state: State, concern: str, days: int
) -> None:
    case = await desk.at(state)
    await desk.pass_time(days * DAY - timedelta(seconds=1))
    assert await _reported(desk, case) == []
    await desk.pass_time(timedelta(seconds=1))
    assert await _reported(desk, case) == [concern]
    await desk.pass_time(days * DAY)
    assert await _reported(desk, case) == [concern]
    assert concern in (await _seen(desk, case))[0]


async def test_a_lost_timer_is_set_again_by_the_sweep(desk: Desk) -> None:
    case = await desk.open(special_period_end="2026-07-20T14:59:59Z")
    async with desk.service.db.transaction() as session:
        await session.execute(delete(timers))
    await desk.pass_time(2 * DAY)
    assert await _reported(desk, case) == []
    await desk.sweep()
    await desk.pass_time(timedelta(seconds=1))
    assert set(await _reported(desk, case)) == {"special_14", "special_7"}
    await desk.sweep()
    async with desk.service.db.read() as session:
        pending = await session.scalar(select(func.count()).where(timers.c.due_at <= desk.clock.now()))
    assert pending == 0, "what was reported is not reported again"


async def test_a_case_from_before_gets_a_clock_from_the_sweep(open_desk: Desk, module_database: TestDatabase) -> None:
    case = await open_desk.open()
    await as_owner(module_database, f"UPDATE cases SET standard_end = NULL, act_by = NULL WHERE id = '{case.id}'")
    await open_desk.sweep()
    assert str((await open_desk.case(case.id)).standard_end) == "2026-07-31"


async def test_a_closed_case_has_no_clock(desk: Desk) -> None:
    case = await desk.at(State.WITHDRAWN)
    async with desk.service.db.read() as session:
        assert await session.scalar(select(func.count()).where(timers.c.subject_id == case.id)) == 0
    await desk.pass_time(300 * DAY)
    assert await _reported(desk, case) == []


async def test_officers_read_what_was_reported_of_their_cases_and_of_their_office(desk: Desk) -> None:
    mine = await desk.at(State.UNDER_REVIEW, special_period_end="2026-07-25T14:59:59Z")
    other = await desk.open(special_period_end="2026-07-25T14:59:59Z")
    await desk.open(office="OSA", special_period_end="2026-07-25T14:59:59Z")
    await desk.sweep()
    await desk.pass_time(timedelta(seconds=1))

    async def read(who: Any, **params: Any) -> set[str]:
        return {one["case_id"] for one in (await desk.get(who, "/notices", **params)).json()["items"]}

    assert await read(desk.examiner, mine=True) == {str(mine.id)}
    assert await read(desk.chief) == {str(mine.id), str(other.id)}
    desk.clock.advance(8 * DAY)
    assert str(mine.id) not in await read(desk.chief)


@pytest.mark.parametrize("concern", CONCERNS, ids=lambda one: one.name)
@pytest.mark.parametrize("off", [timedelta(seconds=-1), timedelta(0), timedelta(seconds=1)])
async def test_the_query_and_the_rule_say_the_same(open_desk: Desk, concern: Concern, off: timedelta) -> None:
    """Both read the same row of the table: around the moment at which it begins, in a state that it has."""
    state = min(concern.states)
    assert state in WAYS
    dates = Dates(date(2026, 7, 20), datetime(2026, 7, 20, 14, 59, 59, tzinfo=UTC), date(2026, 7, 20), NOW)
    due = concern.due(dates)
    assert due is not None
    now = due + off
    at = Moment(now, (now + timedelta(hours=9)).date())
    values = (
        f"SELECT '{state}' AS state, DATE '{dates.standard_end}' AS standard_end, DATE '{dates.documents_due}' AS"
        f" documents_due, TIMESTAMPTZ '{dates.special_period_end}' AS special_period_end, TIMESTAMPTZ"
        f" '{dates.state_since}' AS state_since"
    )
    asked = str(holds(concern, at).compile(dialect=DIALECT(), compile_kwargs={"literal_binds": True}))
    async with open_desk.service.db.read() as session:
        answer = await session.scalar(text(f"SELECT {asked} FROM ({values}) AS cases".replace(":", r"\:")))
    assert answer == (concern in holding(state, dates, now)) == (off >= timedelta(0))
