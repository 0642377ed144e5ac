"""Registration's subscriptions: the document service's reports about files that can be submitted."""

from services.registration.usage_registration.domain.submitted_document import File
from services.registration.usage_registration.store import uploaded_files
from shared.counting import keep_counts
from shared.events.base import Event
from shared.events.document import DocumentAccepted, DocumentDeleted, DocumentEventsCounted, DocumentRejected
from shared.messaging import Handler
from shared.reference.usage_documents import NAMES
from shared.work import Commands, Work


def handlers(commands: Commands) -> dict[type[Event], Handler]:
    """Subscriptions. No event of another service changes who may sign in."""
    return {
        DocumentAccepted: commands.handler(on_accepted),
        DocumentRejected: commands.handler(on_rejected),
        DocumentDeleted: commands.handler(on_deleted),
        DocumentEventsCounted: commands.handler(keep_counts),
    }


async def on_accepted(work: Work, event: DocumentAccepted) -> None:
    """The file may be submitted."""
    if _may_be_ours(event):
        report = File(event.owner_id, "accepted", event.codes, event.pages)
        await uploaded_files.put(work.session, event.document_id, report, event.accepted_at)


async def on_rejected(work: Work, event: DocumentRejected) -> None:
    """The file cannot be used."""
    if _may_be_ours(event):
        report = File(event.owner_id, "rejected", event.codes)
        await uploaded_files.put(work.session, event.document_id, report, event.rejected_at)


async def on_deleted(work: Work, event: DocumentDeleted) -> None:
    """The file is gone."""
    await uploaded_files.mark_deleted(work.session, event.document_id, event.deleted_at)


def _may_be_ours(event: DocumentAccepted | DocumentRejected) -> bool:
    """Most files belong to applications. One without codes is kept, so that its owner learns what it lacks."""
    return event.kind == "pdf" and (not event.codes or any(code in NAMES for code in event.codes))
