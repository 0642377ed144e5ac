"""Tables and queries of messages.

`notifications` records which message went to whom and how it ended; it holds no address and no text, and is erased some
years after the end. `deliveries` is the work on it: address and content, sealed, and erased before it. A content that
many messages share stands once, in `contents`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    SmallInteger,
    UniqueConstraint,
    and_,
    delete,
    func,
    or_,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from services.notification.address_book.store import Application, Row
from services.notification.messages.domain import DeliveryState, MessageState
from shared.auth import Actor, Owner, for_oneself
from shared.db import ReadSession
from shared.languages import check_of


class Notification(Row):
    """One message to one recipient. `round` counts resends; each round has a Message-ID of its own."""

    __tablename__ = "notifications"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    cause_event_id: Mapped[UUID]
    cause_event_type: Mapped[str]
    channel: Mapped[str] = mapped_column(server_default=text("'mail'::text"))
    template: Mapped[str]
    party: Mapped[str]
    account_id: Mapped[UUID | None]
    # Owner of the record that it is about, and the user class; None: the account's own, or not known.
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
    # Receipt number of what it is about.
    number: Mapped[str | None]
    # The summary with which it was mailed.
    summary_id: Mapped[UUID | None]

    __table_args__ = (
        # A second delivery of the event, or a replayed dead letter, makes no second message.
        UniqueConstraint(
            *("cause_event_id", "channel", "party", "account_id", "template"), postgresql_nulls_not_distinct=True
        ),
        CheckConstraint("state IN ('created', 'held', 'sent', 'failed', 'summarised', 'inbox')", name="state"),
        CheckConstraint("(state IN ('created', 'held')) = (ended_at IS NULL)", name="ended"),
        CheckConstraint("(state = 'summarised') = (summary_id IS NOT NULL)", name="summarised"),
        CheckConstraint("(state = 'failed') = (reason IS NOT NULL)", name="failed_says_why"),
        CheckConstraint(check_of("language"), name="language"),
        Index("ix_notifications_created_at", "created_at", "id"),
        Index("ix_notifications_account_id", "account_id", "created_at", "id"),
        Index("ix_notifications_application_id", "application_id", "created_at", "id"),
        Index("ix_notifications_owner_id", "owner_id", "created_at", "id"),
        Index("ix_notifications_number", "number", "created_at", "id", postgresql_where=text("number IS NOT NULL")),
        Index("ix_notifications_held", "account_id", postgresql_where=text("state = 'held'")),
    )


class SharedContent(Row):
    """A sealed content that many messages share, such as that of a broadcast."""

    __tablename__ = "contents"
    __journalled__ = False

    id: Mapped[UUID] = mapped_column(primary_key=True)
    sealed_content: Mapped[str]
    created_at: Mapped[datetime]


class Delivery(Row):
    """The work on one message: its address and content, both sealed, and its next attempt."""

    __tablename__ = "deliveries"
    __journalled__ = False

    notification_id: Mapped[UUID] = mapped_column(primary_key=True)
    # That of the message, repeated for the index of what is due.
    channel: Mapped[str] = mapped_column(server_default=text("'mail'::text"))
    state: Mapped[str]
    attempts: Mapped[int]
    next_try_at: Mapped[datetime]
    # First failure of the round: a message is tried for some days from then on.
    first_failed_at: Mapped[datetime | None]
    # The moment from which the message is of no use, such as the end of its link; None: it is always.
    valid_until: Mapped[datetime | None]
    # The topic for which its reader chose mail, where mail may be left out.
    topic: Mapped[str | None]
    # Its turn at a destination that gets no more than so many messages in a time.
    turn_at: Mapped[datetime | None]
    # Key of the sender that works on it (`delivery.presence`).
    claimed_by: Mapped[int | None] = mapped_column(BigInteger)
    last_error: Mapped[str | None]
    # None: it goes to nobody by itself, but with a summary or to the inbox.
    sealed_address: Mapped[str | None]
    # A keyed hash of the address, by which operators find the messages to it.
    address_key: Mapped[bytes | None]
    sealed_name: Mapped[str | None]
    # The trace in which it was made (W3C); None: the clock made it.
    traceparent: Mapped[str | None]
    # One of the two: its own content, or one that it shares.
    sealed_content: Mapped[str | None]
    content_id: Mapped[UUID | None] = mapped_column(ForeignKey("contents.id"))
    # The lowest first (`domain.Priority`).
    priority: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"), default=0)

    __table_args__ = (
        CheckConstraint("(sealed_content IS NULL) = (content_id IS NOT NULL)", name="one_content"),
        CheckConstraint("state IN ('waiting', 'held', 'sending', 'done')", name="state"),
        CheckConstraint("sealed_address IS NOT NULL OR state IN ('held', 'done')", name="addressed"),
        CheckConstraint("(state = 'sending') = (claimed_by IS NOT NULL)", name="claimed"),
        Index(
            *("ix_deliveries_channel_priority", "channel", "priority", "next_try_at"),
            postgresql_where=text("state = 'waiting'"),
        ),
        Index(
            *("ix_deliveries_content_id", "content_id"),
            postgresql_where=text("state IN ('waiting', 'sending') AND content_id IS NOT NULL"),
        ),
        Index("ix_deliveries_sending", "claimed_by", postgresql_where=text("state = 'sending'")),
        Index("ix_deliveries_done", "next_try_at", postgresql_where=text("state = 'done'")),
        Index("ix_deliveries_held", "next_try_at", postgresql_where=text("state = 'held'")),
        Index("ix_deliveries_address_key", "address_key", postgresql_where=text("address_key IS NOT NULL")),
    )


def content_column() -> ColumnElement[str]:
    """The sealed content of a delivery, its own or the one that it shares, for a query of deliveries."""
    shared = select(SharedContent.sealed_content).where(SharedContent.id == Delivery.content_id)
    return func.coalesce(Delivery.sealed_content, shared.correlate(Delivery).scalar_subquery())


async def exists(
    session: ReadSession, cause_event_id: UUID, channel: str, party: str, account_id: UUID | None, template: str
) -> bool:
    """Whether this event led to this message already."""
    query = select(Notification.id).where(
        Notification.cause_event_id == cause_event_id,
        Notification.channel == channel,
        Notification.party == party,
        Notification.account_id.is_not_distinct_from(account_id),
        Notification.template == template,
    )
    return await session.scalar(query) is not None


async def lock_held(session: AsyncSession, account_id: UUID, now: datetime) -> Sequence[tuple[Notification, Delivery]]:
    """The messages of an account that wait for a summary that is due, locked, the oldest first."""
    query = (
        select(Notification, Delivery)
        .join(Delivery, Delivery.notification_id == Notification.id)
        .where(
            Notification.account_id == account_id,
            Notification.state == MessageState.HELD.value,
            Delivery.next_try_at <= now,
        )
        .order_by(Notification.created_at, Notification.id)
        .with_for_update()
    )
    rows: Any = (await session.execute(query)).all()
    return [(row[0], row[1]) for row in rows]


async def accounts_with_held(session: ReadSession, before: datetime, limit: int) -> Sequence[UUID]:
    """Accounts whose messages wait for a summary that was due before `before`."""
    query = (
        select(Notification.account_id)
        .join(Delivery, Delivery.notification_id == Notification.id)
        .where(Delivery.state == DeliveryState.HELD.value, Delivery.next_try_at < before)
        .distinct()
        .limit(limit)
    )
    return [found for found in await session.scalars(query) if found is not None]


async def lock(session: AsyncSession, notification_id: UUID) -> tuple[Notification, Delivery | None] | None:
    """A message and its delivery, both locked, always in this order; None where there is no such message."""
    query = select(Notification).where(Notification.id == notification_id).with_for_update()
    notification = await session.scalar(query)
    if notification is None:
        return None
    delivery = select(Delivery).where(Delivery.notification_id == notification_id).with_for_update()
    return notification, await session.scalar(delivery)


async def lock_each(session: AsyncSession, notification_ids: Sequence[UUID]) -> Sequence[Notification]:
    """These messages, locked in one order, so that two commands about several never wait for each other."""
    query = select(Notification).where(Notification.id.in_(notification_ids)).order_by(Notification.id)
    return (await session.scalars(query.with_for_update())).all()


async def end_deliveries(session: AsyncSession, notification_ids: Sequence[UUID], now: datetime) -> dict[UUID, int]:
    """End the deliveries of these messages, which are locked; the number of attempts that each took."""
    # The time for which the content is kept for resending begins here.
    ended = update(Delivery).where(Delivery.notification_id.in_(notification_ids))
    ended = ended.values(state=DeliveryState.DONE.value, claimed_by=None, next_try_at=now)
    rows = await session.execute(
        ended.returning(Delivery.notification_id, Delivery.attempts).execution_options(synchronize_session=False)
    )
    return {row.notification_id: row.attempts for row in rows}


async def in_summary(session: ReadSession, summary_id: UUID) -> Sequence[Notification]:
    """The messages that a summary stands for, oldest first."""
    query = select(Notification).where(Notification.summary_id == summary_id)
    rows: Sequence[Notification] = (
        await session.scalars(query.order_by(Notification.created_at, Notification.id))
    ).all()
    return rows


async def erase_done(session: AsyncSession, before: datetime, limit: int) -> None:
    """Erase up to `limit` deliveries that ended before `before`."""
    ended = select(Delivery.notification_id).where(Delivery.state == DeliveryState.DONE, Delivery.next_try_at < before)
    oldest = ended.order_by(Delivery.next_try_at).limit(limit).with_for_update(skip_locked=True)
    await session.execute(delete(Delivery).where(Delivery.notification_id.in_(oldest)))


async def lock_erasable(session: AsyncSession, before: datetime, limit: int) -> Sequence[Notification]:
    """The oldest messages that ended before `before`, locked: neither their content is kept any more, nor is the
    application open that they are about."""
    content = select(Delivery).where(Delivery.notification_id == Notification.id)
    application = select(Application).where(
        Application.application_id == Notification.application_id, Application.ended_at.is_(None)
    )
    query = (
        # Made before it ended: the index of the making finds the oldest.
        select(Notification)
        .where(Notification.created_at < before, Notification.ended_at < before)
        .where(~content.correlate(Notification).exists(), ~application.correlate(Notification).exists())
        .order_by(Notification.created_at, Notification.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return (await session.scalars(query)).all()


async def count_open(session: ReadSession) -> int:
    """The number of messages that are not sent yet."""
    return int(await session.scalar(select(func.count()).where(Notification.state == MessageState.CREATED)) or 0)


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The condition for messages that a person or an API client may see.

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


@dataclass(frozen=True, slots=True)
class Wanted:
    """The messages that a search asks for; each value that is not None narrows it.

    `visible` is what the caller may see, None for everything. `address_keys` are the hashes of one address, with
    each of the keys in use.
    """

    visible: ColumnElement[bool] | None = None
    application_id: UUID | None = None
    account_id: UUID | None = None
    number: str | None = None
    cause: str | None = None
    template: str | None = None
    state: str | None = None
    address_keys: Sequence[bytes] | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """The conditions for rows of `Notification` with their `Delivery`."""
        same = (
            (Notification.application_id, self.application_id),
            (Notification.account_id, self.account_id),
            (Notification.number, self.number),
            (Notification.cause_event_type, self.cause),
            (Notification.template, self.template),
        )
        found = [column == value for column, value in same if value is not None]
        if self.visible is not None:
            found.append(self.visible)
        if self.state is not None:
            found.append(_in_state(self.state))
        if self.address_keys is not None:
            found.append(Delivery.address_key.in_(self.address_keys))
        return found


async def search(
    session: ReadSession, wanted: Wanted, after: tuple[Any, ...] | None, limit: int
) -> Sequence[tuple[Notification, Delivery | None]]:
    """Messages with their deliveries, newest first."""
    query = select(Notification, Delivery).outerjoin(Delivery, Delivery.notification_id == Notification.id)
    query = query.where(*wanted.conditions())
    if after is not None:
        query = query.where(tuple_(Notification.created_at, Notification.id) < after)
    query = query.order_by(Notification.created_at.desc(), Notification.id.desc()).limit(limit)
    rows: Any = (await session.execute(query)).all()
    return [(row[0], row[1]) for row in rows]


async def find(session: ReadSession, notification_id: UUID) -> tuple[Notification, Delivery | None] | None:
    """One message with its delivery; None where there is none."""
    query = select(Notification, Delivery).outerjoin(Delivery, Delivery.notification_id == Notification.id)
    row: Any = (await session.execute(query.where(Notification.id == notification_id))).one_or_none()
    return None if row is None else (row[0], row[1])


def _in_state(state: str) -> Any:
    """The condition behind `domain.shown_state`."""
    open_ = Notification.state == MessageState.CREATED
    sending = Delivery.state == DeliveryState.SENDING
    match state:
        case "sending":
            return and_(open_, sending)
        case "temporary-failure":
            return and_(open_, Delivery.state == DeliveryState.WAITING, Delivery.attempts > 0)
        case "created":
            return and_(open_, or_(Delivery.attempts == 0, Delivery.attempts.is_(None)), ~sending)
        case _:
            return Notification.state == state
