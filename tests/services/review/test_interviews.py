"""Interviews and inquiries: announced, moved, cancelled, reminded of, and ended."""

import asyncio
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select

from services.review.cases.commands.loading import INTERVIEW_SOON
from services.review.cases.domain.states import State
from services.review.cases.store import Case, Interview
from shared.events.review import (
    InterviewCancelled,
    InterviewEnded,
    InterviewMoved,
    InterviewRequested,
    InterviewSoon,
)
from shared.timers import timers
from tests.services.review.desk import GRANT, Desk
from tests.support.keys import unsealed

DAY = timedelta(days=1)
# The tests begin on 2026-07-15 at noon in Japan.
INVITATION = {
    "kind": "inquiry",
    "held_at": "2026-07-29T10:00:00+09:00",
    "place": "東京都港区1-2-3",
    "instructions": "賃金台帳を用意してください",
}
LATER = {"held_at": "2026-08-05T14:00:00+09:00", "place": "本局3階"}
REASON = {"reason": "資料により確認できたため"}


async def _invited(desk: Desk, **changes: Any) -> Case:
    case = await desk.at(State.UNDER_REVIEW)
    await desk.done(desk.examiner, case.id, "interview", INVITATION | changes)
    return case


async def _interview(desk: Desk) -> Interview:
    async with desk.service.db.read() as session:
        found: Interview = (await session.scalars(select(Interview).order_by(Interview.id.desc()).limit(1))).one()
    return found


async def test_an_announcement_tells_when_and_where_and_seals_it(desk: Desk) -> None:
    await _invited(desk)
    (event,) = await desk.events(InterviewRequested)
    assert (event.kind, event.held_at.isoformat()) == ("inquiry", "2026-07-29T01:00:00+00:00")
    assert unsealed(event.sealed_place) == INVITATION["place"]
    assert "港区" not in event.model_dump_json()


async def test_a_moved_interview_has_all_of_its_new_words(desk: Desk) -> None:
    case = await _invited(desk)
    moved = await desk.done(desk.examiner, case.id, "interview/move", LATER)
    assert moved["state"] == "ON_HOLD_INTERVIEW"
    (event,) = await desk.events(InterviewMoved)
    assert (event.held_at.isoformat(), event.sealed_instructions) == ("2026-08-05T05:00:00+00:00", None)
    (shown,) = (await desk.get(desk.examiner, f"/{case.id}")).json()["interviews"]
    assert (shown["place"], shown["moved_at"]) == ("本局3階", "2026-07-15T03:00:00Z")


async def test_a_cancelled_interview_takes_the_case_back_to_examination(desk: Desk) -> None:
    case = await _invited(desk)
    assert (await desk.done(desk.examiner, case.id, "interview/cancel", REASON))["state"] == "UNDER_REVIEW"
    (event,) = await desk.events(InterviewCancelled)
    assert unsealed(event.sealed_reason) == REASON["reason"]
    assert await desk.events(InterviewEnded) == []
    await desk.pass_time(30 * DAY)
    assert await desk.events(InterviewSoon) == []
    assert (await desk.done(desk.examiner, case.id, "proposal", GRANT))["state"] == "PROPOSED"
    assert await desk.service.journal_problems() == []


async def test_going_on_with_the_case_ends_the_interview(desk: Desk) -> None:
    for step, body in (("examination", {"findings": {}}), ("proposal", GRANT)):
        case = await _invited(desk)
        await desk.done(desk.examiner, case.id, step, body)
        assert (await _interview(desk)).closed_at is not None
    assert len(await desk.events(InterviewEnded)) == 2
    await desk.pass_time(30 * DAY)
    assert await desk.events(InterviewSoon) == []


async def test_a_withdrawal_ends_the_interview_and_says_nothing_more(desk: Desk) -> None:
    case = await _invited(desk)
    await desk._withdraw(case)
    assert (await _interview(desk)).closed_at is not None
    assert await desk.events(InterviewEnded) == []


async def test_late_documents_do_not_end_the_wait_for_an_interview(desk: Desk) -> None:
    case = await desk.at(State.DOCS_REQUESTED)
    await desk.pass_time(15 * DAY)
    await desk.done(desk.examiner, case.id, "examination", {"findings": {}})
    await desk.done(desk.examiner, case.id, "interview", {"held_at": "2026-08-20T10:00:00+09:00"})
    await desk._answer(case)
    assert await desk.state(case.id) == State.ON_HOLD_INTERVIEW
    assert (await _interview(desk)).closed_at is None


async def test_people_are_reminded_a_week_and_a_day_before(desk: Desk) -> None:
    await _invited(desk)
    reminded = []
    for _ in range(15):
        await desk.pass_time(DAY)
        reminded.append(len(await desk.events(InterviewSoon)))
    assert reminded == [0] * 6 + [1] * 6 + [2] * 3
    assert unsealed((await desk.events(InterviewSoon))[0].sealed_place) == INVITATION["place"]


async def test_the_reminder_moves_with_the_interview(desk: Desk) -> None:
    case = await _invited(desk)
    await desk.done(desk.examiner, case.id, "interview/move", LATER)
    await desk.pass_time(13 * DAY)
    assert await desk.events(InterviewSoon) == []
    await desk.pass_time(DAY)
    (event,) = await desk.events(InterviewSoon)
    assert event.held_at.isoformat() == "2026-08-05T05:00:00+00:00"


async def test_the_sweep_restores_a_lost_reminder(desk: Desk) -> None:
    await _invited(desk)
    async with desk.service.db.transaction() as session:
        await session.execute(delete(timers).where(timers.c.kind == INTERVIEW_SOON))
    await desk.sweep()
    await desk.pass_time(7 * DAY)
    assert len(await desk.events(InterviewSoon)) == 1


async def test_an_interview_is_in_the_future(desk: Desk) -> None:
    past = {"held_at": "2026-07-15T11:59:00+09:00"}
    case = await desk.at(State.UNDER_REVIEW)
    refused = await desk.post(desk.examiner, case.id, "interview", past)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/held_at")
    assert await desk.state(case.id) == State.UNDER_REVIEW
    await desk.done(desk.examiner, case.id, "interview", INVITATION)
    refused = await desk.post(desk.examiner, case.id, "interview/move", past)
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "held-in-past")
    assert (await _interview(desk)).moved_at is None


async def test_of_ten_cancellations_at_once_one_counts(desk: Desk) -> None:
    case = await _invited(desk)
    paths = ["interview/cancel"] * 10
    answers = await asyncio.gather(*(desk.post(desk.examiner, case.id, path, REASON) for path in paths))
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 9
    assert len(await desk.events(InterviewCancelled)) == 1


async def test_the_owner_reads_where_an_interview_is_and_that_it_was_cancelled(desk: Desk) -> None:
    case = await _invited(desk)
    shown = (await desk.get(desk.examiner, f"/{case.id}")).json()["interviews"]
    assert [(one["kind"], one["place"], one["cancel_reason"]) for one in shown] == [
        ("inquiry", INVITATION["place"], None)
    ]
    await desk.done(desk.examiner, case.id, "interview/cancel", REASON)
    (shown,) = (await desk.get(desk.examiner, f"/{case.id}")).json()["interviews"]
    assert (shown["cancel_reason"], shown["closed_at"]) == (REASON["reason"], "2026-07-15T03:00:00Z")
