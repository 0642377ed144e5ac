"""Reminders before a registration or a password ends; each goes out once."""

from datetime import date, timedelta

from services.registration.accounts.domain.account_life import password_ends
from services.registration.audit import Tag
from services.registration.context import CommandContext
from services.registration.lifecycle.store import reminders
from shared.clock import legal_date
from shared.events.registration import PasswordExpiring, RegistrationExpiring
from shared.reference.organisations import ReportWindow, report_window
from shared.reference.passwords import password_rules
from shared.work import Work

_BATCH = 500
# Two calendar months are at most so long; the exact day is looked at for each membership.
_LONGEST = timedelta(days=62)


async def remind_of_reports(work: Work, context: CommandContext) -> None:
    """Remind members when the report can be submitted, and on the day it is due, unless one is being examined; and
    persons, on the same days, that they have to register again."""
    today = work.today
    sent = 0
    for membership, account in await reminders.memberships_ending(work.session, today, today + _LONGEST):
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
    """0: too early; 1: the report can be submitted; 2: it is due."""
    return int(today >= window.opens_on) + int(today >= window.due_on)


async def remind_of_passwords(work: Work, context: CommandContext) -> None:
    """Remind owners of passwords that end, where the site lets passwords end."""
    days = context.settings.password_expiry_days
    if days is None:
        return
    reminders_before = password_rules(work.today).reminder_days
    for number, left in enumerate(reminders_before, 1):
        later = reminders_before[number] if number < len(reminders_before) else 0
        from_day, to_day = work.now - timedelta(days=days - later), work.now - timedelta(days=days - left)
        rows = await reminders.passwords_set_between(work.session, number, from_day, to_day, _BATCH)
        for password, account in rows:
            ends_at = password_ends(password.set_at, days)
            ends_on = legal_date(ends_at)
            if not await reminders.is_first(work.session, "password", account.id, ends_on, number, work.now):
                continue
            work.journal("account", account.id, Tag.PASSWORD_REMIND, {"number": number})
            work.emit(
                PasswordExpiring(
                    account_id=account.id,
                    expires_on=ends_on,
                    days_left=(ends_on - work.today).days,
                    recipient=context.recipient(account),
                )
            )
