"""Periodic reports (定期報告): one for each organisation, role and term."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, and_, func, or_, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, MappedAsDataclass, mapped_column

from services.registration.accounts.domain.standing import MembershipState
from services.registration.accounts.store.accounts import Account, Membership
from services.registration.accounts.store.base import PRIVATE, Row, one_of
from services.registration.usage_registration.domain.usage_registration import Status
from services.registration.usage_registration.store.usage_registrations import UsageRegistration
from shared.db import ReadSession
from shared.reference.usage_documents import ORGANISATION_ROLES

_OPEN = (Status.SUBMITTED.value, Status.RETURNED.value)


class PeriodicReport(MappedAsDataclass, Row, kw_only=True, eq=False, repr=False):
    """An organisation's report for one role, filed by `account_id` for the term that ends on `term_ends`."""

    __tablename__ = "periodic_reports"
    __table_args__ = (
        CheckConstraint(one_of("role", sorted(ORGANISATION_ROLES)), name="role"),
        CheckConstraint(one_of("status", Status), name="status"),
        CheckConstraint(one_of("category", ("CAT1", "CAT2", "CAT3", "CAT4")), name="category"),
        CheckConstraint(
            "(status IN ('approved', 'rejected')) = (decided_at IS NOT NULL AND decided_by IS NOT NULL)", name="decided"
        ),
        CheckConstraint("decided_by <> account_id OR decided_by IS NULL", name="not_their_own"),
        CheckConstraint("(status = 'approved') = (valid_until IS NOT NULL)", name="valid_until"),
        CheckConstraint("valid_until > term_ends", name="prolongs"),
        CheckConstraint("(status = 'rejected') = (reason_code IS NOT NULL)", name="reason_code"),
        Index(
            "uq_periodic_reports_once_a_term",
            "organisation_id",
            "role",
            "term_ends",
            unique=True,
            postgresql_where=text("status <> 'rejected'"),
        ),
        Index(
            "uq_periodic_reports_one_open",
            "organisation_id",
            "role",
            unique=True,
            postgresql_where=text("status IN ('submitted', 'returned')"),
        ),
        Index("ix_periodic_reports_status", "status", "submitted_at", "id"),
        Index("ix_periodic_reports_submitted_at", "submitted_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    receipt_number: Mapped[str] = mapped_column(unique=True)
    office: Mapped[str]
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    role: Mapped[str]
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    term_ends: Mapped[date]
    status: Mapped[str]
    category: Mapped[str]
    documents: Mapped[list[str]] = mapped_column(JSONB)
    # code and document_id; the others come on paper
    files: Mapped[list[dict[str, str]]] = mapped_column(JSONB, server_default=text("'[]'::jsonb"))
    pledged: Mapped[list[dict[str, Any]] | None] = mapped_column(JSONB(none_as_null=True), default=None)
    # as in usage_registrations
    agreements: Mapped[dict[str, str] | None] = mapped_column(JSONB(none_as_null=True), default=None)
    submitted_at: Mapped[datetime]
    # JSON as text, as in usage_registrations
    returned_items: Mapped[str | None] = mapped_column(info=PRIVATE, default=None)
    requirements: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True), default=None)
    decided_at: Mapped[datetime | None] = mapped_column(default=None)
    decided_by: Mapped[UUID | None] = mapped_column(default=None)
    valid_until: Mapped[date | None] = mapped_column(default=None)
    reason_code: Mapped[str | None] = mapped_column(default=None)
    reason: Mapped[str | None] = mapped_column(info=PRIVATE, default=None)
    note: Mapped[str | None] = mapped_column(info=PRIVATE, default=None)
    revision: Mapped[int] = mapped_column(default=1)


async def report(session: ReadSession, report_id: UUID) -> PeriodicReport | None:
    """The report, as it is."""
    found: PeriodicReport | None = await session.get(PeriodicReport, report_id)
    return found


async def locked(session: AsyncSession, report_id: UUID) -> PeriodicReport | None:
    """The report, locked for a change."""
    return await session.scalar(select(PeriodicReport).where(PeriodicReport.id == report_id).with_for_update())


async def last_for(session: ReadSession, organisation_id: UUID, role: str, term_ends: date) -> PeriodicReport | None:
    """The newest report of an organisation and role that is open or belongs to the term that ends on that day."""
    found: PeriodicReport | None = await session.scalar(
        select(PeriodicReport)
        .where(
            PeriodicReport.organisation_id == organisation_id,
            PeriodicReport.role == role,
            PeriodicReport.status.in_(_OPEN) | (PeriodicReport.term_ends == term_ends),
        )
        .order_by(PeriodicReport.id.desc())
        .limit(1)
    )
    return found


async def newest(session: ReadSession, organisation_id: UUID, role: str) -> PeriodicReport | None:
    """The last report that an organisation submitted for a role, of whatever term."""
    found: PeriodicReport | None = await session.scalar(
        select(PeriodicReport)
        .where(PeriodicReport.organisation_id == organisation_id, PeriodicReport.role == role)
        .order_by(PeriodicReport.id.desc())
        .limit(1)
    )
    return found


async def report_in_force(session: ReadSession, organisation_id: UUID, today: date) -> bool:
    """Whether a periodic report of the organisation was accepted and its term lasts."""
    found = await session.scalar(
        select(PeriodicReport.id)
        .where(PeriodicReport.organisation_id == organisation_id, PeriodicReport.valid_until >= today)
        .limit(1)
    )
    return found is not None


async def memberships_to_prolong(
    session: AsyncSession, report: PeriodicReport, valid_until: date, in_time: date
) -> Sequence[tuple[Membership, Account, UsageRegistration]]:
    """Memberships in the report's role that end before `valid_until`, locked: active ones, and those that expired on
    `in_time` or later."""
    rows = await session.execute(
        select(Membership, Account, UsageRegistration)
        .join(Account, Account.id == Membership.account_id)
        .join(UsageRegistration, UsageRegistration.id == Membership.usage_registration_id)
        .where(
            Membership.organisation_id == report.organisation_id,
            Membership.role == report.role,
            Membership.valid_until < valid_until,
            or_(
                Membership.state == MembershipState.ACTIVE,
                and_(Membership.state == MembershipState.EXPIRED, Membership.valid_until >= in_time),
            ),
        )
        .order_by(Membership.id)
        .with_for_update(of=Membership)
    )
    return [(row.Membership, row.Account, row.UsageRegistration) for row in rows]


async def count_all(session: ReadSession) -> int:
    """The number of periodic reports."""
    return int(await session.scalar(select(func.count()).select_from(PeriodicReport)) or 0)


async def behind(session: AsyncSession, after: UUID | None, count: int) -> Sequence[PeriodicReport]:
    """The periodic reports behind an id, by id, locked against changes until the end of the transaction."""
    query = select(PeriodicReport).order_by(PeriodicReport.id).limit(count)
    if after is not None:
        query = query.where(PeriodicReport.id > after)
    locked = query.with_for_update(read=True).execution_options(populate_existing=True)
    return (await session.scalars(locked)).all()
