"""Reminders sent, and the rows that are due one. No fact for the journal, only a guard against a second mail."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import Column, Date, DateTime, Integer, Table, Text, Uuid, exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.registration.accounts.domain.standing import AccountState, MembershipState
from services.registration.accounts.store.accounts import Account, Membership
from services.registration.accounts.store.base import Row
from services.registration.authentication.store.sign_in import Password
from services.registration.oauth.store.api_clients import ApiClient
from services.registration.usage_registration.domain.personal_registration import PERSONAL_ROLES
from services.registration.usage_registration.domain.usage_registration import Status
from services.registration.usage_registration.store.periodic_reports import PeriodicReport
from services.registration.usage_registration.store.usage_registrations import UsageRegistration
from shared.db import ReadSession
from shared.reference.usage_documents import ORGANISATION_ROLES

reminders_sent = Table(
    "reminders_sent",
    Row.metadata,
    Column("kind", Text, primary_key=True),  # registration, password, client
    Column("subject_id", Uuid, primary_key=True),
    Column("ends_on", Date, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),  # 1: the first reminder, 2: the last
    Column("sent_at", DateTime(timezone=True), nullable=False),
)


async def is_first(
    session: AsyncSession, kind: str, subject_id: UUID, ends_on: date, number: int, now: datetime
) -> bool:
    """Note the reminder; False where it went out before."""
    row = insert(reminders_sent).values(kind=kind, subject_id=subject_id, ends_on=ends_on, number=number, sent_at=now)
    noted = await session.execute(row.on_conflict_do_nothing().returning(reminders_sent.c.number))
    return noted.first() is not None


async def memberships_ending(session: ReadSession, today: date, last: date) -> Sequence[tuple[Membership, Account]]:
    """Active memberships that end from `today` to `last`, of roles that report or register again; without those whose
    report or renewal is being examined, and those that had their last reminder."""
    reported = exists().where(
        PeriodicReport.organisation_id == Membership.organisation_id,
        PeriodicReport.role == Membership.role,
        PeriodicReport.status == Status.SUBMITTED,
    )
    renewing = exists().where(
        UsageRegistration.account_id == Membership.account_id,
        UsageRegistration.role == Membership.role,
        UsageRegistration.organisation_id.is_(None),
        UsageRegistration.status == Status.SUBMITTED,
    )
    last_sent = exists().where(
        reminders_sent.c.kind == "registration",
        reminders_sent.c.subject_id == Membership.id,
        reminders_sent.c.ends_on == Membership.valid_until,
        reminders_sent.c.number == 2,
    )
    rows = await session.execute(
        select(Membership, Account)
        .join(Account, Account.id == Membership.account_id)
        .where(
            Membership.state == MembershipState.ACTIVE,
            Membership.role.in_((*ORGANISATION_ROLES, *PERSONAL_ROLES)),
            Membership.valid_until.between(today, last),
            Account.state == AccountState.ACTIVE,
            ~reported,
            ~renewing,
            ~last_sent,
        )
        .order_by(Membership.valid_until, Membership.id)
    )
    return [(row.Membership, row.Account) for row in rows]


async def passwords_set_between(
    session: ReadSession, number: int, after: datetime, until: datetime, limit: int
) -> Sequence[tuple[Password, Account]]:
    """Passwords set in that time whose owners had no reminder of that number since, the oldest first."""
    sent = exists().where(
        reminders_sent.c.kind == "password",
        reminders_sent.c.subject_id == Password.account_id,
        reminders_sent.c.number == number,
        reminders_sent.c.sent_at >= Password.set_at,
    )
    rows = await session.execute(
        select(Password, Account)
        .join(Account, Account.id == Password.account_id)
        .where(
            Account.state == AccountState.ACTIVE,
            Account.email.is_not(None),
            Password.set_at <= until,
            Password.set_at > after,
            ~sent,
        )
        .order_by(Password.set_at)
        .limit(limit)
    )
    return [(row.Password, row.Account) for row in rows]


async def clients_ending(
    session: ReadSession, number: int, left: int, later: int, now: datetime, limit: int
) -> Sequence[tuple[ApiClient, Account]]:
    """Clients that end in `later` to `left` days, without those made after that reminder was due, and those that had
    it."""
    due_at = ApiClient.expires_at - timedelta(days=left)
    sent = exists().where(
        reminders_sent.c.kind == "client",
        reminders_sent.c.subject_id == ApiClient.id,
        reminders_sent.c.number == number,
        reminders_sent.c.sent_at >= due_at,
    )
    rows = await session.execute(
        select(ApiClient, Account)
        .join(Account, Account.id == ApiClient.account_id)
        .where(
            ApiClient.revoked_at.is_(None),
            ApiClient.expires_at <= now + timedelta(days=left),
            ApiClient.expires_at > now + timedelta(days=later),
            ApiClient.created_at <= due_at,
            Account.state == AccountState.ACTIVE,
            Account.email.is_not(None),
            ~sent,
        )
        .order_by(ApiClient.expires_at)
        .limit(limit)
    )
    return [(row.ApiClient, row.Account) for row in rows]
