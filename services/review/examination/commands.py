"""Examination of a case: start, findings, requests for documents and their answers, interviews."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TypedDict
from uuid import UUID

from services.review.audit import Tag
from services.review.cases.commands.intake import id_texts
from services.review.cases.commands.loading import (
    DOCUMENTS_OVERDUE,
    event_header,
    load,
    load_of_application,
    officer,
    save,
)
from services.review.cases.schemas import CaseBrief
from services.review.cases.store import DocumentRequest, lock_case
from services.review.examination.domain import flow
from services.review.examination.domain.checklist import Finding, complete
from services.review.examination.schemas import DocumentsRequested
from services.review.examination.store import Examination, Interview, unnoticed_overdue
from shared.events.application import AdditionalDocumentsSubmitted
from shared.events.fields import RequestedItem
from shared.events.review import (
    AdditionalDocumentsOverdue,
    AdditionalDocumentsRequested,
    InterviewRequested,
    ReviewStarted,
)
from shared.ids import new_id
from shared.timers import at
from shared.work import Work

_RESTORED_AT_ONCE = 500


class UnknownRequest(LookupError):
    """Documents came for a request that this case never had."""


class Item(TypedDict):
    """One document that is asked for, and the officer's words about it."""

    code: str
    message: str


async def start(work: Work, case_id: UUID) -> CaseBrief:
    """Take a case that nobody has."""
    loaded = await load(work, case_id)
    await save(work, loaded, flow.start(loaded.progress, officer(work.actor)))
    case = loaded.case
    work.journal("case", case.id, Tag.START)
    work.emit(ReviewStarted.model_validate(event_header(case) | {"office": case.office, "started_at": work.now}))
    return CaseBrief.of(case)


async def examine(work: Work, case_id: UUID, findings: Mapping[str, Finding], note: str | None) -> CaseBrief:
    """Record findings. Each time is a record of its own; none is changed."""
    loaded = await load(work, case_id)
    answers = complete(findings)
    await save(work, loaded, flow.examine(loaded.progress, officer(work.actor), work.today))
    examination = Examination(
        id=new_id(),
        case_id=case_id,
        examiner_id=work.actor_id,
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
    await save(work, loaded, flow.request_documents(loaded.progress, officer(work.actor), due_on, work.today))
    case = loaded.case
    request = DocumentRequest(
        id=new_id(),
        case_id=case.id,
        items=[dict(item) for item in items],
        due_on=due_on,
        requested_by=work.actor_id,
        requested_at=work.now,
        overdue_at=None,
        answered_at=None,
        document_ids=[],
        not_submitted=[],
        closed_at=None,
    )
    work.session.add(request)
    if loaded.request is not None:
        loaded.request.closed_at = work.now
    await at(work.session, DOCUMENTS_OVERDUE, request.id, flow.overdue_from(due_on))
    codes = [item["code"] for item in items]
    work.journal("case", case.id, Tag.REQUEST_DOCUMENTS, {"request_id": request.id, "codes": codes, "due_on": due_on})
    asked = tuple(RequestedItem(code=item["code"], sealed_text=work.seal(item["message"])) for item in items)
    event = event_header(case) | {"request_id": request.id, "items": asked, "due_on": due_on, "requested_at": work.now}
    work.emit(AdditionalDocumentsRequested.model_validate(event))
    return DocumentsRequested(**CaseBrief.of(case).model_dump(), request_id=request.id)


async def take_documents(work: Work, submitted: AdditionalDocumentsSubmitted) -> None:
    """Note that requested documents came, in time or late; the case goes on where it still can."""
    loaded = await load_of_application(work, submitted.application_id)
    request = await work.session.get(DocumentRequest, submitted.request_id)
    if request is None or request.case_id != loaded.case.id:
        raise UnknownRequest(f"request {submitted.request_id} is not one of case {loaded.case.id}")
    in_time = request.overdue_at is None
    request.answered_at = request.answered_at or submitted.submitted_at
    request.closed_at = request.closed_at or work.now
    request.document_ids = list(dict.fromkeys([*request.document_ids, *id_texts(submitted.document_ids)]))
    request.not_submitted = list(dict.fromkeys([*request.not_submitted, *submitted.not_submitted]))
    loaded.case.document_ids = list(dict.fromkeys([*loaded.case.document_ids, *id_texts(submitted.document_ids)]))
    # Documents for an older request must not end the wait for the newer one.
    if loaded.request is None or loaded.request.id == request.id:
        await save(work, loaded, flow.take_documents(loaded.progress))
    work.journal("case", loaded.case.id, Tag.TAKE_DOCUMENTS, {"request_id": request.id, "in_time": in_time})


async def request_interview(work: Work, case_id: UUID, held_at: datetime | None, instructions: str | None) -> CaseBrief:
    """Invite the applicant or the organisation to talk."""
    loaded = await load(work, case_id)
    await save(work, loaded, flow.request_interview(loaded.progress, officer(work.actor)))
    case = loaded.case
    interview = Interview(
        id=new_id(),
        case_id=case.id,
        held_at=held_at,
        instructions=instructions,
        requested_by=work.actor_id,
        requested_at=work.now,
    )
    work.session.add(interview)
    work.journal("case", case.id, Tag.REQUEST_INTERVIEW, {"held_at": held_at})
    event = event_header(case) | {
        "office": case.office,
        "held_at": held_at,
        "sealed_instructions": work.seal(instructions) if instructions else None,
        "requested_at": work.now,
    }
    work.emit(InterviewRequested.model_validate(event))
    return CaseBrief.of(case)


async def notice_overdue(work: Work, request_id: UUID) -> None:
    """Report a request for documents as overdue, once; an answered one is left alone. The case stays where it is."""
    request = await work.session.get(DocumentRequest, request_id)
    if request is None:
        return
    case = await lock_case(work.session, request.case_id)
    assert case is not None
    await work.session.refresh(request)
    if request.closed_at is not None or request.overdue_at is not None:
        return
    request.overdue_at = work.now
    work.journal("case", case.id, Tag.DOCUMENTS_OVERDUE, {"request_id": request.id, "due_on": request.due_on})
    event = event_header(case) | {"request_id": request.id, "due_on": request.due_on, "noticed_at": work.now}
    work.emit(AdditionalDocumentsOverdue.model_validate(event))


async def restore_timers(work: Work) -> None:
    """Set again the timers of requests whose overdue notice never went out. One that stands keeps its moment."""
    for request in await unnoticed_overdue(work.session, work.today, _RESTORED_AT_ONCE):
        await at(work.session, DOCUMENTS_OVERDUE, request.id, flow.overdue_from(request.due_on))
