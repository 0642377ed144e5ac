"""The morning's summary: one mail in place of the messages that wait for it."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from services.notification.address_book import store as address_book
from services.notification.address_book.store import Contact
from services.notification.audit import Tag
from services.notification.channels.protocol import MAIL, SUMMARY, Channel, Held
from services.notification.messages import store
from services.notification.messages.domain import DeliveryState, MessageState, Party, mailbox
from services.notification.messages.store import Delivery, Notification
from shared.ids import new_id
from shared.timers import at
from shared.work import Work

# The timer of an account's summary.
SUMMARY_DUE = "summary"
_CAUSE = "summary"
_LATE = timedelta(minutes=10)
_RESTORED_AT_ONCE = 500


async def send_summary(work: Work, account_id: UUID, channels: Mapping[str, Channel]) -> bool:
    """Make one mail of the account's messages that waited for this morning; one alone is mailed itself. Whether there
    is a mail to send."""
    held = await store.lock_held(work.session, account_id, work.now)
    contact = await address_book.find_contact(work.session, account_id)
    if not held:
        return False
    if contact is None or contact.sealed_address is None:
        for notification, delivery in held:
            _end(work, notification, delivery, MessageState.INBOX, None)
        return False
    if len(held) == 1:
        _release(work, *held[0], contact)
        return True
    summary = _add_summary(work, contact, held, channels[MAIL])
    for notification, delivery in held:
        _end(work, notification, delivery, MessageState.SUMMARISED, summary)
    return True


async def restore_timers(work: Work) -> None:
    """Have summaries made that are late: their timers were lost."""
    for account_id in await store.accounts_with_held(work.session, work.now - _LATE, _RESTORED_AT_ONCE):
        await at(work.session, SUMMARY_DUE, account_id, work.now)


def address_key(work: Work, address: str | None) -> bytes | None:
    """The hash by which messages to a mailbox are found."""
    assert work.sealer is not None, "notification holds the private key"
    return work.sealer.hashes(address)[0] if address is not None else None


def use_address(work: Work, delivery: Delivery, contact: Contact) -> None:
    """Send a message to the present address of its account."""
    assert work.sealer is not None, "notification holds the private key"
    assert contact.sealed_address is not None
    delivery.sealed_address, delivery.sealed_name = contact.sealed_address, contact.sealed_name
    delivery.address_key = address_key(work, mailbox(work.sealer.open(contact.sealed_address)))


def _release(work: Work, notification: Notification, delivery: Delivery, contact: Contact) -> None:
    notification.state = MessageState.CREATED.value
    delivery.state = DeliveryState.WAITING.value
    delivery.next_try_at = work.now
    use_address(work, delivery, contact)
    work.journal("notification", notification.id, Tag.RELEASE)


def _end(
    work: Work, notification: Notification, delivery: Delivery, state: MessageState, summary_id: UUID | None
) -> None:
    notification.state = state.value
    notification.ended_at = work.now
    notification.summary_id = summary_id
    delivery.state = DeliveryState.DONE.value
    # The time for which the content is kept begins here.
    delivery.next_try_at = work.now
    work.journal("notification", notification.id, Tag.SUMMARISE, {"summary_id": summary_id})


def _add_summary(work: Work, contact: Contact, held: Sequence[tuple[Notification, Delivery]], channel: Channel) -> UUID:
    first, summary_id = held[0][0], new_id()
    # One that waits for the morning has a content of its own.
    lines = [Held(each.template, of.sealed_content or "", each.number, each.created_at) for each, of in held]
    work.session.add(
        Notification(
            id=summary_id,
            cause_event_id=summary_id,
            cause_event_type=_CAUSE,
            channel=MAIL,
            template=SUMMARY,
            party=Party.SUMMARY.value,
            account_id=contact.account_id,
            owner_id=None,
            role=None,
            application_id=None,
            number=None,
            language=contact.language,
            state=MessageState.CREATED.value,
            round=1,
            attempts=0,
            created_at=work.now,
            ended_at=None,
            reason=None,
            summary_id=None,
        )
    )
    delivery = Delivery(
        notification_id=summary_id,
        channel=MAIL,
        state=DeliveryState.WAITING.value,
        attempts=0,
        next_try_at=work.now,
        claimed_by=None,
        last_error=None,
        sealed_content=channel.summarise(lines, contact.language, officer=first.party == Party.OFFICER),
    )
    use_address(work, delivery, contact)
    work.session.add(delivery)
    work.journal("notification", summary_id, Tag.CREATE, {"messages": len(held)})
    return summary_id
