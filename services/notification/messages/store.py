"""Tables and queries of the notification service.

`notifications` says for good what was told to whom and how it ended; it holds no address and no text. `deliveries` is
the work in hand: address and content, sealed, and erased some time after the end. `contacts` and `applications` are
copies of what other services told, and can be erased.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ColumnElement,
    Executable,
    Index,
    MetaData,
    Select,
    UniqueConstraint,
    and_,
    bindparam,
    func,
    or_,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from services.notification.messages.domain import Outcome, Work
from shared.auth import Actor, Owner, for_oneself
from shared.db import ReadSession
from shared.db import Row as SharedRow
from shared.db.engine import NAMING


class Row(SharedRow):
    """Every table of this service."""

    __abstract__ = True
    metadata = MetaData(naming_convention=NAMING)


class Notification(Row):
    """One message to one recipient. `round` counts resends; each round has a Message-ID of its own."""

    __tablename__ = "notifications"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    cause_event_id: Mapped[UUID]
    cause_event_type: Mapped[str]
    template: Mapped[str]
    party: Mapped[str]
    account_id: Mapped[UUID | None]
    # Whose record it is about, and in which user class; None: the account's own, or not told.
    owner_id: Mapped[UUID | None]
    role: Mapped[str | None]
    application_id: Mapped[UUID | None]
    language: Mapped[str]
    state: Mapped[str]
    round: Mapped[int]
    attempts: Mapped[int]
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    reason: Mapped[str | None]

    __table_args__ = (
        # A second delivery of the event, or a replayed dead letter, makes no second mail.
        UniqueConstraint("cause_event_id", "party", "template"),
        CheckConstraint("state IN ('created', 'sent', 'failed')", name="state"),
        CheckConstraint("(state = 'created') = (ended_at IS NULL)", name="ended"),
        CheckConstraint("(state = 'failed') = (reason IS NOT NULL)", name="failed_says_why"),
        CheckConstraint("language IN ('ja', 'en')", name="language"),
        Index("ix_notifications_created_at", "created_at", "id"),
        Index("ix_notifications_account_id", "account_id", "created_at", "id"),
        Index("ix_notifications_application_id", "application_id", "created_at", "id"),
        Index("ix_notifications_owner_id", "owner_id", "created_at", "id"),
    )


class Delivery(Row):
    """The work on one message: where to, what (both sealed), and when next."""

    __tablename__ = "deliveries"
    __journalled__ = False

    notification_id: Mapped[UUID] = mapped_column(primary_key=True)
    work: Mapped[str]
    attempts: Mapped[int]
    next_try_at: Mapped[datetime]
    # Key of the sender that has it in hand (`presence`).
    claimed_by: Mapped[int | None] = mapped_column(BigInteger)
    last_error: Mapped[str | None]
    sealed_address: Mapped[str]
    sealed_name: Mapped[str | None]
    sealed_content: Mapped[str]

    __table_args__ = (
        CheckConstraint("work IN ('waiting', 'sending', 'done')", name="work"),
        CheckConstraint("(work = 'sending') = (claimed_by IS NOT NULL)", name="claimed"),
        Index("ix_deliveries_due", "next_try_at", postgresql_where=text("work = 'waiting'")),
        Index("ix_deliveries_sending", "claimed_by", postgresql_where=text("work = 'sending'")),
        Index("ix_deliveries_done", "next_try_at", postgresql_where=text("work = 'done'")),
    )


class Contact(Row):
    """Where an account is told things. Without an address: the account is closed and is told nothing any more."""

    __tablename__ = "contacts"
    __journalled__ = False

    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    sealed_address: Mapped[str | None]
    sealed_name: Mapped[str | None]
    language: Mapped[str]
    as_of: Mapped[datetime]


class Application(Row):
    """What mails about a filed application need to know, by ApplicationSubmitted."""

    __tablename__ = "applications"
    __journalled__ = False

    application_id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID]
    owner_id: Mapped[UUID | None]
    role: Mapped[str | None]
    procedure: Mapped[str]
    office: Mapped[str]
    sealed_address: Mapped[str | None]
    language: Mapped[str | None]
    submitted_at: Mapped[datetime]


async def exists(session: ReadSession, cause_event_id: UUID, party: str, template: str) -> bool:
    """Whether this event already led to this message."""
    query = select(Notification.id).where(
        Notification.cause_event_id == cause_event_id, Notification.party == party, Notification.template == template
    )
    return await session.scalar(query) is not None


def claim(sender: int, now: datetime, limit: int) -> Executable:
    """Claim up to `limit` messages that are due, longest waiting first; passed over: what another one claims now.

    One row for each: id, template, language, round, time of making, sealed address, content and name.
    """
    due = (
        select(Delivery.notification_id)
        .where(Delivery.work == Work.WAITING, Delivery.next_try_at <= now)
        .order_by(Delivery.next_try_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("due")
    )
    return (
        update(Delivery)
        .where(Delivery.notification_id == due.c.notification_id, Notification.id == due.c.notification_id)
        .values(work=Work.SENDING.value, claimed_by=sender, attempts=Delivery.attempts + 1)
        .returning(
            *(Notification.id, Notification.template, Notification.language, Notification.round),
            *(Notification.created_at, Delivery.sealed_address, Delivery.sealed_content, Delivery.sealed_name),
        )
        .execution_options(synchronize_session=False)
    )


def release(sender: int, in_hand: Sequence[UUID]) -> Executable:
    """Give back what is claimed by `sender` and not among those that it has in hand: it was never begun."""
    lost = and_(Delivery.claimed_by == sender, Delivery.work == Work.SENDING, Delivery.notification_id.not_in(in_hand))
    given = {"work": Work.WAITING.value, "claimed_by": None, "attempts": Delivery.attempts - 1}
    return update(Delivery).where(lost).values(given).execution_options(synchronize_session=False)


def missed(but: int) -> Select[Any]:
    """Keys of other senders than `but` that have messages in hand, and whose lock nobody holds."""
    claims = select(Delivery.claimed_by.label("key")).where(Delivery.work == Work.SENDING, Delivery.claimed_by != but)
    keys = claims.distinct().cte("keys").prefix_with("MATERIALIZED")
    # Held by its sender, it is not to be had; had here, it is free again at the end of the statement.
    return select(keys.c.key).where(func.pg_try_advisory_xact_lock(keys.c.key))


# True where the lock of that sender was free; it is ours until the end of the transaction.
LOCK_THE_DEAD = select(func.pg_try_advisory_xact_lock(bindparam("key", type_=BigInteger)))


async def claimed_by(session: AsyncSession, sender: int) -> Sequence[Delivery]:
    """The deliveries that a sender has claimed, locked."""
    query = select(Delivery).where(Delivery.work == Work.SENDING, Delivery.claimed_by == sender)
    return (await session.scalars(query.with_for_update(skip_locked=True))).all()


async def lock(session: AsyncSession, notification_id: UUID) -> tuple[Notification, Delivery | None] | None:
    """A message and its delivery, both locked, always in this order; None where there is no such message."""
    query = select(Notification).where(Notification.id == notification_id).with_for_update()
    notification = await session.scalar(query)
    if notification is None:
        return None
    work = select(Delivery).where(Delivery.notification_id == notification_id).with_for_update()
    return notification, await session.scalar(work)


async def done_before(session: AsyncSession, before: datetime, limit: int) -> Sequence[Delivery]:
    """Ended deliveries whose content was kept long enough, locked."""
    query = select(Delivery).where(Delivery.work == Work.DONE, Delivery.next_try_at < before)
    return (await session.scalars(query.limit(limit).with_for_update(skip_locked=True))).all()


async def waiting_since(session: ReadSession) -> tuple[int, datetime | None]:
    """How many messages are not sent yet, and since when the oldest waits."""
    query = select(func.count(), func.min(Notification.created_at)).where(Notification.state == Outcome.CREATED)
    row: Any = (await session.execute(query)).one()
    return int(row[0]), row[1]


def those_of(actor: Actor) -> ColumnElement[bool]:
    """The messages that a person or an outside system sees.

    About applications: those of the organisation or person for which they act, in their roles. About a registration:
    the person's own, where it is the one for which they act. About the account, such as its password: with a session
    of one's own alone.
    """
    owner = Owner.of(actor)
    mine = Notification.account_id == actor.account_id
    owned = and_(
        Notification.owner_id == owner.id,
        or_(Notification.role.is_(None), Notification.role.in_(owner.role_codes)),
        or_(Notification.application_id.is_not(None), mine),
    )
    if not for_oneself(actor):
        return owned
    of_account = and_(Notification.owner_id.is_(None), Notification.application_id.is_(None), mine)
    return or_(owned, of_account)


async def search(
    session: ReadSession,
    *,
    whose: ColumnElement[bool] | None,
    application_id: UUID | None,
    state: str | None,
    template: str | None,
    after: tuple[Any, ...] | None,
    limit: int,
) -> Sequence[tuple[Notification, Delivery | None]]:
    """Messages with their deliveries, newest first; each argument that is not None narrows the search."""
    query = select(Notification, Delivery).outerjoin(Delivery, Delivery.notification_id == Notification.id)
    if whose is not None:
        query = query.where(whose)
    if application_id is not None:
        query = query.where(Notification.application_id == application_id)
    if template is not None:
        query = query.where(Notification.template == template)
    if state is not None:
        query = query.where(_in_state(state))
    if after is not None:
        query = query.where(tuple_(Notification.created_at, Notification.id) < after)
    query = query.order_by(Notification.created_at.desc(), Notification.id.desc()).limit(limit)
    rows: Any = (await session.execute(query)).all()
    return [(row[0], row[1]) for row in rows]


def _in_state(state: str) -> Any:
    """The condition behind `domain.shown_state`."""
    open_ = Notification.state == Outcome.CREATED
    match state:
        case "sending":
            return and_(open_, Delivery.work == Work.SENDING)
        case "temporary-failure":
            return and_(open_, Delivery.work == Work.WAITING, Delivery.attempts > 0)
        case "created":
            return and_(open_, or_(Delivery.attempts == 0, Delivery.attempts.is_(None)), Delivery.work != Work.SENDING)
        case _:
            return Notification.state == state
