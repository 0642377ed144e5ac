"""Messages that did not arrive, and how the person was informed instead."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, select, text, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from services.review.cases.store import Case, Row
from shared.db import ReadSession


class UndeliveredMessage(Row):
    """A message about a case that did not arrive: what it concerns, who lacks it, and how they were informed."""

    __tablename__ = "undelivered_messages"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    # That of notification; a message that fails once more is the same.
    message_id: Mapped[UUID] = mapped_column(unique=True)
    concerns: Mapped[str]
    party: Mapped[str]
    reason: Mapped[str]
    failed_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    done_by: Mapped[UUID | None]
    means: Mapped[str | None]
    note: Mapped[str | None]

    __table_args__ = (
        CheckConstraint("means IN ('post', 'telephone', 'counter', 'not_needed')", name="means"),
        CheckConstraint("(done_at IS NULL) = (done_by IS NULL) AND (done_at IS NULL) = (means IS NULL)", name="done"),
        CheckConstraint("means <> 'not_needed' OR note IS NOT NULL", name="not_needed_says_why"),
        Index("ix_undelivered_messages_open", "failed_at", "id", postgresql_where=text("done_at IS NULL")),
    )


async def is_known(session: ReadSession, message_id: UUID) -> bool:
    """Whether that message was recorded already."""
    query = select(UndeliveredMessage.id).where(UndeliveredMessage.message_id == message_id)
    return await session.scalar(query) is not None


async def lock_undelivered(session: AsyncSession, case_id: UUID, undelivered_id: UUID) -> UndeliveredMessage | None:
    """A message of a case, locked."""
    query = select(UndeliveredMessage).where(
        UndeliveredMessage.id == undelivered_id, UndeliveredMessage.case_id == case_id
    )
    found: UndeliveredMessage | None = await session.scalar(query.with_for_update())
    return found


async def undelivered_of(session: ReadSession, case_id: UUID) -> Sequence[UndeliveredMessage]:
    """Messages about a case that did not arrive, oldest first."""
    query = select(UndeliveredMessage).where(UndeliveredMessage.case_id == case_id).order_by(UndeliveredMessage.id)
    rows: Sequence[UndeliveredMessage] = (await session.scalars(query)).all()
    return rows


async def open_in_office(
    session: ReadSession, office: str, after: tuple[Any, ...] | None, limit: int
) -> Sequence[tuple[UndeliveredMessage, str]]:
    """Messages of an office's cases about which nobody was informed yet, oldest first, each with its receipt number."""
    query = (
        select(UndeliveredMessage, Case.receipt_number)
        .join(Case, Case.id == UndeliveredMessage.case_id)
        .where(UndeliveredMessage.done_at.is_(None), Case.office == office)
    )
    if after is not None:
        query = query.where(tuple_(UndeliveredMessage.failed_at, UndeliveredMessage.id) > after)
    query = query.order_by(UndeliveredMessage.failed_at, UndeliveredMessage.id).limit(limit)
    rows: Any = (await session.execute(query)).all()
    return [(row[0], row[1]) for row in rows]
