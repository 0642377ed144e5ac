"""What callers send. A form is taken as it comes: reading and normalising it is the form's own business."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.application.commands import Materials, NewDraft, Notify
from services.application.domain.draft import Attachment
from services.application.forms.extend.n import EXTEND_N
from shared.text import half_width, one_line, several_lines
from shared.text.typed import AsSent, Email, Typed

CodeText = Annotated[str, Field(pattern=r"^[A-Z0-9_]{1,40}$")]
# A form's fields have readers of their own: `forms/reading.py`.
FormValues = Annotated[dict[str, Any], AsSent("the form reads each of its fields")]


class Body(BaseModel):
    """A request body: unknown fields are refused, so that a misspelt one is noticed."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class NotifyBody(Body):
    """Where the applicant wants to be told of the progress."""

    email: Email | None = None
    language: Literal["ja", "en"] = "ja"

    def notify(self) -> Notify:
        return Notify(self.email, self.language)


class BeginBody(Body):
    """A new draft; the form may be incomplete or empty."""

    procedure: CodeText = Field(examples=["EXTEND"])
    combined_with: tuple[CodeText, ...] = Field((), max_length=2, examples=[["REENTRY"]])
    status_of_residence: CodeText = Field(examples=["ENG_HUM_INT"])
    form: FormValues = Field(default_factory=dict, examples=[EXTEND_N.example])
    notify: NotifyBody = NotifyBody()

    def draft(self) -> NewDraft:
        return NewDraft(self.procedure, self.combined_with, self.status_of_residence, self.form, self.notify.notify())


class FormBody(Body):
    """The whole form anew; `notify` only where it changes."""

    form: FormValues = Field(examples=[EXTEND_N.example])
    notify: NotifyBody | None = None


class AttachedBody(Body):
    """A file and the documents it holds."""

    document_id: UUID
    codes: tuple[CodeText, ...] = Field(max_length=20, examples=[["RES_TAX", "ACTIVITY"]])

    def attachment(self) -> Attachment:
        return Attachment(self.document_id, tuple(dict.fromkeys(self.codes)))


class DocumentsBody(Body):
    """All files of the draft anew."""

    photo_id: UUID | None = None
    documents: tuple[AttachedBody, ...] = Field((), max_length=100)


class Declarations(Body):
    """What the filer declares before filing; both have to be true."""

    intent_confirmed: bool = Field(examples=[True])
    truth_confirmed: bool = Field(examples=[True])


class SubmitBody(Body):
    """The press of the filing button."""

    declarations: Declarations


class WithdrawBody(Body):
    """Why the application is taken back, in the applicant's words."""

    reason: Annotated[str, Typed(several_lines, most=500)] = Field(examples=["退職のため"])


class MaterialsBody(Body):
    """What is sent to the card office, and how."""

    fee_reference: Annotated[str, Typed(one_line, most=80)] | None = Field(None, examples=["PAY-2026-000123"])
    carrier: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,39}$", examples=["letter_pack_plus"])
    tracking_number: Annotated[str, Typed(half_width, most=40)] = Field(examples=["123456789012"])
    residence_card_enclosed: bool = Field(examples=[True])

    def materials(self) -> Materials:
        return Materials(self.fee_reference, self.carrier, self.tracking_number, self.residence_card_enclosed)


class RequestedBody(Body):
    """Documents that answer a request of the examiner."""

    request_id: UUID
    documents: tuple[AttachedBody, ...] = Field(max_length=100)
