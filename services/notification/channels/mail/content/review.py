"""Mails about the examination and what follows it."""

from datetime import date, datetime

from services.notification.channels.mail.content.facts import Condition, Content, Dated, Facts, Item, Name, Why, why
from shared.events.review import (
    AdditionalDocumentsDueSoon,
    AdditionalDocumentsOverdue,
    AdditionalDocumentsRequested,
    ApplicationTerminated,
    CardMailed,
    CardMaterialsReceived,
    CardReturned,
    CaseTransferred,
    CertificateIssued,
    CertificateRevoked,
    CorrectionDeclined,
    CounterVisitRequired,
    FeePaid,
    InterviewCancelled,
    InterviewMoved,
    InterviewRequested,
    InterviewSoon,
    MoreTimeAgreed,
    MoreTimeDeclined,
    OtherAmountPaid,
    ReviewCompleted,
    ReviewStarted,
)
from shared.reference.after_grant import leads_to_card, old_card_needed


class Step(Content):
    receipt_number: str
    procedure: Name
    at: datetime


class Transfer(Content):
    receipt_number: str
    procedure: Name
    office: Name
    office_before: Name
    at: datetime


class Ended(Step):
    why: Why | None = None


class DocumentsRequested(Dated):
    receipt_number: str
    procedure: Name
    items: tuple[Item, ...]
    due_on: date
    application_id: str = ""


class DocumentsOverdue(Content):
    receipt_number: str
    procedure: Name
    due_on: date
    application_id: str = ""


class DocumentsDueSoon(DocumentsOverdue, Dated):
    pass


class Declined(Content):
    receipt_number: str
    procedure: Name
    reason: str
    at: datetime


class MoreTime(Dated):
    receipt_number: str
    procedure: Name
    due_on: date
    reason: str | None
    application_id: str = ""


class Interview(Dated):
    receipt_number: str
    procedure: Name
    office: Name
    comes_to_office: bool
    held_at: datetime | None
    place: str | None
    instructions: str | None


class NoInterview(Dated):
    receipt_number: str
    procedure: Name
    held_at: datetime | None
    reason: str
    comes_to_office: bool = True


class Completed(Content):
    receipt_number: str
    procedure: Name
    office: Name
    granted: bool
    fee_yen: int
    why: Why | None = None
    words: str | None = None
    conditions: tuple[Condition, ...] = ()
    application_id: str = ""
    # A grant that is handed over as a card, for which the present one is sent; contents of before knew no other.
    card: bool = True
    old_card: bool = True


class Paid(Content):
    receipt_number: str
    amount_yen: int
    at: datetime


class PaidOther(Paid):
    ordered_yen: int
    fee_due: bool
    application_id: str = ""


class Mailed(Content):
    receipt_number: str
    carrier: Name
    tracking_number: str
    at: datetime


class Returned(Content):
    receipt_number: str
    lost: bool
    at: datetime


class Certificate(Content):
    receipt_number: str
    certificate_number: str
    procedure: Name
    by_mail: bool
    valid_until: date | None


class Revoked(Content):
    receipt_number: str
    certificate_number: str
    procedure: Name
    reason: str
    at: datetime


class Visit(Dated):
    receipt_number: str
    office: Name
    visit_by: date | None


def review_started(event: ReviewStarted, facts: Facts) -> Step:
    return Step(receipt_number=event.receipt_number, procedure=facts.procedure_name(), at=event.started_at)


def case_transferred(event: CaseTransferred, facts: Facts) -> Transfer:
    return Transfer(
        receipt_number=event.receipt_number,
        procedure=facts.procedure_name(),
        office=facts.office_name(event.office),
        office_before=facts.office_name(event.office_before),
        at=event.transferred_at,
    )


def documents_requested(event: AdditionalDocumentsRequested, facts: Facts) -> DocumentsRequested:
    return DocumentsRequested(
        receipt_number=event.receipt_number,
        application_id=str(event.application_id),
        procedure=facts.procedure_name(),
        items=facts.items(event.items),
        due_on=event.due_on,
        entry_key=str(event.request_id),
        said_at=event.requested_at,
    )


def documents_overdue(event: AdditionalDocumentsOverdue, facts: Facts) -> DocumentsOverdue:
    return DocumentsOverdue(
        receipt_number=event.receipt_number,
        procedure=facts.procedure_name(),
        due_on=event.due_on,
        application_id=str(event.application_id),
    )


def documents_due_soon(event: AdditionalDocumentsDueSoon, facts: Facts) -> DocumentsDueSoon:
    return DocumentsDueSoon(
        receipt_number=event.receipt_number,
        procedure=facts.procedure_name(),
        due_on=event.due_on,
        application_id=str(event.application_id),
        entry_key=str(event.request_id),
        said_at=event.noticed_at,
    )


def more_time_agreed(event: MoreTimeAgreed, facts: Facts) -> MoreTime:
    return MoreTime(
        receipt_number=event.receipt_number,
        procedure=facts.procedure_name(),
        due_on=event.due_on,
        reason=None,
        application_id=str(event.application_id),
        entry_key=str(event.request_id),
        said_at=event.agreed_at,
    )


def more_time_declined(event: MoreTimeDeclined, facts: Facts) -> MoreTime:
    return MoreTime(
        receipt_number=event.receipt_number,
        application_id=str(event.application_id),
        procedure=facts.procedure_name(),
        due_on=event.due_on,
        reason=facts.open(event.sealed_reason) if event.sealed_reason else None,
    )


def correction_declined(event: CorrectionDeclined, facts: Facts) -> Declined:
    return Declined(
        receipt_number=event.receipt_number,
        procedure=facts.procedure_name(),
        reason=facts.open(event.sealed_reason),
        at=event.declined_at,
    )


def interview_requested(event: InterviewRequested, facts: Facts) -> Interview:
    return _interview(event, event.requested_at, facts)


def interview_moved(event: InterviewMoved, facts: Facts) -> Interview:
    return _interview(event, event.moved_at, facts)


def interview_soon(event: InterviewSoon, facts: Facts) -> Interview:
    return _interview(event, event.noticed_at, facts)


def interview_cancelled(event: InterviewCancelled, facts: Facts) -> NoInterview:
    return NoInterview(
        receipt_number=event.receipt_number,
        procedure=facts.procedure_name(),
        held_at=event.held_at,
        reason=facts.open(event.sealed_reason),
        entry_key=str(event.interview_id),
        comes_to_office=event.kind == "interview",
        said_at=event.cancelled_at,
    )


def _interview(
    event: InterviewRequested | InterviewMoved | InterviewSoon, said_at: datetime, facts: Facts
) -> Interview:
    return Interview(
        receipt_number=event.receipt_number,
        procedure=facts.procedure_name(),
        office=facts.office_name(event.office),
        comes_to_office=event.kind == "interview",
        held_at=event.held_at,
        place=facts.open(event.sealed_place) if event.sealed_place else None,
        instructions=facts.open(event.sealed_instructions) if event.sealed_instructions else None,
        # Events of before interviews had ids are about the one interview of their application.
        entry_key=str(event.interview_id or event.application_id),
        said_at=said_at,
    )


def review_completed(event: ReviewCompleted, facts: Facts) -> Completed:
    granted = event.outcome == "granted"
    return Completed(
        receipt_number=event.receipt_number,
        application_id=str(event.application_id),
        procedure=facts.procedure_name(),
        office=facts.office_name(),
        granted=granted,
        fee_yen=event.fee_yen,
        why=None if granted else why("refusal", event.reason_code),
        words=facts.open(event.sealed_reason) if event.sealed_reason and not granted else None,
        conditions=facts.conditions(event.conditions),
        card=leads_to_card(event.procedure),
        old_card=old_card_needed(event.procedure),
    )


def other_amount_paid(event: OtherAmountPaid, facts: Facts) -> PaidOther:
    return PaidOther(
        receipt_number=event.receipt_number,
        application_id=str(event.application_id),
        amount_yen=event.amount_yen,
        ordered_yen=event.ordered_yen,
        fee_due=event.fee_due,
        at=event.paid_at,
    )


def fee_paid(event: FeePaid, facts: Facts) -> Paid:
    return Paid(receipt_number=event.receipt_number, amount_yen=event.amount_yen, at=event.paid_at)


def card_materials_received(event: CardMaterialsReceived, facts: Facts) -> Step:
    return Step(receipt_number=event.receipt_number, procedure=facts.procedure_name(), at=event.received_at)


def card_mailed(event: CardMailed, facts: Facts) -> Mailed:
    return Mailed(
        receipt_number=event.receipt_number,
        carrier=facts.carrier_name(event.carrier),
        tracking_number=event.tracking_number,
        at=event.mailed_at,
    )


def certificate_issued(event: CertificateIssued, facts: Facts) -> Certificate:
    return Certificate(
        receipt_number=event.receipt_number,
        certificate_number=event.certificate_number or "",
        procedure=facts.procedure_name(),
        by_mail=event.method == "POST",
        valid_until=event.valid_until,
    )


def certificate_revoked(event: CertificateRevoked, facts: Facts) -> Revoked:
    return Revoked(
        receipt_number=event.receipt_number,
        certificate_number=event.certificate_number,
        procedure=facts.procedure_name(event.procedure),
        reason=facts.open(event.sealed_reason),
        at=event.revoked_at,
    )


def card_returned(event: CardReturned, facts: Facts) -> Returned:
    return Returned(receipt_number=event.receipt_number, lost=event.kind == "lost", at=event.returned_at)


def counter_visit_required(event: CounterVisitRequired, facts: Facts) -> Visit:
    return Visit(
        receipt_number=event.receipt_number,
        office=facts.office_name(event.office),
        visit_by=event.visit_by,
        entry_key=str(event.application_id),
        said_at=event.required_at,
    )


def application_terminated(event: ApplicationTerminated, facts: Facts) -> Ended:
    return Ended(
        receipt_number=event.receipt_number,
        procedure=facts.procedure_name(),
        at=event.terminated_at,
        why=why("termination", event.reason_code),
    )
