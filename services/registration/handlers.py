"""Registration's subscriptions: the document service's reports about files that can be submitted."""

from services.registration.usage_registration.commands.rebuilding import UPLOADED_FILES
from services.registration.usage_registration.domain.submitted_document import File, may_be_submitted
from services.registration.usage_registration.store import uploaded_files
from shared.counting import keep_counts
from shared.events.base import Event
from shared.events.document import DocumentAccepted, DocumentDeleted, DocumentEventsCounted, DocumentRejected
from shared.messaging import BatchHandler, Handler
from shared.rebuilding import following
from shared.work import Commands, Work


def handlers(commands: Commands) -> dict[type[Event], Handler | BatchHandler]:
    """Subscriptions. No event of another service changes who may sign in."""
    own: dict[type[Event], Handler | BatchHandler] = {
        DocumentAccepted: commands.handler(on_accepted),
        DocumentRejected: commands.handler(on_rejected),
        DocumentDeleted: commands.handler(on_deleted),
        DocumentEventsCounted: commands.handler(keep_counts),
    }
    return following(commands, own, UPLOADED_FILES)


async def on_accepted(work: Work, event: DocumentAccepted) -> None:
    """The file may be submitted."""
    if may_be_submitted(event.kind, event.codes):
        report = File(event.owner_id, "accepted", event.codes, event.pages)
        await uploaded_files.put(work.session, event.document_id, report, event.accepted_at)


async def on_rejected(work: Work, event: DocumentRejected) -> None:
    """The file cannot be used."""
    if may_be_submitted(event.kind, event.codes):
        report = File(event.owner_id, "rejected", event.codes)
        await uploaded_files.put(work.session, event.document_id, report, event.rejected_at)


async def on_deleted(work: Work, event: DocumentDeleted) -> None:
    """The file is gone."""
    await uploaded_files.mark_deleted(work.session, event.document_id, event.deleted_at)
