"""The keys that sign access tokens; their private parts are sealed."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import CheckConstraint, Index, and_, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from services.registration.accounts.store.base import PRIVATE, Row, one_of
from shared.db import ReadSession


class SigningKey(Row):
    """An Ed25519 key: `next` is published before it signs, `retired` is published until its last token has expired,
    `withdrawn` is not published and what it signed is worth nothing."""

    __tablename__ = "signing_keys"
    __table_args__ = (
        CheckConstraint(one_of("state", ("next", "active", "retired", "withdrawn")), name="state"),
        CheckConstraint("octet_length(public_key) = 32", name="public_key"),
        CheckConstraint("(state IN ('retired', 'withdrawn')) = (retired_at IS NOT NULL)", name="retired"),
        Index("uq_signing_keys_one_active", "state", unique=True, postgresql_where=text("state = 'active'")),
        Index("uq_signing_keys_one_next", "state", unique=True, postgresql_where=text("state = 'next'")),
    )

    kid: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str]
    public_key: Mapped[bytes]
    sealed_private_key: Mapped[str] = mapped_column(info=PRIVATE)
    created_at: Mapped[datetime]
    activated_at: Mapped[datetime | None]
    retired_at: Mapped[datetime | None]


_CURRENT = SigningKey.state.in_(("next", "active"))


async def every(session: ReadSession) -> Sequence[SigningKey]:
    """All keys that there ever were, newest first."""
    found: Sequence[SigningKey] = (
        await session.scalars(select(SigningKey).order_by(SigningKey.created_at.desc(), SigningKey.kid))
    ).all()
    return found


async def published(session: ReadSession, retired_since: datetime) -> Sequence[SigningKey]:
    """The keys that verifiers need: next, active, and those retired after `retired_since`; oldest first."""
    found: Sequence[SigningKey] = (
        await session.scalars(
            select(SigningKey)
            .where(or_(_CURRENT, and_(SigningKey.state == "retired", SigningKey.retired_at > retired_since)))
            .order_by(SigningKey.created_at, SigningKey.kid)
        )
    ).all()
    return found


async def active(session: ReadSession) -> SigningKey | None:
    """The key that signs."""
    found: SigningKey | None = await session.scalar(select(SigningKey).where(SigningKey.state == "active"))
    return found


async def locked_current(session: AsyncSession) -> dict[str, SigningKey]:
    """The active and the next key by state; the next transaction that asks waits for this one."""
    await session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended('signing_keys', 2))"))
    rows = await session.scalars(select(SigningKey).where(_CURRENT))
    return {key.state: key for key in rows}
