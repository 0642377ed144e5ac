"""Alike proposals decided in one pass: none unread, each by itself, and ten passes at once decide each case once."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from services.review.cases.domain.states import State
from services.review.cases.store import Case
from shared.auth import Actor, Role
from shared.events.review import ReviewCompleted
from shared.ids import new_id
from shared.journal import journal
from tests.services.review.desk import GRANT, REFUSE, Desk
from tests.support import tokens


async def listed(desk: Desk, who: Actor, **params: Any) -> dict[str, dict[str, Any]]:
    """The proposals that wait, by case."""
    answer = await desk.get(who, "/proposals", **params)
    assert answer.status_code == 200, answer.text
    return {one["case_id"]: one for one in answer.json()["items"]}


async def decide(desk: Desk, who: Actor, cases: Sequence[Case], key: str | None = None) -> httpx.Response:
    """Approve the proposals of these cases as they are listed now."""
    found = await listed(desk, who)
    chosen = [
        {"case_id": str(case.id), "proposal_id": found.get(str(case.id), {"proposal_id": str(new_id())})["proposal_id"]}
        for case in cases
    ]
    return await send(desk, who, chosen, key)


async def send(desk: Desk, who: Actor, chosen: Any, key: str | None = None) -> httpx.Response:
    headers = tokens.bearer(who, desk.clock) | {"Idempotency-Key": key or str(new_id())}
    return await desk.service.client.post("/v1/cases/decisions", json={"cases": chosen}, headers=headers)


async def opened(desk: Desk, who: Actor, *cases: Case) -> None:
    for case in cases:
        assert (await desk.get(who, f"/{case.id}")).status_code == 200


async def test_opened_proposals_are_decided_each_with_its_line_and_its_event(desk: Desk) -> None:
    cases = [await desk.at(State.PROPOSED) for _ in range(3)]
    await opened(desk, desk.chief, *cases)
    assert [one["obstacle"] for one in (await listed(desk, desk.chief)).values()] == [None] * 3
    answer = await decide(desk, desk.chief, cases)
    assert (answer.status_code, answer.json()["done"]) == (200, 3), answer.text
    assert {await desk.state(case.id) for case in cases} == {State.AWAITING_FEE}
    assert {event.case_id for event in await desk.events(ReviewCompleted)} == {case.id for case in cases}
    async with desk.service.db.read() as session:
        lines = select(journal.c.aggregate_id).where(journal.c.action == "case:approve")
        assert sorted(await session.scalars(lines.order_by(journal.c.position))) == sorted(case.id for case in cases)
    assert await listed(desk, desk.chief) == {}
    assert await desk.service.journal_problems() == []


async def test_one_that_was_not_opened_since_its_proposal_is_left_out_and_the_others_are_decided(desk: Desk) -> None:
    never, before, after = [await desk.at(State.PROPOSED) for _ in range(3)]
    await opened(desk, desk.chief, before, after)
    await desk.get(desk.chief, f"/{never.id}/timeline")
    await opened(desk, tokens.officer(Role.CHIEF_EXAMINER), never)
    # Another proposal is another thing to read.
    desk.clock.advance(timedelta(minutes=1))
    await desk.done(tokens.officer(Role.CHIEF_EXAMINER), before.id, "decision", {"approve": False, "note": "再検討"})
    await desk.done(desk.examiner, before.id, "proposal", GRANT)
    obstacles = {case: one["obstacle"] for case, one in (await listed(desk, desk.chief)).items()}
    assert obstacles == {str(never.id): "not-opened", str(before.id): "not-opened", str(after.id): None}
    answer = (await decide(desk, desk.chief, [never, before, after])).json()
    assert answer["done"] == 1
    assert [(one["done"], one["code"]) for one in answer["items"]] == [
        (False, "not-opened"),
        (False, "not-opened"),
        (True, None),
    ]
    assert all(one["message"]["ja"] and one["message"]["en"] for one in answer["items"] if not one["done"])
    assert [await desk.state(case.id) for case in (never, before, after)] == [
        State.PROPOSED,
        State.PROPOSED,
        State.AWAITING_FEE,
    ]
    assert await desk.service.journal_problems() == []


async def test_ones_own_proposal_and_a_case_of_another_office_are_answered_by_themselves(desk: Desk) -> None:
    both = tokens.officer(Role.EXAMINER, Role.CHIEF_EXAMINER)
    elsewhere = await desk.open(office="OSA")
    desk.examiner = both
    own = await desk.at(State.PROPOSED)
    desk.examiner = tokens.officer(Role.EXAMINER)
    other = await desk.at(State.PROPOSED)
    await opened(desk, both, own, other)
    assert (await listed(desk, both))[str(own.id)]["obstacle"] == "four-eyes"
    answer = (await decide(desk, both, [own, elsewhere, other])).json()
    assert [one["code"] for one in answer["items"]] == ["four-eyes", "not-found", None]
    assert [await desk.state(case.id) for case in (own, elsewhere, other)] == [
        State.PROPOSED,
        State.RECEIVED,
        State.AWAITING_FEE,
    ]


async def test_proposals_that_differ_are_not_decided_in_one_pass(desk: Desk) -> None:
    first, second = await desk.at(State.PROPOSED), await desk.at(State.UNDER_REVIEW)
    await desk.done(desk.examiner, second.id, "proposal", REFUSE)
    await opened(desk, desk.chief, first, second)
    answer = await decide(desk, desk.chief, [first, second])
    assert (answer.status_code, answer.json()["code"]) == (422, "not-alike")
    assert answer.json()["errors"][0]["pointer"] == "/cases"
    assert list(await listed(desk, desk.chief, outcome="refuse")) == [str(second.id)]


async def test_two_cases_of_one_person_are_not_both_decided_in_one_pass(desk: Desk) -> None:
    cases = [await desk.at(State.PROPOSED, person_keys=["a" * 64]) for _ in range(2)]
    await opened(desk, desk.chief, *cases)
    answer = (await decide(desk, desk.chief, cases)).json()
    assert sorted(one["code"] or "" for one in answer["items"]) == ["", "same-person-unresolved"]
    assert await desk.service.journal_problems() == []


@pytest.mark.parametrize("count", [0, 101])
async def test_a_pass_has_one_to_a_hundred_cases(desk: Desk, count: int) -> None:
    chosen = [{"case_id": str(new_id()), "proposal_id": str(new_id())} for _ in range(count)]
    answer = await send(desk, desk.chief, chosen)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/cases")


async def test_a_repeated_pass_gets_the_first_answer(desk: Desk) -> None:
    case = await desk.at(State.PROPOSED)
    await opened(desk, desk.chief, case)
    proposal = (await listed(desk, desk.chief))[str(case.id)]["proposal_id"]
    chosen, key = [{"case_id": str(case.id), "proposal_id": proposal}], str(new_id())
    first, second = [await send(desk, desk.chief, chosen, key) for _ in range(2)]
    assert first.json() == second.json() and first.json()["done"] == 1
    assert len(await desk.events(ReviewCompleted)) == 1


async def test_ten_chiefs_decide_the_same_proposals_at_once(desk: Desk) -> None:
    """Each case is decided once, and all others learn by whom and when."""
    cases = [await desk.at(State.PROPOSED) for _ in range(3)]
    chiefs = [tokens.officer(Role.CHIEF_EXAMINER) for _ in range(10)]
    for chief in chiefs:
        await opened(desk, chief, *cases)
    found = await listed(desk, desk.chief)
    chosen = [{"case_id": str(case.id), "proposal_id": found[str(case.id)]["proposal_id"]} for case in cases]
    answers = await asyncio.gather(*(send(desk, chief, chosen) for chief in chiefs))
    assert [answer.status_code for answer in answers] == [200] * 10
    outcomes = [(chief, one) for chief, answer in zip(chiefs, answers, strict=True) for one in answer.json()["items"]]
    winners = {one["case_id"]: str(chief.id) for chief, one in outcomes if one["done"]}
    assert Counter(one["code"] for _, one in outcomes) == {None: 3, "wrong-state": 27}
    assert set(winners) == {str(case.id) for case in cases}
    for _, one in outcomes:
        if not one["done"]:
            assert one["changed_by"] == winners[one["case_id"]] and one["changed_at"]
    assert len(await desk.events(ReviewCompleted)) == 3
    assert await desk.service.journal_problems() == []
