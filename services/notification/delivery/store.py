"""Claims: statements on `deliveries` by which senders share the work, and the hook that wakes them."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Executable, Select, and_, bindparam, event, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.notification.messages.domain import DeliveryState
from services.notification.messages.store import Delivery, Notification
from services.notification.suppression.store import is_undeliverable

_SENDING = Delivery.state == DeliveryState.SENDING


def claim(sender: int, channel: str, now: datetime, limit: int) -> Executable:
    """Claim up to `limit` due messages of `channel`, longest waiting first; skip what another sender claims now.

    One row for each: id, template, language, round, time of making, sealed address, content and name, end of its use,
    and whether mail to the address came back.
    """
    due = (
        select(Delivery.notification_id)
        .where(Delivery.channel == channel, Delivery.state == DeliveryState.WAITING, Delivery.next_try_at <= now)
        .order_by(Delivery.next_try_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("due")
    )
    return (
        update(Delivery)
        .where(Delivery.notification_id == due.c.notification_id, Notification.id == due.c.notification_id)
        .values(state=DeliveryState.SENDING.value, claimed_by=sender, attempts=Delivery.attempts + 1)
        .returning(
            *(Notification.id, Notification.template, Notification.language, Notification.round),
            *(Notification.created_at, Delivery.sealed_address, Delivery.sealed_content, Delivery.sealed_name),
            Delivery.valid_until,
            is_undeliverable(Delivery.address_key).label("undeliverable"),
        )
        .execution_options(synchronize_session=False)
    )


def release(sender: int, in_hand: Sequence[UUID]) -> Executable:
    """Release what `sender` has claimed, except for the messages `in_hand`: the others were never begun."""
    lost = and_(Delivery.claimed_by == sender, _SENDING, Delivery.notification_id.not_in(in_hand))
    waiting = {"state": DeliveryState.WAITING.value, "claimed_by": None, "attempts": Delivery.attempts - 1}
    return update(Delivery).where(lost).values(waiting).execution_options(synchronize_session=False)


def missed(but: int) -> Select[Any]:
    """The keys of senders other than `but` that have claims and whose lock nobody holds."""
    claims = select(Delivery.claimed_by.label("key")).where(_SENDING, Delivery.claimed_by != but)
    keys = claims.distinct().cte("keys").prefix_with("MATERIALIZED")
    # A lock that its sender holds cannot be taken; one taken here is free again at the end of the statement.
    return select(keys.c.key).where(func.pg_try_advisory_xact_lock(keys.c.key))


# True where the lock of that sender was free; it is held until the end of the transaction.
LOCK_THE_DEAD = select(func.pg_try_advisory_xact_lock(bindparam("key", type_=BigInteger)))


async def claimed_by(session: AsyncSession, sender: int) -> Sequence[Delivery]:
    """The deliveries that a sender has claimed, locked."""
    query = select(Delivery).where(_SENDING, Delivery.claimed_by == sender)
    return (await session.scalars(query.with_for_update(skip_locked=True))).all()


def call_after_commit(session: AsyncSession, call: Callable[[], None]) -> None:
    """Call `call` once the transaction of `session` is committed; asked for twice, it is called once."""
    sync = session.sync_session
    calls = sync.info.setdefault("called_after_commit", set())
    if call not in calls:
        calls.add(call)
        event.listen(sync, "after_commit", lambda _: call())
