"""Files that are filed with a record, and the office that handles the record."""

from collections.abc import Sequence
from uuid import UUID

from services.document.audit import Tag
from services.document.files.commands.documents import forget_original, remove
from services.document.files.domain import DeleteReason, RecordKind
from services.document.files.store import documents, filings
from shared.events.application import (
    AdditionalDocumentsSubmitted,
    ApplicationCorrected,
    ApplicationSubmitted,
    CorrectionRequested,
)
from shared.events.registration import PeriodicReportSubmitted, UsageRegistrationSubmitted
from shared.events.registration_drafts import UsageRegistrationDraftDeleted
from shared.events.review import CaseTransferred, ReviewStarted
from shared.work import Work


async def file_application(
    work: Work, event: ApplicationSubmitted | CorrectionRequested | ApplicationCorrected
) -> None:
    """Keep what was filed with an application or its correction; the office that it was filed with sees it."""
    if isinstance(event, ApplicationSubmitted):
        await filings.set_office(work.session, event.application_id, event.office, event.submitted_at)
    photo = (event.photo_id,) if event.photo_id else ()
    await file_with(work, event.application_id, (*event.document_ids, *photo), RecordKind.APPLICATION)


async def file_additional_documents(work: Work, event: AdditionalDocumentsSubmitted) -> None:
    """Keep what was submitted later."""
    await file_with(work, event.application_id, event.document_ids, RecordKind.APPLICATION)


async def note_office(work: Work, event: ReviewStarted | CaseTransferred) -> None:
    """The office that has the case sees the files."""
    since = event.started_at if isinstance(event, ReviewStarted) else event.transferred_at
    await filings.set_office(work.session, event.application_id, event.office, since)


async def file_usage_registration(work: Work, event: UsageRegistrationSubmitted) -> None:
    """Keep the files that were submitted with a usage registration; the office that examines it sees them."""
    await filings.set_office(work.session, event.usage_registration_id, event.office, event.submitted_at)
    await file_with(work, event.usage_registration_id, event.document_ids, RecordKind.USAGE_REGISTRATION)


async def file_periodic_report(work: Work, event: PeriodicReportSubmitted) -> None:
    """Keep the files that were submitted with a periodic report; the office that examines it sees them."""
    if event.office is not None:
        await filings.set_office(work.session, event.periodic_report_id, event.office, event.submitted_at)
    await file_with(work, event.periodic_report_id, event.document_ids, RecordKind.PERIODIC_REPORT)


async def delete_files_of_draft(work: Work, event: UsageRegistrationDraftDeleted) -> None:
    """Delete what was uploaded for a draft, with the draft."""
    for document in await documents.unfiled_of(work.session, event.usage_registration_id):
        await remove(work, document, DeleteReason.DRAFT_DELETED, Tag.EXPIRE)


async def file_with(work: Work, record_id: UUID, document_ids: Sequence[UUID], kind: RecordKind) -> None:
    """Keep files with a record that they were filed with; those that are not here are nobody's."""
    filed = await filings.file_documents(work.session, document_ids, record_id, kind)
    for document in filed:
        if document.filed_at is None:
            await forget_original(work, document)
            document.filed_at = work.now
            document.filed_with = record_id
    if filed:
        work.journal(kind.value, record_id, Tag.FILE, {"documents": [document.id for document in filed]})
