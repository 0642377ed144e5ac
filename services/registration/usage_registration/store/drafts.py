"""Usage registrations (利用申出) that are still being written, and the links to them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from services.registration.accounts.store.accounts import Account
from services.registration.accounts.store.base import PRIVATE, Row, one_of
from services.registration.usage_registration.domain.draft import DraftState
from shared.db import ReadSession
from shared.languages import check_of


class Draft(Row):
    """A usage registration as entered so far. Submitted, it becomes the usage registration of the same id.

    It belongs to the account that began it, or, without one, to the holder of a link that was mailed to `email`. The
    account's own address may change in the meantime, so none is kept with its drafts.
    """

    __tablename__ = "usage_registration_drafts"
    __table_args__ = (
        CheckConstraint(one_of("state", DraftState), name="state"),
        CheckConstraint("(state = 'open') = (content IS NOT NULL)", name="content"),
        CheckConstraint("(account_id IS NULL) = (email IS NOT NULL)", name="holder"),
        CheckConstraint(check_of("language"), name="language"),
        Index("ix_usage_registration_drafts_touched_at", "touched_at"),
        Index(
            "ix_usage_registration_drafts_email_lower",
            text("lower(email)"),
            postgresql_where=text("state = 'open'"),
        ),
        Index(
            "ix_usage_registration_drafts_account_id",
            "account_id",
            postgresql_where=text("state = 'open'"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    email: Mapped[str | None] = mapped_column(info=PRIVATE)
    language: Mapped[str]
    state: Mapped[str]
    content: Mapped[str | None] = mapped_column(info=PRIVATE)  # JSON as text, as in usage_registrations
    created_at: Mapped[datetime]
    touched_at: Mapped[datetime]
    reminded_at: Mapped[datetime | None]
    revision: Mapped[int]


class DraftLink(Row):
    """A link to a draft. Several work at once: a request for another makes none useless."""

    __tablename__ = "usage_registration_draft_links"
    __table_args__ = (
        CheckConstraint("octet_length(token_digest) = 32", name="digest"),
        CheckConstraint("expires_at > created_at", name="expiry"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    draft_id: Mapped[UUID] = mapped_column(ForeignKey("usage_registration_drafts.id"), index=True)
    token_digest: Mapped[bytes] = mapped_column(unique=True, info=PRIVATE)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


async def draft(session: ReadSession, draft_id: UUID) -> Draft | None:
    """The draft, as it is."""
    found: Draft | None = await session.get(Draft, draft_id)
    return found


async def locked(session: AsyncSession, draft_id: UUID) -> Draft | None:
    """The draft, locked for a change."""
    return await session.scalar(select(Draft).where(Draft.id == draft_id).with_for_update())


async def has_link(session: ReadSession, draft_id: UUID, digest: bytes, now: datetime) -> bool:
    """Whether a link of that digest leads to the draft, and is not over."""
    found = select(DraftLink.id).where(
        DraftLink.token_digest == digest, DraftLink.draft_id == draft_id, DraftLink.expires_at > now
    )
    return await session.scalar(found) is not None


async def email_of(session: ReadSession, found: Draft) -> str:
    """Its writer's address: the one to which the link was mailed, else the account's present one."""
    email = found.email or await session.scalar(select(Account.email).where(Account.id == found.account_id))
    assert email is not None
    return email


async def of_account(session: ReadSession, account_id: UUID, limit: int) -> Sequence[Draft]:
    """The open drafts of an account, the last touched first."""
    query = select(Draft).where(Draft.account_id == account_id, Draft.state == DraftState.OPEN)
    found: Sequence[Draft] = (
        await session.scalars(query.order_by(Draft.touched_at.desc(), Draft.id).limit(limit))
    ).all()
    return found


async def open_at(session: AsyncSession, email: str, limit: int) -> Sequence[Draft]:
    """The open drafts that were begun with that mail address alone, the last touched first, locked."""
    query = (
        select(Draft)
        .where(func.lower(Draft.email) == email.lower(), Draft.state == DraftState.OPEN)
        .order_by(Draft.touched_at.desc(), Draft.id)
        .limit(limit)
        .with_for_update()
    )
    return (await session.scalars(query)).all()


async def to_remind(session: AsyncSession, touched_before: datetime, limit: int) -> Sequence[Draft]:
    """Open drafts not touched since, whose writers were not reminded yet, locked; others' locks are passed over."""
    query = (
        select(Draft)
        .where(Draft.state == DraftState.OPEN, Draft.reminded_at.is_(None), Draft.touched_at <= touched_before)
        .order_by(Draft.touched_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return (await session.scalars(query)).all()


async def to_delete(
    session: AsyncSession, touched_before: datetime, reminded_before: datetime, limit: int
) -> Sequence[Draft]:
    """Drafts not touched since: those that were submitted, and open ones whose writers were reminded before; locked."""
    reminded = Draft.reminded_at.is_not(None) & (Draft.reminded_at <= reminded_before)
    query = (
        select(Draft)
        .where(Draft.touched_at <= touched_before, (Draft.state == DraftState.SUBMITTED) | reminded)
        .order_by(Draft.touched_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return (await session.scalars(query)).all()


async def remove(session: AsyncSession, found: Draft) -> None:
    """The draft with its links."""
    for link in await session.scalars(select(DraftLink).where(DraftLink.draft_id == found.id).order_by(DraftLink.id)):
        await session.delete(link)
    await session.flush()
    await session.delete(found)
