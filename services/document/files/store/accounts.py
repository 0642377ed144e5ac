"""Accounts that may not upload."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from services.document.files.store.documents import Row
from shared.db import ReadSession


class StoppedAccount(Row):
    """An account that may not upload for now, from registration's events."""

    __tablename__ = "stopped_accounts"
    __journalled__ = False

    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    stopped_at: Mapped[datetime]


async def is_stopped(session: ReadSession, account_id: UUID) -> bool:
    """Whether the account may not upload."""
    return await session.get(StoppedAccount, account_id) is not None


async def allow(session: AsyncSession, account_id: UUID) -> None:
    """Remove the account from those that may not upload."""
    await session.execute(delete(StoppedAccount).where(StoppedAccount.account_id == account_id))


async def stop(session: AsyncSession, account_id: UUID, stopped_at: datetime) -> None:
    """Add the account to those that may not upload."""
    await session.merge(StoppedAccount(account_id=account_id, stopped_at=stopped_at))
