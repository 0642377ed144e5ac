"""Fields that officers alone see of a submitted record: the steps that are theirs to take, and earlier records."""

from typing import Literal

from services.registration.accounts.store import accounts
from services.registration.usage_registration.domain.usage_registration import Origin, Status, is_own, officers_steps
from services.registration.usage_registration.schemas.usage_registration_views import EarlierRecord
from services.registration.usage_registration.store import queues
from services.registration.usage_registration.store.periodic_reports import PeriodicReport
from services.registration.usage_registration.store.usage_registrations import UsageRegistration
from shared.auth import Record, scope_of
from shared.work import Work

# Of each kind.
_SHOWN = 20


async def steps_of(work: Work, row: UsageRegistration | PeriodicReport, origin: Origin) -> list[str]:
    """The steps that the officer can take on a record now; none on their own."""
    officer = await accounts.account(work.session, work.actor_id)
    if is_own(origin, work.actor_id, officer.email if officer else None):
        return []
    return [step.value for step in officers_steps(Status(row.status))]


async def earlier_records(work: Work, row: UsageRegistration | PeriodicReport) -> list[EarlierRecord]:
    """Other usage registrations and reports of the same person or organisation at the officer's office, the newest
    first."""
    registrations = await queues.earlier(
        work.session, UsageRegistration, scope_of(work.actor, Record.USAGE_REGISTRATION), row, _SHOWN
    )
    reports = await queues.earlier(
        work.session, PeriodicReport, scope_of(work.actor, Record.PERIODIC_REPORT), row, _SHOWN
    )
    found: list[tuple[Literal["usage_registration", "periodic_report"], UsageRegistration | PeriodicReport]] = [
        *(("usage_registration", one) for one in registrations),
        *(("periodic_report", one) for one in reports),
    ]
    return [
        EarlierRecord(
            kind=kind,
            id=one.id,
            receipt_number=one.receipt_number,
            status=Status(one.status),
            role=one.role,
            submitted_at=one.submitted_at,
            valid_until=one.valid_until,
        )
        for kind, one in sorted(found, key=lambda pair: pair[1].submitted_at, reverse=True)
    ]
