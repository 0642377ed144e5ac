"""Second factors: one-time codes of an app, recovery codes; and pending sign-ins that await one."""

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    Table,
    UniqueConstraint,
    Uuid,
    delete,
    func,
    insert,
    select,
    text,
)
from sqlalchemy import (
    Row as Found,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from services.registration.accounts.store.base import PRIVATE, Row
from services.registration.authentication.store.passkeys import has_passkey
from shared.db import ReadSession

_IN_FORCE = "confirmed_at IS NOT NULL AND ended_at IS NULL"
_BEGUN = "confirmed_at IS NULL AND ended_at IS NULL"


class TotpFactor(Row):
    """The secret that an app and this service share (RFC 6238). Without `confirmed_at` it was begun and counts for
    nothing; with `ended_at` it is over, and its secret is erased."""

    __tablename__ = "totp_factors"
    __table_args__ = (
        CheckConstraint("(ended_at IS NULL) = (sealed_secret IS NOT NULL)", name="secret"),
        CheckConstraint("last_step IS NULL OR confirmed_at IS NOT NULL", name="last_step"),
        Index("uq_totp_factors_one_in_force", "account_id", unique=True, postgresql_where=text(_IN_FORCE)),
        Index("uq_totp_factors_one_begun", "account_id", unique=True, postgresql_where=text(_BEGUN)),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    sealed_secret: Mapped[str | None] = mapped_column(info=PRIVATE)
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int | None] = mapped_column(BigInteger)  # of the last code that was taken: none older is
    ended_at: Mapped[datetime | None]


class RecoveryCode(Row):
    """A code on paper that stands in for the app, once. Kept as a keyed digest."""

    __tablename__ = "recovery_codes"
    __table_args__ = (
        UniqueConstraint("account_id", "digest"),
        CheckConstraint("octet_length(digest) = 32", name="digest"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    digest: Mapped[bytes] = mapped_column(info=PRIVATE)
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]  # used, or replaced by newer ones


# Between the password and the second factor: minutes long, and gone when used, so it is no fact for the journal.
sign_in_challenges = Table(
    "sign_in_challenges",
    Row.metadata,
    Column("digest", LargeBinary, primary_key=True),
    Column("account_id", Uuid, ForeignKey("accounts.id"), nullable=False, index=True),
    Column("organisation_id", Uuid),
    Column("address_digest", LargeBinary, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False, index=True),
)


async def has_factor(session: ReadSession, account_id: UUID) -> bool:
    """Whether a password alone is not enough for this account."""
    return await totp_in_force(session, account_id) is not None or await has_passkey(session, account_id)


async def totp_in_force(session: ReadSession, account_id: UUID) -> TotpFactor | None:
    """The confirmed app of an account."""
    found: TotpFactor | None = await session.scalar(_totp(account_id, _IN_FORCE))
    return found


async def locked_totp(session: AsyncSession, account_id: UUID, *, begun: bool = False) -> TotpFactor | None:
    """The confirmed app of an account, or the one that is being set up; locked, so that a code counts once."""
    query = _totp(account_id, _BEGUN if begun else _IN_FORCE)
    found: TotpFactor | None = await session.scalar(query.with_for_update().execution_options(populate_existing=True))
    return found


def _totp(account_id: UUID, which: str) -> Any:
    return select(TotpFactor).where(TotpFactor.account_id == account_id, text(which))


async def locked_recovery_code(session: AsyncSession, account_id: UUID, digest: bytes) -> RecoveryCode | None:
    """The recovery code of that digest, unless it was used or replaced; locked."""
    query = select(RecoveryCode).where(
        RecoveryCode.account_id == account_id, RecoveryCode.digest == digest, RecoveryCode.ended_at.is_(None)
    )
    return await session.scalar(query.with_for_update().execution_options(populate_existing=True))


async def open_recovery_codes(session: AsyncSession, account_id: UUID) -> list[RecoveryCode]:
    """The recovery codes that can still be used; locked."""
    query = select(RecoveryCode).where(RecoveryCode.account_id == account_id, RecoveryCode.ended_at.is_(None))
    return list(await session.scalars(query.order_by(RecoveryCode.id).with_for_update()))


async def recovery_codes_left(session: ReadSession, account_id: UUID) -> int:
    """The number of unused recovery codes."""
    query = select(func.count()).where(RecoveryCode.account_id == account_id, RecoveryCode.ended_at.is_(None))
    return int(await session.scalar(query) or 0)


async def put_challenge(session: AsyncSession, **values: Any) -> None:
    """Keep a challenge, in place of the account's earlier one from the same address."""
    await session.execute(
        delete(sign_in_challenges).where(
            sign_in_challenges.c.account_id == values["account_id"],
            sign_in_challenges.c.address_digest == values["address_digest"],
        )
    )
    await session.execute(insert(sign_in_challenges).values(**values))


async def challenge(session: ReadSession, digest: bytes, address: bytes, now: datetime) -> Found[Any] | None:
    """The challenge of that digest, given to that address and not over."""
    found: Found[Any] | None = (
        await session.execute(
            select(sign_in_challenges).where(
                sign_in_challenges.c.digest == digest,
                sign_in_challenges.c.address_digest == address,
                sign_in_challenges.c.expires_at > now,
            )
        )
    ).first()
    return found


async def take_challenge(session: AsyncSession, digest: bytes) -> bool:
    """Use a challenge up; of two who do so at once, one gets False."""
    result = await session.execute(delete(sign_in_challenges).where(sign_in_challenges.c.digest == digest))
    return bool(cast(Any, result).rowcount)


async def forget_challenges(session: AsyncSession, now: datetime) -> None:
    """Delete the challenges that nobody answered in time."""
    await session.execute(delete(sign_in_challenges).where(sign_in_challenges.c.expires_at <= now))
