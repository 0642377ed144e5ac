"""Interviews (事情聴取) and inquiries (実態調査): requested, moved, cancelled, and people reminded of them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from services.review.audit import Tag
from services.review.cases.commands.loading import INTERVIEW_SOON, event_header, load, officer, save
from services.review.cases.schemas import CaseBrief
from services.review.cases.store import Case, Interview, lock_case
from services.review.examination.domain import flow
from services.review.examination.store import interviews_without_reminder
from shared.clock import legal_date
from shared.events.review import InterviewCancelled, InterviewMoved, InterviewRequested, InterviewSoon
from shared.ids import new_id
from shared.reference.deadlines import INTERVIEW_REMINDERS
from shared.timers import at, cancel
from shared.work import Work

_RESTORED_AT_ONCE = 500


async def request_interview(
    work: Work, case_id: UUID, kind: str, held_at: datetime | None, place: str | None, instructions: str | None
) -> CaseBrief:
    """Invite the applicant or the organisation to talk, or announce a visit."""
    loaded = await load(work, case_id)
    await save(work, loaded, flow.request_interview(loaded.progress, officer(work.actor)))
    flow.check_held_at(held_at, work.now)
    case = loaded.case
    interview = Interview(
        id=new_id(),
        case_id=case.id,
        kind=kind,
        held_at=held_at,
        place=place,
        instructions=instructions,
        requested_by=work.actor_id,
        requested_at=work.now,
        moved_at=None,
        cancelled_by=None,
        cancelled_at=None,
        cancel_reason=None,
        closed_at=None,
    )
    work.session.add(interview)
    await _set_reminder(work, interview)
    detail = {"interview_id": interview.id, "kind": kind, "held_at": held_at}
    work.journal("case", case.id, Tag.REQUEST_INTERVIEW, detail)
    work.emit(InterviewRequested.model_validate(_event(work, case, interview) | {"requested_at": work.now}))
    return CaseBrief.of(case)


async def move_interview(
    work: Work, case_id: UUID, held_at: datetime, place: str | None, instructions: str | None
) -> CaseBrief:
    """Hold the interview at another time or place; what the applicant knew before holds no more."""
    loaded = await load(work, case_id)
    await save(work, loaded, flow.move_interview(loaded.progress, officer(work.actor)))
    flow.check_held_at(held_at, work.now)
    case, interview = loaded.case, loaded.interview
    assert interview is not None, "a case on hold has its interview"
    detail = {"interview_id": interview.id, "from": interview.held_at, "to": held_at}
    interview.held_at, interview.place, interview.instructions = held_at, place, instructions
    interview.moved_at = work.now
    await cancel(work.session, INTERVIEW_SOON, interview.id)
    await _set_reminder(work, interview)
    work.journal("case", case.id, Tag.MOVE_INTERVIEW, detail)
    work.emit(InterviewMoved.model_validate(_event(work, case, interview) | {"moved_at": work.now}))
    return CaseBrief.of(case)


async def cancel_interview(work: Work, case_id: UUID, reason: str) -> CaseBrief:
    """Call the interview off; the examination goes on."""
    loaded = await load(work, case_id)
    case, interview = loaded.case, loaded.interview
    after = flow.cancel_interview(loaded.progress, officer(work.actor))
    assert interview is not None, "a case on hold has its interview"
    interview.cancelled_by, interview.cancelled_at, interview.cancel_reason = work.actor_id, work.now, reason
    await save(work, loaded, after)
    work.journal("case", case.id, Tag.CANCEL_INTERVIEW, {"interview_id": interview.id})
    event = event_header(case) | {
        "office": case.office,
        "interview_id": interview.id,
        "kind": interview.kind,
        "held_at": interview.held_at,
        "sealed_reason": work.seal(reason),
        "cancelled_at": work.now,
    }
    work.emit(InterviewCancelled.model_validate(event))
    return CaseBrief.of(case)


async def remind(work: Work, interview_id: UUID) -> None:
    """Remind of an interview that is still awaited, and set the next reminder."""
    interview = await work.session.get(Interview, interview_id)
    if interview is None:
        return
    case = await lock_case(work.session, interview.case_id)
    assert case is not None
    await work.session.refresh(interview)
    if interview.closed_at is not None or interview.held_at is None or interview.held_at <= work.now:
        return
    detail = {"interview_id": interview.id, "held_at": interview.held_at}
    work.journal("case", case.id, Tag.REMIND_OF_INTERVIEW, detail)
    work.emit(InterviewSoon.model_validate(_event(work, case, interview) | {"noticed_at": work.now}))
    await _set_reminder(work, interview)


async def restore_timers(work: Work) -> None:
    """Set again the reminders of interviews that have none. One that stands keeps its moment."""
    for interview in await interviews_without_reminder(work.session, INTERVIEW_SOON, work.now, _RESTORED_AT_ONCE):
        await _set_reminder(work, interview)


async def _set_reminder(work: Work, interview: Interview) -> None:
    if interview.held_at is None:
        return
    moment = flow.next_reminder(legal_date(interview.held_at), INTERVIEW_REMINDERS, work.now)
    if moment is not None:
        await at(work.session, INTERVIEW_SOON, interview.id, moment)


def _event(work: Work, case: Case, interview: Interview) -> dict[str, Any]:
    """The fields of an event that says when and where an interview is."""
    return event_header(case) | {
        "office": case.office,
        "interview_id": interview.id,
        "kind": interview.kind,
        "held_at": interview.held_at,
        "sealed_place": work.seal(interview.place) if interview.place else None,
        "sealed_instructions": work.seal(interview.instructions) if interview.instructions else None,
    }
