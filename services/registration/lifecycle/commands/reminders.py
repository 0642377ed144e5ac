"""Reminders before a registration or a password ends; each goes out once."""

from datetime import date, timedelta

from sqlalchemy import exists, select

from services.registration.accounts.domain.account_life import password_ends
from services.registration.accounts.domain.standing import AccountState, MembershipState
from services.registration.accounts.store.accounts import Account, Membership
from services.registration.audit import Tag
from services.registration.authentication.store.sign_in import Password
from services.registration.context import CommandContext
from services.registration.lifecycle.store import reminders
from services.registration.lifecycle.store.reminders import reminders_sent
from services.registration.usage_registration.domain.personal_registration import PERSONAL_ROLES
from services.registration.usage_registration.domain.usage_registration import Status
from services.registration.usage_registration.store.periodic_reports import PeriodicReport
from services.registration.usage_registration.store.usage_registrations import UsageRegistration
from shared.clock import legal_date
from shared.events.registration import PasswordExpiring, RegistrationExpiring
from shared.reference.organisations import ReportWindow, report_window
from shared.reference.passwords import password_rules
from shared.reference.usage_documents import ORGANISATION_ROLES
from shared.work import Work

_BATCH = 500
# Two calendar months are at most so long; the exact day is looked at for each membership.
_LONGEST = timedelta(days=62)


async def remind_of_reports(work: Work, context: CommandContext) -> None:
    """Remind members when the report can be handed in, and on the day it is due, unless one is being examined; and
    persons, on the same days, that they have to register again."""
    today = legal_date(work.now)
    handed_in = exists().where(
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
    rows = await work.session.execute(
        select(Membership, Account)
        .join(Account, Account.id == Membership.account_id)
        .where(
            Membership.state == MembershipState.ACTIVE,
            Membership.role.in_((*ORGANISATION_ROLES, *PERSONAL_ROLES)),
            Membership.valid_until.between(today, today + _LONGEST),
            Account.state == AccountState.ACTIVE,
            ~handed_in,
            ~renewing,
            ~last_sent,
        )
        .order_by(Membership.valid_until, Membership.id)
    )
    sent = 0
    for membership, account in rows.all():
        assert membership.valid_until is not None
        window = report_window(membership.valid_until, today)
        number = _number(window, today)
        if (
            number == 0
            or sent == _BATCH
            or not await reminders.is_first(
                work.session, "registration", membership.id, membership.valid_until, number, work.now
            )
        ):
            continue
        sent += 1
        work.journal("account", account.id, Tag.MEMBERSHIP_REMIND, {"membership_id": membership.id, "number": number})
        work.emit(
            RegistrationExpiring(
                usage_registration_id=membership.usage_registration_id,
                account_id=account.id,
                organisation_id=membership.organisation_id,
                role=membership.role,
                valid_until=membership.valid_until,
                # Persons report nothing: they register again until the last day.
                report_due_on=window.due_on if membership.organisation_id else membership.valid_until,
                recipient=context.recipient(account),
            )
        )


def _number(window: ReportWindow, today: date) -> int:
    """0: too early; 1: the report can be handed in; 2: it is due."""
    return int(today >= window.opens_on) + int(today >= window.due_on)


async def remind_of_passwords(work: Work, context: CommandContext) -> None:
    """Remind owners of passwords that end, where the site lets passwords end."""
    days = context.settings.password_expiry_days
    if days is None:
        return
    reminders_before = password_rules(legal_date(work.now)).reminder_days
    for number, left in enumerate(reminders_before, 1):
        later = reminders_before[number] if number < len(reminders_before) else 0
        sent = exists().where(
            reminders_sent.c.kind == "password",
            reminders_sent.c.subject_id == Password.account_id,
            reminders_sent.c.number == number,
            reminders_sent.c.sent_at >= Password.set_at,
        )
        rows = await work.session.execute(
            select(Password, Account)
            .join(Account, Account.id == Password.account_id)
            .where(
                Account.state == AccountState.ACTIVE,
                Account.email.is_not(None),
                Password.set_at <= work.now - timedelta(days=days - left),
                Password.set_at > work.now - timedelta(days=days - later),
                ~sent,
            )
            .order_by(Password.set_at)
            .limit(_BATCH)
        )
        for password, account in rows.all():
            ends_at = password_ends(password.set_at, days)
            ends_on = legal_date(ends_at)
            if not await reminders.is_first(work.session, "password", account.id, ends_on, number, work.now):
                continue
            work.journal("account", account.id, Tag.PASSWORD_REMIND, {"number": number})
            work.emit(
                PasswordExpiring(
                    account_id=account.id,
                    expires_on=ends_on,
                    days_left=(ends_on - legal_date(work.now)).days,
                    recipient=context.recipient(account),
                )
            )
