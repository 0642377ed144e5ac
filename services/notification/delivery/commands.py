"""Commands of the sender: record how an attempt went, and release the claims of a dead sender."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from services.notification.audit import Tag
from services.notification.channels.protocol import MAIL, SUMMARY, Failure, NotTried
from services.notification.delivery import domain
from services.notification.messages import store
from services.notification.messages.catalogue import MUST_REACH
from services.notification.messages.domain import DeliveryState, MessageState, Party
from services.notification.messages.store import Delivery, Notification
from services.notification.suppression.commands import take_refusal
from shared.errors import NotFound
from shared.events.notification import NotificationDelivered, NotificationFailed
from shared.work import Work


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt: its message, the round, and the key of the sender that had claimed it."""

    notification_id: UUID
    round: int
    sender: int


async def record_acceptance(work: Work, attempt: Attempt, reference: str | None = None) -> None:
    """Record that the message was accepted, with the receiving side's id of it. A second record for the same round
    changes nothing."""
    notification, delivery = await _lock_open(work, attempt)
    if delivery is None:
        return
    _end(work, notification, delivery, MessageState.SENT, None)
    detail = {"round": notification.round} | ({"reference": reference} if reference else {})
    work.journal("notification", notification.id, Tag.SEND, detail)
    work.emit(
        NotificationDelivered(
            notification_id=notification.id,
            cause_event_id=notification.cause_event_id,
            template=notification.template,
            application_id=notification.application_id,
            account_id=notification.account_id,
            delivered_at=work.now,
        )
    )


async def record_failure(work: Work, attempt: Attempt, failure: Failure, chance: float, *, try_for: timedelta) -> None:
    """Record a failed attempt: put the message off, or give it up once it was tried for `try_for`. `chance` in [0, 1)
    spreads the next attempts.

    Changes nothing where another sender has claimed the message since: that one records its own outcome.
    """
    notification, delivery = await _lock_open(work, attempt)
    if delivery is None or delivery.claimed_by != attempt.sender:
        return
    delivery.last_error = failure.reason
    first = delivery.first_failed_at = delivery.first_failed_at or work.now
    at = None
    if not failure.permanent:
        valid_until = delivery.valid_until
        at = domain.next_attempt(delivery.attempts, first, work.now, chance, try_for=try_for, valid_until=valid_until)
    delivery.turn_at = None
    if at is not None:
        delivery.state = DeliveryState.WAITING.value
        delivery.claimed_by = None
        delivery.next_try_at = at
        return
    await give_up(work, notification, delivery, failure.reason)
    if failure.status is not None:
        await take_refusal(work, delivery, notification.round, failure.status)


async def give_up(work: Work, notification: Notification, delivery: Delivery | None, reason: str) -> None:
    """End a message as failed, also one that had been accepted. `delivery` is None where it was erased already.

    With a summary, the messages that it stands for have not arrived either.
    """
    _end(work, notification, delivery, MessageState.FAILED, reason)
    work.journal("notification", notification.id, Tag.FAIL, {"round": notification.round})
    _emit_failed(work, notification, reason)
    if notification.template == SUMMARY:
        for one in await store.in_summary(work.session, notification.id):
            _emit_failed(work, one, reason)


def _emit_failed(work: Work, notification: Notification, reason: str) -> None:
    # A message that goes by mail as well is not missed by who gets the mail.
    informed = notification.channel == MAIL and notification.party in (Party.ACCOUNT, Party.APPLICANT)
    work.emit(
        NotificationFailed(
            notification_id=notification.id,
            cause_event_id=notification.cause_event_id,
            template=notification.template,
            application_id=notification.application_id,
            account_id=notification.account_id,
            party=notification.party,
            must_reach=MUST_REACH.get(notification.template) if informed else None,
            reason_code=reason,
            attempts=max(notification.attempts, 1),
            failed_at=work.now,
        )
    )


async def record_untried(work: Work, attempt: Attempt, outcome: NotTried, chance: float) -> None:
    """Put back a message that was claimed and not tried; the claim does not count as an attempt."""
    _, delivery = await _lock_open(work, attempt)
    if delivery is None or delivery.claimed_by != attempt.sender:
        return
    delivery.state = DeliveryState.WAITING.value
    delivery.claimed_by = None
    delivery.attempts -= 1
    delivery.last_error = outcome.reason
    delivery.turn_at = outcome.turn
    delivery.next_try_at = outcome.until or work.now + domain.untried_wait(chance)


async def reclaim(work: Work, delivery: Delivery) -> None:
    """Put back a message whose sender died during the attempt. It may arrive twice, with one Message-ID."""
    delivery.state = DeliveryState.WAITING.value
    delivery.claimed_by = None
    delivery.next_try_at = work.now
    work.journal("notification", delivery.notification_id, Tag.RECLAIM, {"attempts": delivery.attempts})


async def _lock_open(work: Work, attempt: Attempt) -> tuple[Notification, Delivery | None]:
    """The message of an attempt; without its delivery where the attempt's round has ended already."""
    locked = await store.lock(work.session, attempt.notification_id)
    if locked is None:
        raise NotFound()
    notification, delivery = locked
    is_open = notification.state == MessageState.CREATED and notification.round == attempt.round
    return notification, delivery if is_open else None


def _end(
    work: Work, notification: Notification, delivery: Delivery | None, state: MessageState, reason: str | None
) -> None:
    notification.state = state.value
    notification.ended_at = work.now
    notification.reason = reason
    if delivery is None:
        return
    notification.attempts = delivery.attempts
    delivery.state = DeliveryState.DONE.value
    delivery.claimed_by = None
    # The time for which the content is kept for resending begins here.
    delivery.next_try_at = work.now
