"""Commands of the sender: record how an attempt went, and release the claims of a dead sender."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from services.notification.audit import Tag
from services.notification.channels.protocol import MAIL, SUMMARY, Accepted, Failure, NotTried, Outcome
from services.notification.delivery import domain
from services.notification.messages import store
from services.notification.messages.catalogue import MUST_REACH
from services.notification.messages.domain import DeliveryState, MessageState, Party
from services.notification.messages.store import Delivery, Notification
from services.notification.suppression.commands import take_refusal
from shared.errors import NotFound
from shared.events.notification import NotificationDelivered, NotificationFailed
from shared.journal import write_together
from shared.work import Work


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt: its message, the round, and the key of the sender that had claimed it."""

    notification_id: UUID
    round: int
    sender: int


@dataclass(frozen=True, slots=True, eq=False)
class Ended:
    """An attempt that has ended. `chance` in [0, 1) spreads the next ones."""

    attempt: Attempt
    outcome: Outcome
    chance: float


async def record(work: Work, ended: Sequence[Ended], *, try_for: timedelta) -> None:
    """Record how attempts went, many at a time. A second record for the same round changes nothing.

    A failed message is put off, or given up once it was tried for `try_for`. Of one that another sender has claimed
    since, only an acceptance is recorded: that sender records its own outcome.
    """
    await _record_acceptances(
        work, {each.attempt: each.outcome for each in ended if isinstance(each.outcome, Accepted)}
    )
    for each in sorted(ended, key=lambda one: one.attempt.notification_id):
        if isinstance(each.outcome, NotTried):
            await _record_untried(work, each.attempt, each.outcome, each.chance)
        elif isinstance(each.outcome, Failure):
            await _record_failure(work, each.attempt, each.outcome, each.chance, try_for)


async def _record_acceptances(work: Work, outcomes: Mapping[Attempt, Accepted]) -> None:
    """Record that messages were accepted, each with the receiving side's id of it."""
    rounds = {each.notification_id: each.round for each in outcomes}
    references = {each.notification_id: outcome.reference for each, outcome in outcomes.items()}
    if not rounds:
        return
    accepted = [
        notification
        for notification in await store.lock_each(work.session, list(rounds))
        if _is_open(notification, rounds[notification.id])
    ]
    if not accepted:
        return
    tries = await store.end_deliveries(work.session, [each.id for each in accepted], work.now)
    for notification in accepted:
        notification.state, notification.ended_at, notification.reason = MessageState.SENT.value, work.now, None
        notification.attempts = tries.get(notification.id, notification.attempts)
        reference = references[notification.id]
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
    await write_together(work.session, accepted)


async def _record_failure(work: Work, attempt: Attempt, failure: Failure, chance: float, try_for: timedelta) -> None:
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
    notification.state = MessageState.FAILED.value
    notification.ended_at = work.now
    notification.reason = reason
    if delivery is not None:
        notification.attempts = delivery.attempts
        delivery.state = DeliveryState.DONE.value
        delivery.claimed_by = None
        # The time for which the content is kept for resending begins here.
        delivery.next_try_at = work.now
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


async def _record_untried(work: Work, attempt: Attempt, outcome: NotTried, chance: float) -> None:
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
    return notification, delivery if _is_open(notification, attempt.round) else None


def _is_open(notification: Notification, sent_round: int) -> bool:
    return notification.state == MessageState.CREATED and notification.round == sent_round
