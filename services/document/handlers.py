"""What this service does on other services' events: which files were filed, which cases ended, who was stopped."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from services.document import store
from services.document.audit import Tag
from services.document.store import ClosedApplication, StoppedAccount
from shared.events import (
    AccountActivated,
    AccountClosed,
    AccountSuspended,
    AdditionalDocumentsSubmitted,
    ApplicationCorrected,
    ApplicationSubmitted,
    ApplicationTerminated,
    ApplicationWithdrawn,
    CardDelivered,
    Event,
)
from shared.messaging import Handler
from shared.work import Commands, Work


def handlers(commands: Commands) -> dict[type[Event], Handler]:
    """Subscriptions."""
    return {
        ApplicationSubmitted: commands.handler(on_submitted),
        ApplicationCorrected: commands.handler(on_submitted),
        AdditionalDocumentsSubmitted: commands.handler(on_additional),
        ApplicationWithdrawn: commands.handler(on_withdrawn),
        CardDelivered: commands.handler(on_card_delivered),
        ApplicationTerminated: commands.handler(on_terminated),
        AccountActivated: commands.handler(on_activated),
        AccountSuspended: commands.handler(on_suspended),
        AccountClosed: commands.handler(on_closed),
    }


async def on_submitted(work: Work, event: ApplicationSubmitted | ApplicationCorrected) -> None:
    """Keep what was filed with an application."""
    photo = (event.photo_id,) if event.photo_id else ()
    await _file(work, event.application_id, (*event.document_ids, *photo))


async def on_additional(work: Work, event: AdditionalDocumentsSubmitted) -> None:
    """Keep what was handed in later."""
    await _file(work, event.application_id, event.document_ids)


async def on_withdrawn(work: Work, event: ApplicationWithdrawn) -> None:
    """Retention begins."""
    await _close(work, ClosedApplication(application_id=event.application_id, closed_at=event.withdrawn_at))


async def on_card_delivered(work: Work, event: CardDelivered) -> None:
    """Retention begins."""
    await _close(work, ClosedApplication(application_id=event.application_id, closed_at=event.delivered_at))


async def on_terminated(work: Work, event: ApplicationTerminated) -> None:
    """Retention begins."""
    await _close(work, ClosedApplication(application_id=event.application_id, closed_at=event.terminated_at))


async def on_activated(work: Work, event: AccountActivated) -> None:
    """The account may upload, again or for the first time."""
    await work.session.execute(delete(StoppedAccount).where(StoppedAccount.account_id == event.account_id))


async def on_suspended(work: Work, event: AccountSuspended) -> None:
    """No more uploads."""
    await work.session.merge(StoppedAccount(account_id=event.account_id, stopped_at=event.suspended_at))


async def on_closed(work: Work, event: AccountClosed) -> None:
    """No more uploads."""
    await work.session.merge(StoppedAccount(account_id=event.account_id, stopped_at=event.closed_at))


async def _file(work: Work, application_id: UUID, document_ids: Sequence[UUID]) -> None:
    documents = await store.to_file(work.session, document_ids)
    for document in documents:
        document.filed_at = work.now
        document.filed_with = application_id
    if documents:
        work.enter("application", application_id, Tag.FILE, {"documents": [d.id for d in documents]})


async def _close(work: Work, closed: ClosedApplication) -> None:
    values = {"application_id": closed.application_id, "closed_at": closed.closed_at}
    await work.session.execute(insert(ClosedApplication).values(values).on_conflict_do_nothing())
