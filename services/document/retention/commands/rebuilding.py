"""Offices that see the files of a record, and ends of records, rebuilt from snapshots of registration and review."""

from services.document.files.commands.rebuilding import FILED, FILINGS, HANDLED, STOPPED_ACCOUNTS, filed, handled
from services.document.files.domain import RecordKind
from services.document.retention.store.ends import ClosedApplication, RegistrationTerm
from shared.events.registration_snapshots import (
    PeriodicReportSnapshot,
    PeriodicReportSnapshotAnnounced,
    PeriodicReportSnapshotPage,
    UsageRegistrationSnapshot,
    UsageRegistrationSnapshotAnnounced,
    UsageRegistrationSnapshotPage,
)
from shared.events.review_snapshots import CaseSnapshot, CaseSnapshotAnnounced, CaseSnapshotPage
from shared.rebuilding import Copy, Projection, Rows


def _cases(snapshot: CaseSnapshot) -> Rows:
    closed = [{"closed_at": snapshot.closed_at.isoformat()}] if snapshot.closed_at else []
    return {"handlings": handled(snapshot.office, snapshot.taken_at), "closed_applications": closed}


def _submissions(snapshot: UsageRegistrationSnapshot | PeriodicReportSnapshot) -> Rows:
    is_report = isinstance(snapshot, PeriodicReportSnapshot)
    kind = RecordKind.PERIODIC_REPORT if is_report else RecordKind.USAGE_REGISTRATION
    ends_at = snapshot.submitted.ends_at
    return {
        "filings": filed(snapshot.submitted.document_ids, kind),
        "handlings": handled(snapshot.submitted.office, snapshot.taken_at),
        "registration_terms": [{"ends_at": ends_at.isoformat()}] if ends_at else [],
    }


# An end that was reported stands: a withdrawal ends an application whose case goes on to its card.
_CLOSED = Copy(ClosedApplication.__table__, "application_id", also=("closed_at",))
_TERMS = Copy(RegistrationTerm.__table__, "record_id", ("ends_at",))
CASES = Projection(
    name="handlings",
    page=CaseSnapshotPage,
    announced=CaseSnapshotAnnounced,
    copies=(HANDLED, _CLOSED),
    rows_of=_cases,
)
USAGE_REGISTRATIONS = Projection(
    name="filed_registrations",
    page=UsageRegistrationSnapshotPage,
    announced=UsageRegistrationSnapshotAnnounced,
    copies=(HANDLED, FILED, _TERMS),
    rows_of=_submissions,
)
PERIODIC_REPORTS = Projection(
    name="filed_reports",
    page=PeriodicReportSnapshotPage,
    announced=PeriodicReportSnapshotAnnounced,
    copies=(HANDLED, FILED, _TERMS),
    rows_of=_submissions,
)
PROJECTIONS = (STOPPED_ACCOUNTS, FILINGS, CASES, USAGE_REGISTRATIONS, PERIODIC_REPORTS)
