"""The basis of a proposal: what it rests on is kept with it, and a decision is about the case as it was read."""

from typing import Any
from uuid import UUID

from sqlalchemy import text

from services.review.cases.domain.states import State
from services.review.cases.store import Case
from shared.auth import Actor, Role
from shared.events.application import ApplicantMoved, ApplicationCorrected
from shared.events.review import ReviewCompleted
from shared.ids import new_id
from tests.services.review.desk import GRANT, Desk
from tests.support import tokens

YES = {"approve": True}


async def read(desk: Desk, case: Case, by: Actor | None = None) -> dict[str, Any]:
    """The case as an officer reads it."""
    answer = await desk.get(by or desk.chief, f"/{case.id}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def correct(desk: Desk, case: Case, **changes: Any) -> ApplicationCorrected:
    """The applicant corrects the application; the other facts stay."""
    stays = {"document_ids": [UUID(one) for one in case.document_ids], "photo_id": case.photo_id}
    event = ApplicationCorrected.example(
        application_id=case.application_id,
        **({"correction_id": new_id(), "form_version": case.form_version} | stays | changes),
    )
    await desk.service.deliver(event)
    return event


async def test_what_a_proposal_rests_on_is_kept_with_it(desk: Desk) -> None:
    case = await desk.at(State.DOCS_SUBMITTED)
    await desk.done(desk.examiner, case.id, "examination", {"findings": {"taxes": "yes"}})
    seen = await read(desk, case, desk.examiner)
    answer = await desk.post(
        desk.examiner, case.id, "proposal", GRANT | {"hints": ["filing_window"]}, revision=seen["revision"]
    )
    assert answer.status_code == 200, answer.text
    (proposal,) = (shown := await read(desk, case))["proposals"]
    assert proposal["basis"] == {
        "revision": seen["revision"],
        "form_version": seen["form_version"],
        "document_ids": seen["document_ids"],
        "photo_id": seen["photo_id"],
        "corrections": [],
        "examination_id": seen["examinations"][-1]["id"],
        "hints": ["filing_window"],
    }
    assert shown["since_proposal"] == {
        "form_version": None,
        "added_documents": [],
        "removed_documents": [],
        "other_photo": False,
        "corrections": [],
        "examination_id": None,
    }


async def test_what_changed_since_the_proposal_is_listed(desk: Desk) -> None:
    case = await desk.at(State.DOCS_SUBMITTED)
    await desk.done(desk.examiner, case.id, "proposal", GRANT)
    late = new_id()
    await desk.service.deliver(desk.answered(case, document_ids=[late]))
    kept = [UUID(one) for one in (await read(desk, case))["document_ids"]]
    photo = new_id()
    event = await correct(desk, case, document_ids=kept[1:], photo_id=photo, form_version="2027-01-01")
    since = (await read(desk, case))["since_proposal"]
    assert since == {
        "form_version": "2027-01-01",
        "added_documents": [str(late)],
        "removed_documents": [str(kept[0])],
        "other_photo": True,
        "corrections": [str(event.correction_id)],
        "examination_id": None,
    }


async def test_looking_at_a_case_does_not_change_its_revision(desk: Desk) -> None:
    case = await desk.at(State.PROPOSED)
    first = (await read(desk, case))["revision"]
    await read(desk, case, desk.examiner)
    await desk.get(desk.chief, f"/{case.id}/timeline")
    assert (await read(desk, case))["revision"] == first
    await desk.service.deliver(ApplicantMoved.example(application_id=case.application_id))
    assert (await read(desk, case))["revision"] > first


async def test_a_decision_on_a_case_that_changed_since_it_was_read_is_refused(desk: Desk) -> None:
    """Neither word of the decision, nor the proposal itself, is about what nobody has read."""
    case = await desk.at(State.PROPOSED)
    revision = (await read(desk, case))["revision"]
    await correct(desk, case)
    for body in (YES, {"approve": False, "note": "x"}):
        answer = await desk.post(desk.chief, case.id, "decision", body, revision=revision)
        problem = answer.json()
        assert (answer.status_code, problem["code"]) == (412, "changed-meanwhile")
        assert "The application was corrected" in problem["detail"]
        assert (problem["changed_by"], problem["changed_at"]) == (None, desk.clock.now().isoformat())
    assert await desk.state(case.id) is State.PROPOSED
    again = (await read(desk, case))["revision"]
    assert (await desk.post(desk.chief, case.id, "decision", YES, revision=again)).status_code == 200


async def test_who_was_first_is_named_in_a_refusal_of_what_was_read(desk: Desk) -> None:
    case = await desk.at(State.PROPOSED)
    revision = (await read(desk, case))["revision"]
    other = tokens.officer(Role.CHIEF_EXAMINER)
    await desk.done(other, case.id, "flags", {"code": "urgent", "reason": "母国の葬儀"})
    answer = await desk.post(desk.chief, case.id, "decision", YES, revision=revision)
    assert (answer.status_code, answer.json()["changed_by"]) == (412, str(other.id))
    # A case that is decided says so, whatever was read of it.
    await desk.done(other, case.id, "decision", YES)
    answer = await desk.post(desk.chief, case.id, "decision", YES, revision=revision)
    assert (answer.status_code, answer.json()["code"], answer.json()["changed_by"]) == (
        409,
        "wrong-state",
        str(other.id),
    )
    assert len(await desk.events(ReviewCompleted)) == 1


async def test_a_proposal_is_about_the_case_that_its_examiner_read(desk: Desk) -> None:
    case = await desk.at(State.DOCS_SUBMITTED)
    revision = (await read(desk, case, desk.examiner))["revision"]
    await desk.service.deliver(desk.answered(case, document_ids=[new_id()]))
    answer = await desk.post(desk.examiner, case.id, "proposal", GRANT, revision=revision)
    assert (answer.status_code, answer.json()["code"]) == (412, "changed-meanwhile")
    assert await desk.state(case.id) is State.DOCS_SUBMITTED


async def test_a_case_that_changed_after_it_was_opened_is_left_out_of_a_pass(desk: Desk) -> None:
    case = await desk.at(State.PROPOSED)
    shown = await read(desk, case)
    await correct(desk, case)
    body = {"cases": [{"case_id": str(case.id), "proposal_id": shown["proposals"][0]["id"]}]}

    async def decide() -> Any:
        headers = tokens.bearer(desk.chief, desk.clock) | {"Idempotency-Key": str(new_id())}
        return (await desk.service.client.post("/v1/cases/decisions", json=body, headers=headers)).json()["items"][0]

    (line,) = (await desk.get(desk.chief, "/proposals")).json()["items"]
    assert line["obstacle"] == "not-opened"
    refused = await decide()
    assert (refused["done"], refused["code"]) == (False, "not-opened")
    await read(desk, case)
    assert (await decide())["done"] is True


async def test_a_proposal_from_before_the_basis_was_kept_is_shown_without_it(desk: Desk) -> None:
    case = await desk.at(State.UNDER_REVIEW)
    async with desk.service.db.transaction() as session:
        await session.execute(
            text(
                "INSERT INTO proposals (id, case_id, outcome, period_of_stay, proposed_by, proposed_at)"
                " VALUES (:id, :case, 'grant', 'Y3', :by, :at)"
            ),
            {"id": new_id(), "case": case.id, "by": desk.examiner.id, "at": desk.clock.now()},
        )
    shown = await read(desk, case)
    assert (shown["proposals"][0]["basis"], shown["since_proposal"]) == (None, None)
