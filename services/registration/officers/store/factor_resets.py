"""Resets of officers' second factors: what one administrator asks for, another confirms."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, MappedAsDataclass, mapped_column

from services.registration.accounts.store.base import Row
from shared.db import ReadSession


class FactorReset(MappedAsDataclass, Row, kw_only=True, eq=False, repr=False):
    """A reset that was asked for. It takes effect when another administrator confirms it in time."""

    __tablename__ = "factor_resets"
    __table_args__ = (
        CheckConstraint("(done_at IS NULL) = (done_by IS NULL)", name="done"),
        CheckConstraint("done_by <> asked_by AND account_id NOT IN (asked_by, done_by)", name="four_eyes"),
        Index("ix_factor_resets_open", "account_id", "asked_at", postgresql_where=text("done_at IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    asked_at: Mapped[datetime]
    done_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), default=None)
    done_at: Mapped[datetime | None] = mapped_column(default=None)


async def asked(session: ReadSession | AsyncSession, account_id: UUID, since: datetime) -> FactorReset | None:
    """The last reset of an officer that was asked for at `since` or later, and waits."""
    found: FactorReset | None = await session.scalar(
        select(FactorReset)
        .where(FactorReset.account_id == account_id, FactorReset.done_at.is_(None), FactorReset.asked_at >= since)
        .order_by(FactorReset.asked_at.desc())
        .limit(1)
    )
    return found
