"""Tables of the application service, of all its wings.

A form and a contact address are personal data: they stay in `applications`, and the journal keeps only their digest.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from shared.db import Row as SharedRow
from shared.db.engine import NAMING

SECRET = {"secret": True}
# Follows from other columns: the journal leaves it out.
DERIVED = {"derived": True}
Moment = DateTime(timezone=True)


class Row(SharedRow):
    """Tables of this service."""

    __abstract__ = True
    metadata = MetaData(naming_convention=NAMING)


class Application(Row):
    """One application, from draft to end.

    `form` is canonical JSON (sorted keys) of values in normal form, `hints` a list of what to compare about them, each
    `{"pointer", "code", "ja", "en"}`; `attachments` is a list of `{"document_id", "codes"}`, and `file_ids` are all
    files, photo included. `set_aside` is canonical JSON of answers that the present form does not ask, by dotted code;
    `changes` of who changed which value last, by JSON pointer (`[revision, account, moment]`), where that was after the
    start. `stay_expiry` is the end of the present stay, `stay_reminder` how many days before it the last reminder was
    due, `stay_until` the end of the stay granted. `person_key` is a keyed hash of the residence card number: it
    finds a second open application of a person without being the number. `search_key` are the words of name and receipt
    number, to find it, `person` is a keyed hash of who the applicant is, and `reported` the state of its progress with
    review: all that a list asks for stands in one row. `declarations` are the filer's, word for word:
    `{"version", "language", "texts"}`. `import_key` is the key of the row of an import from which it came, with role
    and procedure; None where it came from none.
    """

    __tablename__ = "applications"
    __table_args__ = (
        CheckConstraint("state IN ('draft','received','decided','withdrawn','terminated')", name="state"),
        CheckConstraint("(state = 'draft') = (receipt_number IS NULL)", name="numbered_when_filed"),
        CheckConstraint("(submitted_at IS NULL) = (receipt_number IS NULL)", name="dated_when_filed"),
        CheckConstraint("state = 'draft' OR (legal_date IS NOT NULL AND office IS NOT NULL)", name="filed_whole"),
        CheckConstraint("state = 'draft' OR set_aside = '{}'", name="filed_as_asked"),
        CheckConstraint("cardinality(file_ids) <= 20", name="at_most_20_files"),
        CheckConstraint("revision > 0", name="revision_positive"),
        # The key of a row of an import is that of one application, until it is over.
        Index(
            "uq_applications_owner_id_import_key",
            "owner_id",
            "import_key",
            unique=True,
            postgresql_where="import_key IS NOT NULL AND state IN ('draft','received')",
        ),
        Index(
            "ix_applications_owner_id_person_key",
            "owner_id",
            "person_key",
            postgresql_where="person_key IS NOT NULL AND state <> 'draft'",
        ),
        Index("uq_applications_receipt_number", "receipt_number", unique=True),
        # One open application of the same kind for one person: the rule holds also against two filings at once.
        Index(
            "uq_applications_open_for_person",
            "owner_id",
            "procedure",
            "person_key",
            unique=True,
            postgresql_where="state = 'received'",
        ),
        # What lists are made of: they read no row but those of the page that they show.
        Index(
            "ix_applications_list",
            "owner_id",
            "created_at",
            "id",
            postgresql_include=[
                *(
                    "role",
                    "state",
                    "reported",
                    "procedure",
                    "status_of_residence",
                    "office",
                    "account_id",
                    "legal_date",
                ),
                *("stay_expiry", "stay_until", "updated_at", "submitted_at", "search_key"),
            ],
        ),
        # What counts of every state and procedure are made of: equal entries stand in it once.
        Index("ix_applications_counts", "owner_id", "role", "state", "reported", "procedure"),
        Index(
            "ix_applications_stay_end",
            "owner_id",
            text("coalesce(stay_until, stay_expiry)"),
            "id",
            postgresql_include=[*("role", "state", "procedure", "stay_until", "stay_expiry", "person", "created_at")],
        ),
        Index("ix_applications_owner_id_person", "owner_id", "person", "created_at"),
        Index(
            "ix_applications_owner_id_state_updated_at",
            "owner_id",
            "state",
            "updated_at",
            "id",
            postgresql_include=["role"],
        ),
        Index(
            "ix_applications_owner_id_stay_until", "owner_id", "stay_until", postgresql_where="stay_until IS NOT NULL"
        ),
        Index("ix_applications_drafts", "updated_at", postgresql_where="state = 'draft'"),
        Index("ix_applications_draft_stays", "stay_expiry", postgresql_where="state = 'draft'"),
        Index("ix_applications_received", "submitted_at", postgresql_where="state = 'received'"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    owner_id: Mapped[UUID] = mapped_column(Uuid)
    account_id: Mapped[UUID] = mapped_column(Uuid)
    organisation_id: Mapped[UUID | None] = mapped_column(Uuid)
    role: Mapped[str] = mapped_column(Text)
    procedure: Mapped[str] = mapped_column(Text)
    combined_with: Mapped[list[str]] = mapped_column(ARRAY(Text))
    status_of_residence: Mapped[str] = mapped_column(Text)
    activity: Mapped[str | None] = mapped_column(Text)
    form_version: Mapped[str] = mapped_column(Text)
    form: Mapped[str] = mapped_column(Text, info=SECRET)
    hints: Mapped[str] = mapped_column(Text, info=SECRET, server_default=text("'[]'::text"))
    set_aside: Mapped[str] = mapped_column(Text, info=SECRET, server_default=text("'{}'::text"))
    changes: Mapped[str] = mapped_column(Text, info=SECRET, server_default=text("'{}'::text"))
    edited_by: Mapped[UUID | None] = mapped_column(Uuid)
    edited_at: Mapped[datetime | None] = mapped_column(Moment)
    search_key: Mapped[str] = mapped_column(Text, info=DERIVED, server_default=text("''::text"))
    notify_email: Mapped[str | None] = mapped_column(Text, info=SECRET)
    notify_language: Mapped[str] = mapped_column(Text)
    photo_id: Mapped[UUID | None] = mapped_column(Uuid)
    attachments: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    file_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    state: Mapped[str] = mapped_column(Text)
    revision: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(Moment)
    updated_at: Mapped[datetime] = mapped_column(Moment)
    reminded_at: Mapped[datetime | None] = mapped_column(Moment)
    receipt_number: Mapped[str | None] = mapped_column(Text)
    submitted_at: Mapped[datetime | None] = mapped_column(Moment)
    legal_date: Mapped[date | None] = mapped_column(Date)
    office: Mapped[str | None] = mapped_column(Text)
    category: Mapped[str | None] = mapped_column(Text)
    stay_expiry: Mapped[date | None] = mapped_column(Date)
    special_period_end: Mapped[datetime | None] = mapped_column(Moment)
    stay_until: Mapped[date | None] = mapped_column(Date)
    stay_reminder: Mapped[int | None] = mapped_column(Integer)
    person_key: Mapped[bytes | None]
    person: Mapped[UUID | None] = mapped_column(Uuid, info=DERIVED)
    reported: Mapped[str | None] = mapped_column(Text, info=DERIVED)
    withdrawal_reason: Mapped[str | None] = mapped_column(Text, info=SECRET)
    declarations: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    import_key: Mapped[str | None] = mapped_column(Text, info=SECRET)


class SavedFilter(Row):
    """The conditions of a list under a name, of an account or of its organisation (`shared`).

    `query` is JSON of the parameters that are asked; its words may be a person's name. `account_id` saved it last.
    """

    __tablename__ = "saved_filters"
    __table_args__ = (
        CheckConstraint("revision > 0", name="revision_positive"),
        Index("ix_saved_filters_owner_id", "owner_id"),
        Index("ix_saved_filters_account_id", "account_id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    owner_id: Mapped[UUID] = mapped_column(Uuid)
    account_id: Mapped[UUID] = mapped_column(Uuid)
    role: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text, info=SECRET)
    query: Mapped[str] = mapped_column(Text, info=SECRET)
    shared: Mapped[bool]
    revision: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(Moment)
    updated_at: Mapped[datetime] = mapped_column(Moment)


class AdditionalSubmission(Row):
    """Documents submitted after filing, in answer to one request of the examiner.

    `not_submitted` is a JSON list of `{"place", "code", "why_not"}`: items that were answered with a reason.
    """

    __tablename__ = "additional_submissions"
    __table_args__ = (
        CheckConstraint("cardinality(file_ids) <= 20", name="at_most_20_files"),
        CheckConstraint("cardinality(file_ids) > 0 OR not_submitted <> '[]'", name="answered"),
        Index("uq_additional_submissions_request_id", "request_id", unique=True),
        Index("ix_additional_submissions_application_id", "application_id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"))
    request_id: Mapped[UUID] = mapped_column(Uuid)
    attachments: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    file_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    not_submitted: Mapped[str] = mapped_column(Text, info=SECRET, server_default=text("'[]'::text"))
    submitted_at: Mapped[datetime] = mapped_column(Moment)


class RequestedAnswer(Row):
    """The answer to one item of a request for documents, saved before all of them are submitted.

    `place` is the item's place in the request. It has files, or a reason why there are none.
    """

    __tablename__ = "requested_answers"
    __table_args__ = (CheckConstraint("cardinality(document_ids) = 0 OR why_not IS NULL", name="one_answer"),)

    request_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    place: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"))
    document_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    why_not: Mapped[str | None] = mapped_column(Text, info=SECRET)
    saved_at: Mapped[datetime] = mapped_column(Moment)
    saved_by: Mapped[UUID] = mapped_column(Uuid)


class Progress(Row):
    """Progress of a filed application with review: a projection, one row per application."""

    __tablename__ = "progress"
    __journalled__ = False

    application_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    state: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime] = mapped_column(Moment)
    started_at: Mapped[datetime | None] = mapped_column(Moment)
    outcome: Mapped[str | None] = mapped_column(Text)
    fee_yen: Mapped[int | None] = mapped_column(BigInteger)
    fee_paid: Mapped[bool]
    materials_sent: Mapped[bool]
    materials_received: Mapped[bool]
    open_request_id: Mapped[UUID | None] = mapped_column(Uuid)
    due_on: Mapped[date | None] = mapped_column(Date)
    office: Mapped[str | None] = mapped_column(Text)


class RecordedStep(Row):
    """A step that review reported, with the event's id: the timeline beside the journal."""

    __tablename__ = "progress_steps"
    __journalled__ = False
    __table_args__ = (
        Index("ix_progress_steps_application_id_at", "application_id", "at"),
        Index("ix_progress_steps_decided_at", "at", postgresql_where=text("step = 'review_completed'")),
    )

    event_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    application_id: Mapped[UUID] = mapped_column(Uuid)
    step: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Moment)
    data: Mapped[dict[str, Any]] = mapped_column(JSONB)


class Document(Row):
    """A file as the document service reported it."""

    __tablename__ = "documents"
    __journalled__ = False
    __table_args__ = (CheckConstraint("state IN ('accepted','rejected','deleted')", name="state"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    owner_id: Mapped[UUID] = mapped_column(Uuid)
    kind: Mapped[str] = mapped_column(Text)
    codes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    roles: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    size: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(Text)
    problems: Mapped[list[str]] = mapped_column(ARRAY(Text))
    reported_at: Mapped[datetime] = mapped_column(Moment)


class Account(Row):
    """An account as registration reported it: whether it may file, in which roles, until when."""

    __tablename__ = "accounts"
    __journalled__ = False
    __table_args__ = (CheckConstraint("state IN ('active','suspended','closed','expired')", name="state"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    state: Mapped[str] = mapped_column(Text)
    roles: Mapped[list[str]] = mapped_column(ARRAY(Text))
    valid_until: Mapped[date | None] = mapped_column(Date)
    reported_at: Mapped[datetime] = mapped_column(Moment)


class Member(Row):
    """An account that acts for an organisation, and its roles there, as registration reported them."""

    __tablename__ = "members"
    __journalled__ = False

    organisation_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    account_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    roles: Mapped[list[str]] = mapped_column(ARRAY(Text))
    reported_at: Mapped[datetime] = mapped_column(Moment)


class OrganisationCategory(Row):
    """Category of an organisation, and the one it is treated as, from a day on."""

    __tablename__ = "organisation_categories"
    __journalled__ = False

    organisation_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    valid_from: Mapped[date] = mapped_column(Date, primary_key=True)
    category: Mapped[str] = mapped_column(Text)
    treated_as: Mapped[str] = mapped_column(Text)


class FiledVersion(Row):
    """The content of a filed application in one version: 1 as it was filed, then one for each correction.

    `changed` are the codes of what differs from the version before. An application that was never corrected has none.
    """

    __tablename__ = "form_versions"
    __table_args__ = (CheckConstraint("(number = 1) = (reason IS NULL)", name="corrections_have_a_reason"),)

    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    form: Mapped[str] = mapped_column(Text, info=SECRET)
    photo_id: Mapped[UUID | None] = mapped_column(Uuid)
    attachments: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    changed: Mapped[list[str]] = mapped_column(ARRAY(Text))
    reason: Mapped[str | None] = mapped_column(Text, info=SECRET)
    made_at: Mapped[datetime] = mapped_column(Moment)
    made_by: Mapped[UUID] = mapped_column(Uuid)


class CorrectionRequest(Row):
    """A correction that needs the examiner's agreement, with the content that would hold; at most one waits."""

    __tablename__ = "correction_requests"
    __table_args__ = (
        CheckConstraint("state IN ('waiting','agreed','declined','lapsed')", name="state"),
        CheckConstraint("(state = 'waiting') = (ended_at IS NULL)", name="ended"),
        Index("uq_correction_requests_waiting", "application_id", unique=True, postgresql_where="state = 'waiting'"),
        Index("ix_correction_requests_application_id", "application_id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"))
    form: Mapped[str] = mapped_column(Text, info=SECRET)
    photo_id: Mapped[UUID | None] = mapped_column(Uuid)
    attachments: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    changed: Mapped[list[str]] = mapped_column(ARRAY(Text))
    reason: Mapped[str] = mapped_column(Text, info=SECRET)
    state: Mapped[str] = mapped_column(Text)
    requested_at: Mapped[datetime] = mapped_column(Moment)
    requested_by: Mapped[UUID] = mapped_column(Uuid)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)


class MoreTimeRequest(Row):
    """A request for more time to submit the documents of a request; at most one waits for the examiner.

    `due_on` is the new due date of one that was agreed to.
    """

    __tablename__ = "more_time_requests"
    __table_args__ = (
        CheckConstraint("state IN ('waiting','agreed','declined','lapsed')", name="state"),
        CheckConstraint("(state = 'waiting') = (ended_at IS NULL)", name="ended"),
        Index("uq_more_time_requests_waiting", "application_id", unique=True, postgresql_where="state = 'waiting'"),
        Index("ix_more_time_requests_application_id", "application_id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"))
    request_id: Mapped[UUID] = mapped_column(Uuid)
    wanted_on: Mapped[date] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(Text, info=SECRET)
    state: Mapped[str] = mapped_column(Text)
    requested_at: Mapped[datetime] = mapped_column(Moment)
    requested_by: Mapped[UUID] = mapped_column(Uuid)
    due_on: Mapped[date | None] = mapped_column(Date)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)


class AddressChange(Row):
    """The applicant's address from a day on, stated after filing. The form stays as it was filed."""

    __tablename__ = "address_changes"
    __table_args__ = (Index("ix_address_changes_application_id_stated_at", "application_id", "stated_at"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"))
    postal_code: Mapped[str | None] = mapped_column(Text, info=SECRET)
    address: Mapped[str] = mapped_column(Text, info=SECRET)
    lives_there_from: Mapped[date] = mapped_column(Date)
    office: Mapped[str] = mapped_column(Text)
    stated_at: Mapped[datetime] = mapped_column(Moment)
    stated_by: Mapped[UUID] = mapped_column(Uuid)


class MeasuredTime(Row):
    """Median days from filing to decision of this system's own applications of one kind."""

    __tablename__ = "measured_times"
    __journalled__ = False

    procedure: Mapped[str] = mapped_column(Text, primary_key=True)
    status_of_residence: Mapped[str] = mapped_column(Text, primary_key=True)
    median_days: Mapped[float] = mapped_column(Float)
    decisions: Mapped[int] = mapped_column(Integer)
    measured_at: Mapped[datetime] = mapped_column(Moment)


class Certificate(Row):
    """A certificate that review issued for an application. `photo` is the JPEG that is printed on it, None where it has
    none, and once it cannot be used any more. It can be drawn from `ready_at` on. `received_by` is `owner` or
    `recipient`, who acknowledged it. `conditions` of the grant are by code, each a choice or words."""

    __tablename__ = "certificates"
    __table_args__ = (
        CheckConstraint("(received_at IS NULL) = (received_by IS NULL)", name="received_by_somebody"),
        CheckConstraint("(revoked_at IS NULL) = (revocation_code IS NULL)", name="revoked_with_reason"),
        Index("uq_certificates_application_id", "application_id", unique=True),
        Index("ix_certificates_photos", "valid_until", postgresql_where="photo IS NOT NULL"),
    )

    number: Mapped[str] = mapped_column(Text, primary_key=True)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"))
    procedure: Mapped[str] = mapped_column(Text)
    status_of_residence: Mapped[str] = mapped_column(Text)
    period_of_stay: Mapped[str | None] = mapped_column(Text)
    method: Mapped[str] = mapped_column(Text)
    issued_at: Mapped[datetime] = mapped_column(Moment)
    valid_until: Mapped[date | None] = mapped_column(Date)
    photo: Mapped[bytes | None] = mapped_column(info=SECRET)
    ready_at: Mapped[datetime | None] = mapped_column(Moment)
    received_at: Mapped[datetime | None] = mapped_column(Moment)
    received_by: Mapped[str | None] = mapped_column(Text)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)
    revocation_code: Mapped[str | None] = mapped_column(Text)
    conditions: Mapped[dict[str, str]] = mapped_column(JSONB, server_default=text("'{}'::jsonb"), info=SECRET)


class Designation(Row):
    """The designation paper (指定書) that goes with a card: `conditions` by code, each a choice or words."""

    __tablename__ = "designations"

    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"), primary_key=True)
    status_of_residence: Mapped[str] = mapped_column(Text)
    conditions: Mapped[dict[str, str]] = mapped_column(JSONB, info=SECRET)
    made_at: Mapped[datetime] = mapped_column(Moment)


class CertificateLink(Row):
    """A link to a certificate for somebody without an account. `address` is masked for the owner; only notification
    opens the sealed one. `wrong_tries` are those with another date of birth; `ended_at` is when it was stopped."""

    __tablename__ = "certificate_links"
    __table_args__ = (
        Index("uq_certificate_links_secret_hash", "secret_hash", unique=True),
        Index("ix_certificate_links_certificate_number", "certificate_number"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    certificate_number: Mapped[str] = mapped_column(ForeignKey("certificates.number"))
    secret_hash: Mapped[bytes] = mapped_column(info=SECRET)
    address: Mapped[str] = mapped_column(Text, info=SECRET)
    language: Mapped[str] = mapped_column(Text)
    sent_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    wrong_tries: Mapped[int] = mapped_column(Integer)
    opened: Mapped[int] = mapped_column(Integer)
    first_opened_at: Mapped[datetime | None] = mapped_column(Moment)
    last_opened_at: Mapped[datetime | None] = mapped_column(Moment)


class Import(Row):
    """A file with many applications, and how far it is. Its journal lines say who sent, filed and deleted it.

    `acts` is who the work in progress is done for (`Actor.kept`), `roles` those in which it was sent. `problems` say
    why a file is refused, `notices` what of it was not read. `done` counts the rows that the work in progress is
    through with, beside those of its ranges. `declared` are the declarations of the last filing, made at `pressed_at`.
    """

    __tablename__ = "imports"
    __journalled__ = False
    __table_args__ = (
        CheckConstraint("state IN ('reading','refused','checking','checked','filing','finished')", name="state"),
        CheckConstraint("NOT dry_run OR pressed_at IS NULL", name="dry_run_files_nothing"),
        CheckConstraint("state <> 'filing' OR pressed_at IS NOT NULL", name="filing_was_declared"),
        Index("ix_imports_owner_id_id", "owner_id", "id"),
        Index("ix_imports_created_at", "created_at"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    owner_id: Mapped[UUID] = mapped_column(Uuid)
    account_id: Mapped[UUID] = mapped_column(Uuid)
    organisation_id: Mapped[UUID | None] = mapped_column(Uuid)
    roles: Mapped[list[str]] = mapped_column(ARRAY(Text))
    acts: Mapped[dict[str, Any]] = mapped_column(JSONB)
    name: Mapped[str] = mapped_column(Text)
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(Text)
    dry_run: Mapped[bool]
    state: Mapped[str] = mapped_column(Text)
    kind: Mapped[str | None] = mapped_column(Text)
    problems: Mapped[list[Any]] = mapped_column(JSONB)
    notices: Mapped[list[Any]] = mapped_column(JSONB)
    rows: Mapped[int] = mapped_column(Integer)
    done: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(Moment)
    changed_at: Mapped[datetime] = mapped_column(Moment)
    declared: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    pressed_at: Mapped[datetime | None] = mapped_column(Moment)


class ImportRange(Row):
    """Rows of an import that are worked on one after the other, while other ranges of it are: those at the positions
    above `begins_after`, up to `until`. `done` is the last one that the work in progress is through with."""

    __tablename__ = "import_ranges"
    __journalled__ = False
    __table_args__ = (
        CheckConstraint("begins_after <= done AND done <= until", name="done_is_inside"),
        Index("ix_import_ranges_import_id", "import_id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    import_id: Mapped[UUID] = mapped_column(ForeignKey("imports.id", ondelete="CASCADE"))
    begins_after: Mapped[int] = mapped_column(Integer)
    until: Mapped[int] = mapped_column(Integer)
    done: Mapped[int] = mapped_column(Integer)
    changed_at: Mapped[datetime] = mapped_column(Moment)


class ImportFile(Row):
    """The file of an import, as it was sent; apart, so that nothing reads it by the way."""

    __tablename__ = "import_files"
    __journalled__ = False

    import_id: Mapped[UUID] = mapped_column(ForeignKey("imports.id", ondelete="CASCADE"), primary_key=True)
    content: Mapped[bytes]


class ImportRow(Row):
    """A row of an import: what stands in it, and what became of it. `position` is its place in the file, from 1.

    `content` is what was read, in JSON (`RowRead.described`), `problems` what hinders its filing: `{"pointer", "cell",
    "code", "ja", "en"}`. `revision` is that of the draft when the import wrote it last: a later one is a person's.
    """

    __tablename__ = "import_rows"
    __journalled__ = False
    __table_args__ = (
        CheckConstraint("state IN ('read','wrong','files-missing','ready','filed')", name="state"),
        Index("ix_import_rows_import_id_state_position", "import_id", "state", "position"),
        Index("ix_import_rows_application_id", "application_id", postgresql_where="application_id IS NOT NULL"),
        Index("ix_import_rows_import_id_key", "import_id", "key"),
    )

    import_id: Mapped[UUID] = mapped_column(ForeignKey("imports.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    sheet: Mapped[str] = mapped_column(Text)
    number: Mapped[int] = mapped_column(Integer)
    key: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    content: Mapped[str] = mapped_column(Text)
    problems: Mapped[list[Any]] = mapped_column(JSONB)
    application_id: Mapped[UUID | None] = mapped_column(Uuid)
    revision: Mapped[int | None] = mapped_column(Integer)
    receipt_number: Mapped[str | None] = mapped_column(Text)
