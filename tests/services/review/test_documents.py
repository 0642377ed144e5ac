"""Documents asked for: answered in time, late, or not at all."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select

from services.review.cases.commands.loading import DOCUMENTS_OVERDUE
from services.review.cases.domain.states import State
from services.review.cases.store import DocumentRequest
from shared.events.review import AdditionalDocumentsOverdue, AdditionalDocumentsRequested
from shared.ids import new_id
from shared.timers import at, timers
from tests.services.review.desk import GRANT, Desk
from tests.support.keys import unsealed

DAY = timedelta(days=1)


async def _timers(desk: Desk) -> int:
    async with desk.service.db.read() as session:
        query = select(func.count()).select_from(timers).where(timers.c.kind == DOCUMENTS_OVERDUE)
        return int(await session.scalar(query))


async def _request(desk: Desk) -> DocumentRequest:
    async with desk.service.db.read() as session:
        found: DocumentRequest = await session.get(DocumentRequest, desk.request_id)
    return found


async def test_a_request_tells_the_items_and_seals_the_officers_words(desk: Desk) -> None:
    await desk.at(State.DOCS_REQUESTED)
    (asked,) = await desk.events(AdditionalDocumentsRequested)
    (item,) = asked.items
    assert (asked.request_id, str(asked.due_on), item.code) == (desk.request_id, "2026-07-29", "RES_TAX")
    assert "課税" not in asked.model_dump_json()
    assert unsealed(item.sealed_text) == "課税証明書"


async def test_nothing_is_overdue_on_the_due_day_itself(desk: Desk) -> None:
    await desk.at(State.DOCS_REQUESTED)
    await desk.pass_time(14 * DAY + timedelta(hours=11, minutes=59))  # 23:59 in Japan on the 29th
    assert await desk.events(AdditionalDocumentsOverdue) == []


async def test_unanswered_documents_are_overdue_once_and_the_case_stays(desk: Desk) -> None:
    case = await desk.at(State.DOCS_REQUESTED)
    await desk.pass_time(14 * DAY + timedelta(hours=12, minutes=1))
    await desk.pass_time(30 * DAY)
    (overdue,) = await desk.events(AdditionalDocumentsOverdue)
    assert overdue.request_id == desk.request_id
    assert await desk.state(case.id) == State.DOCS_REQUESTED
    assert await desk.service.journal_problems() == []


async def test_answered_documents_are_never_overdue(desk: Desk) -> None:
    case = await desk.at(State.DOCS_SUBMITTED)
    assert await _timers(desk) == 0
    await desk.pass_time(30 * DAY)
    assert await desk.events(AdditionalDocumentsOverdue) == []
    assert (await _request(desk)).answered_at is not None
    assert (await desk.done(desk.examiner, case.id, "proposal", GRANT))["state"] == "PROPOSED"


async def test_a_withdrawal_ends_the_wait_for_documents(desk: Desk) -> None:
    case = await desk.at(State.DOCS_REQUESTED)
    await desk._withdraw(case)
    await desk.pass_time(30 * DAY)
    assert await desk.events(AdditionalDocumentsOverdue) == []
    assert await desk.state(case.id) == State.WITHDRAWN


async def test_the_examiner_goes_on_once_the_documents_are_overdue(desk: Desk) -> None:
    case = await desk.at(State.DOCS_REQUESTED)
    await desk.pass_time(15 * DAY)
    assert (await desk.done(desk.examiner, case.id, "examination", {"findings": {}}))["state"] == "UNDER_REVIEW"
    request = await _request(desk)
    assert request.closed_at is not None
    assert request.answered_at is None


async def test_a_second_request_replaces_an_overdue_one(desk: Desk) -> None:
    case = await desk.at(State.DOCS_REQUESTED)
    first = desk.answered(case)
    await desk.pass_time(15 * DAY)
    body = {"items": [{"code": "CAREER", "message": "職歴証明"}], "due_on": "2026-08-20"}
    await desk.done(desk.examiner, case.id, "document-requests", body)
    await desk.service.deliver(first)
    assert await desk.state(case.id) == State.DOCS_REQUESTED, "an answer to the old request does not end the new wait"
    await desk.pass_time(40 * DAY)
    assert len(await desk.events(AdditionalDocumentsOverdue)) == 2


@pytest.mark.parametrize("state", [State.UNDER_REVIEW, State.PROPOSED])
async def test_late_documents_are_taken_and_wake_the_case_only_before_the_proposal(desk: Desk, state: State) -> None:
    case = await desk.at(State.DOCS_REQUESTED)
    await desk.pass_time(15 * DAY)
    await desk.done(desk.examiner, case.id, "examination", {"findings": {}})
    if state is State.PROPOSED:
        await desk.done(desk.examiner, case.id, "proposal", GRANT)
    document = new_id()
    await desk.service.deliver(desk.answered(case, document_ids=[document]))
    expected = State.DOCS_SUBMITTED if state is State.UNDER_REVIEW else State.PROPOSED
    assert await desk.state(case.id) == expected
    assert str(document) in (await desk.case(case.id)).document_ids
    assert await desk.service.journal_problems() == []


@pytest.mark.parametrize("state", [State.DOCS_REQUESTED, State.DOCS_SUBMITTED])
async def test_a_timer_that_fires_again_or_too_late_tells_nothing_new(desk: Desk, state: State) -> None:
    await desk.at(state)
    await desk.pass_time(15 * DAY)
    overdue = await desk.events(AdditionalDocumentsOverdue)
    async with desk.service.db.transaction() as session:
        await at(session, DOCUMENTS_OVERDUE, desk.request_id, desk.clock.now())
    await desk.pass_time(DAY)
    assert await desk.events(AdditionalDocumentsOverdue) == overdue
    assert len(overdue) == (1 if state is State.DOCS_REQUESTED else 0)


async def test_a_lost_timer_is_found_by_the_sweep(desk: Desk) -> None:
    await desk.at(State.DOCS_REQUESTED)
    async with desk.service.db.transaction() as session:
        await session.execute(delete(timers))
    await desk.pass_time(15 * DAY)
    assert await desk.events(AdditionalDocumentsOverdue) == []
    await desk.sweep()
    await desk.pass_time(timedelta(seconds=1))
    assert len(await desk.events(AdditionalDocumentsOverdue)) == 1
