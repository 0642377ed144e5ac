"""Requests and answers of filing. A form is taken as it comes: the form itself reads and normalises it.

An answer is kept in the journal for repeated requests, so it carries no personal data.
"""

import json
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from services.application.filing.domain.declared import Declared
from services.application.filing.domain.draft import Attachment
from services.application.filing.domain.new_draft import NewDraft, Notify
from services.application.filing.domain.receipt import STAY_WORDS, fees_of, office_name, standard_period
from services.application.forms.extend.n import EXTEND_N
from services.application.progress.schemas import Body, Words, words
from services.application.tables import Application
from shared.errors import FieldProblem
from shared.reference.fees import Fee
from shared.text import several_lines
from shared.text.typed import AsSent, Email, Typed

CodeText = Annotated[str, Field(pattern=r"^[A-Z0-9_]{1,40}$")]
# A form's fields have readers of their own: `forms/reading.py`.
FormValues = Annotated[dict[str, Any], AsSent("the form reads each of its fields")]


class NotifyBody(Body):
    """Address and language for news of the progress."""

    email: Email | None = None
    language: Literal["ja", "en"] = "ja"

    def notify(self) -> Notify:
        return Notify(self.email, self.language)


class BeginBody(Body):
    """A new draft; the form may be incomplete or empty."""

    procedure: CodeText = Field(examples=["EXTEND"])
    combined_with: tuple[CodeText, ...] = Field((), max_length=3, examples=[["REENTRY"]])
    status_of_residence: CodeText = Field(examples=["ENG_HUM_INT"])
    activity: CodeText | None = Field(
        None, description="the activity, where the status has several and it decides the form", examples=["N2"]
    )
    form: FormValues = Field(default_factory=dict, examples=[EXTEND_N.example])
    notify: NotifyBody = NotifyBody()

    def draft(self) -> NewDraft:
        return NewDraft(
            self.procedure,
            self.combined_with,
            self.status_of_residence,
            self.activity,
            self.form,
            self.notify.notify(),
        )


class FormBody(Body):
    """The whole form; `notify` only where it changes."""

    form: FormValues = Field(examples=[EXTEND_N.example])
    notify: NotifyBody | None = None


class AttachedBody(Body):
    """A file and the documents it holds."""

    document_id: UUID
    codes: tuple[CodeText, ...] = Field(max_length=20, examples=[["RES_TAX", "ACTIVITY"]])

    def attachment(self) -> Attachment:
        return Attachment(self.document_id, tuple(dict.fromkeys(self.codes)))


class DocumentsBody(Body):
    """All files of the draft."""

    photo_id: UUID | None = None
    documents: tuple[AttachedBody, ...] = Field((), max_length=100)


class Declarations(Body):
    """Declarations of the filer before filing; both have to be true. `GET /v1/declarations` has their words."""

    intent_confirmed: bool = Field(examples=[True])
    truth_confirmed: bool = Field(examples=[True])
    language: Literal["ja", "en"] = Field("ja", description="the language in which the filer read them")
    version: str | None = Field(
        None,
        pattern=r"^\d{4}-\d{2}-\d{2}$",
        description="the wording that the filer read; refused (409) where it is no longer that of today",
    )

    def declared(self) -> Declared:
        answers = {"intent_confirmed": self.intent_confirmed, "truth_confirmed": self.truth_confirmed}
        return Declared(answers, self.language, self.version)


class SubmitBody(Body):
    """The press of the filing button."""

    declarations: Declarations


class WithdrawBody(Body):
    """A withdrawal with its reason, in the applicant's words."""

    reason: Annotated[str, Typed(several_lines, most=500)] = Field(examples=["退職のため"])


class Saved(BaseModel):
    """A draft as it was saved. `open_problems` counts what `check` lists: what stands between it and filing."""

    id: UUID
    revision: int = Field(examples=[1])
    status: str = Field(examples=["draft"])
    form_version: str = Field(examples=["extend-n-2026-02-27"])
    updated_at: datetime
    complete: bool
    open_problems: int = Field(examples=[12])


class DeclarationText(BaseModel):
    """One declaration in the words of today."""

    code: str = Field(examples=["intent_confirmed"])
    text: Words


class DeclarationTexts(BaseModel):
    """The declarations that are made when filing today."""

    version: str = Field(examples=["2026-11-01"])
    items: list[DeclarationText]


class ReceiptOffice(BaseModel):
    """The office that handles the application."""

    code: str = Field(examples=["TYO"])
    ja: str = Field(examples=["東京出入国在留管理局"])
    en: str = Field(examples=["Tokyo Regional Immigration Services Bureau"])


class FeeRow(BaseModel):
    """An amount that is paid where the procedure is permitted, by the day of receipt.

    `period` is the period of stay granted, null where the amount does not depend on it; `verify` says that sources
    disagree.
    """

    procedure: str = Field(examples=["EXTEND"])
    option: str = Field("", description="of a re-entry permit: single or multiple", examples=[""])
    period: Words | None = None
    yen: int = Field(examples=[27000])
    verify: bool = False

    @classmethod
    def of(cls, row: Fee) -> "FeeRow":
        period = words(STAY_WORDS[row.stay]) if row.stay else None
        return cls(procedure=row.procedure, option=row.option, period=period, yen=row.yen, verify=row.verify)


class Receipt(BaseModel):
    """A filed application: its number, its moment, and the end of the special period (特例期間).

    `fee` are the amounts of the day of receipt, null where nothing is paid; `standard_period` is how long the
    examination usually takes. They follow the rules and are not kept with the application.
    """

    id: UUID
    receipt_number: str = Field(examples=["東オンＥＮ26000001"])
    submitted_at: datetime
    special_period_end: datetime | None
    status: str = Field(examples=["received"])
    revision: int
    office: ReceiptOffice | None = None
    fee: list[FeeRow] | None = None
    standard_period: Words | None = None

    @classmethod
    def of(cls, application: Application) -> "Receipt":
        """The receipt of a filed application, with the rules of its day of receipt."""
        assert application.receipt_number is not None
        assert application.submitted_at is not None
        assert application.legal_date is not None
        assert application.office is not None
        day = application.legal_date
        name = office_name(application.office, day)
        usual = standard_period(application.procedure, day)
        rows = fees_of((application.procedure, *application.combined_with), day)
        return cls(
            id=application.id,
            receipt_number=application.receipt_number,
            submitted_at=application.submitted_at,
            special_period_end=application.special_period_end,
            status=application.state,
            revision=application.revision,
            office=ReceiptOffice(code=application.office, ja=name.ja, en=name.en),
            fee=[FeeRow.of(row) for row in rows] or None,
            standard_period=words(usual) if usual else None,
        )


class Withdrawn(BaseModel):
    """An application taken back."""

    id: UUID
    receipt_number: str = Field(examples=["東オンＥＮ26000001"])
    status: str = Field(examples=["withdrawn"])
    withdrawn_at: datetime


class Shown(BaseModel):
    """One problem, in both languages."""

    pointer: str = Field(examples=["/form/name_roman"])
    code: str = Field(examples=["required"])
    message: Words

    @classmethod
    def of(cls, problem: FieldProblem) -> "Shown":
        return cls(pointer=problem.pointer, code=problem.code, message=words(problem.message))


class WantedDocument(BaseModel):
    """One document of the list for this application."""

    code: str = Field(examples=["RES_TAX"])
    ja: str
    en: str
    requirement: Literal["required", "conditional"]
    satisfied: bool


class Checked(BaseModel):
    """Whether a draft can be filed today, and what stands in its way; documents are those of the case."""

    complete: bool
    problems: list[Shown]
    hints: list[Shown] = Field(description="nothing is wrong: what to compare with the card or the passport")
    required_documents: list[WantedDocument]


def hints_shown(application: Application) -> list[Shown]:
    """The hints of an application: what to compare about its values, in both languages."""
    return [
        Shown(pointer=hint["pointer"], code=hint["code"], message=Words(ja=hint["ja"], en=hint["en"]))
        for hint in json.loads(application.hints)
    ]
