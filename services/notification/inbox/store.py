"""The messages that an account has read, and the queries of the inbox."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, Index, Select, and_, exists, func, literal, or_, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from services.notification.address_book.store import Application, Row
from services.notification.channels.protocol import MAIL
from services.notification.messages.domain import IN_THE_INBOX, Party
from services.notification.messages.store import Delivery, Notification, content_column, visible_to
from shared.auth import Actor
from shared.db import ReadSession

# A message, its sealed content, when it was read, and the case of its application.
Found = tuple[Notification, str | None, datetime | None, UUID | None]
_PARTIES = sorted(party.value for party in IN_THE_INBOX)


class Reading(Row):
    """One account has read one message."""

    __tablename__ = "readings"
    __journalled__ = False

    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    notification_id: Mapped[UUID] = mapped_column(ForeignKey("notifications.id", ondelete="CASCADE"), primary_key=True)
    read_at: Mapped[datetime]

    __table_args__ = (Index("ix_readings_notification_id", "notification_id"),)


def _own(actor: Actor) -> ColumnElement[bool]:
    """The condition for messages to `actor`; to an officer, those about cases. The copy that goes to the applicant's
    own address is none, and no summary, which stands for others that are there; nor what goes by another channel beside
    the mail."""
    to = and_(Notification.account_id == actor.account_id, Notification.channel == MAIL)
    if actor.kind == "officer":
        return and_(to, Notification.party == Party.OFFICER.value)
    return and_(visible_to(actor), to, Notification.party.in_(_PARTIES))


def _shown_to(actor: Actor, *, everyone: bool) -> ColumnElement[bool]:
    """The condition for messages in the inbox of `actor`: the own ones, or with `everyone` what was sent to anybody who
    filed about records that the actor may see."""
    if not everyone or actor.kind == "officer":
        return _own(actor)
    by_mail = Notification.channel == MAIL
    return and_(visible_to(actor), Notification.party == Party.ACCOUNT.value, by_mail)


def _read_by(actor: Actor) -> ColumnElement[bool]:
    return and_(Reading.account_id == actor.account_id, Reading.notification_id == Notification.id)


def _unread(actor: Actor) -> ColumnElement[bool]:
    return ~exists(select(Reading).where(_read_by(actor)).correlate(Notification))


def _found(actor: Actor, shown: ColumnElement[bool]) -> Select[Notification, str, datetime, UUID | None]:
    """Messages with their content, the time at which `actor` read them, and their case."""
    return (
        select(Notification, content_column(), Reading.read_at, Application.case_id)
        .outerjoin(Delivery, Delivery.notification_id == Notification.id)
        .outerjoin(Reading, _read_by(actor))
        .outerjoin(Application, Application.application_id == Notification.application_id)
        .where(shown)
    )


async def search(
    session: ReadSession,
    actor: Actor,
    *,
    everyone: bool,
    unread: bool,
    application_id: UUID | None,
    after: tuple[Any, ...] | None,
    limit: int,
) -> Sequence[Found]:
    """Messages with what `_found` adds, newest first."""
    query = _found(actor, _shown_to(actor, everyone=everyone))
    if unread:
        query = query.where(_unread(actor))
    if application_id is not None:
        query = query.where(Notification.application_id == application_id)
    if after is not None:
        query = query.where(tuple_(Notification.created_at, Notification.id) < after)
    query = query.order_by(Notification.created_at.desc(), Notification.id.desc()).limit(limit)
    rows: Any = (await session.execute(query)).all()
    return [tuple(row) for row in rows]


async def find(session: ReadSession, actor: Actor, notification_id: UUID) -> Found | None:
    """One message that `actor` may read."""
    shown = or_(_own(actor), _shown_to(actor, everyone=True))
    query = _found(actor, shown).where(Notification.id == notification_id)
    row: Any = (await session.execute(query)).one_or_none()
    return None if row is None else tuple(row)


async def count_unread(session: ReadSession, actor: Actor, most: int) -> int:
    """The number of own messages that were not read yet, counted up to `most`."""
    some = select(Notification.id).where(_own(actor), _unread(actor)).limit(most).subquery()
    return int(await session.scalar(select(func.count()).select_from(some)) or 0)


async def mark_read(session: AsyncSession, actor: Actor, notification_id: UUID, now: datetime) -> None:
    """Record that `actor` has read the message. The first time stands."""
    row = {"account_id": actor.account_id, "notification_id": notification_id, "read_at": now}
    await session.execute(insert(Reading).values(row).on_conflict_do_nothing())


async def mark_all_read(session: AsyncSession, actor: Actor, until: UUID, now: datetime) -> int:
    """Record that `actor` has read all own messages up to the one `until`. Returns their number."""
    newest = select(Notification.created_at).where(Notification.id == until).correlate(None).scalar_subquery()
    unread = select(literal(actor.account_id), Notification.id, literal(now)).where(
        _own(actor), _unread(actor), Notification.created_at <= newest
    )
    put = insert(Reading).from_select(["account_id", "notification_id", "read_at"], unread).on_conflict_do_nothing()
    result: Any = await session.execute(put)
    return int(result.rowcount)
