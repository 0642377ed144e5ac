"""Texts that officers have begun to write on a page: sealed, for some days, and gone when they are sent."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, DateTime, ForeignKey, LargeBinary, Table, Text, Uuid, delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.registration.accounts.store.base import Row
from shared.db import ReadSession

# Changed with every few words and gone when sent, so it is no fact for the journal. `place` is a digest.
begun_texts = Table(
    "begun_texts",
    Row.metadata,
    Column("account_id", Uuid, ForeignKey("accounts.id"), primary_key=True),
    Column("place", LargeBinary, primary_key=True),
    Column("sealed", Text, nullable=False),
    Column("saved_at", DateTime(timezone=True), nullable=False, index=True),
)


async def put(session: AsyncSession, account_id: UUID, place: bytes, sealed: str, now: datetime) -> None:
    """Keep a text in place of the one before."""
    row = insert(begun_texts).values(account_id=account_id, place=place, sealed=sealed, saved_at=now)
    await session.execute(
        row.on_conflict_do_update(index_elements=["account_id", "place"], set_={"sealed": sealed, "saved_at": now})
    )


async def begun(session: ReadSession, account_id: UUID, place: bytes, since: datetime) -> tuple[str, datetime] | None:
    """The text (sealed) and when it was saved, unless that was before `since`."""
    found = await session.execute(
        select(begun_texts.c.sealed, begun_texts.c.saved_at).where(
            begun_texts.c.account_id == account_id, begun_texts.c.place == place, begun_texts.c.saved_at >= since
        )
    )
    row = found.first()
    return None if row is None else (row.sealed, row.saved_at)


async def of_account(session: ReadSession, account_id: UUID) -> int:
    """The number of texts that an account has begun."""
    query = select(func.count()).select_from(begun_texts).where(begun_texts.c.account_id == account_id)
    return int(await session.scalar(query) or 0)


async def drop(session: AsyncSession, account_id: UUID, place: bytes) -> None:
    """Delete it."""
    await session.execute(
        delete(begun_texts).where(begun_texts.c.account_id == account_id, begun_texts.c.place == place)
    )


async def forget(session: AsyncSession, before: datetime) -> None:
    """Delete what was saved before a moment."""
    await session.execute(delete(begun_texts).where(begun_texts.c.saved_at < before))
