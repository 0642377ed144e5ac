"""Progress of a filed application: a table of what each event of review adds to the timeline and changes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.application.audit import Tag
from services.application.progress import domain as state
from services.application.progress.domain import ProgressStep, State
from services.application.tables import Application, Progress, RecordedStep
from shared.events.review import (
    AdditionalDocumentsDueSoon,
    AdditionalDocumentsOverdue,
    AdditionalDocumentsRequested,
    ApplicationTerminated,
    CardDelivered,
    CardIssued,
    CardMailed,
    CardMaterialsReceived,
    CardReturned,
    CaseTransferred,
    CertificateIssued,
    CertificateRevoked,
    CorrectionAgreed,
    CorrectionDeclined,
    CounterVisitRequired,
    FeePaid,
    InterviewCancelled,
    InterviewEnded,
    InterviewMoved,
    InterviewRequested,
    InterviewSoon,
    MoreTimeAgreed,
    MoreTimeDeclined,
    OtherAmountPaid,
    ReviewCompleted,
    ReviewEvent,
    ReviewStarted,
)
from shared.ids import new_id
from shared.messaging import NotYet
from shared.work import Work


@dataclass(frozen=True, slots=True)
class Following:
    """The effect of one event of review.

    `at` names the event's moment, `data` its fields that the timeline shows. `shown` is the progress from then on,
    None for no change. `keep` takes more of the event over into the progress row. `ends` is the state in which the
    application itself ends, with the tag of its journal line, whose detail is the first of `data`. `granted`: the
    progress after a grant follows from what came in so far.
    """

    step: ProgressStep
    at: str
    data: tuple[str, ...] = ()
    shown: state.Progress | None = None
    keep: Callable[[Progress, Any], None] | None = None
    ends: tuple[State, Tag] | None = None
    granted: bool = False


def _keep_start(progress: Progress, event: ReviewStarted) -> None:
    progress.started_at = event.started_at
    progress.office = event.office


def _keep_office(progress: Progress, event: CaseTransferred) -> None:
    progress.office = event.office


def _open_request(progress: Progress, event: AdditionalDocumentsRequested) -> None:
    progress.open_request_id = event.request_id
    progress.due_on = event.due_on


def _move_request(progress: Progress, event: MoreTimeAgreed) -> None:
    # Documents that were submitted at the same moment have ended the wait.
    if progress.open_request_id == event.request_id:
        progress.due_on = event.due_on


def _close_request(progress: Progress, _: ReviewEvent) -> None:
    progress.open_request_id = None
    progress.due_on = None


def _forget_grant(progress: Progress, event: ApplicationTerminated) -> None:
    # What was granted and not handed over is not granted any more.
    progress.outcome = None
    progress.fee_yen = None
    _close_request(progress, event)


def _keep_decision(progress: Progress, event: ReviewCompleted) -> None:
    progress.state = state.OUTCOMES[event.outcome].value
    progress.outcome = event.outcome
    progress.fee_yen = event.fee_yen
    _close_request(progress, event)


def _keep_payment(progress: Progress, _: FeePaid) -> None:
    progress.fee_paid = True


def _keep_materials(progress: Progress, _: CardMaterialsReceived) -> None:
    progress.materials_received = True


def _after_grant(progress: Progress, procedure: str) -> None:
    # A fee or card that is recorded late does not take the application back from a later state.
    if progress.state in (state.Progress.DECIDED_GRANT, state.Progress.AWAITING_FEE):
        progress.state = state.after_grant(
            procedure, progress.fee_yen, progress.fee_paid, progress.materials_received, progress.materials_sent
        ).value


FOLLOWING: Mapping[type[ReviewEvent], Following] = {
    ReviewStarted: Following(
        ProgressStep.REVIEW_STARTED, "started_at", shown=state.Progress.UNDER_REVIEW, keep=_keep_start
    ),
    CaseTransferred: Following(
        ProgressStep.CASE_TRANSFERRED, "transferred_at", data=("office", "office_before"), keep=_keep_office
    ),
    AdditionalDocumentsRequested: Following(
        ProgressStep.DOCUMENTS_REQUESTED,
        "requested_at",
        data=("request_id", "items", "due_on"),
        shown=state.Progress.DOCS_REQUESTED,
        keep=_open_request,
    ),
    # Late documents may still be submitted: the request stays open.
    AdditionalDocumentsOverdue: Following(ProgressStep.DOCUMENTS_OVERDUE, "noticed_at", data=("due_on",)),
    AdditionalDocumentsDueSoon: Following(ProgressStep.DOCUMENTS_DUE_SOON, "noticed_at", data=("due_on",)),
    MoreTimeAgreed: Following(ProgressStep.MORE_TIME_AGREED, "agreed_at", data=("due_on",), keep=_move_request),
    MoreTimeDeclined: Following(ProgressStep.MORE_TIME_DECLINED, "declined_at", data=("due_on",)),
    CorrectionAgreed: Following(ProgressStep.CORRECTION_AGREED, "agreed_at", data=("correction_id",)),
    CorrectionDeclined: Following(ProgressStep.CORRECTION_DECLINED, "declined_at", data=("correction_id",)),
    InterviewRequested: Following(
        ProgressStep.INTERVIEW_REQUESTED,
        "requested_at",
        data=("office", "held_at", "kind"),
        shown=state.Progress.ON_HOLD_INTERVIEW,
    ),
    InterviewMoved: Following(ProgressStep.INTERVIEW_MOVED, "moved_at", data=("office", "held_at", "kind")),
    InterviewCancelled: Following(
        ProgressStep.INTERVIEW_CANCELLED, "cancelled_at", data=("held_at",), shown=state.Progress.UNDER_REVIEW
    ),
    InterviewSoon: Following(ProgressStep.INTERVIEW_SOON, "noticed_at", data=("office", "held_at", "kind")),
    InterviewEnded: Following(ProgressStep.INTERVIEW_ENDED, "ended_at", shown=state.Progress.UNDER_REVIEW),
    # A decision ends the application even where a withdrawal crossed it.
    ReviewCompleted: Following(
        ProgressStep.REVIEW_COMPLETED,
        "decided_at",
        data=("outcome", "fee_yen", "period_of_stay", "stay_until", "reason_code"),
        keep=_keep_decision,
        ends=(State.DECIDED, Tag.DECIDED),
        granted=True,
    ),
    FeePaid: Following(ProgressStep.FEE_PAID, "paid_at", data=("amount_yen",), keep=_keep_payment, granted=True),
    OtherAmountPaid: Following(ProgressStep.OTHER_AMOUNT_PAID, "paid_at", data=("amount_yen",)),
    CardMaterialsReceived: Following(
        ProgressStep.CARD_MATERIALS_RECEIVED, "received_at", keep=_keep_materials, granted=True
    ),
    CardIssued: Following(
        ProgressStep.CARD_ISSUED, "issued_at", data=("card_expires_on",), shown=state.Progress.CARD_PRODUCTION
    ),
    CardMailed: Following(
        ProgressStep.CARD_MAILED, "mailed_at", data=("carrier", "tracking_number"), shown=state.Progress.DISPATCHED
    ),
    # It is with the card office again, which mails it to an address that is right or makes another.
    CardReturned: Following(
        ProgressStep.CARD_RETURNED, "returned_at", data=("kind",), shown=state.Progress.CARD_PRODUCTION
    ),
    CardDelivered: Following(ProgressStep.CARD_DELIVERED, "delivered_at", shown=state.Progress.DELIVERED),
    CertificateIssued: Following(
        ProgressStep.CERTIFICATE_ISSUED,
        "issued_at",
        data=("certificate_number", "method", "valid_until"),
        shown=state.Progress.CERTIFICATE_ISSUED,
    ),
    CertificateRevoked: Following(
        ProgressStep.CERTIFICATE_REVOKED, "revoked_at", data=("certificate_number", "reason_code")
    ),
    CounterVisitRequired: Following(ProgressStep.COUNTER_VISIT_REQUIRED, "required_at", data=("office", "visit_by")),
    ApplicationTerminated: Following(
        ProgressStep.TERMINATED,
        "terminated_at",
        data=("reason_code",),
        shown=state.Progress.TERMINATED,
        keep=_forget_grant,
        ends=(State.TERMINATED, Tag.TERMINATED),
    ),
}


async def follow(work: Work, event: ReviewEvent) -> None:
    """Add the step of `event` to the timeline and change the progress as `FOLLOWING` says.

    Raises `NotYet` for the end of an application that is not filed here.
    """
    following = FOLLOWING[type(event)]
    at: datetime = getattr(event, following.at)
    data = dict(_shown(name, getattr(event, name)) for name in following.data)
    # Locked before its progress, as everywhere.
    application = await work.session.get(Application, event.application_id, with_for_update=True)
    if following.ends is not None:
        ended, tag = following.ends
        first = following.data[0]
        application = _end(work, event.application_id, application, ended, tag, {first: data[first]})
        application.stay_until = getattr(event, "stay_until", None)
    progress = await _progress_of(work, event.application_id, at)
    progress.changed_at = at
    work.session.add(
        RecordedStep(
            event_id=work.mark.cause_event_id or new_id(),
            application_id=event.application_id,
            step=following.step.value,
            at=at,
            data=data,
        )
    )
    if following.shown is not None:
        progress.state = following.shown.value
    if following.keep is not None:
        following.keep(progress, event)
    if application is not None:
        if following.granted:
            _after_grant(progress, application.procedure)
        application.reported = progress.state


def _shown(name: str, value: Any) -> tuple[str, Any]:
    """A field of an event as the timeline shows it; of requested documents their codes."""
    if name == "items":
        return "codes", [item.code for item in value]
    if isinstance(value, date):
        return name, value.isoformat()
    return name, str(value) if isinstance(value, UUID) else value


def _end(
    work: Work,
    application_id: UUID,
    application: Application | None,
    ended: State,
    tag: Tag,
    detail: Mapping[str, Any],
) -> Application:
    if application is None or application.state == State.DRAFT:
        # Review gets an application only after its filing is committed; a restored backup may lag behind.
        raise NotYet(f"application {application_id} is not filed here")
    application.state = ended.value
    application.revision += 1
    application.updated_at = work.now
    work.journal("application", application_id, tag, detail)
    return application


async def _progress_of(work: Work, application_id: UUID, at: datetime) -> Progress:
    """The progress row, locked; made at the first event."""
    progress = await work.session.get(Progress, application_id, with_for_update=True)
    if progress is None:
        progress = Progress(
            application_id=application_id,
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
    return progress
