"""One person in two cases: the examiner sees it, the second decision waits, and the applicants notice nothing."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import timedelta
from itertools import combinations
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from services.review.cases.domain.states import UNDECIDED, State
from services.review.cases.store import Case
from shared.auth import Actor, Role
from shared.clock import ManualClock, legal_date
from shared.events.application import ApplicationSubmitted, ApplicationWithdrawn
from shared.events.review_allocation import CaseAllocated
from shared.ids import new_id
from shared.journal import journal
from tests.infra.databases import TestDatabase
from tests.services.application.people import Filer, complete_form
from tests.services.review.conftest import NOON
from tests.services.review.desk import GRANT, REFUSE, Desk
from tests.support import tokens
from tests.support.service import RunningService, running

ONE, OTHER = "a" * 64, "b" * 64
APPROVE = {"approve": True}


@pytest.fixture
async def office(service_database: Callable[[str], TestDatabase]) -> AsyncIterator[Desk]:
    async with running("review", service_database("review"), clock=(clock := ManualClock(NOON))) as service:
        yield Desk(service, clock)


async def proposed(office: Desk, keys: list[str], **changes: Any) -> Case:
    return await office.at(State.PROPOSED, person_keys=keys, **changes)


async def same_person(office: Desk, case: Case, actor: Actor | None = None) -> list[dict[str, Any]]:
    answer = await office.get(actor or office.examiner, f"/{case.id}")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["same_person"]
    return found


def finding(other: Case, **changes: Any) -> dict[str, Any]:
    return {"other_case_id": str(other.id), "finding": "both_needed", "reason": "転職に伴う同時申請"} | changes


async def code(office: Desk, actor: Actor, case: Case, step: str, body: Any) -> tuple[int, str]:
    answer = await office.post(actor, case.id, step, body)
    return answer.status_code, answer.json().get("code", "")


async def test_the_second_decision_waits_until_the_examiner_has_resolved_it(office: Desk) -> None:
    """[attacks F11] Both cases are seen from each other, the first is decided, the second when it is resolved."""
    first, second = await proposed(office, [ONE, OTHER]), await proposed(office, [ONE])
    for case, other in ((first, second), (second, first)):
        (line,) = await same_person(office, case)
        assert (line["case_id"], line["state"], line["holds_decision"]) == (str(other.id), "PROPOSED", False)
    await office.done(office.chief, first.id, "decision", APPROVE)
    refused = await office.post(office.chief, second.id, "decision", APPROVE)
    assert (refused.status_code, refused.json()["code"]) == (409, "same-person-unresolved")
    assert first.receipt_number in refused.json()["detail"]
    assert await office.state(second.id) == State.PROPOSED
    (line,) = await same_person(office, second)
    assert line["holds_decision"] is True
    assert line["decided_at"] is not None
    await office.done(office.examiner, second.id, "same-person", finding(first))
    (line,) = await same_person(office, second)
    assert (line["holds_decision"], line["resolved"]["finding"]) == (False, "both_needed")
    assert line["resolved"]["found_by"] == str(office.examiner.id)
    assert (await office.done(office.chief, second.id, "decision", APPROVE))["state"] == "AWAITING_FEE"
    assert await office.service.journal_problems() == []


@pytest.mark.parametrize("outcome", [GRANT, REFUSE])
async def test_any_second_decision_waits_and_a_proposal_can_be_sent_back_meanwhile(office: Desk, outcome: Any) -> None:
    """[attacks F11] A refusal as well as a grant; sending back decides nothing."""
    first, second = await proposed(office, [ONE]), await proposed(office, [ONE])
    await office.done(office.chief, first.id, "decision", APPROVE)
    await office.done(office.chief, second.id, "decision", {"approve": False, "note": "同一人を確認"})
    await office.done(office.examiner, second.id, "proposal", outcome)
    assert await code(office, office.chief, second, "decision", APPROVE) == (409, "same-person-unresolved")


async def test_who_resolves_does_not_decide(office: Desk) -> None:
    """[attacks F11] Four eyes: also an officer with both roles, on a proposal that somebody else made."""
    first, second = await proposed(office, [ONE]), await office.at(State.UNDER_REVIEW, person_keys=[ONE])
    await office.done(office.chief, first.id, "decision", APPROVE)
    both = tokens.officer(Role.EXAMINER, Role.CHIEF_EXAMINER)
    await office.done(office.chief, second.id, "reassignment", {"examiner_id": str(both.id)})
    await office.done(both, second.id, "same-person", finding(first))
    await office.done(office.chief, second.id, "reassignment", {"examiner_id": str(office.examiner.id)})
    await office.done(office.examiner, second.id, "proposal", GRANT)
    assert await code(office, both, second, "decision", APPROVE) == (403, "four-eyes")
    await office.done(office.chief, second.id, "decision", APPROVE)


async def test_only_its_examiner_resolves_each_case_once_and_with_a_reason(office: Desk) -> None:
    """[attacks F11] Nobody else, no case that is not of the person, no empty reason, and never twice."""
    first, second, stranger = [await proposed(office, keys) for keys in ([ONE], [ONE], [OTHER])]
    refused = {
        "colleague": (office.colleague, finding(first), (403, "not-your-case")),
        "chief": (office.chief, finding(first), (403, "forbidden")),
        "stranger": (office.examiner, finding(stranger), (422, "not-the-same-person")),
        "nowhere": (office.examiner, finding(first, other_case_id=str(new_id())), (422, "not-the-same-person")),
        "itself": (office.examiner, finding(second), (422, "not-the-same-person")),
        "empty": (office.examiner, finding(first, reason=" "), (422, "invalid")),
        "no such finding": (office.examiner, finding(first, finding="ignore"), (422, "invalid")),
    }
    got = {name: await code(office, actor, second, "same-person", body) for name, (actor, body, _) in refused.items()}
    assert got == {name: wanted for name, (_, _, wanted) in refused.items()}
    await office.done(office.examiner, second.id, "same-person", finding(first))
    assert await code(office, office.examiner, second, "same-person", finding(first)) == (409, "already-resolved")
    # What is found about one case says nothing about the next one.
    third = await proposed(office, [ONE])
    assert [line["resolved"] is None for line in await same_person(office, second)] == [False, True]
    await office.done(office.chief, third.id, "decision", APPROVE)
    assert await code(office, office.chief, second, "decision", APPROVE) == (409, "same-person-unresolved")


@pytest.mark.parametrize("closed", [State.WITHDRAWN, State.TERMINATED, State.NOT_ACCEPTED])
async def test_a_case_that_ended_without_effect_holds_nothing(office: Desk, closed: State) -> None:
    """[attacks F11] To close one of the two resolves it as well."""
    await office.at(closed, person_keys=[ONE])
    case = await proposed(office, [ONE])
    assert await same_person(office, case) == []
    await office.done(office.chief, case.id, "decision", APPROVE)


async def test_what_was_decided_while_this_case_waited_counts_also_when_it_is_over(office: Desk) -> None:
    """[attacks F11] The other card is delivered before this decision; next year's application is not concerned."""
    waiting = await proposed(office, [ONE], submitted_at=office.clock.now())
    office.clock.advance(timedelta(hours=1))
    delivered = await office.at(State.DELIVERED, person_keys=[ONE], submitted_at=office.clock.now())
    assert [line["state"] for line in await same_person(office, waiting)] == ["DELIVERED"]
    assert await code(office, office.chief, waiting, "decision", APPROVE) == (409, "same-person-unresolved")
    await office.done(office.examiner, waiting.id, "same-person", finding(delivered))
    await office.done(office.chief, waiting.id, "decision", APPROVE)
    await office.service.deliver(ApplicationWithdrawn.example(application_id=waiting.application_id))
    office.clock.advance(timedelta(days=1))
    later = await proposed(office, [ONE], submitted_at=office.clock.now())
    assert str(delivered.id) not in {line["case_id"] for line in await same_person(office, later)}


async def test_another_offices_case_is_told_of_and_not_opened(office: Desk) -> None:
    """[attacks F11, attacks F6] Receipt number, office and state, and nobody's name; the case itself stays there."""
    ours, theirs = await proposed(office, [ONE]), await office.open(office="OSA", person_keys=[ONE])
    (line,) = await same_person(office, ours)
    assert (line["office"], line["receipt_number"]) == ("OSA", theirs.receipt_number)
    assert {"account_id", "owner_id", "organisation_id", "person_keys"}.isdisjoint(line)
    assert (await office.get(office.examiner, f"/{theirs.id}")).status_code == 404
    for actor, shown in ((office.chief, 1), (office.auditor, 1), (office.card_office, 0)):
        assert len(await same_person(office, ours, actor)) == shown
    async with office.service.db.read() as session:
        rows = select(journal.c.detail).where(journal.c.aggregate_id == ours.id, journal.c.action == "case:read")
        findings = [detail.get("same_person") for detail in await session.scalars(rows.order_by(journal.c.position))]
    assert findings == [[str(theirs.id)]] * 3 + [None]


@pytest.mark.parametrize("seed", range(6))
async def test_of_decisions_at_once_no_two_are_one_persons(office: Desk, seed: int) -> None:
    """[attacks F11] Whatever keys are shared by which cases: of all that are approved at once, no two share one."""
    chance = random.Random(seed)
    keys = [f"{number:064x}" for number in range(4)]
    cases = [await proposed(office, chance.sample(keys, chance.randint(1, 2))) for _ in range(7)]
    chiefs = [tokens.officer(Role.CHIEF_EXAMINER) for _ in cases]
    pairs = zip(chiefs, cases, strict=True)
    answers = await asyncio.gather(*(office.post(chief, case.id, "decision", APPROVE) for chief, case in pairs))
    assert {answer.status_code for answer in answers} <= {200, 409}
    decided = [case for case in cases if await office.state(case.id) not in UNDECIDED]
    assert decided
    assert all(
        set(one.person_keys or ()).isdisjoint(other.person_keys or ()) for one, other in combinations(decided, 2)
    )
    held = [case for case in cases if case not in decided]
    for case in held:
        assert any(line["holds_decision"] for line in await same_person(office, case)), "held by one that was decided"


# From here on with the application service, which makes the keys.


@dataclass
class Filers:
    """Two organisations that file at one service, and the office that gets both applications."""

    service: RunningService
    office: Desk
    first: Filer
    second: Filer

    async def filed(self, filer: Filer, **form: Any) -> str:
        """File, and hand the event to review."""
        before = len(await self.service.events())
        whole = complete_form(legal_date(self.service.clock.now())) | form
        application_id = await filer.filed(form=whole)
        new = (await self.service.events())[before:]
        await self.office.service.deliver(*(event for event in new if isinstance(event, ApplicationSubmitted)))
        return application_id

    async def case(self, application_id: str) -> Case:
        async with self.office.service.db.read() as session:
            found: Case = await session.scalar(select(Case).where(Case.application_id == UUID(application_id)))
        return found


@pytest.fixture
async def filers(service_database: Callable[[str], TestDatabase], office: Desk) -> AsyncIterator[Filers]:
    async with running("application", service_database("application"), clock=office.clock) as service:
        yield Filers(service, office, Filer(service), Filer(service))


CARD = "AB12345678CD"
VARIANTS = {
    "the same card": {},
    "a renewed card": {"residence_card_no": "CD87654321AB"},
    "the name in other spacing": {"residence_card_no": "CD87654321AB", "name_roman": "NGUYEN VANAN"},
    "another spelling with the same card": {"name_roman": "NGUYEN ANH"},
}


@pytest.mark.parametrize("variant", VARIANTS)
async def test_two_organisations_that_file_for_one_person_are_found(filers: Filers, variant: str) -> None:
    """[attacks F11] By the card, and by name, birth date and nationality where its number is another."""
    one = await filers.filed(filers.first)
    other = await filers.filed(filers.second, **VARIANTS[variant])
    (line,) = await same_person(filers.office, await filers.case(one))
    assert line["case_id"] == str((await filers.case(other)).id)


async def test_somebody_else_is_not_taken_for_the_same_person(filers: Filers) -> None:
    """[attacks F11] Another card and another day of birth: nothing in common."""
    one = await filers.filed(filers.first)
    await filers.filed(filers.second, residence_card_no="CD87654321AB", birth_date="1991-02-03")
    assert await same_person(filers.office, await filers.case(one)) == []


async def test_the_applicants_see_no_difference(filers: Filers) -> None:
    """[attacks F11] The answers to a filer are the same with and without another case of the person."""
    alone = await filers.filed(filers.first, residence_card_no="CD87654321AB", birth_date="1991-02-03")
    one = await filers.filed(filers.first)
    second = await filers.filed(filers.second)
    before = await filers.second.get(f"/{second}/timeline")
    seen = {
        name: await filer.get(f"/{application}")
        for name, filer, application in (("alone", filers.first, alone), ("second", filers.second, second))
    }
    assert seen["alone"].keys() == seen["second"].keys()
    assert seen["alone"]["status"] == seen["second"]["status"] == "received"
    assert "person" not in str(seen["second"].keys())
    office = filers.office
    already = len(await office.events())
    for application in (one, second):
        case = await filers.case(application)
        await office.done(office.examiner, case.id, "start")
        await office.done(office.examiner, case.id, "proposal", GRANT)
    await office.done(office.chief, (await filers.case(one)).id, "decision", APPROVE)
    waiting = await filers.case(second)
    assert (await office.post(office.chief, waiting.id, "decision", APPROVE)).status_code == 409
    await office.done(office.examiner, waiting.id, "same-person", finding(await filers.case(one)))
    new = (await office.events())[already:]
    for_applicants = [event for event in new if not isinstance(event, CaseAllocated)]
    assert [type(event).__name__ for event in for_applicants] == ["ReviewStarted", "ReviewStarted", "ReviewCompleted"]
    assert await filers.second.get(f"/{second}/timeline") == before


async def test_the_key_says_nothing_without_the_secret(filers: Filers) -> None:
    """[attacks F11] Neither event nor journal nor case shows a number or a key that a reader could try out."""
    from hashlib import sha256

    application = await filers.filed(filers.first)
    (event,) = [e for e in await filers.service.events() if isinstance(e, ApplicationSubmitted)]
    assert len(event.person_keys) == 2
    assert CARD not in event.model_dump_json()
    assert sha256(CARD.encode()).hexdigest() not in event.person_keys
    case = await filers.case(application)
    shown = (await filers.office.get(filers.office.examiner, f"/{case.id}")).text
    async with filers.office.service.db.read() as session:
        lines = str(list(await session.scalars(select(journal.c.changes).order_by(journal.c.position))))
    for key in event.person_keys:
        assert key not in shown
        assert key not in lines
