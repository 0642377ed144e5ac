"""Events of the application: it opens a case, is corrected, its applicant moves, it is withdrawn."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from services.review.audit import Tag
from services.review.cases.commands.loading import find_by_application, load_of_application, save, set_clock
from services.review.cases.domain import flow
from services.review.cases.domain.states import TRANSITIONS, State, Step
from services.review.cases.domain.urgency import NO_FLAG
from services.review.cases.store import Case, Correction
from shared.events.application import (
    ApplicantMoved,
    ApplicationCorrected,
    ApplicationHandedOver,
    ApplicationSubmitted,
    ApplicationWithdrawn,
    CorrectionRequested,
)
from shared.ids import new_id
from shared.work import Work

# What a correction always states of the form, and what stays as it was where it does not.
_STATED = frozenset({"form_version", "requested_period", "document_ids", "photo_id"})
_KEPT = frozenset({"nationality", "category", "stay_expiry", "special_period_end", "receipt_method", "person_keys"})
CORRECTABLE = _STATED | _KEPT
# What a case has of its application from the beginning.
FILED = CORRECTABLE | {
    *("application_id", "receipt_number", "account_id", "owner_id", "organisation_id", "role", "procedure"),
    *("combined_with", "status_of_residence", "form_section", "office", "submitted_at", "legal_date"),
}


async def open_case(work: Work, filed: ApplicationSubmitted) -> None:
    """Make the case of an application; a second ApplicationSubmitted for it changes nothing."""
    if await find_by_application(work, filed.application_id) is not None:
        return
    await open_with(work, filed.model_dump(include=set(FILED)))


async def open_with(work: Work, facts: Mapping[str, Any]) -> Case:
    """Make a case that nobody has looked at, with these facts of the application."""
    own: dict[str, Any] = {
        "id": new_id(),
        "state": State.RECEIVED,
        "state_since": work.now,
        "fee_paid": False,
        "materials_received": False,
        "waited_seconds": 0,
        "priority": NO_FLAG,
    }
    columns = dict.fromkeys(Case.__table__.c.keys())
    case = Case(**columns | as_kept(facts) | own)
    work.session.add(case)
    await set_clock(work, case)
    work.journal("case", case.id, Tag.OPEN, {"receipt_number": case.receipt_number})
    return case


def as_kept(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts as the columns of a case have them."""
    kept = dict(facts)
    if (ids := kept.get("document_ids")) is not None:
        kept["document_ids"] = id_texts(ids)
    return kept | {name: list(kept[name]) for name in ("combined_with", "person_keys") if kept.get(name) is not None}


def stated_by(corrected: ApplicationCorrected) -> dict[str, Any]:
    """The facts of a corrected form that the case needs. One that the event does not state stays."""
    stated = corrected.model_dump(include=set(CORRECTABLE))
    return {name: value for name, value in stated.items() if name in _STATED or value is not None}


async def correct(work: Work, corrected: ApplicationCorrected) -> None:
    """Note a correction: the documents and the requested period that hold from now on."""
    loaded = await load_of_application(work, corrected.application_id)
    case = loaded.case
    in_time = loaded.progress.state in TRANSITIONS[Step.CORRECT].sources
    if in_time:
        for name, value in as_kept(stated_by(corrected)).items():
            setattr(case, name, value)
        await set_clock(work, case)
    if corrected.correction_id is not None:
        await _note_made(work, case, corrected.correction_id, corrected)
    work.journal("case", case.id, Tag.CORRECT, {"changed": list(corrected.changed), "in_time": in_time})


async def take_correction_request(work: Work, requested: CorrectionRequested) -> None:
    """Note that the applicant asks for a correction; the examiner answers it."""
    case = (await load_of_application(work, requested.application_id)).case
    if await work.session.get(Correction, requested.correction_id) is None:
        correction = _correction(case, requested.correction_id, requested.changed)
        correction.requested_at = requested.requested_at
        work.session.add(correction)
    detail = {"correction_id": requested.correction_id, "changed": list(requested.changed)}
    work.journal("case", case.id, Tag.REQUEST_CORRECTION, detail)


async def note_address(work: Work, moved: ApplicantMoved) -> None:
    """Note which office is in charge of the applicant's address now; the case stays with the office that has it."""
    case = (await load_of_application(work, moved.application_id)).case
    case.address_office, case.moved_on = moved.office, moved.lives_there_from
    work.journal("case", case.id, Tag.NOTE_ADDRESS, {"office": moved.office, "moved_on": moved.lives_there_from})


async def note_filer(work: Work, handed_over: ApplicationHandedOver) -> None:
    """Note which account of the applicant's organisation is in charge now: events of the case name it."""
    case = (await load_of_application(work, handed_over.application_id)).case
    case.account_id = handed_over.account_id
    detail = {"from": handed_over.account_before, "to": handed_over.account_id}
    work.journal("case", case.id, Tag.NOTE_FILER, detail)


async def _note_made(work: Work, case: Case, correction_id: UUID, corrected: ApplicationCorrected) -> None:
    """Note when a correction was made: one that the examiner agreed to, or one that was free."""
    correction = await work.session.get(Correction, correction_id)
    if correction is None:
        correction = _correction(case, correction_id, corrected.changed)
        work.session.add(correction)
    correction.corrected_at = corrected.corrected_at


def _correction(case: Case, correction_id: UUID, changed: tuple[str, ...]) -> Correction:
    """A correction that nobody has answered yet."""
    return Correction(
        id=correction_id,
        case_id=case.id,
        changed=list(changed),
        requested_at=None,
        agreed=None,
        answered_by=None,
        answered_at=None,
        reason=None,
        corrected_at=None,
    )


async def withdraw(work: Work, withdrawn: ApplicationWithdrawn) -> None:
    """Close the case; a withdrawal that arrives after the decision is only noted, as the decision stands."""
    loaded = await load_of_application(work, withdrawn.application_id)
    after = flow.withdraw(loaded.progress)
    tag = Tag.WITHDRAW if after.state is State.WITHDRAWN else Tag.WITHDRAW_LATE
    await save(work, loaded, after)
    work.journal("case", loaded.case.id, tag, {"reason_code": withdrawn.reason_code})


def id_texts(ids: Iterable[UUID | str]) -> list[str]:
    """`ids` as JSON keeps them."""
    return [str(each) for each in ids]
