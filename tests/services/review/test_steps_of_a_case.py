"""A case says before an officer acts which steps are theirs and what a grant may name; codes are those of lists."""

from datetime import timedelta
from typing import Any

import pytest

from services.review.cases.domain.states import CLOSED, TRANSITIONS, ActingRole, State
from shared.auth import Actor, Role
from shared.ids import new_id
from tests.services.review.desk import COE_AT, GRANT, REFUSE, WAYS, Desk
from tests.services.review.test_permissions import MATRIX, send
from tests.support import tokens

# The route of each step that an officer takes; both words of a decision have one.
ROUTES = {
    "start": "start",
    "take": "take",
    "assign": "assignment",
    "reassign": "reassignment",
    "hand_over": "hand-over",
    "give_back": "return",
    "take_back": "take-back",
    "transfer": "transfer",
    "flag": "flags",
    "unflag": "flags/{code}/removal",
    "examine": "examination",
    "request_documents": "document-requests",
    "answer_correction": "corrections/{correction_id}",
    "answer_more_time": "more-time/{more_time_id}",
    "request_interview": "interview",
    "move_interview": "interview/move",
    "cancel_interview": "interview/cancel",
    "resolve_same_person": "same-person",
    "propose": "proposal",
    "approve": "decision",
    "send_back": "decision",
    "recall": "recall",
    "terminate": "termination",
    "pay_fee": "fee",
    "take_materials": "card-materials-received",
    "issue_certificate": "certificate",
    "revoke_certificate": "certificate-revocation",
    "issue_card": "card",
    "require_visit": "counter-visit",
    "mail": "mailing",
    "return_card": "card-return",
    "deliver": "delivery",
}
NOT_OFFICERS = (ActingRole.APPLICANT, ActingRole.CLOCK)


async def _steps(desk: Desk, who: Actor, case_id: Any) -> list[str]:
    found: list[str] = (await desk.get(who, f"/{case_id}")).json()["steps"]
    return found


def test_every_step_of_an_officer_has_a_route() -> None:
    assert set(ROUTES) == {step for step, one in TRANSITIONS.items() if one.role not in NOT_OFFICERS}


@pytest.mark.parametrize("state", WAYS)
async def test_a_step_that_is_offered_is_taken_and_any_other_is_refused(open_desk: Desk, state: State) -> None:
    """Refused by the table: 403 or 409. What is offered may still have a wrong value."""
    officers = (open_desk.examiner, open_desk.colleague, open_desk.chief, open_desk.card_office)
    case = await open_desk.at(state, **COE_AT.get(state, {}))
    now = await open_desk.state(case.id)
    for who in officers:
        offered = await _steps(open_desk, who, case.id)
        for step, route in ROUTES.items():
            if step in offered:
                continue
            path = f"POST /v1/cases/{{case_id}}/{route}"
            if step == "send_back":
                answer = await open_desk.post(who, case.id, "decision", {"approve": False, "note": "x"})
                assert answer.status_code in (403, 409), (step, answer.text)
                continue
            status, _ = await send(open_desk, path, who, case.id, new_id())
            assert status in (403, 409), (step, status, MATRIX[path])
    assert await open_desk.state(case.id) == now
    assert now not in CLOSED or not await _steps(open_desk, open_desk.chief, case.id)


async def test_steps_are_those_of_the_officer_who_asks(desk: Desk) -> None:
    case = await desk.open()
    assert await _steps(desk, desk.examiner, case.id) == ["start"]
    assert await _steps(desk, desk.chief, case.id) == ["assign", "transfer", "flag", "unflag", "terminate"]
    assert await _steps(desk, desk.auditor, case.id) == []
    await desk._start(case)
    assert "propose" in await _steps(desk, desk.examiner, case.id)
    assert await _steps(desk, desk.colleague, case.id) == []
    await desk._ask(case)
    assert "propose" not in await _steps(desk, desk.examiner, case.id), "the applicant still has time"
    await desk.pass_time(timedelta(days=15))
    assert {"propose", "examine", "request_documents"} <= set(await _steps(desk, desk.examiner, case.id))
    both = desk.examiner = tokens.officer(Role.EXAMINER, Role.CHIEF_EXAMINER)
    await desk.done(desk.chief, case.id, "reassignment", {"examiner_id": str(both.id)})
    await desk._propose(case)
    assert not {"approve", "send_back"} & set(await _steps(desk, both, case.id)), "four eyes"
    assert {"approve", "send_back"} <= set(await _steps(desk, desk.chief, case.id))


async def test_what_a_grant_may_name_is_what_a_proposal_may_name(desk: Desk) -> None:
    case = await desk.at(State.UNDER_REVIEW)
    choices = (await desk.get(desk.examiner, f"/{case.id}")).json()["grantable"]
    assert choices == {"periods": ["Y5", "Y3", "Y1", "M3"], "up_to": None, "reentry": False, "conditions": []}
    refused = await desk.post(desk.examiner, case.id, "proposal", GRANT | {"period_of_stay": "Y2"})
    assert refused.json()["errors"][0]["pointer"] == "/period_of_stay"
    paper = await desk.at(State.UNDER_REVIEW, procedure="WORKCERT", combined_with=["REENTRY"])
    choices = (await desk.get(desk.examiner, f"/{paper.id}")).json()["grantable"]
    assert choices == {"periods": [], "up_to": None, "reentry": True, "conditions": []}


async def test_codes_are_those_of_the_lists(desk: Desk) -> None:
    lists = (await desk.get(desk.chief, "/lists")).json()
    assert {"requirements_not_met", "form_defects"} <= {one["code"] for one in lists["grounds"]}
    assert all(one["ja"] and one["en"] for every in lists.values() for one in every)
    case = await desk.at(State.UNDER_REVIEW)
    odd = await desk.post(desk.examiner, case.id, "proposal", REFUSE | {"reason_code": "moon"})
    assert (odd.status_code, odd.json()["errors"][0]["pointer"]) == (422, "/reason_code")
    odd = await desk.post(desk.chief, case.id, "termination", {"reason_code": "moon"})
    assert (odd.status_code, odd.json()["code"]) == (422, "unknown-reason")
    made = await desk.at(State.CARD_ISSUED)
    odd = await desk.post(desk.card_office, made.id, "counter-visit", {"reason_code": "moon"})
    assert (odd.status_code, odd.json()["code"]) == (422, "unknown-reason")


async def test_a_decision_is_about_the_proposal_that_was_read(desk: Desk) -> None:
    """The first proposal is sent back and another is made while an officer still reads the first."""
    case = await desk.at(State.PROPOSED)
    first = (await desk.get(desk.chief, f"/{case.id}")).json()["proposals"][-1]["id"]
    await desk.done(desk.chief, case.id, "decision", {"approve": False, "note": "x"})
    await desk._refuse(case)
    answer = await desk.post(desk.chief, case.id, "decision", {"approve": True, "proposal_id": first})
    assert (answer.status_code, answer.json()["code"]) == (409, "another-proposal")
    second = (await desk.get(desk.chief, f"/{case.id}")).json()["proposals"][-1]["id"]
    await desk.done(desk.chief, case.id, "decision", {"approve": True, "proposal_id": second})
    assert await desk.state(case.id) is State.DECIDED_REFUSE
