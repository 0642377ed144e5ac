"""What this service does on events: keeps the address book, and makes the messages."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.notification.messages.catalogue import MAILS, WITHOUT_MAIL, MailKind
from services.notification.messages.commands import tell
from services.notification.messages.store import Application, Contact
from shared.events.application import ApplicationSubmitted
from shared.events.base import Event
from shared.events.fields import Recipient
from shared.events.registration import AccountActivated, AccountClosed, EmailChanged, UsageRegistrationSubmitted
from shared.messaging import Handler
from shared.sealing import Sealer
from shared.work import Commands, Work

__all__ = ["WITHOUT_MAIL", "handlers"]

AfterCommit = Callable[[AsyncSession], None]


def handlers(
    commands: Commands, sealer: Sealer | None = None, wake: AfterCommit = lambda _: None
) -> dict[type[Event], Handler]:
    """A handler for every event that has a mail. `wake` is told of sessions whose commit makes a message due."""
    return {kind.event: commands.handler(_handler(kind, sealer, wake)) for kind in MAILS}


def _handler(kind: MailKind, sealer: Sealer | None, wake: AfterCommit) -> Callable[[Work, Event], Awaitable[None]]:
    async def handle(work: Work, event: Event) -> None:
        assert sealer is not None, "subscriptions can be listed without a sealer, but not served"
        await remember(work, event)
        if await tell(work, kind, event, sealer):
            wake(work.session)
        await forget(work, event)

    return handle


async def remember(work: Work, event: Event) -> None:
    """Take addresses and facts from events that bring them. An older event never overwrites what a newer one said."""
    match event:
        case UsageRegistrationSubmitted():
            await _contact(work, event.account_id, event.recipient, event.submitted_at)
        case AccountActivated():
            await _contact(work, event.account_id, event.recipient, event.activated_at)
        case EmailChanged():
            await _contact(work, event.account_id, event.recipient_new, event.changed_at)
        case ApplicationSubmitted():
            values = {
                "application_id": event.application_id,
                "account_id": event.account_id,
                "owner_id": event.owner_id,
                "role": event.role,
                "procedure": event.procedure,
                "office": event.office,
                "sealed_address": event.applicant.sealed_address if event.applicant else None,
                "language": event.applicant.language if event.applicant else None,
                "submitted_at": event.submitted_at,
            }
            await work.session.execute(insert(Application).values(values).on_conflict_do_nothing())


async def forget(work: Work, event: Event) -> None:
    """Erase the address of an account that is closed; its last mail is made already."""
    if isinstance(event, AccountClosed):
        await _contact(work, event.account_id, None, event.closed_at)


async def _contact(work: Work, account_id: UUID, recipient: Recipient | None, as_of: datetime) -> None:
    row = {
        "account_id": account_id,
        "sealed_address": recipient.sealed_address if recipient else None,
        "sealed_name": recipient.sealed_name if recipient else None,
        "language": recipient.language if recipient else "ja",
        "as_of": as_of,
    }
    put = insert(Contact).values(row)
    newer = put.on_conflict_do_update(
        index_elements=["account_id"],
        set_={name: put.excluded[name] for name in ("sealed_address", "sealed_name", "language", "as_of")},
        where=Contact.as_of < put.excluded.as_of,
    )
    await work.session.execute(newer)
