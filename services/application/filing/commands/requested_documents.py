"""Answering an examiner's request for documents (資料提出通知書)."""

from collections.abc import Sequence
from uuid import UUID

from services.application.audit import Tag
from services.application.filing.commands.attachments import attachments_checked
from services.application.filing.commands.drafts import stored
from services.application.filing.domain.draft import Attachment
from services.application.filing.schemas import DocumentsSubmitted
from services.application.progress import domain as state
from services.application.progress import store
from services.application.tables import AdditionalSubmission, Progress
from shared.auth import Owner
from shared.errors import Conflict, FieldProblem, Invalid, Text
from shared.events.application import AdditionalDocumentsSubmitted
from shared.ids import new_id
from shared.work import Work


async def submit_documents(
    work: Work, application_id: UUID, request_id: UUID, attachments: Sequence[Attachment]
) -> DocumentsSubmitted:
    """Submit the documents that request `request_id` asked for. Raises `Conflict` where no such request is open."""
    application = await store.own(work.session, application_id, Owner.of(work.actor))
    progress = await work.session.get(Progress, application_id, with_for_update=True)
    if application.state != state.State.RECEIVED or progress is None or progress.open_request_id != request_id:
        raise Conflict(
            Text("提出を求められている資料はありません。", "No such request for documents is open."),
            code="no-open-request",
        )
    if not attachments:
        message = Text("ファイルを1つ以上指定してください", "Attach at least one file")
        raise Invalid(fields=[FieldProblem("/documents", "required", message)])
    today = work.today
    await attachments_checked(work.session, application, None, attachments, today, may_be_unknown=False)
    ids = [attachment.document_id for attachment in attachments]
    work.session.add(
        AdditionalSubmission(
            id=new_id(),
            application_id=application_id,
            request_id=request_id,
            attachments=stored(attachments),
            file_ids=ids,
            submitted_at=work.now,
        )
    )
    progress.state = state.Progress.DOCS_SUBMITTED.value
    progress.changed_at = work.now
    progress.open_request_id = None
    progress.due_on = None
    assert application.receipt_number is not None
    assert work.actor.id is not None
    work.journal("application", application_id, Tag.SUBMIT_DOCUMENTS, {"request_id": request_id})
    work.emit(
        AdditionalDocumentsSubmitted(
            application_id=application_id,
            account_id=application.account_id,
            receipt_number=application.receipt_number,
            request_id=request_id,
            document_ids=tuple(ids),
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
