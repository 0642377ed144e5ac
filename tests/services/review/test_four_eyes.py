"""The proposer cannot decide: in the rules, and in the database against SQL under the service's role."""

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


async def test_the_proposer_of_an_older_proposal_may_decide_on_somebody_elses_new_one(desk: Desk) -> None:
    desk.examiner = tokens.officer(Role.EXAMINER, Role.CHIEF_EXAMINER)
    case = await desk.at(State.PROPOSED)
    await desk.done(desk.chief, case.id, "decision", {"approve": False, "note": "担当替え"})
    await desk.done(desk.chief, case.id, "reassignment", {"examiner_id": str(desk.colleague.id)})
    await desk.done(desk.colleague, case.id, "proposal", GRANT)
    assert (await desk.done(desk.examiner, case.id, "decision", {"approve": True}))["state"] == "AWAITING_FEE"


@pytest.fixture
async def proposed(desk: Desk) -> dict[str, Any]:
    """The ids that raw SQL about a waiting proposal needs."""
    case = await desk.at(State.PROPOSED)
    return {"case": case.id, "examiner": desk.examiner.id, "chief": desk.chief.id, "id": new_id()}


DECIDE = "UPDATE proposals SET approved = true, decided_at = now(), decided_by = :{who} WHERE case_id = :case"
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
        [DECIDE.format(who="chief"), DECIDE.format(who="examiner")],
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
        [
            "UPDATE proposals SET approved = false, note = 'no', decided_at = now(), decided_by = :chief"
            " WHERE case_id = :case",
            GRANTED,
        ],
        "tr_cases_decided_by_two",
    ),
    "the case is refused on a proposal to grant": (
        [DECIDE.format(who="chief"), "UPDATE cases SET state = 'DECIDED_REFUSE' WHERE id = :case"],
        "tr_cases_decided_by_two",
    ),
    "a second proposal waits beside the first": (
        [
            "INSERT INTO proposals (id, case_id, outcome, proposed_by, proposed_at)"
            " VALUES (:id, :case, 'grant', :chief, now())"
        ],
        "uq_proposals_case_id_open",
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
        for statement in (DECIDE.format(who="chief"), GRANTED):
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


async def test_a_fee_that_is_not_the_fee_of_the_decision_cannot_be_stored(desk: Desk) -> None:
    case = await desk.at(State.AWAITING_FEE)
    with pytest.raises(IntegrityError, match="fk_fee_payments_case_id_cases"):
        async with desk.service.db.transaction() as session:
            await session.execute(
                text("INSERT INTO fee_payments VALUES (:case, 4000, '2026-07-15', 'x', :by, now())"),
                {"case": case.id, "by": desk.card_office.id},
            )
