"""Tables and queries of messages.

`notifications` records for good which message went to whom and how it ended; it holds no address and no text.
`deliveries` is the work on it: address and content, sealed, and erased some time after the end. `contacts` and
`applications` are copies of other services' facts, and can be erased.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ColumnElement,
    Index,
    MetaData,
    UniqueConstraint,
    and_,
    func,
    or_,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from services.notification.messages.domain import DeliveryState, MessageState
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

    __table_args__ = (
        # A second delivery of the event, or a replayed dead letter, makes no second message.
        UniqueConstraint("cause_event_id", "channel", "party", "template"),
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
    """The work on one message: its address and content, both sealed, and its next attempt."""

    __tablename__ = "deliveries"
    __journalled__ = False

    notification_id: Mapped[UUID] = mapped_column(primary_key=True)
    # That of the message, repeated for the index of what is due.
    channel: Mapped[str] = mapped_column(server_default=text("'mail'::text"))
    state: Mapped[str]
    attempts: Mapped[int]
    next_try_at: Mapped[datetime]
    # Key of the sender that works on it (`delivery.presence`).
    claimed_by: Mapped[int | None] = mapped_column(BigInteger)
    last_error: Mapped[str | None]
    sealed_address: Mapped[str]
    sealed_name: Mapped[str | None]
    sealed_content: Mapped[str]

    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'sending', 'done')", name="state"),
        CheckConstraint("(state = 'sending') = (claimed_by IS NOT NULL)", name="claimed"),
        Index("ix_deliveries_channel_due", "channel", "next_try_at", postgresql_where=text("state = 'waiting'")),
        Index("ix_deliveries_sending", "claimed_by", postgresql_where=text("state = 'sending'")),
        Index("ix_deliveries_done", "next_try_at", postgresql_where=text("state = 'done'")),
    )


class Contact(Row):
    """The address of an account. Without one, the account is closed and receives nothing any more."""

    __tablename__ = "contacts"
    __journalled__ = False

    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    sealed_address: Mapped[str | None]
    sealed_name: Mapped[str | None]
    language: Mapped[str]
    as_of: Mapped[datetime]


class Application(Row):
    """The facts of a filed application that its messages need, from ApplicationSubmitted."""

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


async def exists(session: ReadSession, cause_event_id: UUID, channel: str, party: str, template: str) -> bool:
    """Whether this event led to this message already."""
    query = select(Notification.id).where(
        Notification.cause_event_id == cause_event_id,
        Notification.channel == channel,
        Notification.party == party,
        Notification.template == template,
    )
    return await session.scalar(query) is not None


async def find_contact(session: AsyncSession, account_id: UUID) -> Contact | None:
    """The address of an account, as of now."""
    contact: Contact | None = await session.get(Contact, account_id, populate_existing=True)
    return contact


async def find_application(session: AsyncSession, application_id: UUID) -> Application | None:
    """The facts of an application, as of now."""
    application: Application | None = await session.get(Application, application_id, populate_existing=True)
    return application


async def save_contact(session: AsyncSession, values: Mapping[str, Any]) -> None:
    """Save the address of an account, unless a newer one (`as_of`) is known."""
    put = insert(Contact).values(**values)
    newer = put.on_conflict_do_update(
        index_elements=["account_id"],
        set_={name: put.excluded[name] for name in ("sealed_address", "sealed_name", "language", "as_of")},
        where=Contact.as_of < put.excluded.as_of,
    )
    await session.execute(newer)


async def save_application(session: AsyncSession, values: Mapping[str, Any]) -> None:
    """Save the facts of an application; those that are known already stay."""
    await session.execute(insert(Application).values(**values).on_conflict_do_nothing())


async def change_address(session: AsyncSession, application_id: UUID, sealed_address: str, language: str) -> None:
    """Send the messages of an application to another address of the applicant from now on."""
    values = {"sealed_address": sealed_address, "language": language}
    await session.execute(update(Application).where(Application.application_id == application_id).values(values))


async def change_office(session: AsyncSession, application_id: UUID, office: str) -> None:
    """Name another office in the messages of an application from now on."""
    await session.execute(update(Application).where(Application.application_id == application_id).values(office=office))


async def erase_addresses(session: AsyncSession, before: datetime) -> None:
    """Erase applicants' own addresses from applications filed before `before`."""
    old = and_(Application.submitted_at < before, Application.sealed_address.is_not(None))
    await session.execute(update(Application).where(old).values(sealed_address=None, language=None))


async def lock(session: AsyncSession, notification_id: UUID) -> tuple[Notification, Delivery | None] | None:
    """A message and its delivery, both locked, always in this order; None where there is no such message."""
    query = select(Notification).where(Notification.id == notification_id).with_for_update()
    notification = await session.scalar(query)
    if notification is None:
        return None
    delivery = select(Delivery).where(Delivery.notification_id == notification_id).with_for_update()
    return notification, await session.scalar(delivery)


async def done_before(session: AsyncSession, before: datetime, limit: int) -> Sequence[Delivery]:
    """Up to `limit` deliveries that ended before `before`, locked."""
    query = select(Delivery).where(Delivery.state == DeliveryState.DONE, Delivery.next_try_at < before)
    return (await session.scalars(query.limit(limit).with_for_update(skip_locked=True))).all()


async def waiting_since(session: ReadSession) -> tuple[int, datetime | None]:
    """The number of messages that are not sent yet, and the moment since which the oldest waits."""
    query = select(func.count(), func.min(Notification.created_at)).where(Notification.state == MessageState.CREATED)
    row: Any = (await session.execute(query)).one()
    return int(row[0]), row[1]


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


async def search(
    session: ReadSession,
    *,
    visible: ColumnElement[bool] | None,
    application_id: UUID | None,
    state: str | None,
    template: str | None,
    after: tuple[Any, ...] | None,
    limit: int,
) -> Sequence[tuple[Notification, Delivery | None]]:
    """Messages with their deliveries, newest first; each argument that is not None narrows the search."""
    query = select(Notification, Delivery).outerjoin(Delivery, Delivery.notification_id == Notification.id)
    if visible is not None:
        query = query.where(visible)
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
