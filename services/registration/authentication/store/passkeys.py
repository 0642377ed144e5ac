"""Passkeys (WebAuthn) and the questions that they answer."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    LargeBinary,
    Table,
    Uuid,
    delete,
    insert,
    select,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from services.registration.accounts.store.base import Row
from shared.db import ReadSession


class Passkey(Row):
    """The public half of a key that its owner's device keeps."""

    __tablename__ = "passkeys"
    __table_args__ = (CheckConstraint("sign_count >= 0", name="sign_count"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    credential_id: Mapped[bytes] = mapped_column(unique=True)
    public_key: Mapped[bytes]  # COSE
    sign_count: Mapped[int] = mapped_column(BigInteger)  # as the device last said; many never count
    label: Mapped[str]
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


# Minutes long, and gone when answered, so it is no fact for the journal.
passkey_challenges = Table(
    "passkey_challenges",
    Row.metadata,
    Column("digest", LargeBinary, primary_key=True),
    Column("account_id", Uuid, ForeignKey("accounts.id")),  # who adds a passkey; empty: somebody signs in
    Column("expires_at", DateTime(timezone=True), nullable=False, index=True),
)


def _in_force(account_id: UUID) -> Any:
    return select(Passkey).where(Passkey.account_id == account_id, Passkey.ended_at.is_(None)).order_by(Passkey.id)


async def of_account(session: ReadSession, account_id: UUID) -> Sequence[Passkey]:
    """The passkeys of an account, oldest first."""
    found: Sequence[Passkey] = (await session.scalars(_in_force(account_id))).all()
    return found


async def locked_of_account(session: AsyncSession, account_id: UUID) -> Sequence[Passkey]:
    """Like `of_account`, locked."""
    query = _in_force(account_id).with_for_update().execution_options(populate_existing=True)
    found: Sequence[Passkey] = (await session.scalars(query)).all()
    return found


async def has_passkey(session: ReadSession, account_id: UUID) -> bool:
    """Whether the account has a passkey."""
    query = select(Passkey.id).where(Passkey.account_id == account_id, Passkey.ended_at.is_(None)).limit(1)
    return await session.scalar(query) is not None


async def by_credential(session: ReadSession, credential_id: bytes) -> Passkey | None:
    """The passkey of that id, unless it was removed."""
    query = select(Passkey).where(Passkey.credential_id == credential_id, Passkey.ended_at.is_(None))
    found: Passkey | None = await session.scalar(query)
    return found


async def put_challenge(session: AsyncSession, digest: bytes, account_id: UUID | None, expires_at: datetime) -> None:
    """Keep a question."""
    values = {"digest": digest, "account_id": account_id, "expires_at": expires_at}
    await session.execute(insert(passkey_challenges).values(values))


async def take_challenge(session: AsyncSession, digest: bytes, account_id: UUID | None, now: datetime) -> bool:
    """Use a question up; False where it was not asked of them, is over, or was answered already."""
    taken = await session.execute(
        delete(passkey_challenges)
        .where(
            passkey_challenges.c.digest == digest,
            passkey_challenges.c.account_id.is_not_distinct_from(account_id),
            passkey_challenges.c.expires_at > now,
        )
        .returning(passkey_challenges.c.digest)
    )
    return taken.first() is not None


async def forget_challenges(session: AsyncSession, now: datetime) -> None:
    """Delete the questions that nobody answered in time."""
    await session.execute(delete(passkey_challenges).where(passkey_challenges.c.expires_at <= now))
