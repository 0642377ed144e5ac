"""What this service does on other services' events: which files were filed, what ended, who was stopped."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from services.document import store
from services.document.audit import Tag
from services.document.commands import remove
from services.document.domain import DeleteReason, RecordKind
from services.document.store import ClosedApplication, RegistrationTerm, StoppedAccount
from shared.clock import end_of_day_jst
from shared.events.application import (
    AdditionalDocumentsSubmitted,
    ApplicationCorrected,
    ApplicationSubmitted,
    ApplicationWithdrawn,
)
from shared.events.base import Event
from shared.events.registration import (
    AccountActivated,
    AccountClosed,
    AccountSuspended,
    PeriodicReportApproved,
    PeriodicReportRejected,
    PeriodicReportSubmitted,
    UsageRegistrationApproved,
    UsageRegistrationRejected,
    UsageRegistrationSubmitted,
)
from shared.events.registration_drafts import UsageRegistrationDraftDeleted
from shared.events.review import (
    ApplicationTerminated,
    CardDelivered,
    CertificateIssued,
    ReviewCompleted,
    ReviewStarted,
)
from shared.messaging import Handler
from shared.work import Commands, Work


def handlers(commands: Commands) -> dict[type[Event], Handler]:
    """Subscriptions."""
    return {
        ApplicationSubmitted: commands.handler(on_submitted),
        ApplicationCorrected: commands.handler(on_submitted),
        AdditionalDocumentsSubmitted: commands.handler(on_additional),
        ApplicationWithdrawn: commands.handler(on_withdrawn),
        ReviewStarted: commands.handler(on_review_started),
        CardDelivered: commands.handler(on_card_delivered),
        ApplicationTerminated: commands.handler(on_terminated),
        ReviewCompleted: commands.handler(on_review_completed),
        CertificateIssued: commands.handler(on_certificate_issued),
        UsageRegistrationSubmitted: commands.handler(on_registration_submitted),
        UsageRegistrationApproved: commands.handler(on_registration_approved),
        UsageRegistrationRejected: commands.handler(on_registration_rejected),
        UsageRegistrationDraftDeleted: commands.handler(on_draft_deleted),
        PeriodicReportSubmitted: commands.handler(on_report_submitted),
        PeriodicReportApproved: commands.handler(on_report_approved),
        PeriodicReportRejected: commands.handler(on_report_rejected),
        AccountActivated: commands.handler(on_activated),
        AccountSuspended: commands.handler(on_suspended),
        AccountClosed: commands.handler(on_closed),
    }


async def on_submitted(work: Work, event: ApplicationSubmitted | ApplicationCorrected) -> None:
    """Keep what was filed with an application; the office that it was filed with sees it."""
    if isinstance(event, ApplicationSubmitted):
        await store.handled_by(work.session, event.application_id, event.office, event.submitted_at)
    photo = (event.photo_id,) if event.photo_id else ()
    await _file(work, event.application_id, (*event.document_ids, *photo), RecordKind.APPLICATION)


async def on_additional(work: Work, event: AdditionalDocumentsSubmitted) -> None:
    """Keep what was handed in later."""
    await _file(work, event.application_id, event.document_ids, RecordKind.APPLICATION)


async def on_review_started(work: Work, event: ReviewStarted) -> None:
    """The office that has the case sees the files."""
    await store.handled_by(work.session, event.application_id, event.office, event.started_at)


async def on_withdrawn(work: Work, event: ApplicationWithdrawn) -> None:
    """Retention begins."""
    await _close(work, ClosedApplication(application_id=event.application_id, closed_at=event.withdrawn_at))


async def on_card_delivered(work: Work, event: CardDelivered) -> None:
    """Retention begins."""
    await _close(work, ClosedApplication(application_id=event.application_id, closed_at=event.delivered_at))


async def on_terminated(work: Work, event: ApplicationTerminated) -> None:
    """Retention begins."""
    await _close(work, ClosedApplication(application_id=event.application_id, closed_at=event.terminated_at))


async def on_review_completed(work: Work, event: ReviewCompleted) -> None:
    """Retention begins with a refusal; a granted application goes on until its card or certificate."""
    if event.outcome != "granted":
        await _close(work, ClosedApplication(application_id=event.application_id, closed_at=event.decided_at))


async def on_certificate_issued(work: Work, event: CertificateIssued) -> None:
    """Retention begins."""
    await _close(work, ClosedApplication(application_id=event.application_id, closed_at=event.issued_at))


async def on_registration_submitted(work: Work, event: UsageRegistrationSubmitted) -> None:
    """Keep the files that were submitted with a usage registration; the office that examines it sees them."""
    await store.handled_by(work.session, event.usage_registration_id, event.office, event.submitted_at)
    await _file(work, event.usage_registration_id, event.document_ids, RecordKind.USAGE_REGISTRATION)


async def on_registration_approved(work: Work, event: UsageRegistrationApproved) -> None:
    """Retention begins when the term is over for which the documents were handed in."""
    await _end(work, event.usage_registration_id, end_of_day_jst(event.valid_until))


async def on_registration_rejected(work: Work, event: UsageRegistrationRejected) -> None:
    """Retention begins."""
    await _end(work, event.usage_registration_id, event.rejected_at)


async def on_report_submitted(work: Work, event: PeriodicReportSubmitted) -> None:
    """Keep the files that were submitted with a periodic report; the office that examines it sees them."""
    if event.office is not None:
        await store.handled_by(work.session, event.periodic_report_id, event.office, event.submitted_at)
    await _file(work, event.periodic_report_id, event.document_ids, RecordKind.PERIODIC_REPORT)


async def on_report_approved(work: Work, event: PeriodicReportApproved) -> None:
    """Retention begins when the term is over for which the documents were handed in."""
    await _end(work, event.periodic_report_id, end_of_day_jst(event.valid_until))


async def on_report_rejected(work: Work, event: PeriodicReportRejected) -> None:
    """Retention begins."""
    await _end(work, event.periodic_report_id, event.rejected_at)


async def on_draft_deleted(work: Work, event: UsageRegistrationDraftDeleted) -> None:
    """What was uploaded for the draft goes with it."""
    for document in await store.unfiled_of(work.session, event.usage_registration_id):
        remove(work, document, DeleteReason.DRAFT_DELETED, Tag.EXPIRE)


async def on_activated(work: Work, event: AccountActivated) -> None:
    """The account may upload, again or for the first time."""
    await work.session.execute(delete(StoppedAccount).where(StoppedAccount.account_id == event.account_id))


async def on_suspended(work: Work, event: AccountSuspended) -> None:
    """No more uploads."""
    await work.session.merge(StoppedAccount(account_id=event.account_id, stopped_at=event.suspended_at))


async def on_closed(work: Work, event: AccountClosed) -> None:
    """No more uploads."""
    await work.session.merge(StoppedAccount(account_id=event.account_id, stopped_at=event.closed_at))


async def _file(work: Work, record_id: UUID, document_ids: Sequence[UUID], kind: RecordKind) -> None:
    documents = await store.to_file(work.session, document_ids, record_id, kind)
    for document in documents:
        if document.filed_at is None:
            document.filed_at = work.now
            document.filed_with = record_id
    if documents:
        work.journal(kind.value, record_id, Tag.FILE, {"documents": [d.id for d in documents]})


async def _end(work: Work, record_id: UUID, ends_at: datetime) -> None:
    await work.session.merge(RegistrationTerm(record_id=record_id, ends_at=ends_at))


async def _close(work: Work, closed: ClosedApplication) -> None:
    values = {"application_id": closed.application_id, "closed_at": closed.closed_at}
    await work.session.execute(insert(ClosedApplication).values(values).on_conflict_do_nothing())
