"""People's and officers' accounts, and for whom they may act."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, and_, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from services.registration.accounts.domain.standing import AccountState, MembershipState, Standing
from services.registration.accounts.store.base import MEMBER_ROLES, OFFICE_ROLES, PRIVATE, Row, one_of
from services.registration.accounts.store.organisations import OrganisationApproval
from shared.db import ReadSession
from shared.languages import check_of


class Account(Row):
    """Login account of a person or officer, whatever organisations and roles they act for. How they prove who they are
    is elsewhere (`passwords`; one table for each further kind of proof)."""

    __tablename__ = "accounts"
    __table_args__ = (
        CheckConstraint(one_of("kind", ("person", "officer")), name="kind"),
        CheckConstraint(one_of("state", AccountState), name="state"),
        CheckConstraint("kind = 'officer' OR email IS NOT NULL", name="email"),
        CheckConstraint("(kind = 'officer') = (office IS NOT NULL)", name="office"),
        CheckConstraint("kind = 'officer' OR staff_number IS NULL", name="staff_number"),
        CheckConstraint("kind = 'person' OR abroad_until IS NULL", name="abroad"),
        CheckConstraint("state <> 'active' OR login_id IS NOT NULL", name="login_id"),
        CheckConstraint(check_of("language"), name="language"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    state: Mapped[str]
    login_id: Mapped[str | None] = mapped_column(unique=True, info=PRIVATE)
    name: Mapped[str] = mapped_column(info=PRIVATE)
    email: Mapped[str | None] = mapped_column(info=PRIVATE)
    phone: Mapped[str | None] = mapped_column(info=PRIVATE)
    language: Mapped[str]
    office: Mapped[str | None]
    # Of an officer (職員番号); accounts of one human share it.
    staff_number: Mapped[str | None] = mapped_column(default=None, info=PRIVATE)
    # A person may use the site from abroad until then (the end of the day in Japan).
    abroad_until: Mapped[datetime | None] = mapped_column(default=None)
    created_at: Mapped[datetime]
    revision: Mapped[int]


class Membership(Row):
    """A person may act in `role` for an organisation, or for nobody but themselves and their clients."""

    __tablename__ = "memberships"
    __table_args__ = (
        UniqueConstraint("account_id", "organisation_id", "role", postgresql_nulls_not_distinct=True),
        CheckConstraint(one_of("role", MEMBER_ROLES), name="role"),
        CheckConstraint(one_of("state", MembershipState), name="state"),
        CheckConstraint("state <> 'active' OR (valid_from IS NOT NULL AND valid_until >= valid_from)", name="period"),
        Index("ix_memberships_expiring", "valid_until", postgresql_where=text("state = 'active'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    role: Mapped[str]
    state: Mapped[str]
    department: Mapped[str | None]
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    usage_registration_id: Mapped[UUID]


class OfficerRole(Row):
    """A role of an officer, in force or revoked: a role that was revoked stays as it was. A table of its own, so
    that no way of registering can lead to an officer's role."""

    __tablename__ = "officer_roles"
    __table_args__ = (
        CheckConstraint(one_of("role", OFFICE_ROLES), name="role"),
        CheckConstraint("(revoked_at IS NULL) = (revoked_by IS NULL) AND revoked_at >= granted_at", name="revoked"),
        CheckConstraint("granted_by <> account_id AND revoked_by <> account_id", name="not_their_own"),
        Index(
            "uq_officer_roles_one_in_force",
            "account_id",
            "role",
            unique=True,
            postgresql_where=text("revoked_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    role: Mapped[str]
    granted_at: Mapped[datetime]
    granted_by: Mapped[UUID | None]  # empty: by the person who runs the server
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[UUID | None]


async def account(session: ReadSession, account_id: UUID) -> Account | None:
    """The account, as it is."""
    found: Account | None = await session.get(Account, account_id)
    return found


async def locked_account(session: AsyncSession, account_id: UUID) -> Account:
    """The account, locked for a change, and as it is now: it may have been read before."""
    query = select(Account).where(Account.id == account_id).with_for_update().execution_options(populate_existing=True)
    return (await session.scalars(query)).one()


async def by_login_id(session: ReadSession, login_id: str) -> Account | None:
    """The account of a login id in its canonical form."""
    found: Account | None = await session.scalar(select(Account).where(Account.login_id == login_id))
    return found


async def membership_of(
    session: AsyncSession, account_id: UUID, organisation_id: UUID | None, role: str
) -> Membership | None:
    """One membership, locked."""
    return await session.scalar(
        select(Membership)
        .where(
            Membership.account_id == account_id,
            Membership.organisation_id.is_not_distinct_from(organisation_id),
            Membership.role == role,
        )
        .with_for_update()
    )


async def has_member_with(session: ReadSession, organisation_id: UUID, email: str) -> bool:
    """Whether somebody with that mail address acts for the organisation, or asked to."""
    found = await session.scalar(
        select(Membership.id)
        .join(Account, Account.id == Membership.account_id)
        .where(Membership.organisation_id == organisation_id, func.lower(Account.email) == email.lower())
        .limit(1)
    )
    return found is not None


async def standings(session: ReadSession, account_id: UUID) -> list[Standing]:
    """The person's memberships, newest first, with the validity of the organisations' approvals."""
    rows = await session.execute(
        select(Membership, OrganisationApproval.valid_until.label("approved_until"))
        .outerjoin(
            OrganisationApproval,
            and_(
                OrganisationApproval.organisation_id == Membership.organisation_id,
                OrganisationApproval.role == Membership.role,
            ),
        )
        .where(Membership.account_id == account_id)
        .order_by(Membership.id.desc())
    )
    return [
        Standing(
            row.Membership.organisation_id,
            row.Membership.role,
            MembershipState(row.Membership.state),
            row.Membership.valid_until,
            row.approved_until,
        )
        for row in rows
    ]


async def count_all(session: ReadSession) -> int:
    """The number of accounts."""
    return int(await session.scalar(select(func.count()).select_from(Account)) or 0)


async def behind(session: AsyncSession, after: UUID | None, count: int) -> Sequence[Account]:
    """The accounts behind an id, by id, locked against changes until the end of the transaction."""
    query = select(Account).order_by(Account.id).limit(count)
    if after is not None:
        query = query.where(Account.id > after)
    locked = query.with_for_update(read=True).execution_options(populate_existing=True)
    return (await session.scalars(locked)).all()


async def active_memberships(session: ReadSession, account_ids: Sequence[UUID]) -> dict[UUID, list[Membership]]:
    """The memberships of accounts that are not over, in the order in which they were made."""
    of = (Membership.account_id.in_(account_ids), Membership.state == MembershipState.ACTIVE)
    found: dict[UUID, list[Membership]] = {}
    for row in await session.scalars(select(Membership).where(*of).order_by(Membership.id)):
        found.setdefault(row.account_id, []).append(row)
    return found


async def roles_of_officers(session: ReadSession, account_ids: Sequence[UUID]) -> dict[UUID, list[str]]:
    """The roles of officers that are in force, sorted."""
    held = select(OfficerRole).where(OfficerRole.account_id.in_(account_ids), OfficerRole.revoked_at.is_(None))
    found: dict[UUID, list[str]] = {}
    for row in await session.scalars(held.order_by(OfficerRole.role)):
        found.setdefault(row.account_id, []).append(row.role)
    return found


async def officer_roles(session: ReadSession, account_id: UUID) -> frozenset[str]:
    """The roles of an officer that are in force."""
    held = select(OfficerRole.role).where(OfficerRole.account_id == account_id, OfficerRole.revoked_at.is_(None))
    return frozenset(await session.scalars(held))


async def locked_person(session: AsyncSession, account_id: UUID) -> Account | None:
    """A person's account, locked for a change; None for an officer's."""
    return await session.scalar(
        select(Account).where(Account.id == account_id, Account.kind == "person").with_for_update()
    )


async def locked_caller(session: AsyncSession, account_id: UUID) -> Account | None:
    """The account of whichever person or officer calls, locked; None where it is not there any more."""
    return await session.scalar(select(Account).where(Account.id == account_id).with_for_update())


async def memberships(session: ReadSession, account_id: UUID) -> Sequence[Membership]:
    """Every membership of an account, in the order in which they were made."""
    query = select(Membership).where(Membership.account_id == account_id).order_by(Membership.id)
    found: Sequence[Membership] = (await session.scalars(query)).all()
    return found


async def locked_memberships(session: AsyncSession, account_id: UUID) -> Sequence[Membership]:
    """Like `memberships`, locked for a change."""
    query = select(Membership).where(Membership.account_id == account_id).order_by(Membership.id)
    return (await session.scalars(query.with_for_update())).all()


async def membership(session: ReadSession, membership_id: UUID, account_id: UUID) -> Membership | None:
    """A membership of that account."""
    found: Membership | None = await session.scalar(
        select(Membership).where(Membership.id == membership_id, Membership.account_id == account_id)
    )
    return found


async def over_memberships(session: AsyncSession, today: date, limit: int) -> Sequence[tuple[Membership, Account]]:
    """Active memberships whose last day is over, the longest first, locked; those that somebody else locks are left."""
    rows = await session.execute(
        select(Membership, Account)
        .join(Account, Account.id == Membership.account_id)
        .where(Membership.state == MembershipState.ACTIVE, Membership.valid_until < today)
        .order_by(Membership.valid_until)
        .limit(limit)
        .with_for_update(of=Membership, skip_locked=True)
    )
    return [(row.Membership, row.Account) for row in rows]


async def colleagues(session: ReadSession, organisation_id: UUID, today: date) -> Sequence[tuple[Account, list[str]]]:
    """The accounts that may act for an organisation today, by name, each with its roles there."""
    rows: Any = await session.execute(
        select(Account, func.array_agg(Membership.role.distinct()))
        .join(Membership, Membership.account_id == Account.id)
        .where(
            Membership.organisation_id == organisation_id,
            Membership.state == MembershipState.ACTIVE,
            Membership.valid_until >= today,
            Account.state == AccountState.ACTIVE,
        )
        .group_by(Account.id)
        .order_by(Account.name, Account.id)
    )
    return [(account, roles) for account, roles in rows]
