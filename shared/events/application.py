"""Events of the application service: filing, and the applicant's later actions."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from shared.events.base import Event, Part
from shared.events.counted import EventsCounted
from shared.events.fields import (
    AccountId,
    ApplicationId,
    BulkImportId,
    CarrierCode,
    CategoryCode,
    CertificateNumber,
    Code,
    CorrectionId,
    Count,
    Day,
    DocumentId,
    FormVersion,
    ItemCode,
    Moment,
    MoreTimeId,
    NationalityCode,
    OfficeCode,
    OrganisationId,
    OwnerId,
    PeriodCode,
    PersonKey,
    ProcedureCode,
    ReasonCode,
    ReceiptNumber,
    Recipient,
    RequestId,
    RoleCode,
    SealedText,
    SectionCode,
    StatusCode,
    TrackingNumber,
)
from shared.events.snapshots import SnapshotAnnounced, SnapshotPage, SnapshotRow

# A table that people still read, in an event that a broker takes.
MOST_FILED_ROWS = 500
# As many as are handed over at once.
MOST_HANDED_OVER = 500


class ApplicationEvent(Event):
    """An event of one application; `account_id` is the account that is in charge of it and is informed about it."""

    topic: ClassVar[str] = "application.events"
    key_fields: ClassVar[tuple[str, ...]] = ("application_id",)

    application_id: ApplicationId
    account_id: AccountId


class FiledFacts(Part):
    """The facts of a filed application that other services keep."""

    receipt_number: ReceiptNumber
    procedure: ProcedureCode
    combined_with: Annotated[
        tuple[ProcedureCode, ...],
        Field(description="procedures filed together with the main one", examples=[["REENTRY"]]),
    ] = ()
    status_of_residence: StatusCode
    category: CategoryCode | None = None
    form_section: SectionCode
    form_version: FormVersion
    nationality: NationalityCode
    office: OfficeCode
    owner_id: OwnerId
    organisation_id: OrganisationId | None = None
    submitted_at: Moment
    legal_date: Annotated[Day, Field(description="day in Japan on which it counts as filed")]
    stay_expiry: Annotated[Day, Field(description="end of the present stay", examples=["2026-08-31"])] | None = None
    special_period_end: (
        Annotated[Moment, Field(description="end of the 特例期間", examples=["2026-10-31T14:59:59Z"])] | None
    ) = None
    requested_period: PeriodCode | None = None
    receipt_method: (
        Annotated[
            Code, Field(description="how the paper or card is received: POST, EMAIL, COUNTER", examples=["EMAIL"])
        ]
        | None
    ) = None
    document_ids: tuple[DocumentId, ...]
    photo_id: DocumentId | None = None
    role: Annotated[RoleCode | None, Field(description="in which the owner filed it", examples=["org_staff"])] = None
    person_keys: Annotated[
        tuple[PersonKey, ...],
        Field(description="keyed hashes that other applications of the same person share", examples=[[]]),
    ] = ()


class ApplicationSubmitted(FiledFacts, ApplicationEvent):
    """An application was filed: complete, numbered, with its legal date.

    By: application, in the transaction that gives the receipt number; one by one or by a bulk import.
    For: review (opens the case, finds other cases of the person), document (keep the files, for the office),
    notification (receipt to `applicant`, and to the filer of one that no bulk import filed).
    """

    applicant: Recipient | None = None
    bulk_import_id: Annotated[
        BulkImportId | None, Field(description="the bulk import that filed it", examples=[None])
    ] = None


class ApplicationSnapshot(FiledFacts, SnapshotRow):
    """The present facts of a filed application."""

    key_fields: ClassVar[tuple[str, ...]] = ApplicationEvent.key_fields
    record_field: ClassVar[str] = "application_id"

    application_id: ApplicationId
    account_id: AccountId

    address_office: Annotated[
        OfficeCode | None,
        Field(description="in charge of the present address; null: as it was filed", examples=["OSA"]),
    ] = None
    moved_on: Annotated[Day | None, Field(description="since when the applicant lives there")] = None
    is_withdrawn: Annotated[bool, Field(description="whether it was taken back", examples=[False])] = False
    applicant: Recipient | None = None


class ApplicationSnapshotPage(SnapshotPage):
    """The present facts of filed applications, sent again; nothing has happened to them.

    By: application, when an operator orders a snapshot of its applications.
    For: review (rebuilds the facts of its cases), notification (whom it informs), document (which files are filed).
    """

    topic: ClassVar[str] = "application.events"
    row: ClassVar[type[SnapshotRow]] = ApplicationSnapshot

    rows: tuple[ApplicationSnapshot, ...]


class ApplicationSnapshotAnnounced(SnapshotAnnounced):
    """A snapshot of the applications begins, is complete, or was stopped.

    By: application, around the rows of the snapshot.
    For: review (rebuilds the facts of its cases), notification (whom it informs), document (which files are filed).
    """

    topic: ClassVar[str] = "application.events"


class CorrectionRequested(ApplicationEvent):
    """The applicant asks to correct an application whose examination has begun; nothing is changed yet.

    By: application, at that command; documents and photo are those that would be valid.
    For: review (the examiner agrees or declines), document (which files were submitted), notification (informs the
    examiner, webhooks).
    """

    receipt_number: ReceiptNumber
    correction_id: CorrectionId
    changed: Annotated[tuple[ItemCode, ...], Field(description="fields to change", examples=[["job.salary"]])]
    document_ids: tuple[DocumentId, ...]
    photo_id: DocumentId | None = None
    requested_at: Moment


class ApplicationCorrected(ApplicationEvent):
    """A filed application was corrected before its examination began, or where an officer allowed it.

    By: application, at that command, or at CorrectionAgreed; documents and photo are those valid from now on. Facts of
    the form that are null stay as they were.
    For: review (shows the change), document (which files were filed), notification (informs both parties).
    """

    receipt_number: ReceiptNumber
    changed: Annotated[tuple[ItemCode, ...], Field(description="changed fields", examples=[["job.salary"]])]
    form_version: FormVersion
    requested_period: PeriodCode | None = None
    document_ids: tuple[DocumentId, ...]
    photo_id: DocumentId | None = None
    corrected_at: Moment
    correction_id: CorrectionId | None = None
    category: CategoryCode | None = None
    nationality: NationalityCode | None = None
    stay_expiry: Annotated[Day, Field(description="end of the present stay", examples=["2026-08-31"])] | None = None
    special_period_end: (
        Annotated[Moment, Field(description="end of the 特例期間", examples=["2026-10-31T14:59:59Z"])] | None
    ) = None
    receipt_method: (
        Annotated[
            Code, Field(description="how the paper or card is received: POST, EMAIL, COUNTER", examples=["EMAIL"])
        ]
        | None
    ) = None
    person_keys: (
        Annotated[
            tuple[PersonKey, ...],
            Field(description="keyed hashes that other applications of the same person share", examples=[[]]),
        ]
        | None
    ) = None


class ApplicationContactChanged(ApplicationEvent):
    """The address or the language for news of a filed application changed.

    By: application, at that command.
    For: notification (sends to it from now on, informs both parties).
    """

    receipt_number: ReceiptNumber
    applicant: Recipient
    changed_at: Moment


class ApplicantMoved(ApplicationEvent):
    """The applicant of a filed application lives, or will live, at another address; the receipt number stays.

    By: application, at that command; `office` is the one in charge of the new address.
    For: review (shows it, and that another office is in charge), notification (informs both parties and the examiner).
    """

    receipt_number: ReceiptNumber
    office: OfficeCode
    office_before: OfficeCode
    lives_there_from: Day
    stated_at: Moment


class ApplicationHandedOver(ApplicationEvent):
    """Another account of the organisation is in charge of a filed application from now on: `account_id`.

    Of several that are handed over together, each has its event. The first of those that were with the same account in
    the same role names these, and its message to that account stands for all of them; likewise the first of those that
    are with the new account in the same role.

    By: application, when somebody of the organisation hands it over or takes it over.
    For: review (its events name the account in charge), notification (informs that account from now on; a message to
    it and to the one before).
    """

    receipt_number: ReceiptNumber
    account_before: Annotated[AccountId, Field(description="the account that was in charge until now")]
    handed_over_at: Moment
    told_by_mail: Annotated[
        bool,
        Field(description="false: the message of another event to the account before speaks of it", examples=[True]),
    ] = True
    together_with: Annotated[
        tuple[ReceiptNumber, ...],
        Field(
            max_length=MOST_HANDED_OVER,
            description="the others that were with the account before, handed over together with it",
            examples=[[]],
        ),
    ] = ()
    informs_account: Annotated[
        bool, Field(description="false: the message of another event to the new account speaks of it", examples=[True])
    ] = True
    account_together_with: Annotated[
        tuple[ReceiptNumber, ...],
        Field(
            max_length=MOST_HANDED_OVER,
            description="the others that the new account gets together with it",
            examples=[[]],
        ),
    ] = ()


class ApplicationWithdrawn(ApplicationEvent):
    """The applicant took an application back (取下げ).

    By: application, at that command.
    For: review (closes the case), document (retention begins), notification (informs both parties and the examiner).
    """

    receipt_number: ReceiptNumber
    reason_code: ReasonCode | None = None
    withdrawn_at: Moment


class AdditionalDocumentsSubmitted(ApplicationEvent):
    """The documents that an officer asked for were submitted.

    By: application, at that command; `request_id` is the one of AdditionalDocumentsRequested.
    For: review (the case continues), document (which files were filed), notification (receipt, and informs the
    examiner).
    """

    receipt_number: ReceiptNumber
    request_id: RequestId
    document_ids: tuple[DocumentId, ...]
    not_submitted: Annotated[
        tuple[ItemCode, ...], Field(description="items answered with a reason instead", examples=[[]])
    ] = ()
    submitted_at: Moment


class MoreTimeRequested(ApplicationEvent):
    """The applicant asks for more time to submit requested documents; until an officer agrees the day stays.

    By: application, at that command; the reason is with the application.
    For: review (the examiner agrees or declines), notification (informs the examiner, webhooks).
    """

    receipt_number: ReceiptNumber
    request_id: RequestId
    more_time_id: MoreTimeId
    wanted_on: Annotated[Day, Field(description="until when the applicant needs it", examples=["2026-08-12"])]
    requested_at: Moment


class CardMaterialsSent(ApplicationEvent):
    """The applicant mailed what the card office needs (old card, return envelope) and paid the fee.

    By: application, when the filer records the dispatch.
    For: review (the card office expects it), notification (webhooks).
    """

    receipt_number: ReceiptNumber
    fee_reference: (
        Annotated[
            str,
            Field(min_length=1, max_length=80, description="reference of the payment", examples=["PAY-2026-000123"]),
        ]
        | None
    ) = None
    carrier: CarrierCode
    tracking_number: TrackingNumber
    sent_at: Moment


class CertificateLinkSent(ApplicationEvent):
    """A link to a certificate goes to its recipient, who needs no account.

    By: application, when the certificate is ready, and when the owner sends it on or again.
    For: notification (sends the link).
    """

    receipt_number: ReceiptNumber
    certificate_number: CertificateNumber
    procedure: ProcedureCode
    recipient: Recipient
    sealed_link: SealedText
    expires_at: Moment
    sent_at: Moment


class CertificateReceived(ApplicationEvent):
    """The recipient acknowledged that the certificate arrived (受領登録).

    By: application, when the owner or the holder of a link says so, once.
    For: review (shows it), notification (informs the filer).
    """

    receipt_number: ReceiptNumber
    certificate_number: CertificateNumber
    procedure: ProcedureCode
    by: Annotated[Literal["owner", "recipient"], Field(description="who acknowledged it", examples=["recipient"])]
    received_at: Moment


class DraftEvent(Event):
    """An event of a draft, which only its owner knows; filed, the application has the same id.

    `account_id` is the account in charge of it.
    """

    topic: ClassVar[str] = "application.events"
    key_fields: ClassVar[tuple[str, ...]] = ("draft_id",)

    draft_id: ApplicationId
    account_id: AccountId
    organisation_id: OrganisationId | None = None
    role: Annotated[RoleCode, Field(description="in which it was begun", examples=["org_staff"])]
    procedure: ProcedureCode
    status_of_residence: StatusCode


class DraftUntouched(DraftEvent):
    """Nobody has edited a draft for days; one that was never edited after its start is deleted on `deleted_on`.

    By: application's job, once for each pause; the oldest of an account's drafts stands for all that are due.
    For: notification (reminds the account in charge).
    """

    untouched_since: Moment
    deleted_on: Annotated[Day, Field(description="day on which it is deleted")] | None = None
    further: Annotated[Count, Field(description="other drafts of the account of which the same holds")] = 0


class StayEnding(DraftEvent):
    """The stay of the person whom a draft concerns ends soon, and it is not filed yet.

    By: application's job, 90, 30 and 7 days before, once for each person and account; the first end stands for all that
    are due.
    For: notification (reminds the account in charge).
    """

    stay_expiry: Annotated[Day, Field(description="last day of the present stay", examples=["2026-08-31"])]
    days_left: Count
    further: Annotated[Count, Field(description="other people in drafts of the account whose stay ends soon")] = 0


class FiledRow(Part):
    """A row of a bulk import that was filed: its place in the file, the applicant, and the receipt number."""

    sheet: Annotated[str, Field(max_length=100, description="its sheet", examples=["EXTEND-N"])] = ""
    row: Annotated[int, Field(ge=0, description="its number in the sheet", examples=[5])]
    sealed_applicant: SealedText | None = None
    receipt_number: ReceiptNumber


class BulkImportFinished(Event):
    """A bulk import (一括申請) is done; the result file is ready.

    By: application, when the last row is filed or refused.
    For: notification (informs the person who started it, once for all rows).
    """

    topic: ClassVar[str] = "application.events"
    key_fields: ClassVar[tuple[str, ...]] = ("bulk_import_id",)

    bulk_import_id: BulkImportId
    account_id: AccountId
    organisation_id: OrganisationId | None = None
    dry_run: Annotated[bool, Field(description="only checked, nothing filed", examples=[False])] = False
    rows: Count
    filed: Count
    failed: Count
    finished_at: Moment
    filed_rows: Annotated[
        tuple[FiledRow, ...],
        Field(max_length=MOST_FILED_ROWS, description="the first rows that were filed", examples=[[]]),
    ] = ()


class ApplicationEventsCounted(EventsCounted):
    """The events of the application service, and the applications that it received, in one hour were counted.

    By: application, every hour, when all of them were sent.
    For: document, review, notification (each compares with what its group has seen; review with its cases as well).
    """

    topic: ClassVar[str] = "application.events"


EVENTS: tuple[type[Event], ...] = (
    ApplicationSubmitted,
    CorrectionRequested,
    ApplicationCorrected,
    ApplicationContactChanged,
    ApplicantMoved,
    ApplicationHandedOver,
    ApplicationWithdrawn,
    AdditionalDocumentsSubmitted,
    MoreTimeRequested,
    CardMaterialsSent,
    CertificateLinkSent,
    CertificateReceived,
    DraftUntouched,
    StayEnding,
    BulkImportFinished,
    ApplicationEventsCounted,
    ApplicationSnapshotPage,
    ApplicationSnapshotAnnounced,
)
