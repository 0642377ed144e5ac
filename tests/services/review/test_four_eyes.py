"""The proposer cannot decide: in the rules, and in the database against SQL under the service's role."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError

from services.review.cases.domain.states import State
from shared.auth import Role
from shared.events.review import ReviewCompleted
from shared.ids import new_id
from tests.services.review.desk import GRANT, Desk
from tests.support import tokens


@pytest.mark.parametrize("approve", [True, False])
async def test_an_officer_with_both_roles_cannot_decide_on_their_own_proposal(desk: Desk, approve: bool) -> None:
    desk.examiner = tokens.officer(Role.EXAMINER, Role.CHIEF_EXAMINER)
    case = await desk.at(State.PROPOSED)
    answer = await desk.post(desk.examiner, case.id, "decision", {"approve": approve, "note": "x"})
    assert (answer.status_code, answer.json()["code"]) == (403, "four-eyes")
    assert await desk.events(ReviewCompleted) == []
    await desk.done(desk.chief, case.id, "decision", {"approve": True})


@pytest.mark.parametrize("approve", [True, False])
async def test_the_proposer_of_an_older_proposal_cannot_decide_after_a_reassignment(desk: Desk, approve: bool) -> None:
    desk.examiner = tokens.officer(Role.EXAMINER, Role.CHIEF_EXAMINER)
    case = await desk.at(State.PROPOSED)
    await desk.done(desk.chief, case.id, "decision", {"approve": False, "note": "担当替え"})
    await desk.done(desk.chief, case.id, "reassignment", {"examiner_id": str(desk.colleague.id)})
    await desk.done(desk.colleague, case.id, "proposal", GRANT)
    answer = await desk.post(desk.examiner, case.id, "decision", {"approve": approve, "note": "x"})
    assert (answer.status_code, answer.json()["code"]) == (403, "four-eyes")
    assert (await desk.done(desk.chief, case.id, "decision", {"approve": True}))["state"] == "AWAITING_FEE"


async def test_one_human_with_two_accounts_cannot_decide_on_their_own_proposal(desk: Desk) -> None:
    desk.examiner = replace(tokens.officer(Role.EXAMINER), person="one human")
    second_account = replace(tokens.officer(Role.CHIEF_EXAMINER), person="one human")
    case = await desk.at(State.PROPOSED)
    shown = (await desk.get(second_account, f"/{case.id}")).json()["steps"]
    assert "approve" not in shown and "send_back" not in shown
    answer = await desk.post(second_account, case.id, "decision", {"approve": True})
    assert (answer.status_code, answer.json()["code"]) == (403, "four-eyes")
    another = replace(tokens.officer(Role.CHIEF_EXAMINER), person="another human")
    await desk.done(another, case.id, "decision", {"approve": True})


@pytest.fixture
async def proposed(desk: Desk) -> dict[str, Any]:
    """The ids that raw SQL about a waiting proposal needs."""
    case = await desk.at(State.PROPOSED)
    return {"case": case.id, "examiner": desk.examiner.id, "chief": desk.chief.id, "id": new_id()}


DECIDE = (
    "UPDATE proposals SET approved = true, decided_at = now(), effective_at = now(), decided_by = :{who}"
    " WHERE case_id = :case AND decided_at IS NULL"
)
AGAIN = "UPDATE proposals SET decided_by = :examiner WHERE case_id = :case"
EFFECT = "UPDATE proposals SET took_effect_at = now() WHERE case_id = :case AND approved"
RECALL = "UPDATE proposals SET recalled_at = now(), recall_reason = 'x', recalled_by = :{who} WHERE case_id = :case"
SEND_BACK = (
    "UPDATE proposals SET approved = false, note = 'no', decided_at = now(), decided_by = :chief WHERE case_id = :case"
)
PROPOSE = (
    "INSERT INTO proposals (id, case_id, outcome, proposed_by, proposed_at) VALUES (:id, :case, 'grant', :{who}, now())"
)
GRANTED = "UPDATE cases SET state = 'AWAITING_FEE', fee_yen = 5500 WHERE id = :case"
INSERT = """INSERT INTO proposals (id, case_id, outcome, proposed_by, proposed_at, approved, decided_by, decided_at)
    VALUES (:id, :case, 'grant', :examiner, now(), true, :chief, now())"""
FORGERIES: dict[str, tuple[list[str], str]] = {
    "the proposer decides": ([DECIDE.format(who="examiner")], "ck_proposals_four_eyes"),
    "the proposer becomes somebody else": (
        ["UPDATE proposals SET proposed_by = :chief WHERE case_id = :case"],
        "tr_proposals_stand",
    ),
    "proposer and decider are swapped in one update": (
        [
            "UPDATE proposals SET proposed_by = :chief, approved = true, decided_at = now(), decided_by = :examiner"
            " WHERE case_id = :case"
        ],
        "tr_proposals_stand",
    ),
    "the outcome changes under the decider's pen": (
        [
            "UPDATE proposals SET period_of_stay = 'Y5', approved = true, decided_at = now(), decided_by = :chief"
            " WHERE case_id = :case"
        ],
        "tr_proposals_stand",
    ),
    "the decider becomes the proposer afterwards": (
        [DECIDE.format(who="chief"), AGAIN],
        "tr_proposals_stand",
    ),
    "a decision is taken back": (
        [
            DECIDE.format(who="chief"),
            "UPDATE proposals SET approved = NULL, decided_at = NULL, decided_by = NULL WHERE case_id = :case",
        ],
        "tr_proposals_stand",
    ),
    "a proposal comes into the world decided": ([INSERT], "tr_proposals_stand"),
    "the case is granted without a decision": ([GRANTED], "tr_cases_decided_by_two"),
    "the case is granted on a proposal that was sent back": (
        [SEND_BACK, GRANTED],
        "tr_cases_decided_by_two",
    ),
    "the case is refused on a proposal to grant": (
        [DECIDE.format(who="chief"), EFFECT, "UPDATE cases SET state = 'DECIDED_REFUSE' WHERE id = :case"],
        "tr_cases_decided_by_two",
    ),
    "a second proposal waits beside the first": (
        [PROPOSE.format(who="chief")],
        "uq_proposals_case_id_open",
    ),
    "the proposer of a proposal that was sent back decides on the next": (
        [SEND_BACK, PROPOSE.format(who="chief"), DECIDE.format(who="examiner")],
        "tr_proposals_four_eyes",
    ),
    "the case is granted on a decision that is not in effect": (
        [DECIDE.format(who="chief"), GRANTED],
        "tr_cases_decided_by_two",
    ),
    "a decision takes effect before its moment": (
        [
            DECIDE.format(who="chief").replace("effective_at = now()", "effective_at = now() + interval '30 minutes'"),
            EFFECT,
        ],
        "ck_proposals_took_effect",
    ),
    "the decider recalls the own decision": (
        [DECIDE.format(who="chief"), RECALL.format(who="chief")],
        "ck_proposals_recalled_by_another",
    ),
    "a decision in effect is recalled": (
        [DECIDE.format(who="chief"), EFFECT, RECALL.format(who="id")],
        "tr_proposals_stand",
    ),
    "the case is granted on a decision that was recalled": (
        [DECIDE.format(who="chief"), RECALL.format(who="id"), GRANTED],
        "tr_cases_decided_by_two",
    ),
    "a decision that was recalled takes effect": (
        [DECIDE.format(who="chief"), RECALL.format(who="id"), EFFECT],
        "tr_proposals_stand",
    ),
    "the reason of a recall is rewritten": (
        [DECIDE.format(who="chief"), RECALL.format(who="id"), RECALL.format(who="examiner")],
        "tr_proposals_stand",
    ),
}


@pytest.mark.parametrize("forgery", FORGERIES)
async def test_the_database_refuses_what_would_leave_one_pair_of_eyes(
    desk: Desk, proposed: dict[str, Any], forgery: str
) -> None:
    statements, constraint = FORGERIES[forgery]
    with pytest.raises(IntegrityError) as refused:
        async with desk.service.db.transaction() as session:
            for statement in statements:
                used = {name: value for name, value in proposed.items() if f":{name}" in statement}
                await session.execute(text(statement), used)
    assert refused.value.orig is not None
    assert getattr(refused.value.orig.__cause__, "constraint_name", None) == constraint
    assert await desk.state(proposed["case"]) == State.PROPOSED


async def test_two_officers_pass_the_same_constraints(desk: Desk, proposed: dict[str, Any]) -> None:
    async with desk.service.db.transaction() as session:
        for statement in (DECIDE.format(who="chief"), EFFECT, GRANTED):
            used = {name: value for name, value in proposed.items() if f":{name}" in statement}
            await session.execute(text(statement), used)
    assert await desk.state(proposed["case"]) == State.AWAITING_FEE


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM proposals WHERE case_id = :case",
        "TRUNCATE proposals",
        "ALTER TABLE proposals DISABLE TRIGGER ALL",
        "ALTER TABLE proposals DROP CONSTRAINT ck_proposals_four_eyes",
        "SET session_replication_role = replica",
    ],
)
async def test_the_service_role_cannot_switch_the_rule_off(
    desk: Desk, proposed: dict[str, Any], statement: str
) -> None:
    with pytest.raises((ProgrammingError, DBAPIError), match=r"permission denied|must be owner"):
        async with desk.service.db.transaction() as session:
            await session.execute(text(statement), {"case": proposed["case"]} if ":case" in statement else {})


async def test_the_database_knows_one_human_by_two_accounts(desk: Desk) -> None:
    desk.examiner = replace(desk.examiner, person="one human")
    case = await desk.at(State.PROPOSED)
    with pytest.raises(IntegrityError, match="ck_proposals_two_people"):
        async with desk.service.db.transaction() as session:
            decided = DECIDE.format(who="chief").replace("approved = true", "approved = true, decided_person = :person")
            await session.execute(
                text(decided), {"case": case.id, "chief": desk.chief.id, "person": desk.examiner.person}
            )


async def test_a_fee_that_is_not_the_fee_of_the_decision_cannot_be_stored(desk: Desk) -> None:
    case = await desk.at(State.AWAITING_FEE)
    with pytest.raises(IntegrityError, match="fk_fee_payments_case_id_cases"):
        async with desk.service.db.transaction() as session:
            await session.execute(
                text("INSERT INTO fee_payments VALUES (:case, 4000, '2026-07-15', 'x', :by, now())"),
                {"case": case.id, "by": desk.card_office.id},
            )
