"""Which reminders went out: no fact for the journal, only a guard against a second mail."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Column, Date, DateTime, Integer, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.registration.accounts.store.base import Row

reminders_sent = Table(
    "reminders_sent",
    Row.metadata,
    Column("kind", Text, primary_key=True),  # registration, password, client
    Column("subject_id", Uuid, primary_key=True),
    Column("ends_on", Date, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),  # 1: the first reminder, 2: the last
    Column("sent_at", DateTime(timezone=True), nullable=False),
)


async def is_first(
    session: AsyncSession, kind: str, subject_id: UUID, ends_on: date, number: int, now: datetime
) -> bool:
    """Note the reminder; False where it went out before."""
    row = insert(reminders_sent).values(kind=kind, subject_id=subject_id, ends_on=ends_on, number=number, sent_at=now)
    noted = await session.execute(row.on_conflict_do_nothing().returning(reminders_sent.c.number))
    return noted.first() is not None
