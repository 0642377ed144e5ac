"""Resending a message that has ended."""

from uuid import UUID

from services.notification.audit import Tag
from services.notification.messages import store
from services.notification.messages.catalogue import by_template
from services.notification.messages.domain import DeliveryState, MessageState, Party
from services.notification.messages.problems import ContentErased, StillOpen
from services.notification.messages.schemas import Resent
from services.notification.messages.store import Delivery, Notification
from shared.errors import NotFound
from shared.work import Work


async def resend_message(work: Work, notification_id: UUID) -> Resent:
    """Send an ended message once more, as a new round with its own Message-ID: to the account's present address, or to
    the one that its link proves.

    Raises `NotFound`, `ContentErased` and `StillOpen`.
    """
    locked = await store.lock(work.session, notification_id)
    if locked is None:
        raise NotFound()
    notification, delivery = locked
    if delivery is None:
        raise ContentErased()
    if notification.state == MessageState.CREATED:
        raise StillOpen()
    await _use_present_address(work, notification, delivery)
    notification.state = MessageState.CREATED.value
    notification.round += 1
    notification.ended_at = None
    notification.reason = None
    delivery.state = DeliveryState.WAITING.value
    delivery.attempts = 0
    delivery.next_try_at = work.now
    work.journal("notification", notification.id, Tag.RESEND)
    return Resent(id=notification.id, round=notification.round)


async def _use_present_address(work: Work, notification: Notification, delivery: Delivery) -> None:
    if by_template(notification.template).audience == "proved":
        return
    if notification.party != Party.ACCOUNT or notification.account_id is None:
        return
    contact = await store.find_contact(work.session, notification.account_id)
    if contact is not None and contact.sealed_address is not None:
        delivery.sealed_address = contact.sealed_address
