"""What an examiner does: take the case, look, ask, propose; and the chief's hand on the way."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TypedDict
from uuid import UUID

from services.review.audit import Tag
from services.review.commands.answers import CaseBrief, DocumentsRequested
from services.review.commands.loading import DOCUMENTS_OVERDUE, filed, load, officer, save, today, told
from services.review.domain import decision, flow
from services.review.domain.checklist import Finding, complete
from services.review.store import DocumentRequest, Examination, Interview, Proposal
from shared.clock import end_of_day_jst
from shared.events.fields import RequestedItem
from shared.events.review import AdditionalDocumentsRequested, ApplicationTerminated, InterviewRequested, ReviewStarted
from shared.ids import new_id
from shared.timers import at
from shared.work import Work


class Item(TypedDict):
    """One document that is asked for, and the officer's words about it."""

    code: str
    message: str


async def start(work: Work, case_id: UUID) -> CaseBrief:
    """Take a case that nobody has."""
    loaded = await load(work, case_id)
    await save(work, loaded, flow.start(loaded.progress, officer(work.actor)))
    case = loaded.case
    case.started_at = work.now
    work.journal("case", case.id, Tag.START)
    work.emit(ReviewStarted.model_validate(told(case) | {"office": case.office, "started_at": work.now}))
    return CaseBrief.of(case)


async def reassign(work: Work, case_id: UUID, examiner_id: UUID, note: str | None) -> CaseBrief:
    """Give the case to another examiner."""
    loaded = await load(work, case_id)
    before = loaded.case.examiner_id
    await save(work, loaded, flow.reassign(loaded.progress, officer(work.actor), examiner_id))
    work.journal("case", case_id, Tag.REASSIGN, {"from": before, "to": examiner_id, "note": note})
    return CaseBrief.of(loaded.case)


async def examine(work: Work, case_id: UUID, findings: Mapping[str, Finding], note: str | None) -> CaseBrief:
    """Record findings. Each time is a record of its own; none is changed."""
    loaded = await load(work, case_id)
    answers = complete(findings)
    await save(work, loaded, flow.examine(loaded.progress, officer(work.actor), today(work)))
    examination = Examination(
        id=new_id(),
        case_id=case_id,
        examiner_id=work.actor.id,
        findings=dict(answers),
        note=note,
        examined_at=work.now,
    )
    work.session.add(examination)
    work.journal("case", case_id, Tag.EXAMINE, {"examination_id": examination.id})
    return CaseBrief.of(loaded.case)


async def request_documents(work: Work, case_id: UUID, items: Sequence[Item], due_on: date) -> DocumentsRequested:
    """Ask for documents. On the day after `due_on` an unanswered request is reported as overdue, once."""
    loaded = await load(work, case_id)
    await save(work, loaded, flow.request_documents(loaded.progress, officer(work.actor), due_on, today(work)))
    case = loaded.case
    assert work.actor.id is not None
    request = DocumentRequest(
        id=new_id(),
        case_id=case.id,
        items=[dict(item) for item in items],
        due_on=due_on,
        requested_by=work.actor.id,
        requested_at=work.now,
        overdue_at=None,
        answered_at=None,
        document_ids=[],
        closed_at=None,
    )
    work.session.add(request)
    if loaded.request is not None:
        loaded.request.closed_at = work.now
    await at(work.session, DOCUMENTS_OVERDUE, request.id, overdue_from(due_on))
    codes = [item["code"] for item in items]
    work.journal("case", case.id, Tag.REQUEST_DOCUMENTS, {"request_id": request.id, "codes": codes, "due_on": due_on})
    asked = tuple(RequestedItem(code=item["code"], sealed_text=work.seal(item["message"])) for item in items)
    event = told(case) | {"request_id": request.id, "items": asked, "due_on": due_on, "requested_at": work.now}
    work.emit(AdditionalDocumentsRequested.model_validate(event))
    return DocumentsRequested(**CaseBrief.of(case).model_dump(), request_id=request.id)


async def request_interview(work: Work, case_id: UUID, held_at: datetime | None, instructions: str | None) -> CaseBrief:
    """Invite the applicant or the organisation to talk."""
    loaded = await load(work, case_id)
    await save(work, loaded, flow.request_interview(loaded.progress, officer(work.actor)))
    case = loaded.case
    assert work.actor.id is not None
    interview = Interview(
        id=new_id(),
        case_id=case.id,
        held_at=held_at,
        instructions=instructions,
        requested_by=work.actor.id,
        requested_at=work.now,
    )
    work.session.add(interview)
    work.journal("case", case.id, Tag.REQUEST_INTERVIEW, {"held_at": held_at})
    event = told(case) | {
        "office": case.office,
        "held_at": held_at,
        "sealed_instructions": work.seal(instructions) if instructions else None,
        "requested_at": work.now,
    }
    work.emit(InterviewRequested.model_validate(event))
    return CaseBrief.of(case)


async def propose(work: Work, case_id: UUID, proposed: decision.Proposed) -> CaseBrief:
    """Propose how the case should end; a chief examiner, who is somebody else, decides."""
    loaded = await load(work, case_id)
    after = flow.propose(loaded.progress, officer(work.actor), proposed.outcome, today(work))
    decision.check(proposed, filed(loaded.case), today(work))
    await save(work, loaded, after)
    assert work.actor.id is not None
    proposal = Proposal(
        id=new_id(),
        case_id=case_id,
        outcome=proposed.outcome,
        period_of_stay=proposed.period_of_stay,
        reentry=proposed.reentry,
        reason_code=proposed.reason_code,
        reason=proposed.reason,
        proposed_by=work.actor.id,
        proposed_at=work.now,
        approved=None,
        decided_by=None,
        decided_at=None,
        note=None,
    )
    work.session.add(proposal)
    work.journal("case", case_id, Tag.PROPOSE, {"outcome": proposed.outcome, "period": proposed.period_of_stay})
    return CaseBrief.of(loaded.case)


async def terminate(work: Work, case_id: UUID, reason_code: str, note: str | None) -> CaseBrief:
    """End the case without a decision (終止): the person left Japan, died, or got another permission."""
    loaded = await load(work, case_id)
    await save(work, loaded, flow.terminate(loaded.progress, officer(work.actor)))
    work.journal("case", case_id, Tag.TERMINATE, {"reason_code": reason_code, "note": note})
    event = told(loaded.case) | {"reason_code": reason_code, "terminated_at": work.now}
    work.emit(ApplicationTerminated.model_validate(event))
    return CaseBrief.of(loaded.case)


def overdue_from(due_on: date) -> datetime:
    """The moment from which documents due on a day are overdue: midnight in Japan after it."""
    return end_of_day_jst(due_on) + timedelta(seconds=1)
