"""Answers of the application service. Generated from its OpenAPI document by `python -m tests.clients`."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, Literal

from pydantic import Field

from zairyu_client.models.base import Model


class AnswerSaved(Model):
    """The answer to one item, saved."""

    request_id: uuid.UUID
    place: int
    answered: bool
    open_items: int


class Words(Model):
    """A text in Japanese and English, and in the caller's language under its tag, where that is another one."""

    ja: str
    en: str


class Person(Model):
    """Somebody who works on a draft: their account, and whether it is the caller's."""

    account_id: uuid.UUID
    you: bool


class Edited(Model):
    """The person who edited a draft last, and when."""

    account_id: uuid.UUID
    you: bool
    at: dt.datetime


class Contact(Model):
    """Address and language for news of the progress."""

    email: str | None
    language: Literal["ja", "ja-simple", "en", "zh-Hans", "zh-Hant", "ko", "es", "vi", "tl"] | str


class Attached(Model):
    """A file and the documents it holds."""

    document_id: uuid.UUID
    codes: list[str]


class DeclaredText(Model):
    """One declaration in the words that were shown."""

    code: str
    text: str


class Declared(Model):
    """The filer's declarations, in their order."""

    version: str
    language: Literal["ja", "ja-simple", "en", "zh-Hans", "zh-Hant", "ko", "es", "vi", "tl"] | str
    texts: list[DeclaredText]


class ApplicationView(Model):
    """An application with everything that was entered."""

    id: uuid.UUID
    receipt_number: str | None
    procedure: str
    status_of_residence: str
    applicant_name: str | None
    status: str
    status_text: Words
    created_at: dt.datetime
    updated_at: dt.datetime
    submitted_at: dt.datetime | None
    due_on: dt.date | None
    stay_expiry: dt.date | None
    stay_until: dt.date | None
    special_period_end: dt.datetime | None
    outcome: str | None
    fee_yen: int | None
    owner: Person
    revision: int
    edited_by: Edited | None
    changed_by_others: dict[str, Edited]
    set_aside: dict[str, Any]
    role: str
    combined_with: list[str]
    activity: str | None
    form_version: str
    form: dict[str, Any]
    notify: Contact
    photo_id: uuid.UUID | None
    documents: list[Attached]
    office: str | None
    handling_office: str | None
    category: str | None
    legal_date: dt.date | None
    declarations: Declared | None = None
    open_request_id: uuid.UUID | None


ImportState = Literal["reading", "refused", "checking", "checked", "filing", "finished"] | str


class Begun(Model):
    """An import that was accepted; the file is read in the background."""

    id: uuid.UUID
    state: ImportState


Standing = Literal["valid", "expired", "revoked"] | str


class LinkView(Model):
    """A link that was sent."""

    id: uuid.UUID
    address: str
    sent_at: dt.datetime
    expires_at: dt.datetime
    works: bool
    stopped_by_tries: bool
    opened: int
    first_opened_at: dt.datetime | None
    last_opened_at: dt.datetime | None


class CertificateView(Model):
    """A certificate as the owner of the application sees it."""

    number: str
    procedure: str
    title: Words
    issued_on: dt.date
    valid_until: dt.date | None
    standing: Standing
    ready: bool
    method: Literal["POST", "EMAIL"] | str
    received_at: dt.datetime | None
    received_by: Literal["owner", "recipient"] | str | None
    revoked_at: dt.datetime | None
    revocation_code: str | None
    links: list[LinkView]


class ProblemShown(Model):
    """One problem of a draft, and the page on which it is solved."""

    pointer: str
    code: str
    message: Words
    topic: str


class FieldNamed(Model):
    """A field of a form."""

    pointer: str
    label: Words


class NewerFormShown(Model):
    """A newer version of the form: `PATCH` with its name as `form_version` takes the draft over into it."""

    version: str
    must: bool
    added: list[FieldNamed]
    removed: list[FieldNamed]
    changed: list[FieldNamed]


class Shown(Model):
    """One problem, in both languages."""

    pointer: str
    code: str
    message: Words


class WantedDocument(Model):
    """One document of the list for this application."""

    ja: str
    en: str
    code: str
    requirement: Literal["required", "conditional"] | str
    condition: Words | None
    satisfied: bool


class Checked(Model):
    """Whether a draft can be filed today, and what stands in its way; documents are those of the case."""

    complete: bool
    problems: list[ProblemShown]
    newer_form: NewerFormShown | None
    hints: list[Shown]
    required_documents: list[WantedDocument]
    deleted_on: dt.date | None


RowState = Literal["read", "wrong", "files-missing", "ready", "filed"] | str


class ConfirmedRow(Model):
    """The state of a row after its draft was confirmed."""

    state: RowState


class LeftOutShown(Model):
    """Something of the earlier application that the copy lacks, and why."""

    pointer: str
    code: str
    label: Words
    message: Words


class Copied(Model):
    """A draft with the answers of an earlier application."""

    id: uuid.UUID
    revision: int
    status: str
    form_version: str
    updated_at: dt.datetime
    complete: bool
    open_problems: int
    changed_by_others: list[str] = Field(default_factory=list)
    left_out: list[LeftOutShown]


class DeclarationText(Model):
    """One declaration in the words of today."""

    code: str
    text: Words


class DeclarationTexts(Model):
    """The declarations that are made when filing today."""

    version: str
    items: list[DeclarationText]


class DocumentsSubmitted(Model):
    """Requested documents, submitted."""

    id: uuid.UUID
    request_id: uuid.UUID
    receipt_number: str
    status: str
    submitted_at: dt.datetime


class StandardPeriod(Model):
    """The standard processing period that the agency has set (標準処理期間)."""

    label: Words
    text: Words
    shortest_days: int
    longest_days: int
    until: dt.date | None


class PublishedAverage(Model):
    """The average that the agency published: receipt to notice of permission, refusals left out."""

    label: Words
    days: float
    month: dt.date


class OwnMedian(Model):
    """The median of this system's own applications: receipt to decision, whatever it was."""

    label: Words
    days: float
    decisions: int
    measured_at: dt.datetime


class Expectation(Model):
    """The duration of a decision by each source, and how long this application has waited; null: not known."""

    received_on: dt.date | None
    waiting_days: int | None
    decided: bool
    standard: StandardPeriod | None
    published: PublishedAverage | None
    measured: OwnMedian | None


class Notice(Model):
    """Something about the file as a whole; `pointer` is `/sheets/NAME` or empty."""

    pointer: str
    code: str
    message: Words


class FileOutcome(Model):
    """The outcome of a file: attached, or why not."""

    key: str
    document_id: uuid.UUID
    outcome: Literal["attached", "no-such-row", "no-draft", "refused"] | str
    problems: list[Notice] = Field(default_factory=list)


class FilesAttached(Model):
    """The outcome of every file, in the order in which they were sent."""

    attached: int
    files: list[FileOutcome]


class ExampleContact(Model):
    """The contact of an example."""

    email: str
    language: Literal["ja", "ja-simple", "en", "zh-Hans", "zh-Hant", "ko", "es", "vi", "tl"] | str


class FormExample(Model):
    """A complete application of an invented person: the body of `POST /v1/applications`."""

    procedure: str
    combined_with: list[str]
    status_of_residence: str
    activity: str | None
    form: dict[str, Any]
    notify: ExampleContact


class Counts(Model):
    """Rows by state."""

    read: int = 0
    wrong: int = 0
    files_missing: int = 0
    ready: int = 0
    filed: int = 0


class ImportView(Model):
    """An import, and how far it is: `done` of `rows` rows of the work in progress."""

    id: uuid.UUID
    state: ImportState
    name: str
    kind: str | None
    size: int
    dry_run: bool
    rows: int
    done: int
    counts: Counts
    problems: list[Notice]
    notices: list[Notice]
    created_at: dt.datetime
    changed_at: dt.datetime
    filed_at: dt.datetime | None


class Listed(Model):
    """An application in a list."""

    id: uuid.UUID
    receipt_number: str | None
    procedure: str
    status_of_residence: str
    applicant_name: str | None
    status: str
    status_text: Words
    created_at: dt.datetime
    updated_at: dt.datetime
    submitted_at: dt.datetime | None
    due_on: dt.date | None
    stay_expiry: dt.date | None
    stay_until: dt.date | None
    special_period_end: dt.datetime | None
    outcome: str | None
    fee_yen: int | None
    owner: Person


class MoreTimeAsked(Model):
    """A request for more time that waits for the examiner."""

    id: uuid.UUID
    more_time_id: uuid.UUID
    request_id: uuid.UUID
    wanted_on: dt.date
    asked_at: dt.datetime


class Offered(Model):
    """A form that is offered today."""

    version: str
    procedure: str
    section: str
    statuses: list[str]
    activities: list[str]
    title: Words
    valid_from: dt.date | None


class OfferedForms(Model):
    """The forms that are offered on `day`."""

    day: dt.date
    items: list[Offered]


class Asked(Model):
    """A condition: `field` has one of the values `in`, none of `not_in`, or is `empty`; or a fact of the filing."""

    field: str | None = None
    in_: list[Any] | None = Field(None, alias="in")
    not_in: list[Any] | None = Field(default_factory=list)
    empty: bool | None = None
    filing: str | None = None


class Option(Model):
    """One choice of a list."""

    code: str
    label: Words


class OptionsBy(Model):
    """The codes of `options` that may be chosen, by the answer to another field."""

    field: str
    lists: dict[str, list[str]]


class RowsOf(Model):
    """A table: how many rows it has at most, and the fields of a row."""

    most: int
    fields: list[Item]


class Item(Model):
    """A field, or a table of fields. `when`: any of the groups, all conditions of a group; empty means always."""

    code: str
    pointer: str
    kind: str
    label: Words
    help: Words | None
    sample: str | None
    most: int | None
    unit: str
    required: Literal["always", "sometimes", "never"] | str
    when: list[list[Asked]]
    options: list[Option] | None
    options_by: OptionsBy | None
    rows: RowsOf | None
    paper_item: str | None


class Topic(Model):
    """Fields that belong together: one page."""

    code: str
    title: Words
    items: list[Item]


class PublishedForm(Model):
    """A form with all that a program needs to show, fill in and check it."""

    version: str
    procedure: str
    section: str
    statuses: list[str]
    activities: list[str]
    combined_with: list[str]
    title: Words
    valid_from: dt.date | None
    topics: list[Topic]
    schema_: dict[str, Any] = Field(alias="schema")
    example: dict[str, Any]


class ReceiptOffice(Model):
    """The office that handles the application."""

    ja: str
    en: str
    code: str


class FeeRow(Model):
    """An amount that is paid where the procedure is permitted, by the day of receipt."""

    procedure: str
    option: str = ""
    period: Words | None = None
    yen: int
    verify: bool = False


class Receipt(Model):
    """A filed application: its number, its moment, and the end of the special period (特例期間)."""

    id: uuid.UUID
    receipt_number: str
    submitted_at: dt.datetime
    special_period_end: dt.datetime | None
    status: str
    revision: int
    office: ReceiptOffice | None = None
    fee: list[FeeRow] | None = Field(default_factory=list)
    standard_period: Words | None = None
    in_charge: uuid.UUID | None = None


class RequestedItemView(Model):
    """One item of a request, with its answer as far as there is one."""

    place: int
    code: str
    name: Words | None
    document_ids: list[uuid.UUID]
    why_not: str | None
    answered: bool


class OpenRequest(Model):
    """The request that waits for an answer. It can be answered after its day as well, until the case goes on."""

    request_id: uuid.UUID
    requested_at: dt.datetime
    due_on: dt.date
    overdue: bool
    days_left: int | None
    items: list[RequestedItemView]
    complete: bool


class NotSubmitted(Model):
    """An item that was answered with a reason."""

    place: int
    code: str
    name: Words | None
    why_not: str


class SubmittedDocuments(Model):
    """An answer that was submitted."""

    request_id: uuid.UUID
    submitted_at: dt.datetime
    documents: list[Attached]
    not_submitted: list[NotSubmitted]


class MoreTimeView(Model):
    """A request for more time, and what became of it. `lapsed`: the documents came first."""

    more_time_id: uuid.UUID
    request_id: uuid.UUID
    wanted_on: dt.date
    reason: str
    state: Literal["waiting", "agreed", "declined", "lapsed"] | str
    asked_at: dt.datetime
    due_on: dt.date | None
    ended_at: dt.datetime | None


class RequestedDocuments(Model):
    """The requests for documents of an application: the open one, what was submitted before, and what became of
    requests for more time.
    """

    open: OpenRequest | None
    submitted: list[SubmittedDocuments]
    more_time: list[MoreTimeView]
    more_time_until: dt.date


class CellProblem(Model):
    """A problem of a row: `cell` is where it stands in the sheet, null where no cell has it."""

    pointer: str
    cell: str | None
    code: str
    message: Words
    unread: bool = False


class RowView(Model):
    """A row, and what became of it. `application_id` is its draft, later its application."""

    sheet: str
    number: int
    key: str
    state: RowState
    procedure: str | None
    form_version: str | None
    status_of_residence: str | None
    activity: str | None
    combined_with: list[str]
    applicant_name: str | None
    problems: list[CellProblem]
    notices: list[CellProblem]
    application_id: uuid.UUID | None
    receipt_number: str | None
    edited_since: bool


class Saved(Model):
    """An application as it was saved. `open_problems` counts what `check` lists: what stands between it and filing."""

    id: uuid.UUID
    revision: int
    status: str
    form_version: str
    updated_at: dt.datetime
    complete: bool
    open_problems: int
    changed_by_others: list[str] = Field(default_factory=list)


class TimelineEntry(Model):
    """One thing that happened."""

    step: str
    text: Words
    at: dt.datetime
    data: dict[str, Any]


class Timeline(Model):
    """Steps of an application, oldest first."""

    items: list[TimelineEntry]


class Withdrawn(Model):
    """An application taken back."""

    id: uuid.UUID
    receipt_number: str
    status: str
    withdrawn_at: dt.datetime
