"""API clients of an organisation or a person, with credentials of their own."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, DateTime, ForeignKey, Index, Table, Uuid, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from services.registration.accounts.store.base import MEMBER_ROLES, PRIVATE, Row, one_of
from shared.db import ReadSession

# The scopes that may be granted; `shared.reference.scopes` has the words for them.
GRANTABLE = (
    '["application:read", "application:write", "document:read", "document:write", "notification:read",'
    ' "notification:webhooks", "notification:write", "registration:read"]'
)


class ApiClient(Row):
    """An API client, registered by `account_id` for what they may do in one role: for an organisation, or for
    nobody but themselves and their clients. Everybody of the same organisation and role sees it and may end it."""

    __tablename__ = "api_clients"
    __table_args__ = (
        CheckConstraint(one_of("role", MEMBER_ROLES), name="role"),
        CheckConstraint(f"scopes <@ '{GRANTABLE}'::jsonb AND jsonb_array_length(scopes) > 0", name="scopes"),
        CheckConstraint("jsonb_typeof(networks) = 'array' AND jsonb_typeof(redirect_uris) = 'array'", name="lists"),
        CheckConstraint("expires_at > created_at", name="expiry"),
        CheckConstraint("(revoked_at IS NULL) = (revoke_reason IS NULL)", name="revoked"),
        Index("ix_api_clients_organisation_id_role", "organisation_id", "role"),
        Index("ix_api_clients_expires_at", "expires_at", postgresql_where=text("revoked_at IS NULL")),
        Index("ix_api_clients_revoked_at", "revoked_at", postgresql_where=text("revoked_at IS NOT NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"))
    role: Mapped[str]
    name: Mapped[str]
    scopes: Mapped[list[Any]]
    networks: Mapped[list[Any]] = mapped_column(info=PRIVATE)  # from where its secret may be used; empty: from anywhere
    redirect_uris: Mapped[list[Any]]  # where people are sent back to after they agreed; empty: it asks nobody
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    revoke_reason: Mapped[str | None]
    revision: Mapped[int]

    def works(self, now: datetime) -> bool:
        """Whether it was not ended."""
        return self.revoked_at is None and now < self.expires_at


class ApiClientSecret(Row):
    """A secret of a client. Only the digest of its 32 random bytes is kept; two of them work at the same time."""

    __tablename__ = "api_client_secrets"
    __table_args__ = (
        CheckConstraint("octet_length(digest) = 32", name="digest"),
        CheckConstraint("slot IN (1, 2)", name="slot"),
        Index(
            "uq_api_client_secrets_two_in_force",
            "client_id",
            "slot",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    client_id: Mapped[UUID] = mapped_column(ForeignKey("api_clients.id"), index=True)
    slot: Mapped[int]
    digest: Mapped[bytes] = mapped_column(unique=True, info=PRIVATE)
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


# When a secret last fetched a token: moved every few minutes, so it is no fact for the journal.
api_client_uses = Table(
    "api_client_uses",
    Row.metadata,
    Column("secret_id", Uuid, ForeignKey("api_client_secrets.id"), primary_key=True),
    Column("last_used_at", DateTime(timezone=True), nullable=False),
)


async def client(session: ReadSession, client_id: UUID) -> ApiClient | None:
    """The client, as it is."""
    found: ApiClient | None = await session.get(ApiClient, client_id)
    return found


async def locked_client(session: AsyncSession, client_id: UUID) -> ApiClient | None:
    """The client, locked for a change."""
    query = select(ApiClient).where(ApiClient.id == client_id)
    return await session.scalar(query.with_for_update().execution_options(populate_existing=True))


async def with_secret(session: ReadSession, client_id: UUID, digest: bytes) -> tuple[ApiClient, UUID] | None:
    """The client of that id and the id of the secret that was shown, unless that secret was ended."""
    row = (
        await session.execute(
            select(ApiClient, ApiClientSecret.id.label("secret_id"))
            .join(ApiClientSecret, ApiClientSecret.client_id == ApiClient.id)
            .where(ApiClient.id == client_id, ApiClientSecret.digest == digest, ApiClientSecret.ended_at.is_(None))
        )
    ).first()
    return None if row is None else (row.ApiClient, row.secret_id)


async def of_organisation(
    session: ReadSession, organisation_id: UUID, roles: Sequence[str], *, now: datetime | None = None
) -> list[ApiClient]:
    """The clients of an organisation in these roles, newest first; with `now`, those that were not ended."""
    query = select(ApiClient).where(ApiClient.organisation_id == organisation_id, ApiClient.role.in_(roles))
    return await _listed(session, query, now)


async def of_person(
    session: ReadSession, account_id: UUID, roles: Sequence[str], *, now: datetime | None = None
) -> list[ApiClient]:
    """The clients of a person who acts for no organisation; like `of_organisation`."""
    query = select(ApiClient).where(
        ApiClient.account_id == account_id, ApiClient.organisation_id.is_(None), ApiClient.role.in_(roles)
    )
    return await _listed(session, query, now)


async def _listed(session: ReadSession, query: Any, now: datetime | None) -> list[ApiClient]:
    if now is not None:
        query = query.where(ApiClient.revoked_at.is_(None), ApiClient.expires_at > now)
    return list(await session.scalars(query.order_by(ApiClient.id.desc())))


async def open_secrets(session: ReadSession, client_ids: Sequence[UUID]) -> list[tuple[ApiClientSecret, Any]]:
    """The secrets of these clients that work, oldest first, each with when it was last used."""
    rows = await session.execute(
        select(ApiClientSecret, api_client_uses.c.last_used_at)
        .outerjoin(api_client_uses, api_client_uses.c.secret_id == ApiClientSecret.id)
        .where(ApiClientSecret.client_id.in_(client_ids), ApiClientSecret.ended_at.is_(None))
        .order_by(ApiClientSecret.id)
    )
    return [(row.ApiClientSecret, row.last_used_at) for row in rows]


async def locked_open_of(
    session: AsyncSession, account_id: UUID, organisation_id: UUID | None = None, role: str | None = None
) -> list[ApiClient]:
    """The clients that an account registered and nobody ended; with `role`, those of one membership. Locked."""
    query = select(ApiClient).where(ApiClient.account_id == account_id, ApiClient.revoked_at.is_(None))
    if role is not None:
        query = query.where(ApiClient.role == role, ApiClient.organisation_id.is_not_distinct_from(organisation_id))
    return list(await session.scalars(query.order_by(ApiClient.id).with_for_update()))


async def touch(session: AsyncSession, secret_id: UUID, now: datetime) -> None:
    """Remember that a secret was used."""
    row = insert(api_client_uses).values(secret_id=secret_id, last_used_at=now)
    await session.execute(row.on_conflict_do_update(index_elements=["secret_id"], set_={"last_used_at": now}))


async def last_used(session: ReadSession, secret_id: UUID) -> datetime | None:
    """The last use of a secret, to the minute."""
    query = select(func.max(api_client_uses.c.last_used_at)).where(api_client_uses.c.secret_id == secret_id)
    found: datetime | None = await session.scalar(query)
    return found
