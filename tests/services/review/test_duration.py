"""Duration of a case: the states that it was in, and waiting for the applicant apart."""

from datetime import timedelta

from sqlalchemy import select

from services.review.cases.domain.states import State
from services.review.cases.store import Case, CaseState
from tests.services.review.desk import REFUSE, Desk

DAY = timedelta(days=1)
# The day on which the tests begin is the fourteenth after the receipt of their cases.
BEFORE = 14


async def _duration(desk: Desk, case: Case) -> dict[str, int | bool]:
    found: dict[str, int | bool] = (await desk.get(desk.examiner, f"/{case.id}")).json()["duration"]
    return found


def _days(days: int, with_applicant: int, waits: bool = False) -> dict[str, int | bool]:
    return {
        "days": BEFORE + days,
        "days_with_applicant": with_applicant,
        "days_with_office": BEFORE + days - with_applicant,
        "waits_for_applicant": waits,
    }


async def test_waiting_for_documents_and_for_an_interview_is_counted_apart(desk: Desk) -> None:
    case = await desk.at(State.DOCS_REQUESTED)
    await desk.pass_time(3 * DAY)
    assert await _duration(desk, case) == _days(3, 3, waits=True)
    await desk._answer(case)
    await desk.pass_time(2 * DAY)
    assert await _duration(desk, case) == _days(5, 3)
    await desk._invite(case)
    await desk.pass_time(4 * DAY)
    assert await _duration(desk, case) == _days(9, 7, waits=True)


async def test_the_clock_stops_with_the_decision(desk: Desk) -> None:
    case = await desk.at(State.AWAITING_FEE)
    await desk.pass_time(10 * DAY)
    await desk._pay(case)
    assert await _duration(desk, case) == _days(0, 0)


async def test_the_clock_stops_with_a_withdrawal_while_documents_are_awaited(desk: Desk) -> None:
    case = await desk.at(State.DOCS_REQUESTED)
    await desk.pass_time(5 * DAY)
    await desk._withdraw(case)
    await desk.pass_time(5 * DAY)
    assert await _duration(desk, case) == _days(5, 5)


async def test_a_proposal_that_is_sent_back_lets_the_clock_run(desk: Desk) -> None:
    case = await desk.at(State.PROPOSED)
    await desk.done(desk.chief, case.id, "decision", {"approve": False, "note": "再検討"})
    await desk.pass_time(2 * DAY)
    assert await _duration(desk, case) == _days(2, 0)


async def test_every_state_that_a_case_left_is_kept_without_a_gap(desk: Desk) -> None:
    case = await desk.at(State.DOCS_REQUESTED)
    await desk.pass_time(DAY)
    await desk._answer(case)
    await desk.pass_time(DAY)
    await desk.done(desk.examiner, case.id, "proposal", REFUSE)
    await desk._approve(case)
    async with desk.service.db.read() as session:
        left = (await session.scalars(select(CaseState).order_by(CaseState.id))).all()
    way = ["RECEIVED", "UNDER_REVIEW", "DOCS_REQUESTED", "DOCS_SUBMITTED", "PROPOSED", "DECIDED"]
    assert [one.state for one in left] == way
    assert [one.until - one.since for one in left[2:4]] == [DAY, DAY]
    assert [one.until for one in left[:-1]] == [one.since for one in left[1:]]
    closed = await desk.case(case.id)
    assert closed.state_since == closed.decided_at == left[-1].until
    assert await desk.service.journal_problems() == []


async def test_a_clock_that_runs_behind_ends_no_state_before_it_began(desk: Desk) -> None:
    case = await desk.at(State.DOCS_REQUESTED)
    desk.clock._now -= DAY
    await desk._answer(case)
    assert (await desk.case(case.id)).waited_seconds == 0
