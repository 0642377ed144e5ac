"""Claims: statements on `deliveries` by which senders share the work, the paces of destinations, and the hook that
wakes senders."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    DateTime,
    Executable,
    Select,
    and_,
    bindparam,
    delete,
    event,
    exists,
    func,
    select,
    union_all,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute, Mapped, mapped_column

from services.notification.address_book.store import Application, Row
from services.notification.delivery.domain import Pace
from services.notification.messages.domain import DeliveryState, Party, Priority
from services.notification.messages.store import Delivery, Notification, content_column
from services.notification.suppression.store import is_undeliverable
from shared.operations.state.queues import Queue, rows_since

_SENDING = Delivery.state == DeliveryState.SENDING
_UNCONFIRMED = and_(
    Notification.party == Party.APPLICANT.value,
    exists().where(
        Application.application_id == Notification.application_id, Application.contact_confirmed_at.is_(None)
    ),
).label("unconfirmed")


_NOW = bindparam("moment", type_=DateTime(timezone=True))


@cache
def claim(channel: str) -> Executable:
    """Claim up to `places` messages of `channel` that are due at `moment` for the sender with the key `sender`, those
    of a lower priority first and of these the longest waiting; skip what another sender claims now.

    One row for each: id, template, language, round, time of making, sealed address, content and name, end of its use,
    whether mail to the address came back, its turn, trace, whether its reader may leave such mail out, and whether the
    address is an applicant's that nobody confirmed.
    """
    ready: list[CTE] = []
    for priority in Priority:
        # Of a higher priority as many as the others leave places for: an index finds each without those put off.
        places: ColumnElement[int] = bindparam("places", type_=BigInteger)
        for earlier in ready:
            places = places - _count(earlier)
        ready.append(_due(channel, priority, places).cte(f"due_{priority.name.lower()}"))
    due = union_all(*(select(each.c.notification_id) for each in ready)).cte("due")
    claimed_by = bindparam("sender", type_=BigInteger)
    return (
        update(Delivery)
        .where(Delivery.notification_id == due.c.notification_id, Notification.id == due.c.notification_id)
        .values(state=DeliveryState.SENDING.value, claimed_by=claimed_by, attempts=Delivery.attempts + 1)
        .returning(
            *(Notification.id, Notification.template, Notification.language, Notification.round),
            *(Notification.created_at, Delivery.sealed_address, content_column(), Delivery.sealed_name),
            *(Delivery.valid_until, is_undeliverable(Delivery.address_key).label("undeliverable"), Delivery.turn_at),
            *(Delivery.traceparent, Delivery.topic.is_not(None).label("may_be_left_out"), _UNCONFIRMED),
        )
        .execution_options(synchronize_session=False)
    )


def _due(channel: str, priority: Priority, limit: ColumnElement[int]) -> Select[UUID]:
    return (
        select(Delivery.notification_id)
        .where(
            Delivery.channel == channel,
            Delivery.priority == priority,
            Delivery.state == DeliveryState.WAITING,
            Delivery.next_try_at <= _NOW,
        )
        .order_by(Delivery.next_try_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )


def _count(ready: CTE) -> ColumnElement[int]:
    return select(func.count()).select_from(ready).scalar_subquery()


def release(sender: int, in_hand: Sequence[UUID]) -> Executable:
    """Release what `sender` has claimed, except for the messages `in_hand`: the others were never begun."""
    lost = and_(Delivery.claimed_by == sender, _SENDING, Delivery.notification_id.not_in(in_hand))
    waiting = {"state": DeliveryState.WAITING.value, "claimed_by": None, "attempts": Delivery.attempts - 1}
    return update(Delivery).where(lost).values(waiting).execution_options(synchronize_session=False)


def missed_of(claimed_by: InstrumentedAttribute[int | None], is_claimed: ColumnElement[bool]) -> Select[Any]:
    """The keys of senders other than `but` that have claims and whose lock nobody holds.

    To be built once: every sender asks it once a second.
    """
    claims = select(claimed_by.label("key")).where(is_claimed, claimed_by != bindparam("but"))
    keys = claims.distinct().cte("keys").prefix_with("MATERIALIZED")
    # A lock that its sender holds cannot be taken; one taken here is free again at the end of the statement.
    return select(keys.c.key).where(func.pg_try_advisory_xact_lock(keys.c.key))


MISSED = missed_of(Delivery.claimed_by, _SENDING)
# True where the lock of that sender was free; it is held until the end of the transaction.
LOCK_THE_DEAD = select(func.pg_try_advisory_xact_lock(bindparam("key", type_=BigInteger)))


async def claimed_by(session: AsyncSession, sender: int) -> Sequence[Delivery]:
    """The deliveries that a sender has claimed, locked."""
    query = select(Delivery).where(_SENDING, Delivery.claimed_by == sender)
    return (await session.scalars(query.with_for_update(skip_locked=True))).all()


class PaceRow(Row):
    """The pace of a destination: next free turn, and the time between two while it asks for less."""

    __tablename__ = "paces"
    __journalled__ = False

    channel: Mapped[str] = mapped_column(primary_key=True)
    destination: Mapped[str] = mapped_column(primary_key=True)
    next_turn_at: Mapped[datetime]
    slow_every: Mapped[timedelta]
    slowed_at: Mapped[datetime | None]

    @property
    def pace(self) -> Pace:
        """The row as the rule sees it."""
        return Pace(self.next_turn_at, self.slow_every, self.slowed_at)

    @pace.setter
    def pace(self, pace: Pace) -> None:
        self.next_turn_at, self.slow_every, self.slowed_at = pace.next_turn_at, pace.slow_every, pace.slowed_at


async def lock_pace(session: AsyncSession, channel: str, destination: str, now: datetime) -> PaceRow:
    """The pace of a destination, locked; made where there is none."""
    key = {"channel": channel, "destination": destination}
    made = insert(PaceRow).values(key | {"next_turn_at": now, "slow_every": timedelta()}).on_conflict_do_nothing()
    await session.execute(made)
    query = select(PaceRow).filter_by(**key).with_for_update()
    return (await session.scalars(query)).one()


# Channel and name of the destinations that asked for less after `since`.
SLOWED = select(PaceRow.channel, PaceRow.destination).where(PaceRow.slowed_at > bindparam("since"))


async def forget_paces(session: AsyncSession, before: datetime) -> None:
    """Erase paces whose turns are all over, and that did not ask for less, since `before`."""
    over = and_(PaceRow.next_turn_at < before, func.coalesce(PaceRow.slowed_at, before) <= before)
    await session.execute(delete(PaceRow).where(over))


def call_after_commit(session: AsyncSession, call: Callable[[], None]) -> None:
    """Call `call` once the transaction of `session` is committed; asked for twice, it is called once."""
    sync = session.sync_session
    calls = sync.info.setdefault("called_after_commit", set())
    if call not in calls:
        calls.add(call)
        event.listen(sync, "after_commit", lambda _: call())


# A mail that a relay does not take is tried again later; one whose moment has passed waits for a sender.
DUE_MAILS = Queue(
    "mails",
    rows_since(
        Delivery.next_try_at,
        lambda now: and_(
            Delivery.channel == "mail", Delivery.state == DeliveryState.WAITING, Delivery.next_try_at <= now
        ),
    ),
    timedelta(minutes=10),
)
