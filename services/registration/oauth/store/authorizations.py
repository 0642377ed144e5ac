"""Authorisations of API clients: one-time codes, authorisations, and their refresh tokens."""

from collections.abc import Sequence
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
    update,
)
from sqlalchemy import (
    Row as Found,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from services.registration.accounts.store.accounts import Account
from services.registration.accounts.store.base import MEMBER_ROLES, Row, one_of
from services.registration.accounts.store.organisations import Organisation
from services.registration.oauth.store.api_clients import GRANTABLE, ApiClient
from shared.db import ReadSession


class Authorization(Row):
    """A person lets an API client act for them, as they acted when they agreed: for that organisation (or nobody),
    in that role alone or in every role held there. Its id is the family of its refresh tokens."""

    __tablename__ = "authorizations"
    __table_args__ = (
        CheckConstraint(one_of("role", MEMBER_ROLES), name="role"),
        CheckConstraint(f"scopes <@ '{GRANTABLE}'::jsonb AND jsonb_array_length(scopes) > 0", name="scopes"),
        CheckConstraint("expires_at > started_at", name="expiry"),
        CheckConstraint("(ended_at IS NULL) = (end_reason IS NULL)", name="ended"),
        Index("ix_authorizations_open", "account_id", postgresql_where=text("ended_at IS NULL")),
        Index("ix_authorizations_ended_at", "ended_at", postgresql_where=text("ended_at IS NOT NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    client_id: Mapped[UUID] = mapped_column(ForeignKey("api_clients.id"), index=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    organisation_id: Mapped[UUID | None]
    role: Mapped[str | None]
    scopes: Mapped[list[Any]]
    started_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None]


# One minute long; kept for a day after its use, so that a second use is recognised. No fact for the journal.
authorization_codes = Table(
    "authorization_codes",
    Row.metadata,
    Column("digest", LargeBinary, primary_key=True),
    Column("client_id", Uuid, ForeignKey("api_clients.id"), nullable=False),
    Column("account_id", Uuid, ForeignKey("accounts.id"), nullable=False),
    Column("organisation_id", Uuid),
    Column("role", Text),
    Column("scopes", JSONB, nullable=False),
    Column("redirect_uri", Text, nullable=False),
    Column("challenge", Text, nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False, index=True),
    Column("authorization_id", Uuid, ForeignKey("authorizations.id")),  # what was made of it; empty: not used yet
)

# The one refresh token of a family that works; it changes with every use, so it is no fact for the journal.
refresh_tokens = Table(
    "refresh_tokens",
    Row.metadata,
    Column("authorization_id", Uuid, ForeignKey("authorizations.id"), primary_key=True),
    Column("digest", LargeBinary, nullable=False),
    Column("issued_at", DateTime(timezone=True), nullable=False),
    Column("idle_until", DateTime(timezone=True), nullable=False, index=True),
)


async def put_code(session: AsyncSession, **values: Any) -> None:
    """Keep a code that was just given."""
    await session.execute(insert(authorization_codes).values(**values, authorization_id=None))


async def locked_code(session: AsyncSession, digest: bytes) -> Found[Any] | None:
    """The code of that digest, used or not; locked, so that of two uses one is the second."""
    query = select(authorization_codes).where(authorization_codes.c.digest == digest).with_for_update()
    found: Found[Any] | None = (await session.execute(query)).first()
    return found


async def use_code(session: AsyncSession, digest: bytes, authorization_id: UUID) -> None:
    """Note what was made of a code."""
    query = update(authorization_codes).where(authorization_codes.c.digest == digest)
    await session.execute(query.values(authorization_id=authorization_id))


async def drop_codes(session: AsyncSession, account_id: UUID) -> None:
    """Make the codes of a person that nobody has used yet useless."""
    of_person = authorization_codes.c.account_id == account_id
    await session.execute(
        delete(authorization_codes).where(of_person, authorization_codes.c.authorization_id.is_(None))
    )


async def locked_authorization(session: AsyncSession, authorization_id: UUID) -> Authorization | None:
    """The authorisation, locked: concurrent refreshes under it wait."""
    query = select(Authorization).where(Authorization.id == authorization_id)
    return await session.scalar(query.with_for_update().execution_options(populate_existing=True))


async def locked_open_of(
    session: AsyncSession, account_id: UUID, organisation_id: UUID | None = None, role: str | None = None
) -> list[Authorization]:
    """A person's authorisations in force; with `role`, those of one membership. Locked."""
    query = select(Authorization).where(Authorization.account_id == account_id, Authorization.ended_at.is_(None))
    if role is not None:
        of_role = Authorization.role.is_(None) | (Authorization.role == role)
        query = query.where(Authorization.organisation_id.is_not_distinct_from(organisation_id), of_role)
    return list(await session.scalars(query.order_by(Authorization.id).with_for_update()))


async def put_refresh(session: AsyncSession, authorization_id: UUID, **values: Any) -> None:
    """Keep the first refresh token of a family."""
    await session.execute(insert(refresh_tokens).values(authorization_id=authorization_id, **values))


async def replace_refresh(session: AsyncSession, authorization_id: UUID, **values: Any) -> None:
    """Keep another refresh token in place of the one before."""
    query = update(refresh_tokens).where(refresh_tokens.c.authorization_id == authorization_id)
    await session.execute(query.values(**values))


async def refresh_of(session: ReadSession, authorization_id: UUID) -> Found[Any] | None:
    """The refresh token of a family that works."""
    query = select(refresh_tokens).where(refresh_tokens.c.authorization_id == authorization_id)
    found: Found[Any] | None = (await session.execute(query)).first()
    return found


async def granted_by(session: ReadSession, account_id: UUID, now: datetime) -> Sequence[Found[Any]]:
    """(`Authorization`, name of the client, name of its organisation, last use) of what still holds, newest first."""
    found: Sequence[Found[Any]] = (
        await session.execute(
            select(
                Authorization,
                ApiClient.name.label("client_name"),
                Organisation.name.label("organisation_name"),
                refresh_tokens.c.issued_at.label("last_used_at"),
            )
            .join(ApiClient, ApiClient.id == Authorization.client_id)
            .outerjoin(Organisation, Organisation.id == ApiClient.organisation_id)
            .join(refresh_tokens, refresh_tokens.c.authorization_id == Authorization.id)
            .where(
                Authorization.account_id == account_id,
                Authorization.ended_at.is_(None),
                Authorization.expires_at > now,
                refresh_tokens.c.idle_until > now,
                ApiClient.revoked_at.is_(None),
                ApiClient.expires_at > now,
            )
            .order_by(Authorization.id.desc())
        )
    ).all()
    return found


async def client_owner_name(session: ReadSession, client: ApiClient) -> str:
    """The owner's name, shown in the request for consent: the organisation, else the person who registered it."""
    if client.organisation_id is not None:
        query = select(Organisation.name).where(Organisation.id == client.organisation_id)
    else:
        query = select(Account.name).where(Account.id == client.account_id)
    return str(await session.scalar(query))


async def forget_codes(session: AsyncSession, before: datetime) -> None:
    """Delete the codes that were over at `before`."""
    await session.execute(delete(authorization_codes).where(authorization_codes.c.expires_at <= before))


async def forget_refresh_tokens(session: AsyncSession, now: datetime) -> None:
    """Delete the refresh tokens that are over, and those of families that have ended."""
    ended = select(Authorization.id).where(
        Authorization.id == refresh_tokens.c.authorization_id,
        Authorization.ended_at.is_not(None) | (Authorization.expires_at <= now),
    )
    await session.execute(delete(refresh_tokens).where((refresh_tokens.c.idle_until <= now) | ended.exists()))
