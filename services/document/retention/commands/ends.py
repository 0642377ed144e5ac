"""The end of a record, with which the retention of its files begins."""

from datetime import datetime

from services.document.retention.store import ends
from shared.clock import end_of_day_jst
from shared.events.application import ApplicationWithdrawn
from shared.events.registration import (
    PeriodicReportApproved,
    PeriodicReportRejected,
    UsageRegistrationApproved,
    UsageRegistrationRejected,
)
from shared.events.review import ApplicationTerminated, CardDelivered, CertificateIssued, ReviewCompleted
from shared.work import Work

ApplicationEnd = ApplicationWithdrawn | ApplicationTerminated | ReviewCompleted | CertificateIssued | CardDelivered


async def close_application(work: Work, event: ApplicationEnd) -> None:
    """Begin the retention of an application's files, unless the application goes on."""
    ended_at = _ended_at(event)
    if ended_at is not None:
        await ends.close(work.session, event.application_id, ended_at)


def _ended_at(event: ApplicationEnd) -> datetime | None:
    """None for a grant: its card is still to be delivered, or its certificate to be issued."""
    match event:
        case ApplicationWithdrawn():
            return event.withdrawn_at
        case ApplicationTerminated():
            return event.terminated_at
        case ReviewCompleted():
            return None if event.outcome == "granted" else event.decided_at
        case CertificateIssued():
            return event.issued_at
        case CardDelivered():
            return event.delivered_at


async def end_usage_registration(work: Work, event: UsageRegistrationApproved | UsageRegistrationRejected) -> None:
    """Retention begins with the end of the term for which the documents were submitted, or with the rejection."""
    await ends.end(work.session, event.usage_registration_id, _term_ends_at(event))


async def end_periodic_report(work: Work, event: PeriodicReportApproved | PeriodicReportRejected) -> None:
    """Retention begins with the end of the term for which the documents were submitted, or with the rejection."""
    await ends.end(work.session, event.periodic_report_id, _term_ends_at(event))


def _term_ends_at(
    event: UsageRegistrationApproved | UsageRegistrationRejected | PeriodicReportApproved | PeriodicReportRejected,
) -> datetime:
    if isinstance(event, UsageRegistrationApproved | PeriodicReportApproved):
        return end_of_day_jst(event.valid_until)
    return event.rejected_at
