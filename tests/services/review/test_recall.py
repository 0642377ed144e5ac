"""A decision takes effect after the time of a recall: until then nobody outside knows it, and it can be taken back."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete

from services.review.cases.domain.states import State
from services.review.cases.store import Case
from shared.auth import Role
from shared.events.application import ApplicationWithdrawn
from shared.events.review import ReviewCompleted
from shared.timers import timers
from tests.services.review.desk import RECALL_WITHIN, REFUSE, Desk
from tests.support import tokens
from tests.support.keys import unsealed

WHY = {"reason": "在留期間の誤り"}
SECOND = timedelta(seconds=1)


@pytest.fixture
async def decided(desk: Desk) -> Case:
    """A case that was decided a moment ago."""
    return await desk.at(State.DECIDED)


async def proposal(desk: Desk, case: Case) -> dict[str, Any]:
    """The last proposal of the case as officers read it."""
    found: dict[str, Any] = (await desk.get(desk.chief, f"/{case.id}")).json()["proposals"][-1]
    return found


async def test_a_decision_takes_effect_when_it_can_no_longer_be_recalled(desk: Desk, decided: Case) -> None:
    decided_at = desk.clock.now()
    await desk.pass_time(RECALL_WITHIN - SECOND)
    assert await desk.state(decided.id) is State.DECIDED
    assert await desk.events(ReviewCompleted) == [], "the applicant knows nothing of it"
    assert (await desk.case(decided.id)).fee_yen is None
    await desk.pass_time(SECOND)
    assert await desk.state(decided.id) is State.AWAITING_FEE
    (event,) = await desk.events(ReviewCompleted)
    assert (event.outcome, event.fee_yen, event.decided_at) == ("granted", 5500, decided_at)
    shown = await proposal(desk, decided)
    assert (shown["took_effect_at"], shown["recalled_at"]) == (shown["effective_at"], None)
    assert await desk.service.journal_problems() == []


async def test_a_recalled_decision_never_reaches_the_applicant(desk: Desk, decided: Case) -> None:
    second = tokens.officer(Role.CHIEF_EXAMINER)
    assert (await desk.done(second, decided.id, "recall", WHY))["state"] == "UNDER_REVIEW"
    await desk.pass_time(timedelta(days=2))
    await desk.sweep()
    assert await desk.state(decided.id) is State.UNDER_REVIEW
    assert await desk.events(ReviewCompleted) == []
    shown = await proposal(desk, decided)
    assert (shown["recalled_by"], shown["recall_reason"]) == (str(second.id), WHY["reason"])
    # The case goes on: another proposal, another decision, and only that one is announced.
    await desk.done(desk.examiner, decided.id, "proposal", REFUSE)
    await desk.done(desk.chief, decided.id, "decision", {"approve": True})
    assert [event.outcome for event in await desk.events(ReviewCompleted)] == ["refused"]
    assert await desk.service.journal_problems() == []


async def test_who_decided_cannot_recall_also_with_a_second_account(desk: Desk) -> None:
    desk.chief = replace(desk.chief, person="one human")
    case = await desk.at(State.DECIDED)
    for account in (desk.chief, replace(tokens.officer(Role.CHIEF_EXAMINER), person="one human")):
        assert "recall" not in (await desk.get(account, f"/{case.id}")).json()["steps"]
        answer = await desk.post(account, case.id, "recall", WHY)
        assert (answer.status_code, answer.json()["code"]) == (403, "four-eyes")
    assert await desk.state(case.id) is State.DECIDED


async def test_a_recall_needs_a_reason_and_its_time(desk: Desk, decided: Case) -> None:
    second = tokens.officer(Role.CHIEF_EXAMINER)
    answer = await desk.post(second, decided.id, "recall", {"reason": " "})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/reason")
    await desk.pass_time(RECALL_WITHIN)
    answer = await desk.post(second, decided.id, "recall", WHY)
    assert (answer.status_code, answer.json()["code"]) == (409, "wrong-state")


async def test_the_applicant_can_withdraw_until_a_decision_takes_effect(desk: Desk, decided: Case) -> None:
    await desk.service.deliver(ApplicationWithdrawn.example(application_id=decided.application_id))
    await desk.pass_time(RECALL_WITHIN)
    await desk.sweep()
    await desk.pass_time(SECOND)
    assert await desk.state(decided.id) is State.WITHDRAWN
    assert await desk.events(ReviewCompleted) == []


async def test_a_decision_that_is_not_in_effect_is_not_ended_by_one_officer(desk: Desk, decided: Case) -> None:
    answer = await desk.post(desk.chief, decided.id, "termination", {"reason_code": "left_japan"})
    assert (answer.status_code, answer.json()["code"]) == (409, "wrong-state")


async def test_the_sweep_brings_a_lost_timer_back(desk: Desk, decided: Case) -> None:
    async with desk.service.db.transaction() as session:
        await session.execute(delete(timers))
    await desk.pass_time(RECALL_WITHIN)
    assert await desk.state(decided.id) is State.DECIDED
    await desk.sweep()
    await desk.pass_time(SECOND)
    assert await desk.state(decided.id) is State.AWAITING_FEE
    assert len(await desk.events(ReviewCompleted)) == 1


async def test_a_second_decision_on_one_person_waits_also_before_the_first_takes_effect(desk: Desk) -> None:
    keys = {"person_keys": ["a" * 64]}
    await desk.at(State.DECIDED, **keys)
    other = await desk.at(State.PROPOSED, **keys)
    answer = await desk.post(desk.chief, other.id, "decision", {"approve": True})
    assert (answer.status_code, answer.json()["code"]) == (409, "same-person-unresolved")


async def test_recall_and_effect_at_the_same_moment_have_one_result(desk: Desk, decided: Case) -> None:
    second = tokens.officer(Role.CHIEF_EXAMINER)
    desk.clock.advance(RECALL_WITHIN)
    answer, _ = await asyncio.gather(
        desk.post(second, decided.id, "recall", WHY), desk.pass_time(timedelta(0)), return_exceptions=False
    )
    completed = await desk.events(ReviewCompleted)
    if answer.status_code == 200:
        assert (await desk.state(decided.id), completed) == (State.UNDER_REVIEW, [])
    else:
        assert (answer.status_code, await desk.state(decided.id)) == (409, State.AWAITING_FEE)
        assert len(completed) == 1
    assert await desk.service.journal_problems() == []


async def test_the_applicant_reads_the_reason_of_a_refusal_once_it_is_in_effect(desk: Desk) -> None:
    case = await desk.at(State.UNDER_REVIEW)
    await desk.done(desk.examiner, case.id, "proposal", REFUSE)
    owner = replace(tokens.person(Role.ORG_STAFF), id=case.owner_id)

    async def decision() -> Any:
        headers = tokens.bearer(owner, desk.clock)
        return (await desk.service.client.get(f"/v1/notices/{case.application_id}", headers=headers)).json()["decision"]

    with desk.recall_within(RECALL_WITHIN):
        await desk.done(desk.chief, case.id, "decision", {"approve": True})
    assert await decision() is None
    await desk.pass_time(RECALL_WITHIN)
    shown = await decision()
    assert {name: shown[name] for name in REFUSE} == REFUSE
    (event,) = await desk.events(ReviewCompleted)
    assert (event.outcome, event.reason_code) == ("refused", REFUSE["reason_code"])
    assert REFUSE["reason"] not in event.model_dump_json(), "the officer's words travel sealed"
    assert unsealed(event.sealed_reason) == REFUSE["reason"]
