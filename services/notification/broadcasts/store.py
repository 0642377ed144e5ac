"""Tables and queries of broadcasts: what is sent, the recipients as they were when it began, and its progress."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    Select,
    Text,
    Uuid,
    and_,
    delete,
    exists,
    func,
    literal,
    or_,
    select,
    text,
    tuple_,
)
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from services.notification.address_book.store import Application, Contact, Member, Row
from services.notification.broadcasts.domain import PERSONS_ROLES, Group, State, roles_of
from services.notification.messages.domain import MessageState
from services.notification.messages.store import Delivery, Notification
from shared.db import ReadSession

_OPEN = (State.SCHEDULED.value, State.SENDING.value)
_BEGUN = (*_OPEN, State.SENT.value)


class Broadcast(Row):
    """One notice to a group of accounts. Its id is the cause of its messages, and the id of their content.

    `texts` are title and body by language. `writers` wrote or proposed it, `writer_persons` are the humans behind them
    as far as they are known. `reached` is the last recipient to whom it was handed over, in the order of their ids.
    """

    __tablename__ = "broadcasts"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    audience: Mapped[str]
    codes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    texts: Mapped[dict[str, Any]] = mapped_column(JSONB)
    by_mail: Mapped[bool]
    send_at: Mapped[datetime | None]
    banner_from: Mapped[datetime | None]
    banner_until: Mapped[datetime | None]
    banner_ended_at: Mapped[datetime | None]
    state: Mapped[str]
    revision: Mapped[int]
    writers: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    writer_persons: Mapped[list[str]] = mapped_column(ARRAY(Text))
    created_at: Mapped[datetime]
    proposed_by: Mapped[UUID | None]
    proposed_at: Mapped[datetime | None]
    returned_reason: Mapped[str | None]
    approved_by: Mapped[UUID | None]
    approved_person: Mapped[str | None]
    approved_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    recipients: Mapped[int | None]
    handed_over: Mapped[int]
    left_out: Mapped[int]
    reached: Mapped[UUID | None]
    ended_at: Mapped[datetime | None]
    stopped_by: Mapped[UUID | None]
    stopped_reason: Mapped[str | None]
    # Of a stopped one that was approved: until then the list of recipients is kept.
    resumable_until: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("kind IN ('maintenance', 'law', 'other')", name="kind"),
        CheckConstraint("audience IN ('everyone', 'user_class', 'office', 'procedure', 'officers')", name="audience"),
        CheckConstraint("state IN ('draft', 'proposed', 'scheduled', 'sending', 'sent', 'stopped')", name="state"),
        Index("ix_broadcasts_created_at", "created_at", "id"),
        Index("ix_broadcasts_banner_until", "banner_until", postgresql_where=text("banner_until IS NOT NULL")),
    )


class BroadcastRecipient(Row):
    """An account that was in the group when the sending began."""

    __tablename__ = "broadcast_recipients"
    __journalled__ = False

    broadcast_id: Mapped[UUID] = mapped_column(ForeignKey("broadcasts.id"), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    is_officer: Mapped[bool]


@dataclass(frozen=True, slots=True)
class Reached:
    """A recipient with the address as of now; None where the account was closed meanwhile."""

    account_id: UUID
    is_officer: bool
    sealed_address: str | None
    sealed_name: str | None
    language: str


async def lock(session: AsyncSession, broadcast_id: UUID) -> Broadcast | None:
    """One broadcast, locked: its steps and its pages wait for each other."""
    query = select(Broadcast).where(Broadcast.id == broadcast_id).with_for_update()
    found: Broadcast | None = await session.scalar(query.execution_options(populate_existing=True))
    return found


async def find(session: ReadSession, broadcast_id: UUID) -> Broadcast | None:
    """One broadcast."""
    found: Broadcast | None = await session.scalar(select(Broadcast).where(Broadcast.id == broadcast_id))
    return found


async def search(
    session: ReadSession, state: str | None, after: tuple[Any, ...] | None, limit: int
) -> Sequence[Broadcast]:
    """Broadcasts, newest first."""
    query = select(Broadcast)
    if state is not None:
        query = query.where(Broadcast.state == state)
    if after is not None:
        query = query.where(tuple_(Broadcast.created_at, Broadcast.id) < after)
    query = query.order_by(Broadcast.created_at.desc(), Broadcast.id.desc()).limit(limit)
    return list(await session.scalars(query))


async def with_banner(session: ReadSession, now: datetime, limit: int) -> Sequence[Broadcast]:
    """Broadcasts that have a banner now or later, those that begin first in front."""
    query = select(Broadcast).where(
        Broadcast.banner_until > now, Broadcast.banner_ended_at.is_(None), Broadcast.state.in_(_BEGUN)
    )
    return list(await session.scalars(query.order_by(Broadcast.banner_from, Broadcast.id).limit(limit)))


async def unfinished(session: ReadSession, due_before: datetime) -> Sequence[UUID]:
    """Broadcasts that should have begun before `due_before`, or are being sent."""
    due = or_(Broadcast.send_at.is_(None), Broadcast.send_at < due_before)
    query = select(Broadcast.id).where(
        or_(
            and_(Broadcast.state == State.SCHEDULED.value, Broadcast.approved_at < due_before, due),
            Broadcast.state == State.SENDING.value,
            and_(Broadcast.state == State.STOPPED.value, Broadcast.ended_at > due_before, Broadcast.by_mail),
        )
    )
    return list(await session.scalars(query))


def _acts(roles: Collection[str] | None = None) -> ColumnElement[bool]:
    """The condition that the account of a contact can act, in one of `roles` where they are given."""
    acting = select(Member).where(Member.account_id == Contact.account_id, Member.acts)
    if roles is not None:
        acting = acting.where(Member.role.in_(sorted(roles)))
    return exists(acting.correlate(Contact))


# Roles that no person has: also those of officers of whom nothing more is known.
_IS_OFFICER = exists(
    select(Member)
    .where(Member.account_id == Contact.account_id, Member.acts, Member.role.not_in(sorted(PERSONS_ROLES)))
    .correlate(Contact)
)


def _in_group(group: Group, codes: Sequence[str]) -> ColumnElement[bool]:
    match group:
        case Group.EVERYONE:
            return _acts()
        case Group.OFFICERS:
            return _IS_OFFICER
        case Group.OFFICE:
            return and_(Contact.office.in_(codes), _acts(roles_of(group, codes)))
        case Group.PROCEDURE:
            in_charge = select(Application).where(
                Application.account_id == Contact.account_id,
                Application.procedure.in_(codes),
                Application.ended_at.is_(None),
            )
            return and_(_acts(), exists(in_charge.correlate(Contact)))
        case _:
            return _acts(roles_of(group, codes))


def _group(group: Group, codes: Sequence[str], *columns: Any) -> Select[Any]:
    """The accounts of a group that can be reached."""
    return select(*columns).select_from(Contact).where(Contact.sealed_address.is_not(None), _in_group(group, codes))


async def count_group(session: ReadSession, group: Group, codes: Sequence[str]) -> int:
    """The number of accounts in a group now."""
    return int(await session.scalar(_group(group, codes, func.count())) or 0)


async def freeze_recipients(session: AsyncSession, broadcast_id: UUID, group: Group, codes: Sequence[str]) -> int:
    """Write down the accounts that are in the group now. Returns their number."""
    found = _group(group, codes, literal(broadcast_id, Uuid), Contact.account_id, _IS_OFFICER)
    put = insert(BroadcastRecipient).from_select(["broadcast_id", "account_id", "is_officer"], found)
    result: Any = await session.execute(put)
    return int(result.rowcount)


async def next_recipients(session: AsyncSession, broadcast: Broadcast, limit: int) -> Sequence[Reached]:
    """The recipients after the one that was reached last, in the order of their ids, with their present addresses."""
    query = (
        select(
            BroadcastRecipient.account_id,
            BroadcastRecipient.is_officer,
            Contact.sealed_address,
            Contact.sealed_name,
            func.coalesce(Contact.language, "ja"),
        )
        .outerjoin(Contact, Contact.account_id == BroadcastRecipient.account_id)
        .where(BroadcastRecipient.broadcast_id == broadcast.id)
        .order_by(BroadcastRecipient.account_id)
        .limit(limit)
    )
    if broadcast.reached is not None:
        query = query.where(BroadcastRecipient.account_id > broadcast.reached)
    return [Reached(*row) for row in await session.execute(query)]


class OpenMails(NamedTuple):
    """The mails of a broadcast that have not ended: those that could go `now` or are with the mail server at this
    moment, and those that were put off or wait for their turn."""

    now: int
    later: int


async def count_open_mails(session: ReadSession, broadcast_id: UUID, now: datetime) -> OpenMails:
    """Count the mails of a broadcast that wait or are with the mail server."""
    is_later = and_(Delivery.state == "waiting", Delivery.next_try_at > now)
    query = select(func.count().filter(~is_later).label("now"), func.count().filter(is_later).label("later")).where(
        Delivery.content_id == broadcast_id, Delivery.state.in_(("waiting", "sending"))
    )
    found: Any = (await session.execute(query)).one()
    return OpenMails(now=found.now, later=found.later)


async def erase_recipients(session: AsyncSession, now: datetime, limit: int) -> None:
    """Erase up to `limit` recipients of broadcasts that ended and cannot be resumed: their messages say who got it."""
    ended = (
        select(BroadcastRecipient.broadcast_id, BroadcastRecipient.account_id)
        .join(Broadcast, Broadcast.id == BroadcastRecipient.broadcast_id)
        .where(
            Broadcast.ended_at.is_not(None),
            or_(Broadcast.resumable_until.is_(None), Broadcast.resumable_until <= now),
        )
        .limit(limit)
        # One that is being resumed at this moment keeps its list.
        .with_for_update(of=Broadcast, skip_locked=True)
    )
    one = tuple_(BroadcastRecipient.broadcast_id, BroadcastRecipient.account_id)
    await session.execute(delete(BroadcastRecipient).where(one.in_(ended)))


async def waiting_mails(
    session: AsyncSession, broadcast_id: UUID, limit: int
) -> Sequence[tuple[Notification, Delivery]]:
    """Mails of a broadcast that no sender has at this moment, with the work on them, both locked."""
    query = (
        select(Notification, Delivery)
        .join(Delivery, Delivery.notification_id == Notification.id)
        .where(Delivery.content_id == broadcast_id, Delivery.state == "waiting")
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    rows: Any = (await session.execute(query)).all()
    return [(row[0], row[1]) for row in rows]


async def withdrawn_mails(
    session: AsyncSession, broadcast_id: UUID, limit: int
) -> Sequence[tuple[Notification, Delivery, Contact]]:
    """Mails of a broadcast that a stop withdrew, with the work on them, both locked, and the address as of now.

    Mails alone are in the inbox by a stop. Without an address the account was closed since, and they stay there.
    """
    query = (
        select(Notification, Delivery, Contact)
        .join(Delivery, Delivery.notification_id == Notification.id)
        .join(Contact, Contact.account_id == Notification.account_id)
        .where(
            Notification.cause_event_id == broadcast_id,
            Notification.state == MessageState.INBOX.value,
            Contact.sealed_address.is_not(None),
        )
        .limit(limit)
        .with_for_update(of=(Notification, Delivery))
    )
    rows: Any = (await session.execute(query)).all()
    return [(row[0], row[1], row[2]) for row in rows]


async def count_messages(session: ReadSession, broadcast_id: UUID) -> dict[str, int]:
    """The number of messages of a broadcast in each state."""
    query = (
        select(Notification.state, func.count())
        .where(Notification.cause_event_id == broadcast_id)
        .group_by(Notification.state)
    )
    rows: Any = (await session.execute(query)).all()
    return {row[0]: int(row[1]) for row in rows}
