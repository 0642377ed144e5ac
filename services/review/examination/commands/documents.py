"""Requests for documents (資料提出通知): sent, answered, due soon, overdue."""

from collections.abc import Sequence
from datetime import date
from typing import TypedDict
from uuid import UUID

from services.review.audit import Tag
from services.review.cases.commands.intake import id_texts
from services.review.cases.commands.loading import (
    DOCUMENTS_DUE_SOON,
    DOCUMENTS_OVERDUE,
    event_header,
    load,
    load_of_application,
    officer,
    save,
)
from services.review.cases.schemas import CaseBrief
from services.review.cases.store import Case, DocumentRequest, lock_case
from services.review.examination.domain import flow
from services.review.examination.domain.requests import check_items
from services.review.examination.schemas import DocumentsRequested
from services.review.examination.store import unnoticed_overdue, without_reminder
from shared.events.application import AdditionalDocumentsSubmitted
from shared.events.fields import RequestedItem
from shared.events.review import AdditionalDocumentsDueSoon, AdditionalDocumentsOverdue, AdditionalDocumentsRequested
from shared.ids import new_id
from shared.reference.deadlines import DOCUMENT_REMINDERS
from shared.timers import at
from shared.work import Work

_RESTORED_AT_ONCE = 500


class UnknownRequest(LookupError):
    """Documents came for a request that this case never had."""


class Item(TypedDict):
    """One document that is asked for: sentences of the list, and the officer's own words about it."""

    code: str
    text_codes: list[str]
    message: str | None


async def request_documents(work: Work, case_id: UUID, items: Sequence[Item], due_on: date) -> DocumentsRequested:
    """Ask for documents. On the day after `due_on` an unanswered request is reported as overdue, once."""
    loaded = await load(work, case_id)
    check_items(items, work.today)
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
    await set_timers(work, request)
    codes = [item["code"] for item in items]
    work.journal("case", case.id, Tag.REQUEST_DOCUMENTS, {"request_id": request.id, "codes": codes, "due_on": due_on})
    event = event_header(case) | {
        "request_id": request.id,
        "items": tuple(_requested(work, item) for item in items),
        "due_on": due_on,
        "requested_at": work.now,
    }
    work.emit(AdditionalDocumentsRequested.model_validate(event))
    return DocumentsRequested(**CaseBrief.of(case).model_dump(), request_id=request.id)


def _requested(work: Work, item: Item) -> RequestedItem:
    return RequestedItem(
        code=item["code"],
        text_codes=tuple(item["text_codes"]),
        sealed_text=work.seal(item["message"]) if item["message"] else None,
    )


async def set_timers(work: Work, request: DocumentRequest) -> None:
    """Set the timers of an open request by its due date: the next reminder, and the day on which it is overdue."""
    await at(work.session, DOCUMENTS_OVERDUE, request.id, flow.overdue_from(request.due_on))
    await _set_reminder(work, request)


async def _set_reminder(work: Work, request: DocumentRequest) -> None:
    if (moment := flow.next_reminder(request.due_on, DOCUMENT_REMINDERS, work.now)) is not None:
        await at(work.session, DOCUMENTS_DUE_SOON, request.id, moment)


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


async def notice_overdue(work: Work, request_id: UUID) -> None:
    """Report a request for documents as overdue, once; an answered one is left alone. The case stays where it is."""
    found = await _open(work, request_id)
    if found is None or found[1].overdue_at is not None:
        return
    case, request = found
    if work.today <= request.due_on:
        # More time was given while this timer was being worked through.
        return
    request.overdue_at = work.now
    work.journal("case", case.id, Tag.DOCUMENTS_OVERDUE, {"request_id": request.id, "due_on": request.due_on})
    event = event_header(case) | {"request_id": request.id, "due_on": request.due_on, "noticed_at": work.now}
    work.emit(AdditionalDocumentsOverdue.model_validate(event))


async def remind(work: Work, request_id: UUID) -> None:
    """Remind of a request for documents that is open and not due yet, and set the next reminder."""
    found = await _open(work, request_id)
    if found is None or work.today > found[1].due_on:
        return
    case, request = found
    work.journal("case", case.id, Tag.REMIND_OF_DOCUMENTS, {"request_id": request.id, "due_on": request.due_on})
    event = event_header(case) | {"request_id": request.id, "due_on": request.due_on, "noticed_at": work.now}
    work.emit(AdditionalDocumentsDueSoon.model_validate(event))
    await _set_reminder(work, request)


async def _open(work: Work, request_id: UUID) -> tuple[Case, DocumentRequest] | None:
    """A request that waits for its answer, with its case locked; None for any other."""
    request = await work.session.get(DocumentRequest, request_id)
    if request is None:
        return None
    case = await lock_case(work.session, request.case_id)
    assert case is not None
    await work.session.refresh(request)
    return None if request.closed_at is not None else (case, request)


async def restore_timers(work: Work) -> None:
    """Set again the timers of open requests that have none. One that stands keeps its moment."""
    for request in await unnoticed_overdue(work.session, work.today, _RESTORED_AT_ONCE):
        await at(work.session, DOCUMENTS_OVERDUE, request.id, flow.overdue_from(request.due_on))
    last = min(DOCUMENT_REMINDERS)
    for request in await without_reminder(work.session, DOCUMENTS_DUE_SOON, work.today, last, _RESTORED_AT_ONCE):
        await _set_reminder(work, request)
