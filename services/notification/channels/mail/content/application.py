"""Confirmations of what an applicant did, and reminders of what is not done yet."""

from datetime import date, datetime

from services.notification.channels.mail.content.facts import Content, Dated, Facts, Name
from shared.events.application import (
    AdditionalDocumentsSubmitted,
    ApplicantMoved,
    ApplicationContactChanged,
    ApplicationCorrected,
    ApplicationHandedOver,
    ApplicationSubmitted,
    ApplicationWithdrawn,
    BulkImportFinished,
    CertificateLinkSent,
    CertificateReceived,
    DraftUntouched,
    StayEnding,
)


class ApplicationReceived(Content):
    receipt_number: str
    procedure: Name
    office: Name
    received_at: datetime
    special_period_end: datetime | None
    # Contents that were kept before have none.
    application_id: str = ""


class Done(Content):
    receipt_number: str
    procedure: Name
    at: datetime


class Move(Content):
    receipt_number: str
    procedure: Name
    office: Name
    other_office: bool
    lives_there_from: date


class HandedOver(Content):
    receipt_number: str
    procedure: Name
    at: datetime
    # Of several; empty for one alone.
    numbers: tuple[str, ...]
    # The page of the one, or the list of all of them.
    page: str


class UntouchedDraft(Content):
    id: str
    procedure: Name
    since: datetime
    deleted_on: date | None
    further: int


class EndingStay(Dated):
    id: str
    procedure: Name
    stay_expiry: date
    days_left: int
    further: int


class CertificateLink(Content):
    receipt_number: str
    certificate_number: str
    procedure: Name
    link: str
    link_expires_at: datetime


class CertificateTaken(Content):
    receipt_number: str
    certificate_number: str
    procedure: Name
    by_recipient: bool
    at: datetime


class ImportedRow(Content):
    place: str
    name: str
    receipt_number: str


class Import(Content):
    rows: int
    filed: int
    failed: int
    dry_run: bool
    # Contents that were kept before do not have these.
    id: str = ""
    filed_rows: tuple[ImportedRow, ...] = ()
    further: int = 0


def application_received(event: ApplicationSubmitted, facts: Facts) -> ApplicationReceived:
    return ApplicationReceived(
        receipt_number=event.receipt_number,
        procedure=facts.procedure_name(),
        office=facts.office_name(),
        received_at=event.submitted_at,
        special_period_end=event.special_period_end,
        application_id=str(event.application_id),
    )


def application_corrected(event: ApplicationCorrected, facts: Facts) -> Done:
    return Done(receipt_number=event.receipt_number, procedure=facts.procedure_name(), at=event.corrected_at)


def contact_changed(event: ApplicationContactChanged, facts: Facts) -> Done:
    return Done(receipt_number=event.receipt_number, procedure=facts.procedure_name(), at=event.changed_at)


def address_changed(event: ApplicantMoved, facts: Facts) -> Move:
    return Move(
        receipt_number=event.receipt_number,
        procedure=facts.procedure_name(),
        office=facts.office_name(event.office),
        other_office=event.office != event.office_before,
        lives_there_from=event.lives_there_from,
    )


def application_handed_to_you(event: ApplicationHandedOver, facts: Facts) -> HandedOver:
    return _handed_over(event, facts, event.account_together_with)


def application_handed_over(event: ApplicationHandedOver, facts: Facts) -> HandedOver:
    return _handed_over(event, facts, event.together_with)


def _handed_over(event: ApplicationHandedOver, facts: Facts, others: tuple[str, ...]) -> HandedOver:
    return HandedOver(
        receipt_number=event.receipt_number,
        procedure=facts.procedure_name(),
        at=event.handed_over_at,
        numbers=(event.receipt_number, *others) if others else (),
        page=f"?in_charge={event.account_id}" if others else f"/{event.application_id}",
    )


def application_withdrawn(event: ApplicationWithdrawn, facts: Facts) -> Done:
    return Done(receipt_number=event.receipt_number, procedure=facts.procedure_name(), at=event.withdrawn_at)


def documents_received(event: AdditionalDocumentsSubmitted, facts: Facts) -> Done:
    return Done(receipt_number=event.receipt_number, procedure=facts.procedure_name(), at=event.submitted_at)


def draft_untouched(event: DraftUntouched, facts: Facts) -> UntouchedDraft:
    return UntouchedDraft(
        id=str(event.draft_id),
        procedure=facts.procedure_name(event.procedure),
        since=event.untouched_since,
        deleted_on=event.deleted_on,
        further=event.further,
    )


def stay_ending(event: StayEnding, facts: Facts) -> EndingStay:
    return EndingStay(
        id=str(event.draft_id),
        procedure=facts.procedure_name(event.procedure),
        stay_expiry=event.stay_expiry,
        days_left=event.days_left,
        further=event.further,
        entry_key=str(event.draft_id),
        said_at=facts.start_of_day,
    )


def bulk_import_finished(event: BulkImportFinished, facts: Facts) -> Import:
    return Import(
        id=str(event.bulk_import_id),
        rows=event.rows,
        filed=event.filed,
        failed=event.failed,
        dry_run=event.dry_run,
        filed_rows=tuple(
            ImportedRow(
                place=f"{row.sheet} {row.row}".strip(),
                name=facts.open(row.sealed_applicant) if row.sealed_applicant else "",
                receipt_number=row.receipt_number,
            )
            for row in event.filed_rows
        ),
        further=max(event.filed - len(event.filed_rows), 0),
    )


def certificate_link(event: CertificateLinkSent, facts: Facts) -> CertificateLink:
    return CertificateLink(
        receipt_number=event.receipt_number,
        certificate_number=event.certificate_number,
        procedure=facts.procedure_name(event.procedure),
        link=facts.open(event.sealed_link),
        link_expires_at=event.expires_at,
    )


def certificate_received(event: CertificateReceived, facts: Facts) -> CertificateTaken:
    return CertificateTaken(
        receipt_number=event.receipt_number,
        certificate_number=event.certificate_number,
        procedure=facts.procedure_name(event.procedure),
        by_recipient=event.by == "recipient",
        at=event.received_at,
    )
