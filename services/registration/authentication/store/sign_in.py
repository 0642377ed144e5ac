"""Passwords, one-time links, sessions and the counters of attempts."""

from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    Uuid,
    delete,
    func,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from services.registration.accounts.store.base import MEMBER_ROLES, PRIVATE, Row, one_of
from services.registration.authentication.domain.step_up import SignInMethod
from services.registration.authentication.domain.throttle import Count
from shared.db import ReadSession
from shared.operations.state.queues import Queue, rows_since


class Password(Row):
    """The password of an account: an Argon2id hash that carries its own parameters and salt."""

    __tablename__ = "passwords"
    __table_args__ = (CheckConstraint("hash LIKE '$argon2id$%'", name="argon2id"),)

    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    hash: Mapped[str] = mapped_column(info=PRIVATE)
    set_at: Mapped[datetime]


class PasswordLink(Row):
    """A link with which its holder sets the password, once. Only the digest of its 32 random bytes is kept."""

    __tablename__ = "password_links"
    __table_args__ = (
        CheckConstraint("octet_length(token_digest) = 32", name="digest"),
        CheckConstraint(one_of("purpose", ("activate", "invite", "reset")), name="purpose"),
        CheckConstraint("expires_at > created_at", name="expiry"),
        Index("ix_password_links_open", "account_id", postgresql_where=text("ended_at IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    purpose: Mapped[str]
    token_digest: Mapped[bytes] = mapped_column(unique=True, info=PRIVATE)
    usage_registration_id: Mapped[UUID | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]  # used, or replaced by a newer link


class Session(Row):
    """Somebody is signed in. Only the digest of the secret is kept."""

    __tablename__ = "sessions"
    __table_args__ = (
        CheckConstraint("octet_length(secret_digest) = 32", name="digest"),
        CheckConstraint(one_of("role", MEMBER_ROLES), name="role"),
        CheckConstraint("(ended_at IS NULL) = (end_reason IS NULL)", name="ended"),
        CheckConstraint(one_of("method", SignInMethod), name="method"),
        CheckConstraint(one_of("proved_by", SignInMethod), name="proved_by"),
        Index("ix_sessions_open", "account_id", postgresql_where=text("ended_at IS NULL")),
        Index("ix_sessions_ended_at", "ended_at", postgresql_where=text("ended_at IS NOT NULL")),
        Index("ix_sessions_account_id_address", "account_id", "address_digest", "started_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    organisation_id: Mapped[UUID | None]  # for whom the person acts in this session
    role: Mapped[str | None]  # in this role alone; None: in every role held there
    secret_digest: Mapped[bytes] = mapped_column(unique=True, info=PRIVATE)
    address_digest: Mapped[bytes] = mapped_column(info=PRIVATE)
    started_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None]
    method: Mapped[str | None]  # how the person proved who they are; unknown counts as the password alone
    device: Mapped[str | None]  # browser and system, e.g. "Firefox on Windows"
    place: Mapped[str | None] = mapped_column(info=PRIVATE)  # the address, shortened
    fresh_until: Mapped[datetime | None]  # until then sensitive acts need no further proof
    proved_by: Mapped[str | None]  # with what it was made fresh again last; None: by signing in alone


# When a session last fetched a token: moved every few minutes for everybody, so it is no fact for the journal.
session_uses = Table(
    "session_uses",
    Row.metadata,
    Column("session_id", Uuid, ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True),
    Column("last_used_at", DateTime(timezone=True), nullable=False),
)

throttles = Table(
    "throttles",
    Row.metadata,
    Column("scope", Text, primary_key=True),
    Column("key", LargeBinary, primary_key=True),
    Column("charged", Integer, nullable=False),
    Column("window_ends", DateTime(timezone=True), nullable=False, index=True),
    Column("blocked_until", DateTime(timezone=True)),
)

# Accounts and addresses that wrong attempts have slowed: many at once are an attack.
SLOWED = Queue("slowed-sign-ins", rows_since(throttles.c.window_ends, lambda now: throttles.c.blocked_until > now))


async def attacks(session: ReadSession, now: datetime) -> dict[str, float]:
    """Wrong sign-ins of the open windows (an address has ten minutes, an account an hour), and what they slowed."""
    of_addresses, of_accounts = throttles.c.scope == "sign-in:address", throttles.c.scope == "sign-in:account"
    is_slowed = throttles.c.blocked_until > now
    query = select(
        func.coalesce(func.sum(throttles.c.charged).filter(of_addresses), 0).label("wrong-sign-ins"),
        func.count().filter(of_addresses, throttles.c.charged > 0).label("failing-addresses"),
        func.count().filter(of_accounts, throttles.c.charged > 0).label("failing-accounts"),
        func.count().filter(of_addresses, is_slowed).label("slowed-addresses"),
        func.count().filter(of_accounts, is_slowed).label("slowed-accounts"),
    ).where(throttles.c.window_ends > now)
    found = (await session.execute(query)).mappings().one()
    return {name: float(number) for name, number in found.items()}


async def strongest_sources(session: ReadSession, now: datetime, most: int) -> list[dict[str, Any]]:
    """Addresses and login ids with most wrong sign-ins in their open window, by the beginning of their digest."""
    scopes = {"sign-in:address": "address", "sign-in:account": "account"}
    query = select(throttles).where(
        throttles.c.scope.in_(scopes), throttles.c.window_ends > now, throttles.c.charged > 0
    )
    query = query.order_by(throttles.c.charged.desc(), throttles.c.key).limit(most)
    return [
        {
            "kind": scopes[row.scope],
            "mark": row.key.hex()[:8],
            "attempts": row.charged,
            "window_ends": row.window_ends,
            "blocked_until": row.blocked_until if row.blocked_until and row.blocked_until > now else None,
        }
        for row in await session.execute(query)
    ]


async def password_of(session: ReadSession, account_id: UUID) -> Password | None:
    """The password of an account, if it has one."""
    found: Password | None = await session.get(Password, account_id)
    return found


async def unused_link(session: ReadSession, digest: bytes, now: datetime) -> PasswordLink | None:
    """The link of that digest, unless it was used, replaced or has expired."""
    found: PasswordLink | None = await session.scalar(_unused_link(digest, now))
    return found


async def locked_unused_link(session: AsyncSession, digest: bytes, now: datetime) -> PasswordLink | None:
    """Like `unused_link`, locked: of two who use it at once, one finds nothing."""
    found: PasswordLink | None = await session.scalar(_unused_link(digest, now).with_for_update())
    return found


def _unused_link(digest: bytes, now: datetime) -> Any:
    return select(PasswordLink).where(
        PasswordLink.token_digest == digest, PasswordLink.ended_at.is_(None), PasswordLink.expires_at > now
    )


async def end_links(session: AsyncSession, account_id: UUID, now: datetime) -> None:
    """Make every open link of an account useless."""
    links = select(PasswordLink).where(PasswordLink.account_id == account_id, PasswordLink.ended_at.is_(None))
    for link in await session.scalars(links.with_for_update()):
        link.ended_at = now


async def session_by(session: ReadSession, digest: bytes) -> tuple[Session, datetime] | None:
    """The session of a secret's digest, and when it was last used."""
    row = (
        await session.execute(
            select(Session, session_uses.c.last_used_at)
            .join(session_uses, session_uses.c.session_id == Session.id)
            .where(Session.secret_digest == digest)
        )
    ).first()
    return None if row is None else (row.Session, row.last_used_at)


async def end_sessions(
    session: AsyncSession, account_id: UUID, now: datetime, reason: str, *, digest: bytes | None = None
) -> list[Session]:
    """End the open sessions of an account, or the one of a secret's digest."""
    query = select(Session).where(Session.account_id == account_id, Session.ended_at.is_(None))
    if digest is not None:
        query = query.where(Session.secret_digest == digest)
    ended = list(await session.scalars(query.with_for_update()))
    for row in ended:
        row.ended_at, row.end_reason = now, reason
    return ended


async def touch(session: AsyncSession, session_id: UUID, now: datetime) -> None:
    """Remember that a session was used."""
    row = insert(session_uses).values(session_id=session_id, last_used_at=now)
    await session.execute(row.on_conflict_do_update(index_elements=["session_id"], set_={"last_used_at": now}))


async def signed_in_from(
    session: ReadSession, account_id: UUID, address: bytes, within: timedelta, now: datetime
) -> bool:
    """Whether the account's owner signed in from that address recently."""
    found = await session.scalar(
        select(Session.id)
        .where(Session.account_id == account_id, Session.address_digest == address, Session.started_at > now - within)
        .limit(1)
    )
    return found is not None


async def locked_count(session: AsyncSession, scope: str, key: bytes, now: datetime) -> Count:
    """A counter, locked; made where there was none, so that parallel attempts wait for each other."""
    fresh = insert(throttles).values(scope=scope, key=key, charged=0, window_ends=now, blocked_until=None)
    await session.execute(fresh.on_conflict_do_nothing())
    row = (
        await session.execute(
            select(throttles).where(throttles.c.scope == scope, throttles.c.key == key).with_for_update()
        )
    ).one()
    return Count(row.charged, row.window_ends, row.blocked_until)


async def charged(session: ReadSession, scope: str, key: bytes, now: datetime) -> int:
    """The attempts of a counter in its running window."""
    query = select(throttles.c.charged).where(
        throttles.c.scope == scope, throttles.c.key == key, throttles.c.window_ends > now
    )
    return int(await session.scalar(query) or 0)


async def put_count(session: AsyncSession, scope: str, key: bytes, count: Count) -> None:
    """Write a counter back."""
    await session.execute(
        throttles.update()
        .where(throttles.c.scope == scope, throttles.c.key == key)
        .values(charged=count.charged, window_ends=count.window_ends, blocked_until=count.blocked_until)
    )


async def forget_counts(session: AsyncSession, now: datetime) -> int:
    """Delete counters whose window is over; returns how many."""
    result = await session.execute(delete(throttles).where(throttles.c.window_ends < now))
    return cast(Any, result).rowcount or 0
