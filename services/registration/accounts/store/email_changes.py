"""Changes of mail addresses that wait for the link sent to the new address."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from services.registration.accounts.store.accounts import Account
from services.registration.accounts.store.base import PRIVATE, Row
from shared.db import ReadSession


class EmailChange(Row):
    """A new address that its owner has to confirm. A newer request ends the older one."""

    __tablename__ = "email_changes"
    __table_args__ = (
        CheckConstraint("octet_length(token_digest) = 32", name="digest"),
        CheckConstraint("expires_at > created_at", name="expiry"),
        Index("uq_email_changes_one_open", "account_id", unique=True, postgresql_where=text("ended_at IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    email: Mapped[str] = mapped_column(info=PRIVATE)
    token_digest: Mapped[bytes] = mapped_column(unique=True, info=PRIVATE)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]  # used, or replaced by a newer request


async def open_change(session: ReadSession, digest: bytes, now: datetime) -> EmailChange | None:
    """The change of that link, unless it was used, replaced or has expired."""
    found: EmailChange | None = await session.scalar(_open(digest, now))
    return found


async def locked_open(session: AsyncSession, digest: bytes, now: datetime) -> EmailChange | None:
    """Like `open_change`, locked: of two who use it at once, one finds nothing."""
    found: EmailChange | None = await session.scalar(_open(digest, now).with_for_update())
    return found


def _open(digest: bytes, now: datetime) -> Any:
    return select(EmailChange).where(
        EmailChange.token_digest == digest, EmailChange.ended_at.is_(None), EmailChange.expires_at > now
    )


async def end_all(session: AsyncSession, account_id: UUID, now: datetime) -> None:
    """Make the open links of an account useless."""
    rows = select(EmailChange).where(EmailChange.account_id == account_id, EmailChange.ended_at.is_(None))
    for row in await session.scalars(rows.with_for_update()):
        row.ended_at = now
    await session.flush()


async def accounts_of(session: ReadSession, email: str, limit: int) -> list[Account]:
    """Active accounts of people with that address, the oldest first."""
    return list(
        await session.scalars(
            select(Account)
            .where(func.lower(Account.email) == email.lower(), Account.state == "active", Account.kind == "person")
            .order_by(Account.id)
            .limit(limit)
        )
    )
