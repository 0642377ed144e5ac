"""More time for requested documents: asked for, agreed, declined, and what is due then."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import delete

from services.review.cases.commands.loading import DOCUMENTS_DUE_SOON
from services.review.cases.domain.states import State
from services.review.cases.store import Case, MoreTimeRequest
from shared.events.application import MoreTimeRequested
from shared.events.review import (
    AdditionalDocumentsDueSoon,
    AdditionalDocumentsOverdue,
    MoreTimeAgreed,
    MoreTimeDeclined,
)
from shared.ids import new_id
from shared.timers import timers
from tests.services.review.desk import GRANT, Desk
from tests.support.keys import unsealed

DAY = timedelta(days=1)
# Documents are requested on 2026-07-15 at noon in Japan, and due on the 29th.
AGREED = {"agreed": True}
DECLINED = {"agreed": False, "reason": "期限内に取得できる資料です"}


async def _ask(desk: Desk, case: Case, **changes: Any) -> UUID:
    values = {"application_id": case.application_id, "request_id": desk.request_id, "more_time_id": new_id()}
    event = MoreTimeRequested.example(**(values | {"wanted_on": "2026-08-12"} | changes))
    await desk.service.deliver(event)
    return event.more_time_id


async def _answer(desk: Desk, case: Case, more_time_id: UUID, body: Any) -> httpx.Response:
    return await desk.post(desk.examiner, case.id, f"more-time/{more_time_id}", body)


async def _row(desk: Desk, more_time_id: UUID) -> MoreTimeRequest:
    async with desk.service.db.read() as session:
        found: MoreTimeRequest = await session.get(MoreTimeRequest, more_time_id)
    return found


async def test_the_case_shows_what_the_applicant_asks_for(desk: Desk) -> None:
    case = await desk.at(State.DOCS_REQUESTED)
    more_time_id = await _ask(desk, case)
    shown = (await desk.get(desk.examiner, f"/{case.id}")).json()
    (asked,) = shown["more_time"]
    assert (asked["id"], asked["wanted_on"], asked["agreed"]) == (str(more_time_id), "2026-08-12", None)
    assert "answer_more_time" in shown["steps"]


async def test_with_more_time_the_due_date_and_its_timers_move(desk: Desk) -> None:
    case = await desk.at(State.DOCS_REQUESTED)
    more_time_id = await _ask(desk, case)
    answer = await _answer(desk, case, more_time_id, AGREED)
    assert (answer.status_code, answer.json()["documents_due"]) == (200, "2026-08-12")
    (agreed,) = await desk.events(MoreTimeAgreed)
    assert (agreed.more_time_id, str(agreed.due_on)) == (more_time_id, "2026-08-12")
    await desk.pass_time(27 * DAY)  # 11 August
    assert await desk.events(AdditionalDocumentsOverdue) == []
    await desk.pass_time(2 * DAY)
    (overdue,) = await desk.events(AdditionalDocumentsOverdue)
    assert str(overdue.due_on) == "2026-08-12"
    assert await desk.service.journal_problems() == []


async def test_the_examiner_may_name_another_day(desk: Desk) -> None:
    case = await desk.at(State.DOCS_REQUESTED)
    more_time_id = await _ask(desk, case)
    answer = await _answer(desk, case, more_time_id, AGREED | {"due_on": "2026-08-05"})
    assert answer.json()["documents_due"] == "2026-08-05"


async def test_declining_needs_a_reason_and_the_day_stays(desk: Desk) -> None:
    case = await desk.at(State.DOCS_REQUESTED)
    more_time_id = await _ask(desk, case)
    refused = await _answer(desk, case, more_time_id, {"agreed": False})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/reason")
    assert (await _answer(desk, case, more_time_id, DECLINED)).json()["documents_due"] == "2026-07-29"
    (declined,) = await desk.events(MoreTimeDeclined)
    assert unsealed(declined.sealed_reason) == DECLINED["reason"]
    assert str(declined.due_on) == "2026-07-29"


async def test_overdue_documents_are_not_overdue_with_more_time_and_can_be_again(desk: Desk) -> None:
    case = await desk.at(State.DOCS_REQUESTED)
    await desk.pass_time(15 * DAY)
    more_time_id = await _ask(desk, case)
    assert (await _answer(desk, case, more_time_id, AGREED)).status_code == 200
    assert (await desk.post(desk.examiner, case.id, "proposal", GRANT)).json()["code"] == "documents-awaited"
    await desk.pass_time(30 * DAY)
    assert [str(each.due_on) for each in await desk.events(AdditionalDocumentsOverdue)] == ["2026-07-29", "2026-08-12"]


async def test_the_examiner_answers_before_going_on_with_overdue_documents(desk: Desk) -> None:
    case = await desk.at(State.DOCS_REQUESTED)
    await desk.pass_time(15 * DAY)
    more_time_id = await _ask(desk, case)
    refused = await desk.post(desk.examiner, case.id, "proposal", GRANT)
    assert (refused.status_code, refused.json()["code"]) == (409, "more-time-asked")
    assert (await _answer(desk, case, more_time_id, DECLINED)).status_code == 200
    assert (await desk.done(desk.examiner, case.id, "proposal", GRANT))["state"] == "PROPOSED"


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        (AGREED | {"due_on": "2026-07-29"}, "not-later", "/due_on"),
        (AGREED | {"due_on": "2026-07-15"}, "due-date-passed", "/due_on"),
        (AGREED | {"due_on": "2027-07-15"}, "due-date-too-late", "/due_on"),
    ],
)
async def test_the_new_day_is_a_later_one_and_not_for_ever(
    desk: Desk, body: dict[str, Any], code: str, pointer: str
) -> None:
    case = await desk.at(State.DOCS_REQUESTED)
    more_time_id = await _ask(desk, case)
    lines = await desk.lines()
    refused = await _answer(desk, case, more_time_id, body)
    assert refused.status_code == 422
    problem = refused.json()["errors"][0]
    assert (problem["code"], problem["pointer"]) == (code, pointer)
    assert (await _row(desk, more_time_id)).answered_at is None
    assert await desk.lines() == lines


async def test_documents_end_the_wait_for_an_answer(desk: Desk) -> None:
    case = await desk.at(State.DOCS_REQUESTED)
    more_time_id = await _ask(desk, case)
    await desk._answer(case)
    assert (await _row(desk, more_time_id)).lapsed_at is not None
    assert (await _answer(desk, case, more_time_id, AGREED)).status_code == 409
    assert await desk.events(MoreTimeAgreed) == []


async def test_a_request_that_is_over_has_no_more_time_and_says_so(desk: Desk) -> None:
    case = await desk.at(State.DOCS_REQUESTED)
    await desk.pass_time(15 * DAY)
    await desk.done(desk.examiner, case.id, "examination", {"findings": {}})
    more_time_id = await _ask(desk, case)
    (declined,) = await desk.events(MoreTimeDeclined)
    assert (declined.more_time_id, declined.sealed_reason) == (more_time_id, None)
    assert await desk.state(case.id) == State.UNDER_REVIEW


async def test_the_same_question_twice_is_one(desk: Desk) -> None:
    case = await desk.at(State.DOCS_REQUESTED)
    more_time_id = await _ask(desk, case)
    await _ask(desk, case, more_time_id=more_time_id)
    assert len((await desk.get(desk.examiner, f"/{case.id}")).json()["more_time"]) == 1


async def test_a_colleague_and_a_case_of_another_number_get_nothing(desk: Desk) -> None:
    case = await desk.at(State.DOCS_REQUESTED)
    more_time_id = await _ask(desk, case)
    path = f"more-time/{more_time_id}"
    assert (await desk.post(desk.colleague, case.id, path, AGREED)).json()["code"] == "not-your-case"
    other = await desk.at(State.DOCS_REQUESTED)
    assert (await desk.post(desk.examiner, other.id, path, AGREED)).status_code == 404


async def test_of_ten_answers_at_once_one_counts_and_the_others_learn_when(desk: Desk) -> None:
    case = await desk.at(State.DOCS_REQUESTED)
    more_time_id = await _ask(desk, case)
    bodies = [AGREED, DECLINED] * 5
    answers = await asyncio.gather(*(_answer(desk, case, more_time_id, body) for body in bodies))
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 9
    lost = [answer.json() for answer in answers if answer.status_code == 409]
    assert {one["code"] for one in lost} == {"already-answered"}
    assert "2026-07-15 03:00" in lost[0]["detail"]
    sent = [*await desk.events(MoreTimeAgreed), *await desk.events(MoreTimeDeclined)]
    assert len(sent) == 1
    row = await _row(desk, more_time_id)
    assert row.agreed is isinstance(sent[0], MoreTimeAgreed)
    assert await desk.service.journal_problems() == []


async def test_an_answer_and_documents_at_the_same_moment_agree(desk: Desk) -> None:
    for _ in range(5):
        case = await desk.at(State.DOCS_REQUESTED)
        more_time_id = await _ask(desk, case)
        answer, _ = await asyncio.gather(_answer(desk, case, more_time_id, AGREED), desk._answer(case))
        assert answer.status_code in (200, 409)
        after = await desk.case(case.id)
        assert (after.state, after.documents_due) == ("DOCS_SUBMITTED", None)
        row = await _row(desk, more_time_id)
        assert (row.agreed is True) == (answer.status_code == 200)
        assert (row.lapsed_at is None) == (answer.status_code == 200)


async def test_people_are_reminded_seven_and_two_days_before(desk: Desk) -> None:
    await desk.at(State.DOCS_REQUESTED)
    reminded = []
    for _ in range(16):
        await desk.pass_time(DAY)
        reminded.append(len(await desk.events(AdditionalDocumentsDueSoon)))
    # The 22nd and the 27th of July; the days are counted at noon, reminders go out at nine.
    assert reminded == [0] * 6 + [1] * 5 + [2] * 5
    assert {str(one.due_on) for one in await desk.events(AdditionalDocumentsDueSoon)} == {"2026-07-29"}


async def test_nobody_is_reminded_of_documents_that_came(desk: Desk) -> None:
    case = await desk.at(State.DOCS_REQUESTED)
    await desk.pass_time(8 * DAY)
    await desk._answer(case)
    await desk.pass_time(20 * DAY)
    assert len(await desk.events(AdditionalDocumentsDueSoon)) == 1


async def test_the_sweep_restores_a_lost_reminder_and_no_other(desk: Desk) -> None:
    await desk.at(State.DOCS_REQUESTED)
    async with desk.service.db.transaction() as session:
        await session.execute(delete(timers).where(timers.c.kind == DOCUMENTS_DUE_SOON))
    await desk.sweep()
    await desk.pass_time(8 * DAY)
    await desk.sweep()
    assert len(await desk.events(AdditionalDocumentsDueSoon)) == 1
    await desk.pass_time(5 * DAY)
    await desk.sweep()
    await desk.pass_time(timedelta(hours=1))
    assert len(await desk.events(AdditionalDocumentsDueSoon)) == 2


async def test_a_request_may_have_sentences_of_the_list_alone(desk: Desk) -> None:
    case = await desk.at(State.UNDER_REVIEW)
    items = [{"code": "RES_TAX", "text_codes": ["latest_year", "translation"]}, {"code": "OTHER", "message": "家系図"}]
    await desk.done(desk.examiner, case.id, "document-requests", {"items": items, "due_on": "2026-07-29"})
    shown = (await desk.get(desk.examiner, f"/{case.id}")).json()["document_requests"][0]["items"]
    assert [(one["text_codes"], one["message"]) for one in shown] == [
        (["latest_year", "translation"], None),
        ([], "家系図"),
    ]


@pytest.mark.parametrize(
    ("item", "code", "pointer"),
    [
        ({"code": "RES_TAX", "text_codes": ["nonsense"]}, "unknown-text", "/items/0/text_codes"),
        ({"code": "OTHER"}, "message-missing", "/items/0/message"),
    ],
)
async def test_an_item_that_says_nothing_is_refused(desk: Desk, item: dict[str, Any], code: str, pointer: str) -> None:
    case = await desk.at(State.UNDER_REVIEW)
    body = {"items": [item], "due_on": "2026-07-29"}
    refused = await desk.post(desk.examiner, case.id, "document-requests", body)
    assert refused.status_code == 422
    assert (refused.json()["errors"][0]["code"], refused.json()["errors"][0]["pointer"]) == (code, pointer)
