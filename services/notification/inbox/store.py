"""The messages that an account has read, and the queries of the inbox."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, Select, and_, exists, func, literal, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from services.notification.messages.domain import Party
from services.notification.messages.store import Delivery, Notification, Row, visible_to
from shared.auth import Actor
from shared.db import ReadSession

Found = tuple[Notification, Delivery | None, datetime | None]


class Reading(Row):
    """One account has read one message."""

    __tablename__ = "readings"
    __journalled__ = False

    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    notification_id: Mapped[UUID] = mapped_column(ForeignKey("notifications.id"), primary_key=True)
    read_at: Mapped[datetime]


def _shown_to(actor: Actor, *, everyone: bool) -> ColumnElement[bool]:
    """The condition for messages in the inbox of `actor`: the own ones, or with `everyone` also those of colleagues
    about records that both may see. The copy of a message that goes to the applicant's own address is none."""
    shown = and_(visible_to(actor), Notification.party == Party.ACCOUNT.value)
    return shown if everyone else and_(shown, Notification.account_id == actor.account_id)


def _read_by(actor: Actor) -> ColumnElement[bool]:
    return and_(Reading.account_id == actor.account_id, Reading.notification_id == Notification.id)


def _unread(actor: Actor) -> ColumnElement[bool]:
    return ~exists(select(Reading).where(_read_by(actor)).correlate(Notification))


def _found(actor: Actor, *, everyone: bool) -> Select[Notification, Delivery, datetime]:
    """Messages with their content and the time at which `actor` read them."""
    return (
        select(Notification, Delivery, Reading.read_at)
        .outerjoin(Delivery, Delivery.notification_id == Notification.id)
        .outerjoin(Reading, _read_by(actor))
        .where(_shown_to(actor, everyone=everyone))
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
    """Messages with their content and the time at which `actor` read them, newest first."""
    query = _found(actor, everyone=everyone)
    if unread:
        query = query.where(_unread(actor))
    if application_id is not None:
        query = query.where(Notification.application_id == application_id)
    if after is not None:
        query = query.where(tuple_(Notification.created_at, Notification.id) < after)
    query = query.order_by(Notification.created_at.desc(), Notification.id.desc()).limit(limit)
    rows: Any = (await session.execute(query)).all()
    return [(row[0], row[1], row[2]) for row in rows]


async def find(session: ReadSession, actor: Actor, notification_id: UUID) -> Found | None:
    """One message that `actor` may read."""
    query = _found(actor, everyone=True).where(Notification.id == notification_id)
    row: Any = (await session.execute(query)).one_or_none()
    return None if row is None else (row[0], row[1], row[2])


async def count_unread(session: ReadSession, actor: Actor, most: int) -> int:
    """The number of own messages that were not read yet, counted up to `most`."""
    some = select(Notification.id).where(_shown_to(actor, everyone=False), _unread(actor)).limit(most).subquery()
    return int(await session.scalar(select(func.count()).select_from(some)) or 0)


async def mark_read(session: AsyncSession, actor: Actor, notification_id: UUID, now: datetime) -> None:
    """Record that `actor` has read the message. The first time stands."""
    row = {"account_id": actor.account_id, "notification_id": notification_id, "read_at": now}
    await session.execute(insert(Reading).values(row).on_conflict_do_nothing())


async def mark_all_read(session: AsyncSession, actor: Actor, until: UUID, now: datetime) -> int:
    """Record that `actor` has read all own messages up to the one `until`. Returns their number."""
    newest = select(Notification.created_at).where(Notification.id == until).correlate(None).scalar_subquery()
    unread = select(literal(actor.account_id), Notification.id, literal(now)).where(
        _shown_to(actor, everyone=False), _unread(actor), Notification.created_at <= newest
    )
    put = insert(Reading).from_select(["account_id", "notification_id", "read_at"], unread).on_conflict_do_nothing()
    result: Any = await session.execute(put)
    return int(result.rowcount)
