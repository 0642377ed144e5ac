"""Commands of bounces: what follows from a report that a mail did not arrive."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from services.notification.audit import Tag
from services.notification.bounces.domain.statuses import SOFT_TIME, Kind, is_suppressed_after, kind_of
from services.notification.bounces.schemas import ReportTaken, Taken
from services.notification.delivery.commands import give_up
from services.notification.messages import store as messages
from services.notification.messages.domain import MessageState
from services.notification.messages.store import Delivery
from services.notification.suppression import store
from services.notification.suppression.commands import suppress
from shared.work import Work

Source = Literal["mailbox", "provider"]
# States in which a mail may have left: one that waits again was perhaps accepted without an answer.
_OUT = frozenset({MessageState.CREATED, MessageState.SENT})


@dataclass(frozen=True, slots=True)
class ReportedFailure:
    """A mail that did not arrive: the round of a message, and the status code."""

    message_id: UUID
    round: int
    status: str
    source: Source


async def take_failure(work: Work, failure: ReportedFailure) -> ReportTaken:
    """Record that a mail came back, once: the message failed, and its address is left alone after a hard failure or
    several others.

    Of a message that was sent again since, only that is recorded: the address may be another.
    """
    locked = await messages.lock(work.session, failure.message_id)
    if locked is None or failure.round > locked[0].round:
        return ReportTaken(outcome=Taken.UNKNOWN)
    notification, delivery = locked
    is_newest = failure.round == notification.round
    address = delivery if is_newest and delivery is not None and delivery.address_key is not None else None
    kind = kind_of(failure.status)
    values = {
        "message_id": failure.message_id,
        "round": failure.round,
        "kind": kind.value,
        "status": failure.status,
        "source": failure.source,
        "address_key": address.address_key if address else None,
        "reported_at": work.now,
    }
    if not await store.record_return(work.session, values):
        return ReportTaken(outcome=Taken.REPEATED)
    detail = {"round": failure.round, "status": failure.status, "source": failure.source}
    work.journal("notification", notification.id, Tag.RETURN, detail)
    if is_newest and MessageState(notification.state) in _OUT:
        await give_up(work, notification, delivery, f"returned-{failure.status}")
    if address is not None:
        await _leave_alone(work, address, kind, failure.status)
    return ReportTaken(outcome=Taken.RECORDED)


async def _leave_alone(work: Work, delivery: Delivery, kind: Kind, status: str) -> None:
    assert delivery.address_key is not None
    assert delivery.sealed_address is not None
    known = await store.lock_address(work.session, [delivery.address_key])
    since: datetime = work.now - SOFT_TIME
    if known is not None and known.lifted_at is not None:
        since = max(since, known.lifted_at)
    failures = await store.soft_failures(work.session, delivery.address_key, since)
    if (known is not None and known.lifted_at is None) or is_suppressed_after(kind, failures):
        await suppress(work, known, delivery, kind.value, status)
