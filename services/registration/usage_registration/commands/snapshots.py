"""The present facts of usage registrations and periodic reports, for those who keep them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.registration.usage_registration.domain.usage_registration import Status
from services.registration.usage_registration.store import periodic_reports, usage_registrations
from services.registration.usage_registration.store.periodic_reports import PeriodicReport
from services.registration.usage_registration.store.usage_registrations import UsageRegistration
from shared.clock import end_of_day_jst
from shared.events.registration_snapshots import (
    PeriodicReportSnapshot,
    PeriodicReportSnapshotAnnounced,
    PeriodicReportSnapshotPage,
    SubmittedFiles,
    UsageRegistrationSnapshot,
    UsageRegistrationSnapshotAnnounced,
    UsageRegistrationSnapshotPage,
)
from shared.rebuilding import Source
from shared.work import Work


async def _registrations(work: Work, after: UUID | None, count: int) -> Sequence[UsageRegistrationSnapshot]:
    return [
        UsageRegistrationSnapshot(
            usage_registration_id=row.id,
            submitted=_submitted(row),
            taken_at=work.now,
        )
        for row in await usage_registrations.behind(work.session, after, count)
    ]


async def _reports(work: Work, after: UUID | None, count: int) -> Sequence[PeriodicReportSnapshot]:
    return [
        PeriodicReportSnapshot(
            organisation_id=row.organisation_id,
            periodic_report_id=row.id,
            submitted=_submitted(row),
            taken_at=work.now,
        )
        for row in await periodic_reports.behind(work.session, after, count)
    ]


def _submitted(row: UsageRegistration | PeriodicReport) -> SubmittedFiles:
    ids = dict.fromkeys(UUID(each["document_id"]) for each in row.files)
    return SubmittedFiles(document_ids=tuple(ids), office=row.office, ends_at=_ends_at(row))


def _ends_at(row: UsageRegistration | PeriodicReport) -> datetime | None:
    if row.valid_until is not None:
        return end_of_day_jst(row.valid_until)
    return row.decided_at if row.status == Status.REJECTED else None


USAGE_REGISTRATIONS = Source(
    "usage_registrations",
    UsageRegistrationSnapshotPage,
    UsageRegistrationSnapshotAnnounced,
    usage_registrations.count_all,
    _registrations,
)
PERIODIC_REPORTS = Source(
    "periodic_reports",
    PeriodicReportSnapshotPage,
    PeriodicReportSnapshotAnnounced,
    periodic_reports.count_all,
    _reports,
)
