"""Following an application through review: where it stands, and one step of the timeline for each event."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from services.application.audit import Tag
from services.application.domain import state
from services.application.store import Application, Progress, ProgressStep
from shared.events.review import (
    AdditionalDocumentsOverdue,
    AdditionalDocumentsRequested,
    ApplicationTerminated,
    CardDelivered,
    CardIssued,
    CardMailed,
    CardMaterialsReceived,
    CertificateIssued,
    CounterVisitRequired,
    FeePaid,
    InterviewRequested,
    ReviewCompleted,
    ReviewEvent,
    ReviewStarted,
)
from shared.ids import new_id
from shared.messaging import NotYet
from shared.work import Work


async def on_review_started(work: Work, event: ReviewStarted) -> None:
    """An examiner has the case."""
    progress = await _follow(work, event, "review_started", event.started_at, {})
    progress.started_at = event.started_at
    progress.office = event.office
    progress.state = state.Progress.UNDER_REVIEW.value


async def on_documents_requested(work: Work, event: AdditionalDocumentsRequested) -> None:
    """The examiner waits for documents; the applicant may hand them in from now on."""
    data = {
        "request_id": str(event.request_id),
        "codes": [item.code for item in event.items],
        "due_on": event.due_on.isoformat(),
    }
    progress = await _follow(work, event, "documents_requested", event.requested_at, data)
    progress.state = state.Progress.DOCS_REQUESTED.value
    progress.open_request_id = event.request_id
    progress.due_on = event.due_on


async def on_documents_overdue(work: Work, event: AdditionalDocumentsOverdue) -> None:
    """The requested documents did not come in time; they may still be handed in."""
    await _follow(work, event, "documents_overdue", event.noticed_at, {"due_on": event.due_on.isoformat()})


async def on_interview_requested(work: Work, event: InterviewRequested) -> None:
    """The applicant or the organisation is asked to talk to an officer."""
    held = event.held_at.isoformat() if event.held_at else None
    progress = await _follow(
        work, event, "interview_requested", event.requested_at, {"office": event.office, "held_at": held}
    )
    progress.state = state.Progress.ON_HOLD_INTERVIEW.value


async def on_review_completed(work: Work, event: ReviewCompleted) -> None:
    """The decision is made; the application is no longer open, even where a withdrawal crossed it."""
    data = {
        "outcome": event.outcome,
        "fee_yen": event.fee_yen,
        "period_of_stay": event.period_of_stay,
        "stay_until": event.stay_until.isoformat() if event.stay_until else None,
        "reason_code": event.reason_code,
    }
    await _end(work, event.application_id, state.State.DECIDED, Tag.DECIDED, {"outcome": event.outcome})
    progress = await _follow(work, event, "review_completed", event.decided_at, data)
    progress.state = state.OUTCOMES[event.outcome].value
    progress.outcome = event.outcome
    progress.fee_yen = event.fee_yen
    progress.open_request_id = None
    progress.due_on = None


async def on_fee_paid(work: Work, event: FeePaid) -> None:
    """The fee is there."""
    progress = await _follow(work, event, "fee_paid", event.paid_at, {"amount_yen": event.amount_yen})
    progress.fee_paid = True
    _after_grant(progress)


async def on_card_materials_received(work: Work, event: CardMaterialsReceived) -> None:
    """The old card is there."""
    progress = await _follow(work, event, "card_materials_received", event.received_at, {})
    progress.materials_received = True
    _after_grant(progress)


async def on_card_issued(work: Work, event: CardIssued) -> None:
    """The new card is made."""
    data = {"card_expires_on": event.card_expires_on.isoformat()}
    progress = await _follow(work, event, "card_issued", event.issued_at, data)
    progress.state = state.Progress.CARD_PRODUCTION.value


async def on_card_mailed(work: Work, event: CardMailed) -> None:
    """The new card is in the mail."""
    data = {"carrier": event.carrier, "tracking_number": event.tracking_number}
    progress = await _follow(work, event, "card_mailed", event.mailed_at, data)
    progress.state = state.Progress.DISPATCHED.value


async def on_card_delivered(work: Work, event: CardDelivered) -> None:
    """The new card has arrived: the end."""
    progress = await _follow(work, event, "card_delivered", event.delivered_at, {})
    progress.state = state.Progress.DELIVERED.value


async def on_certificate_issued(work: Work, event: CertificateIssued) -> None:
    """A certificate was issued: the end of a COE or WORKCERT."""
    until = event.valid_until.isoformat() if event.valid_until else None
    data = {"method": event.method, "valid_until": until}
    progress = await _follow(work, event, "certificate_issued", event.issued_at, data)
    progress.state = state.Progress.CERTIFICATE_ISSUED.value


async def on_counter_visit_required(work: Work, event: CounterVisitRequired) -> None:
    """The result has to be collected at a counter."""
    by = event.visit_by.isoformat() if event.visit_by else None
    await _follow(work, event, "counter_visit_required", event.required_at, {"office": event.office, "visit_by": by})


async def on_terminated(work: Work, event: ApplicationTerminated) -> None:
    """The case ended without a decision."""
    reason = {"reason_code": event.reason_code}
    await _end(work, event.application_id, state.State.TERMINATED, Tag.TERMINATED, reason)
    progress = await _follow(work, event, "terminated", event.terminated_at, reason)
    progress.state = state.Progress.TERMINATED.value
    progress.open_request_id = None
    progress.due_on = None


def _after_grant(progress: Progress) -> None:
    # A fee or card that is recorded late does not take the application back from a later state.
    if progress.state in (state.Progress.DECIDED_GRANT, state.Progress.AWAITING_FEE):
        progress.state = state.after_grant(
            progress.fee_paid, progress.materials_received, progress.materials_sent
        ).value


async def _end(work: Work, application_id: UUID, ended: state.State, tag: Tag, detail: Mapping[str, Any]) -> None:
    application = await work.session.get(Application, application_id, with_for_update=True)
    if application is None or application.state == state.State.DRAFT:
        # Review hears of an application only after its filing is committed; a restored backup may lag behind.
        raise NotYet(f"application {application_id} is not filed here")
    application.state = ended.value
    application.revision += 1
    application.updated_at = work.now
    work.journal("application", application_id, tag, detail)


async def _follow(work: Work, event: ReviewEvent, step: str, at: datetime, data: Mapping[str, Any]) -> Progress:
    """Add a step to the timeline; the progress row, locked, made at the first event."""
    progress = await work.session.get(Progress, event.application_id, with_for_update=True)
    if progress is None:
        progress = Progress(
            application_id=event.application_id,
            state=state.Progress.RECEIVED.value,
            changed_at=at,
            started_at=None,
            outcome=None,
            fee_yen=None,
            fee_paid=False,
            materials_sent=False,
            materials_received=False,
            open_request_id=None,
            due_on=None,
            office=None,
        )
        work.session.add(progress)
    progress.changed_at = at
    work.session.add(
        ProgressStep(
            event_id=work.mark.cause_event_id or new_id(),
            application_id=event.application_id,
            step=step,
            at=at,
            data=dict(data),
        )
    )
    return progress
