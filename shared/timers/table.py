"""The timers' table, and setting or cancelling one inside a command's transaction."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, DateTime, Integer, MetaData, Table, Text, Uuid, delete
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.ext.asyncio import AsyncSession

from shared.ids import new_id
from shared.journal.capture import to_json

metadata = MetaData()
timers = Table(
    "timers",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("subject_id", Uuid, nullable=False),
    Column("due_at", DateTime(timezone=True), nullable=False),
    Column("data", JSONB, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("last_error", Text),
)


async def at(
    session: AsyncSession, kind: str, subject_id: UUID, due_at: datetime, data: Mapping[str, Any] | None = None
) -> None:
    """Have `kind` worked through for `subject_id` at `due_at`. Setting it again moves it."""
    row = {"kind": kind, "subject_id": subject_id, "due_at": due_at, "data": to_json(data or {}), "attempts": 0}
    statement = insert(timers).values(id=new_id(), **row)
    await session.execute(
        statement.on_conflict_do_update(
            constraint="uq_timers_kind_subject_id", set_={"due_at": due_at, "data": row["data"], "attempts": 0}
        )
    )


async def cancel(session: AsyncSession, kind: str, subject_id: UUID) -> None:
    """Forget a timer; nothing happens where there is none."""
    await session.execute(delete(timers).where(timers.c.kind == kind, timers.c.subject_id == subject_id))
