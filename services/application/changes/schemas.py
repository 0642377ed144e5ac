"""Requests and answers of changes after filing.

An answer of a command is kept in the journal for repeated requests, so it carries no personal data.
"""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from services.application.changes.domain.contact import NewAddress
from services.application.changes.domain.content import Difference
from services.application.changes.domain.corrections import FIXED, Correction
from services.application.changes.domain.hint import Hint
from services.application.changes.domain.requested import Answer
from services.application.filing.domain.new_draft import Notify
from services.application.filing.schemas import AttachedBody, FormValues
from services.application.progress.schemas import ApplicationView, Attached, Body, Listed, words
from services.application.tables import MoreTimeRequest
from shared.http import Words
from shared.languages import Lang
from shared.text import full_width, several_lines
from shared.text.typed import AnyJson, Day, Email, PostalCode, Typed

Never = Annotated[Any, AnyJson("refused, whatever it is"), Field(description="cannot be corrected: refused")]


class CorrectionBody(Body):
    """A correction: a JSON merge patch of the form (null removes), photo and documents where they change, and why.

    `photo_id` and `documents` that are left out stay; `documents` are all that hold from then on.
    """

    form: FormValues = Field(default_factory=dict, examples=[{"job": {"salary": 320000}}])
    photo_id: UUID | None = None
    documents: tuple[AttachedBody, ...] | None = Field(None, max_length=100)
    reason: Annotated[str, Typed(several_lines, most=500)] = Field(examples=["月給の入力を誤ったため"])
    procedure: Never = None
    status_of_residence: Never = None
    combined_with: Never = None
    legal_date: Never = None

    def correction(self) -> Correction:
        documents = None if self.documents is None else [entry.attachment() for entry in self.documents]
        return Correction(
            patch=self.form,
            reason=self.reason,
            photo_id=self.photo_id,
            replaces_photo="photo_id" in self.model_fields_set,
            attachments=documents,
            fixed=tuple(name for name in FIXED if name in self.model_fields_set),
        )


class Corrected(BaseModel):
    """A correction that was made, or that waits for the examiner's agreement."""

    id: UUID
    correction_id: UUID
    receipt_number: str = Field(examples=["東オンＥＮ26000001"])
    state: Literal["corrected", "waiting"]
    changed: list[str] = Field(description="codes of what changes", examples=[["job.salary"]])
    revision: int
    at: datetime


class FieldChange(BaseModel):
    """One thing that differs, as people read it; null is empty."""

    code: str = Field(examples=["job.salary"])
    pointer: str = Field(examples=["/form/job/salary"])
    label: Words
    before: Words | None
    after: Words | None

    @classmethod
    def of(cls, found: Difference) -> "FieldChange":
        before, after = (text and words(text) for text in (found.before, found.after))
        return cls(code=found.code, pointer=found.pointer, label=words(found.label), before=before, after=after)


class CorrectionView(BaseModel):
    """One correction, side by side with what was there before."""

    state: Literal["corrected", "waiting", "declined", "lapsed"]
    number: int | None = Field(description="version that it made; null for one that was not made", examples=[2])
    correction_id: UUID | None = Field(description="of one for which the examiner's agreement was asked")
    reason: str
    at: datetime
    changes: list[FieldChange]


class Corrections(BaseModel):
    """The corrections of an application, oldest first, and how it can be corrected now."""

    possible: Literal["freely", "with_agreement", "not"]
    why_not: Words | None
    revision: int
    items: list[CorrectionView]


class ContactBody(Body):
    """Another address or language for news of the application."""

    email: Email
    language: Lang

    def notify(self) -> Notify:
        return Notify(self.email, self.language)


class ContactChanged(BaseModel):
    """The contact of an application changed."""

    id: UUID
    receipt_number: str = Field(examples=["東オンＥＮ26000001"])
    language: Lang
    changed_at: datetime


class AddressBody(Body):
    """The applicant's address from a day on."""

    postal_code: PostalCode | None = Field(None, examples=["108-0075"])
    address: Annotated[str, Typed(full_width, most=85)] = Field(examples=["東京都港区港南５－５－３０"])
    lives_there_from: Day = Field(examples=["2026-12-01"])

    def new_address(self) -> NewAddress:
        return NewAddress(self.postal_code, self.address, self.lives_there_from)


class Moved(BaseModel):
    """A change of address is recorded. The receipt number stays, also where another office is in charge."""

    id: UUID
    receipt_number: str = Field(examples=["東オンＥＮ26000001"])
    office: str = Field(description="in charge of the new address", examples=["OSA"])
    office_changes: bool
    stated_at: datetime


class Address(BaseModel):
    """One address of the applicant. `lives_there_from` and `stated_at` are null for the one in the form."""

    postal_code: str | None
    address: str
    office: str
    lives_there_from: date | None
    stated_at: datetime | None


class Addresses(BaseModel):
    """The applicant's addresses: that of the form, and those stated after filing; the last one counts."""

    items: list[Address]


class StandardPeriod(BaseModel):
    """The standard processing period that the agency has set (標準処理期間)."""

    label: Words
    text: Words
    shortest_days: int
    longest_days: int
    until: date | None = Field(description="the end of the longest, where it counts from the day of receipt")


class PublishedAverage(BaseModel):
    """The average that the agency published: receipt to notice of permission, refusals left out."""

    label: Words
    days: float = Field(examples=[38.4])
    month: date = Field(description="the month of those decisions, as its first day")


class OwnMedian(BaseModel):
    """The median of this system's own applications: receipt to decision, whatever it was."""

    label: Words
    days: float = Field(examples=[31.5])
    decisions: int = Field(examples=[240])
    measured_at: datetime


class Expectation(BaseModel):
    """The duration of a decision by each source, and how long this application has waited; null: not known."""

    received_on: date | None
    waiting_days: int | None
    decided: bool
    standard: StandardPeriod | None
    published: PublishedAverage | None
    measured: OwnMedian | None


class RequestedBody(Body):
    """The answer to a request of the examiner: these documents, or without `documents` the answers that are saved."""

    request_id: UUID
    documents: tuple[AttachedBody, ...] | None = Field(None, max_length=100)


class DocumentsSubmitted(BaseModel):
    """Requested documents, submitted."""

    id: UUID
    request_id: UUID
    receipt_number: str = Field(examples=["東オンＥＮ26000001"])
    status: str = Field(examples=["docs_submitted"])
    submitted_at: datetime


class AnswerBody(Body):
    """The answer to one item: files, or a reason why there are none. With neither, the item is open again."""

    request_id: UUID
    place: int = Field(description="the item's place in the request, from 0", ge=0, le=99, examples=[0])
    document_ids: tuple[UUID, ...] = Field((), max_length=20)
    why_not: Annotated[str, Typed(several_lines, most=1000)] | None = Field(None, examples=[None])

    def answer(self) -> Answer:
        return Answer(tuple(dict.fromkeys(self.document_ids)), self.why_not)


class AnswerSaved(BaseModel):
    """The answer to one item, saved."""

    request_id: UUID
    place: int = Field(examples=[0])
    answered: bool
    open_items: int = Field(description="items of the request that have no answer yet", examples=[2])


class RequestedItemView(BaseModel):
    """One item of a request, with its answer as far as there is one."""

    place: int = Field(examples=[0])
    code: str = Field(examples=["RES_TAX"])
    name: Words | None = Field(description="null for an item that is no document of the list: the notice describes it")
    document_ids: list[UUID]
    why_not: str | None
    answered: bool


class OpenRequest(BaseModel):
    """The request that waits for an answer. It can be answered after its day as well, until the case goes on."""

    request_id: UUID
    requested_at: datetime
    due_on: date
    overdue: bool
    days_left: int | None = Field(description="null once it is overdue; 0 on the last day")
    items: list[RequestedItemView]
    complete: bool = Field(description="every item is answered")


class NotSubmitted(BaseModel):
    """An item that was answered with a reason."""

    place: int
    code: str
    name: Words | None
    why_not: str


class SubmittedDocuments(BaseModel):
    """An answer that was submitted."""

    request_id: UUID
    submitted_at: datetime
    documents: list[Attached]
    not_submitted: list[NotSubmitted]


class MoreTimeBody(Body):
    """A request for more time: until when, and why."""

    request_id: UUID
    wanted_on: Day = Field(description="after the present due date", examples=["2026-08-12"])
    reason: Annotated[str, Typed(several_lines, most=1000)] = Field(examples=["課税証明書の発行に2週間かかるため"])


class MoreTimeAsked(BaseModel):
    """A request for more time that waits for the examiner."""

    id: UUID
    more_time_id: UUID
    request_id: UUID
    wanted_on: date
    asked_at: datetime


class MoreTimeView(BaseModel):
    """A request for more time, and what became of it. `lapsed`: the documents came first."""

    more_time_id: UUID
    request_id: UUID
    wanted_on: date
    reason: str
    state: Literal["waiting", "agreed", "declined", "lapsed"]
    asked_at: datetime
    due_on: date | None = Field(description="the new due date, where the examiner agreed")
    ended_at: datetime | None

    @classmethod
    def of(cls, row: MoreTimeRequest) -> "MoreTimeView":
        return cls.model_validate(
            {name: getattr(row, name) for name in ("request_id", "wanted_on", "reason", "state", "due_on", "ended_at")}
            | {"more_time_id": row.id, "asked_at": row.requested_at}
        )


class RequestedDocuments(BaseModel):
    """The requests for documents of an application: the open one, what was submitted before, and what became of
    requests for more time."""

    open: OpenRequest | None
    submitted: list[SubmittedDocuments]
    more_time: list[MoreTimeView]
    more_time_until: date = Field(description="the last day that can be asked for")


class Named(BaseModel):
    """A thing with its name and a line that explains it."""

    code: str = Field(examples=["RESIDENCE_CARD"])
    name: Words
    note: Words


class PaymentWayView(Named):
    """A way to pay the fee."""

    charge_yen: int = Field(description="what it costs beside the fee", examples=[0])


class MailAddress(BaseModel):
    """An address for a label. `verify`: compare it with the notice before sending."""

    name: Words
    postal_code: str = Field(examples=["135-0064"])
    address: str = Field(description="in Japanese, as it stands on a label")
    verify: bool


class AfterGrant(BaseModel):
    """Next steps after the decision: fee, what to send and where; a certificate; or a refusal.

    `send_to` and `send` are for a card that is not made yet. `office` is the one that has the case.
    """

    receipt_number: str = Field(examples=["東オンＥＮ26000001"])
    result: Literal["card", "certificate", "refused", "not_accepted"]
    fee_yen: int | None = Field(examples=[5500])
    fee_paid: bool
    ways: list[PaymentWayView]
    send: list[Named]
    send_to: MailAddress | None
    materials_sent: bool
    materials_received: bool
    certificate_by: Literal["POST", "EMAIL", "COUNTER"] | None = Field(description="how the form asks for it")
    office: MailAddress


class Others(BaseModel):
    """Other drafts and pending applications of the owner for the same person."""

    items: list[Listed]


class HintView(BaseModel):
    """One thing for an officer to look at. It decides nothing."""

    code: str = Field(examples=["filing_window"])
    title: Words
    found: Literal["yes", "no", "unknown", "not_asked"] = Field(
        description="unknown: it cannot be told from what is here; not_asked: no question of this kind of application"
    )
    reasons: list[Words] = Field(description="why, where there is something to look at")
    fields: list[str] = Field(description="the answers in question, as JSON pointers", examples=[["/form/job/salary"]])

    @classmethod
    def of(cls, hint: Hint) -> "HintView":
        return cls.model_validate(
            {
                "code": hint.code,
                "title": words(hint.title),
                "found": hint.found,
                "reasons": [words(reason) for reason in hint.reasons],
                "fields": list(hint.fields),
            }
        )


class EarlierView(BaseModel):
    """An earlier application of the person. `application_id` is null for one of another office: it is opened there."""

    application_id: UUID | None
    receipt_number: str
    office: str
    procedure: str
    status_of_residence: str
    submitted_at: datetime | None
    state: str = Field(examples=["delivered"])
    state_text: Words


class OrganisationRecord(BaseModel):
    """Applications that the organisation has filed at any office, by what became of them; it names nobody."""

    organisation_id: UUID
    category: str | None
    filed: int
    granted: int
    refused: int
    open: int
    other: int = Field(description="withdrawn, or ended without a decision")


class Background(BaseModel):
    """Hints, earlier applications and the organisation's record, beside the form."""

    hints: list[HintView]
    earlier: list[EarlierView]
    organisation: OrganisationRecord | None


class CaseFile(BaseModel):
    """Everything that stands beside a case: the form, its corrections, requested documents, and the background."""

    application: ApplicationView
    corrections: Corrections
    requested: RequestedDocuments
    background: Background
