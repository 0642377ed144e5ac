"""Resending a message that has ended."""

from uuid import UUID

from services.notification.address_book import store as address_book
from services.notification.audit import Tag
from services.notification.messages import store
from services.notification.messages.catalogue import proves_an_address
from services.notification.messages.commands.summaries import use_address
from services.notification.messages.domain import OPEN_STATES, DeliveryState, MessageState, Party
from services.notification.messages.problems import ContentErased, NoAddress, StillOpen
from services.notification.messages.schemas import ResendReason, Resent
from services.notification.messages.store import Delivery, Notification
from shared.errors import NotFound
from shared.work import Work

_OF_AN_ACCOUNT = frozenset({Party.ACCOUNT, Party.COLLEAGUE, Party.OFFICER, Party.SUMMARY})


async def resend_message(work: Work, notification_id: UUID, reason: ResendReason) -> Resent:
    """Mail an ended message once more, as a new round with its own Message-ID: to the account's present address, or to
    the one that its link proves.

    Raises `NotFound`, `ContentErased`, `StillOpen` and `NoAddress`.
    """
    locked = await store.lock(work.session, notification_id)
    if locked is None:
        raise NotFound()
    notification, delivery = locked
    if delivery is None:
        raise ContentErased()
    if notification.state in OPEN_STATES:
        raise StillOpen()
    await _use_present_address(work, notification, delivery)
    if delivery.sealed_address is None:
        raise NoAddress()
    notification.state = MessageState.CREATED.value
    notification.round += 1
    notification.ended_at = None
    notification.reason = None
    notification.summary_id = None
    delivery.state = DeliveryState.WAITING.value
    delivery.attempts = 0
    delivery.first_failed_at = None
    delivery.next_try_at = work.now
    work.journal("notification", notification.id, Tag.RESEND, {"round": notification.round, "reason": reason})
    return Resent(id=notification.id, round=notification.round)


async def _use_present_address(work: Work, notification: Notification, delivery: Delivery) -> None:
    if proves_an_address(notification.template):
        return
    if notification.party not in _OF_AN_ACCOUNT or notification.account_id is None:
        return
    contact = await address_book.find_contact(work.session, notification.account_id)
    if contact is not None and contact.sealed_address is not None:
        use_address(work, delivery, contact)
