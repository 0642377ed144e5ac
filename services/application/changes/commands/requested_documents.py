"""Answering an examiner's request for documents (資料提出通知書): item by item, submitted once."""

import json
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from services.application.audit import Tag
from services.application.changes import store
from services.application.changes.domain.more_time import last_day
from services.application.changes.domain.requested import Answer, answer_problems, attachments_of, unanswered
from services.application.changes.schemas import (
    AnswerSaved,
    DocumentsSubmitted,
    MoreTimeView,
    NotSubmitted,
    OpenRequest,
    RequestedDocuments,
    RequestedItemView,
    SubmittedDocuments,
)
from services.application.filing.commands.attachments import attachments_checked
from services.application.filing.commands.drafts import stored
from services.application.filing.domain.draft import Attachment
from services.application.progress import domain as state
from services.application.progress.commands.officer_reading import look_at_filed
from services.application.progress.schemas import Attached, words
from services.application.progress.store import own
from services.application.tables import AdditionalSubmission, Application, Progress, RequestedAnswer
from shared.auth import Owner
from shared.db import ReadSession
from shared.errors import Conflict, FieldProblem, Invalid, NotFound, Text
from shared.events.application import AdditionalDocumentsSubmitted
from shared.ids import new_id
from shared.reference.document_types import DOCUMENT_TYPES
from shared.words import Words
from shared.work import Work


async def save_answer(work: Work, application_id: UUID, request_id: UUID, place: int, answer: Answer) -> AnswerSaved:
    """Save the answer to one item; nothing is submitted yet. Raises `Conflict` where no such request is open."""
    application, _ = await open_request(work, application_id, request_id)
    codes = await _codes(work.session, application_id, request_id)
    if place >= len(codes):
        raise NotFound()
    if problems := answer_problems(answer):
        raise Invalid(fields=problems, code="both-answers")
    files = [Attachment(document_id, (codes[place],)) for document_id in answer.document_ids]
    await attachments_checked(work.session, application, None, files, work.today, may_be_unknown=True)
    saved = await store.saved_answer(work.session, request_id, place)
    if saved is None:
        saved = RequestedAnswer(request_id=request_id, place=place, application_id=application_id)
        work.session.add(saved)
    saved.document_ids, saved.why_not = list(answer.document_ids), answer.why_not
    saved.saved_at, saved.saved_by = work.now, work.actor_id
    work.journal("application", application_id, Tag.SAVE_ANSWER, {"request_id": request_id, "place": place})
    await work.session.flush()
    missing = unanswered(codes, await _saved(work.session, request_id))
    return AnswerSaved(request_id=request_id, place=place, answered=answer.given, open_items=len(missing))


async def submit_documents(
    work: Work, application_id: UUID, request_id: UUID, documents: Sequence[Attachment] | None
) -> DocumentsSubmitted:
    """Submit what request `request_id` asked for: these documents, or where they are None the answers that are saved.

    Raises `Conflict` where no such request is open.
    """
    application, progress = await open_request(work, application_id, request_id)
    answers = {} if documents is not None else await _saved(work.session, request_id)
    codes = [] if documents is not None else await _codes(work.session, application_id, request_id)
    if missing := unanswered(codes, answers):
        raise Invalid(fields=missing, code="incomplete")
    attachments = attachments_of(codes, answers) if documents is None else documents
    refused = [(place, code, answers[place].why_not) for place, code in enumerate(codes) if answers[place].why_not]
    if not attachments and not refused:
        message = Text("ファイルを1つ以上指定してください", "Attach at least one file")
        raise Invalid(fields=[FieldProblem("/documents", "required", message)])
    await attachments_checked(work.session, application, None, attachments, work.today, may_be_unknown=False)
    ids = [attachment.document_id for attachment in attachments]
    reasons = [{"place": place, "code": code, "why_not": why_not} for place, code, why_not in refused]
    work.session.add(
        AdditionalSubmission(
            id=new_id(),
            application_id=application_id,
            request_id=request_id,
            attachments=stored(attachments),
            file_ids=ids,
            not_submitted=json.dumps(reasons, ensure_ascii=False),
            submitted_at=work.now,
        )
    )
    if (more_time := await store.waiting_more_time(work.session, application_id)) is not None:
        more_time.state, more_time.ended_at = "lapsed", work.now
    # Late documents do not end the wait for an interview.
    if progress.state != state.Progress.ON_HOLD_INTERVIEW:
        progress.state = state.Progress.DOCS_SUBMITTED.value
    application.reported = progress.state
    progress.changed_at = work.now
    progress.open_request_id = None
    progress.due_on = None
    assert application.receipt_number is not None
    work.journal("application", application_id, Tag.SUBMIT_DOCUMENTS, {"request_id": request_id})
    work.emit(
        AdditionalDocumentsSubmitted(
            application_id=application_id,
            account_id=application.account_id,
            receipt_number=application.receipt_number,
            request_id=request_id,
            document_ids=tuple(ids),
            not_submitted=tuple(code for _, code, _ in refused),
            submitted_at=work.now,
        )
    )
    return DocumentsSubmitted(
        id=application_id,
        request_id=request_id,
        receipt_number=application.receipt_number,
        status=progress.state,
        submitted_at=work.now,
    )


async def look_at_requested_documents(work: Work, application_id: UUID) -> RequestedDocuments:
    """The requests for documents of an application, for an officer."""
    application, progress = await look_at_filed(work, application_id)
    return await requested_documents_of(work.session, application, progress, work.today)


async def requested_documents_of(
    session: ReadSession, application: Application, progress: Progress | None, today: date
) -> RequestedDocuments:
    """The open request with the answers that are saved, and what was submitted before."""
    submitted = [
        SubmittedDocuments(
            request_id=row.request_id,
            submitted_at=row.submitted_at,
            documents=[Attached(**each) for each in row.attachments],
            not_submitted=[
                NotSubmitted(**each, name=_name(each["code"], today)) for each in json.loads(row.not_submitted)
            ],
        )
        for row in await store.submissions_of(session, application.id)
    ]
    waits = application.state == state.State.RECEIVED and progress is not None and progress.open_request_id is not None
    opened = await _opened(session, progress, today) if waits and progress is not None else None
    more_time = [MoreTimeView.of(row) for row in await store.more_time_of(session, application.id)]
    return RequestedDocuments(open=opened, submitted=submitted, more_time=more_time, more_time_until=last_day(today))


async def _opened(session: ReadSession, progress: Progress, today: date) -> OpenRequest:
    request_id, due_on = progress.open_request_id, progress.due_on
    assert request_id is not None
    assert due_on is not None, "a request has its day"
    step = await store.request_step(session, progress.application_id, request_id)
    codes: list[str] = step.data["codes"] if step else []
    answers = await _saved(session, request_id)
    items = []
    for place, code in enumerate(codes):
        answer = answers.get(place, Answer())
        items.append(
            RequestedItemView(
                place=place,
                code=code,
                name=_name(code, today),
                document_ids=list(answer.document_ids),
                why_not=answer.why_not,
                answered=answer.given,
            )
        )
    return OpenRequest(
        request_id=request_id,
        requested_at=step.at if step else progress.changed_at,
        due_on=due_on,
        overdue=today > due_on,
        days_left=None if today > due_on else (due_on - today).days,
        items=items,
        complete=all(item.answered for item in items),
    )


async def open_request(work: Work, application_id: UUID, request_id: UUID) -> tuple[Application, Progress]:
    """The caller's application and its progress, both locked. Raises `Conflict` where that request is not open."""
    application = await own(work.session, application_id, Owner.of(work.actor))
    progress = await work.session.get(Progress, application_id, with_for_update=True)
    if application.state != state.State.RECEIVED or progress is None or progress.open_request_id != request_id:
        raise Conflict(
            Text("提出を求められている資料はありません。", "No such request for documents is open."),
            code="no-open-request",
        )
    return application, progress


async def _codes(session: ReadSession, application_id: UUID, request_id: UUID) -> list[str]:
    """The codes of the items of a request, in their order."""
    step = await store.request_step(session, application_id, request_id)
    codes: list[str] = step.data["codes"] if step else []
    return codes


async def _saved(session: ReadSession, request_id: UUID) -> dict[int, Answer]:
    rows = await store.answers_of(session, request_id)
    return {row.place: Answer(tuple(row.document_ids), row.why_not) for row in rows}


def _name(code: str, day: date) -> Words | None:
    row = DOCUMENT_TYPES.find(day, code)
    return words(row.name) if row else None
