"""The timers' table, and setting or cancelling one inside a command's transaction."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, DateTime, Integer, MetaData, Table, Text, Uuid, bindparam, delete
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

# Built once: putting a statement together costs more than sending it.
_INSERT = insert(timers)
_SET = _INSERT.on_conflict_do_update(
    constraint="uq_timers_kind_subject_id",
    set_={"due_at": _INSERT.excluded.due_at, "data": _INSERT.excluded.data, "attempts": 0},
)
_CANCEL = delete(timers).where(timers.c.kind == bindparam("kind"), timers.c.subject_id == bindparam("subject_id"))


async def at(
    session: AsyncSession, kind: str, subject_id: UUID, due_at: datetime, data: Mapping[str, Any] | None = None
) -> None:
    """Have `kind` worked through for `subject_id` at `due_at`. Setting it again moves it."""
    row = {"kind": kind, "subject_id": subject_id, "due_at": due_at, "data": to_json(data or {}), "attempts": 0}
    # What the command has changed so far is written once, at its end, and not before each of its timers.
    with session.no_autoflush:
        await session.execute(_SET, {"id": new_id(), **row})


async def cancel(session: AsyncSession, kind: str, subject_id: UUID) -> None:
    """Forget a timer; nothing happens where there is none."""
    with session.no_autoflush:
        await session.execute(_CANCEL, {"kind": kind, "subject_id": subject_id})
