"""Usage registrations (利用申出) and the serial numbers of their receipts."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, Table, Text, func, select, text
from sqlalchemy.dialects.postgresql import JSONB, distinct_on, insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, MappedAsDataclass, mapped_column

from services.registration.accounts.store.base import MEMBER_ROLES, PRIVATE, Row, one_of
from services.registration.usage_registration.domain.usage_registration import Status
from shared.db import ReadSession

# Rows are counters, not facts: the receipt numbers that they gave are in the journal.
receipt_serials = Table(
    "receipt_serials",
    Row.metadata,
    Column("office", Text, primary_key=True),
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("last", Integer, nullable=False),
)


class UsageRegistration(MappedAsDataclass, Row, kw_only=True, eq=False, repr=False):
    """One person's request to use the system in a role for an organisation, and what an officer decided.

    `declared` holds the organisation's details as this applicant gave them: they become the organisation's own only
    when an officer approves.
    """

    __tablename__ = "usage_registrations"
    __table_args__ = (
        CheckConstraint(one_of("role", MEMBER_ROLES), name="role"),
        CheckConstraint(one_of("status", Status), name="status"),
        CheckConstraint("category IS NULL OR organisation_id IS NOT NULL", name="category"),
        CheckConstraint(
            "(status IN ('approved', 'rejected')) = (decided_at IS NOT NULL AND (decided_by IS NOT NULL"
            " OR basis IS NOT DISTINCT FROM 'identity'))",
            name="decided",
        ),
        CheckConstraint(
            "basis IS NULL OR basis = 'officer'"
            " OR (basis = 'identity' AND role = 'self' AND status = 'approved' AND decided_by IS NULL)",
            name="basis",
        ),
        CheckConstraint("personal IS NULL OR organisation_id IS NULL", name="personal"),
        CheckConstraint(
            "decided_by <> account_id AND decided_by IS DISTINCT FROM submitted_by OR decided_by IS NULL",
            name="not_their_own",
        ),
        CheckConstraint("(status = 'approved') = (valid_until IS NOT NULL)", name="valid_until"),
        CheckConstraint("(status = 'rejected') = (reason_code IS NOT NULL)", name="reason_code"),
        Index("ix_usage_registrations_status", "status", "submitted_at", "id"),
        Index("ix_usage_registrations_submitted_at", "submitted_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    receipt_number: Mapped[str] = mapped_column(unique=True)
    office: Mapped[str]
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"), default=None)
    submitted_by: Mapped[UUID | None] = mapped_column(default=None)  # who was signed in; None for the public form
    role: Mapped[str]
    status: Mapped[str]
    declared: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True), default=None)
    category: Mapped[str | None] = mapped_column(default=None)
    documents: Mapped[list[str]] = mapped_column(JSONB)
    # code and document_id; the others come on paper
    files: Mapped[list[dict[str, str]]] = mapped_column(JSONB, server_default=text("'[]'::jsonb"))
    department: Mapped[str | None] = mapped_column(default=None)
    # commissioning ones
    pledged: Mapped[list[dict[str, Any]] | None] = mapped_column(JSONB(none_as_null=True), default=None)
    # The versions of the terms of use and the pledge that were agreed to; None before they were kept.
    agreements: Mapped[dict[str, str] | None] = mapped_column(JSONB(none_as_null=True), default=None)
    submitted_at: Mapped[datetime]
    # JSON as text: its digest in the journal must not depend on how the database orders keys.
    returned_items: Mapped[str | None] = mapped_column(info=PRIVATE, default=None)
    requirements: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True), default=None)
    decided_at: Mapped[datetime | None] = mapped_column(default=None)
    decided_by: Mapped[UUID | None] = mapped_column(default=None)
    valid_until: Mapped[date | None] = mapped_column(default=None)
    # on what it was decided: an officer's examination, or the proved identity alone
    basis: Mapped[str | None] = mapped_column(default=None)
    # JSON as text, of registrations of persons: what the identity provider said, and what the person declares.
    personal: Mapped[str | None] = mapped_column(info=PRIVATE, default=None)
    reason_code: Mapped[str | None] = mapped_column(default=None)
    reason: Mapped[str | None] = mapped_column(info=PRIVATE, default=None)
    note: Mapped[str | None] = mapped_column(info=PRIVATE, default=None)
    revision: Mapped[int] = mapped_column(default=1)


async def next_serial(session: AsyncSession, office: str, year: int) -> int:
    """The next serial number of an office and year; without gaps, because a rolled-back one is given again."""
    row = insert(receipt_serials).values(office=office, year=year, last=1)
    statement = row.on_conflict_do_update(
        index_elements=["office", "year"], set_={"last": receipt_serials.c.last + 1}
    ).returning(receipt_serials.c.last)
    serial: int = (await session.execute(statement)).scalar_one()
    return serial


async def usage_registration(session: ReadSession, registration_id: UUID) -> UsageRegistration | None:
    """The usage registration, as it is."""
    found: UsageRegistration | None = await session.get(UsageRegistration, registration_id)
    return found


async def locked(session: AsyncSession, registration_id: UUID) -> UsageRegistration | None:
    """The usage registration, locked for a change."""
    return await session.scalar(
        select(UsageRegistration).where(UsageRegistration.id == registration_id).with_for_update()
    )


async def open_personal(session: AsyncSession, account_id: UUID, role: str) -> UsageRegistration | None:
    """The registration of a person in that class that is not decided yet, locked."""
    return await session.scalar(
        select(UsageRegistration)
        .where(
            UsageRegistration.account_id == account_id,
            UsageRegistration.role == role,
            UsageRegistration.organisation_id.is_(None),
            UsageRegistration.status.in_((Status.SUBMITTED, Status.RETURNED)),
        )
        .with_for_update()
    )


async def newest_personal(session: ReadSession, account_id: UUID) -> UsageRegistration | None:
    """The registration of a person that was begun last, in whichever class."""
    found: UsageRegistration | None = await session.scalar(
        select(UsageRegistration)
        .where(UsageRegistration.account_id == account_id, UsageRegistration.organisation_id.is_(None))
        .order_by(UsageRegistration.id.desc())
        .limit(1)
    )
    return found


async def approved_by_receipt(session: ReadSession, number: str) -> UsageRegistration | None:
    """The approved usage registration of a receipt number."""
    found: UsageRegistration | None = await session.scalar(
        select(UsageRegistration).where(
            UsageRegistration.receipt_number == number, UsageRegistration.status == Status.APPROVED
        )
    )
    return found


async def offices_of(session: ReadSession, account_id: UUID) -> Sequence[str]:
    """The offices to which an account's usage registrations were submitted."""
    query = select(UsageRegistration.office).where(UsageRegistration.account_id == account_id).distinct()
    found: Sequence[str] = (await session.scalars(query)).all()
    return found


async def last_offices(session: ReadSession, account_ids: Sequence[UUID]) -> dict[UUID, str]:
    """The office to which the last usage registration of each account was submitted."""
    query = (
        select(UsageRegistration.account_id, UsageRegistration.office)
        .ext(distinct_on(UsageRegistration.account_id))
        .where(UsageRegistration.account_id.in_(account_ids))
        .order_by(UsageRegistration.account_id, UsageRegistration.submitted_at.desc(), UsageRegistration.id.desc())
    )
    return {row.account_id: row.office for row in (await session.execute(query)).all()}


async def oldest_waiting(session: ReadSession) -> dict[str, datetime]:
    """Since when the longest waiting usage registration waits, by status."""
    waiting = (Status.SUBMITTED, Status.RETURNED)
    rows = await session.execute(
        select(UsageRegistration.status, func.min(UsageRegistration.submitted_at).label("oldest"))
        .where(UsageRegistration.status.in_(waiting))
        .group_by(UsageRegistration.status)
    )
    return {row.status: row.oldest for row in rows}


async def count_all(session: ReadSession) -> int:
    """The number of usage registrations."""
    return int(await session.scalar(select(func.count()).select_from(UsageRegistration)) or 0)


async def behind(session: AsyncSession, after: UUID | None, count: int) -> Sequence[UsageRegistration]:
    """The usage registrations behind an id, by id, locked against changes until the end of the transaction."""
    query = select(UsageRegistration).order_by(UsageRegistration.id).limit(count)
    if after is not None:
        query = query.where(UsageRegistration.id > after)
    locked = query.with_for_update(read=True).execution_options(populate_existing=True)
    return (await session.scalars(locked)).all()
