"""Forms that could not be sent because the session or the key had ended: kept for some days, sealed."""

from datetime import datetime

from sqlalchemy import Column, DateTime, LargeBinary, Table, Text, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.registration.accounts.store.base import Row
from shared.db import ReadSession

# Gone when sent or after its time, so it is no fact for the journal.
kept_forms = Table(
    "kept_forms",
    Row.metadata,
    Column("digest", LargeBinary, primary_key=True),
    Column("sealed", Text, nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False, index=True),
)


async def put(session: AsyncSession, digest: bytes, sealed: str, expires_at: datetime) -> None:
    """Keep a form."""
    await session.execute(insert(kept_forms).values(digest=digest, sealed=sealed, expires_at=expires_at))


async def kept(session: ReadSession, digest: bytes, now: datetime) -> tuple[str, datetime] | None:
    """The kept form (sealed), and until when it is kept; None where there is none or its time is over."""
    found = await session.execute(
        select(kept_forms.c.sealed, kept_forms.c.expires_at).where(
            kept_forms.c.digest == digest, kept_forms.c.expires_at > now
        )
    )
    row = found.first()
    return None if row is None else (row.sealed, row.expires_at)


async def drop(session: AsyncSession, digest: bytes) -> None:
    """Delete it."""
    await session.execute(delete(kept_forms).where(kept_forms.c.digest == digest))


async def forget(session: AsyncSession, now: datetime) -> None:
    """Delete what nobody came back for."""
    await session.execute(delete(kept_forms).where(kept_forms.c.expires_at <= now))
