"""Subscriptions of the document service: other services' events, and the command that each one runs."""

from collections.abc import Awaitable, Callable

from services.document.files.commands import accounts, filings
from services.document.previews.commands.releasing import Release
from services.document.retention.commands import ends
from services.document.retention.commands.rebuilding import PROJECTIONS
from shared.counting import keep_counts
from shared.events.application import (
    AdditionalDocumentsSubmitted,
    ApplicationCorrected,
    ApplicationEventsCounted,
    ApplicationSubmitted,
    ApplicationWithdrawn,
    CorrectionRequested,
)
from shared.events.base import Event
from shared.events.registration import (
    AccountActivated,
    AccountClosed,
    AccountSuspended,
    PeriodicReportApproved,
    PeriodicReportRejected,
    PeriodicReportSubmitted,
    RegistrationEventsCounted,
    UsageRegistrationApproved,
    UsageRegistrationRejected,
    UsageRegistrationSubmitted,
)
from shared.events.registration_drafts import UsageRegistrationDraftDeleted
from shared.events.review import (
    ApplicationTerminated,
    CardDelivered,
    CaseTransferred,
    CertificateIssued,
    ReviewCompleted,
    ReviewEventsCounted,
    ReviewStarted,
)
from shared.messaging import BatchHandler, Handler
from shared.rebuilding import following
from shared.work import Commands, Work


def handlers(commands: Commands, release: Release | None = None) -> dict[type[Event], Handler | BatchHandler]:
    """Event to handler. Without a release of photos, the subscriptions can be listed only."""
    own: dict[type[Event], Handler | BatchHandler] = {
        ApplicationSubmitted: commands.handler(filings.file_application),
        CorrectionRequested: commands.handler(filings.file_application),
        ApplicationCorrected: commands.handler(filings.file_application),
        AdditionalDocumentsSubmitted: commands.handler(filings.file_additional_documents),
        ReviewStarted: commands.handler(filings.note_office),
        CaseTransferred: commands.handler(filings.note_office),
        UsageRegistrationSubmitted: commands.handler(filings.file_usage_registration),
        PeriodicReportSubmitted: commands.handler(filings.file_periodic_report),
        UsageRegistrationDraftDeleted: commands.handler(filings.delete_files_of_draft),
        ApplicationWithdrawn: commands.handler(ends.close_application),
        ApplicationTerminated: commands.handler(ends.close_application),
        ReviewCompleted: commands.handler(ends.close_application),
        CertificateIssued: commands.handler(_certificate_issued(release)),
        CardDelivered: commands.handler(ends.close_application),
        UsageRegistrationApproved: commands.handler(ends.end_usage_registration),
        UsageRegistrationRejected: commands.handler(ends.end_usage_registration),
        PeriodicReportApproved: commands.handler(ends.end_periodic_report),
        PeriodicReportRejected: commands.handler(ends.end_periodic_report),
        AccountActivated: commands.handler(accounts.allow),
        AccountSuspended: commands.handler(accounts.stop),
        AccountClosed: commands.handler(accounts.stop),
        RegistrationEventsCounted: commands.handler(keep_counts),
        ApplicationEventsCounted: commands.handler(keep_counts),
        ReviewEventsCounted: commands.handler(keep_counts),
    }
    return following(commands, own, *PROJECTIONS)


def _certificate_issued(release: Release | None) -> Callable[[Work, CertificateIssued], Awaitable[None]]:
    async def issued(work: Work, event: CertificateIssued) -> None:
        await ends.close_application(work, event)
        if event.photo_id is not None and release is not None:
            await release(work, event.photo_id, event.application_id)

    return issued
