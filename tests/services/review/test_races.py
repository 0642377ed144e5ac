"""The same step ten times at once over HTTP: one wins, the others learn who was first, and when."""

import asyncio
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from services.review.cases.domain.states import State
from services.review.cases.store import Case
from shared.auth import Role
from shared.events.review import ReviewCompleted
from tests.services.review.desk import FEE, MAILING, MATERIALS, RECALL_WITHIN, Desk, card
from tests.support import tokens

TEN = range(10)


async def test_ten_examiners_start_the_same_case_at_once(desk: Desk) -> None:
    case = await desk.open()
    examiners = [tokens.officer(Role.EXAMINER) for _ in TEN]
    answers = await asyncio.gather(*(desk.post(who, case.id, "start") for who in examiners))
    assert Counter(answer.status_code for answer in answers) == {200: 1, 409: 9}
    winner = next(who for who, answer in zip(examiners, answers, strict=True) if answer.status_code == 200)
    kept = await desk.case(case.id)
    for answer in answers:
        if answer.status_code == 409:
            problem = answer.json()
            assert (problem["code"], problem["changed_by"]) == ("taken", str(winner.id))
            assert datetime.fromisoformat(problem["changed_at"]) == kept.state_since
    assert kept.examiner_id == winner.id


async def test_ten_chiefs_decide_on_the_same_proposal_at_once(desk: Desk) -> None:
    """Five approve it and five send it back: one of the ten is heard."""
    case = await desk.at(State.PROPOSED)
    chiefs = [tokens.officer(Role.CHIEF_EXAMINER) for _ in TEN]
    bodies = [{"approve": number % 2 == 0, "note": "根拠を確認"} for number in TEN]
    answers = await asyncio.gather(
        *(desk.post(who, case.id, "decision", body) for who, body in zip(chiefs, bodies, strict=True))
    )
    assert Counter(answer.status_code for answer in answers) == {200: 1, 409: 9}
    won = next(number for number, answer in enumerate(answers) if answer.status_code == 200)
    assert {answer.json()["changed_by"] for answer in answers if answer.status_code == 409} == {str(chiefs[won].id)}
    expected = State.AWAITING_FEE if bodies[won]["approve"] else State.UNDER_REVIEW
    assert await desk.state(case.id) == expected
    assert len(await desk.events(ReviewCompleted)) == bodies[won]["approve"]
    assert await desk.service.journal_problems() == []


async def test_ten_chiefs_recall_the_same_decision_at_once(desk: Desk) -> None:
    case = await desk.at(State.DECIDED)
    chiefs = [tokens.officer(Role.CHIEF_EXAMINER) for _ in TEN]
    answers = await asyncio.gather(*(desk.post(who, case.id, "recall", {"reason": "誤り"}) for who in chiefs))
    assert Counter(answer.status_code for answer in answers) == {200: 1, 409: 9}
    assert await desk.state(case.id) == State.UNDER_REVIEW
    assert await desk.service.journal_problems() == []


async def test_ten_recalls_and_the_effect_at_the_same_moment_have_one_result(desk: Desk) -> None:
    case = await desk.at(State.DECIDED)
    chiefs = [tokens.officer(Role.CHIEF_EXAMINER) for _ in TEN]
    desk.clock.advance(RECALL_WITHIN)
    recalls, _ = await asyncio.gather(
        asyncio.gather(*(desk.post(who, case.id, "recall", {"reason": "誤り"}) for who in chiefs)),
        asyncio.gather(*(desk.pass_time(timedelta(0)) for _ in range(3))),
    )
    won = [who for who, answer in zip(chiefs, recalls, strict=True) if answer.status_code == 200]
    assert Counter(answer.status_code for answer in recalls) == Counter({200: len(won), 409: 10 - len(won)})
    state = State.UNDER_REVIEW if won else State.AWAITING_FEE
    assert (await desk.state(case.id), len(won) + len(await desk.events(ReviewCompleted))) == (state, 1)
    # Who comes too late learns by whom it was changed: an officer, or the clock.
    first = str(won[0].id) if won else None
    lost = [answer.json() for answer in recalls if answer.status_code == 409]
    assert {one["changed_by"] for one in lost} == {first}
    assert {datetime.fromisoformat(one["changed_at"]) for one in lost} == {desk.clock.now()}
    assert await desk.service.journal_problems() == []


async def test_ten_officers_take_each_step_of_a_granted_case_at_once(desk: Desk) -> None:
    """From the fee to the handing over, and the end of another case: one of the ten takes each."""
    case = await desk.at(State.AWAITING_FEE)
    fee = FEE | {"amount_yen": (await desk.case(case.id)).fee_yen}
    for step, body in (
        ("fee", fee),
        ("card-materials-received", MATERIALS),
        ("card", card("AB12345678CD")),
        ("mailing", MAILING),
        ("card-return", {"kind": "returned"}),
        ("counter-visit", {"reason_code": "returned_mail"}),
        ("delivery", None),
    ):
        await _one_of_ten(desk, case, Role.CARD_OFFICE, step, body)
    await _one_of_ten(desk, await desk.open(), Role.CHIEF_EXAMINER, "termination", {"reason_code": "left_japan"})
    assert await desk.service.journal_problems() == []


async def _one_of_ten(desk: Desk, case: Case, role: Role, step: str, body: Any) -> None:
    officers = [tokens.officer(role) for _ in TEN]
    answers = await asyncio.gather(*(desk.post(who, case.id, step, body) for who in officers))
    assert Counter(answer.status_code for answer in answers) == {200: 1, 409: 9}, (step, answers[0].text)
    (winner,) = (who.id for who, answer in zip(officers, answers, strict=True) if answer.status_code == 200)
    lost = [answer.json() for answer in answers if answer.status_code == 409]
    assert {(one["changed_by"], one["changed_at"]) for one in lost} == {(str(winner), lost[0]["changed_at"])}, step
