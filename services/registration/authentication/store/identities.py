"""Identities that people proved at the identity provider, and the questions and tickets on the way there."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    Table,
    Text,
    Uuid,
    delete,
    insert,
    select,
    text,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from services.registration.accounts.store.base import PRIVATE, Row
from shared.db import ReadSession

_IN_FORCE = text("ended_at IS NULL")


class Identity(Row):
    """An external identity (issuer, subject) linked to an account. One identity leads to one account."""

    __tablename__ = "identities"
    __table_args__ = (
        CheckConstraint("length(subject) BETWEEN 1 AND 255", name="subject"),
        Index("uq_identities_in_force", "issuer", "subject", unique=True, postgresql_where=_IN_FORCE),
        Index("uq_identities_one_each", "account_id", "issuer", unique=True, postgresql_where=_IN_FORCE),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    issuer: Mapped[str]
    subject: Mapped[str] = mapped_column(info=PRIVATE)
    linked_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


# Minutes long, and gone when answered or used, so they are no facts for the journal.
identity_requests = Table(
    "identity_requests",
    Row.metadata,
    Column("state_digest", LargeBinary, primary_key=True),
    Column("nonce_digest", LargeBinary, nullable=False),
    Column("browser_digest", LargeBinary, nullable=False),
    Column("sealed_verifier", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("return_to", Text, nullable=False),
    Column("account_id", Uuid, ForeignKey("accounts.id")),  # who links, or steps up
    Column("session_id", Uuid),
    Column("expires_at", DateTime(timezone=True), nullable=False, index=True),
)
identity_tickets = Table(
    "identity_tickets",
    Row.metadata,
    Column("digest", LargeBinary, primary_key=True),
    Column("sealed_person", Text, nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False, index=True),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that the browser takes to the provider."""

    state_digest: bytes
    nonce_digest: bytes
    browser_digest: bytes
    sealed_verifier: str
    purpose: str
    return_to: str
    account_id: UUID | None
    session_id: UUID | None
    expires_at: datetime


async def put_request(session: AsyncSession, asked: Asked) -> None:
    """Keep a question."""
    values = {name: getattr(asked, name) for name in Asked.__slots__}
    await session.execute(insert(identity_requests).values(values))


async def take_request(
    session: AsyncSession, state_digest: bytes, browser_digest: bytes, now: datetime
) -> Asked | None:
    """Use a question up; None where there is none, it is over, was answered, or another browser asked it."""
    requests = identity_requests.c
    taken = await session.execute(
        delete(identity_requests)
        .where(
            requests.state_digest == state_digest,
            requests.browser_digest == browser_digest,
            requests.expires_at > now,
        )
        .returning(*identity_requests.c)
    )
    row = taken.mappings().first()
    return None if row is None else Asked(**row)


async def put_ticket(session: AsyncSession, digest: bytes, sealed_person: str, expires_at: datetime) -> None:
    """Keep a ticket."""
    values = {"digest": digest, "sealed_person": sealed_person, "expires_at": expires_at}
    await session.execute(insert(identity_tickets).values(values))


async def ticket(session: ReadSession, digest: bytes, now: datetime) -> str | None:
    """The ticket's person (sealed); None where it was used or is over."""
    tickets = identity_tickets.c
    found: str | None = await session.scalar(
        select(tickets.sealed_person).where(tickets.digest == digest, tickets.expires_at > now)
    )
    return found


async def take_ticket(session: AsyncSession, digest: bytes, now: datetime) -> str | None:
    """Like `ticket`, and use it up: of two who use it at once, one finds nothing."""
    tickets = identity_tickets.c
    taken = await session.execute(
        delete(identity_tickets)
        .where(tickets.digest == digest, tickets.expires_at > now)
        .returning(tickets.sealed_person)
    )
    row = taken.first()
    return None if row is None else str(row.sealed_person)


async def forget(session: AsyncSession, now: datetime) -> None:
    """Delete the questions and tickets that nobody used in time."""
    for table in (identity_requests, identity_tickets):
        await session.execute(delete(table).where(table.c.expires_at <= now))


def _in_force(issuer: str, subject: str) -> Any:
    return select(Identity).where(Identity.issuer == issuer, Identity.subject == subject, Identity.ended_at.is_(None))


async def known(session: ReadSession, issuer: str, subject: str) -> Identity | None:
    """The identity, if it leads to an account."""
    found: Identity | None = await session.scalar(_in_force(issuer, subject))
    return found


async def claimed(session: AsyncSession, issuer: str, subject: str) -> Identity | None:
    """Like `known`. The next transaction that asks waits for this one, found or not: one identity that is used
    twice at the same moment makes one account."""
    name = f"{issuer}\n{subject}"
    await session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 2))"), {"name": name})
    return await known(session, issuer, subject)


async def of_account(session: ReadSession, account_id: UUID) -> list[Identity]:
    """The identities that lead to the account, oldest first."""
    return list(
        await session.scalars(
            select(Identity).where(Identity.account_id == account_id, Identity.ended_at.is_(None)).order_by(Identity.id)
        )
    )
