"""Requests and answers of filing. A form is taken as it comes: the form itself reads and normalises it.

An answer is kept in the journal for repeated requests, so it carries no personal data.
"""

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from services.application.filing.domain.copying import LeftOut, Why
from services.application.filing.domain.declared import Declared
from services.application.filing.domain.draft import Attachment
from services.application.filing.domain.new_draft import DraftPatch, NewDraft, Notify
from services.application.filing.domain.newer_form import NewerForm
from services.application.filing.domain.receipt import fees_of, office_name, standard_period
from services.application.filing.domain.selection import Selection
from services.application.forms.extend.n import EXTEND_N
from services.application.forms.field import Item
from services.application.forms.form import FormVersion
from services.application.progress.schemas import Body, Person, words
from services.application.tables import Application
from shared.errors import FieldProblem, Text
from shared.http import Words
from shared.languages import Lang
from shared.reference.fees import STAY_WORDS, Fee
from shared.reference.files import MOST_DOCUMENTS_IN_A_FILE
from shared.text import several_lines
from shared.text.typed import AsSent, Email, Typed

CodeText = Annotated[str, Field(pattern=r"^[A-Z0-9_]{1,40}$")]
VersionText = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,40}$")]
# A form's fields have readers of their own: `forms/reading.py`.
FormValues = Annotated[dict[str, Any], AsSent("the form reads each of its fields")]


class NotifyBody(Body):
    """Address and language for news of the progress."""

    email: Email | None = None
    language: Lang = "ja"

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
        selection = Selection(self.procedure, self.status_of_residence, self.activity, self.combined_with)
        return NewDraft(selection, self.form, self.notify.notify())


class FormBody(Body):
    """The whole form; `notify` only where it changes."""

    form: FormValues = Field(examples=[EXTEND_N.example])
    notify: NotifyBody | None = None


class NotifyPatch(Body):
    """Changes of the contact; null takes the address out."""

    email: Email | None = None
    language: Lang = "ja"


class PatchBody(Body):
    """A merge patch (RFC 7396) of a draft: what it names is changed, null takes an answer out, the rest stays."""

    form: FormValues = Field(default_factory=dict, examples=[{"name_roman": "NGUYEN VAN AN", "org": {"branch": None}}])
    notify: NotifyPatch = NotifyPatch()
    procedure: CodeText = Field("", examples=["EXTEND"])
    status_of_residence: CodeText = Field("", examples=["ENG_HUM_INT"])
    activity: CodeText | None = Field(None, examples=[None])
    combined_with: tuple[CodeText, ...] = Field((), max_length=3, examples=[[]])
    form_version: VersionText = Field("", description="takes the draft over into the form of today")

    def patch(self) -> DraftPatch:
        selection = ("procedure", "status_of_residence", "activity", "combined_with")
        return DraftPatch(
            form=self.form,
            contact=self.notify.model_dump(exclude_unset=True),
            selection={name: getattr(self, name) for name in selection if name in self.model_fields_set},
            form_version=self.form_version or None,
        )


class AttachedBody(Body):
    """A file and the documents it holds."""

    document_id: UUID
    codes: tuple[CodeText, ...] = Field(max_length=MOST_DOCUMENTS_IN_A_FILE, examples=[["RES_TAX", "ACTIVITY"]])

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
    language: Lang = Field("ja", description="the language in which the filer read them")
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
    """An application as it was saved. `open_problems` counts what `check` lists: what stands between it and filing."""

    id: UUID
    revision: int = Field(examples=[1])
    status: str = Field(examples=["draft"])
    form_version: str = Field(examples=["extend-n-2026-02-27"])
    updated_at: datetime
    complete: bool
    open_problems: int = Field(examples=[12])
    changed_by_others: list[str] = Field(
        default_factory=list,
        description="JSON pointers of values that others changed since the revision of `If-Match`",
        examples=[["/form/sex"]],
    )


class CopyBody(Body):
    """Procedure and status of the copy; those of the earlier application where nothing is named."""

    procedure: CodeText | None = Field(None, examples=["EXTEND"])
    status_of_residence: CodeText | None = Field(None, examples=["ENG_HUM_INT"])
    activity: CodeText | None = Field(None, examples=[None])


class OwnerBody(Body):
    """The account that is to be in charge; the caller's own where none is named."""

    account_id: UUID | None = None


class LeftOutShown(BaseModel):
    """Something of the earlier application that the copy lacks, and why."""

    pointer: str = Field(examples=["/form/requested_period"])
    code: str = Field(examples=["asked-each-time"])
    label: Words
    message: Words


class Copied(Saved):
    """A draft with the answers of an earlier application."""

    left_out: list[LeftOutShown]


class Deleted(BaseModel):
    """A draft that is gone."""

    id: UUID
    deleted_at: datetime


class DeclarationText(BaseModel):
    """One declaration in the words of today."""

    code: str = Field(examples=["intent_confirmed"])
    text: Words


class DeclarationTexts(BaseModel):
    """The declarations that are made when filing today."""

    version: str = Field(examples=["2026-11-01"])
    items: list[DeclarationText]


class ReceiptOffice(Words):
    """The office that handles the application."""

    code: str = Field(examples=["TYO"])


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
    in_charge: UUID | None = Field(None, description="the account that is in charge of it now")

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
            office=ReceiptOffice.of(name, code=application.office),
            fee=[FeeRow.of(row) for row in rows] or None,
            standard_period=words(usual) if usual else None,
            in_charge=application.account_id,
        )


class Withdrawn(BaseModel):
    """An application taken back."""

    id: UUID
    receipt_number: str = Field(examples=["東オンＥＮ26000001"])
    status: str = Field(examples=["withdrawn"])
    withdrawn_at: datetime


class ConflictShown(BaseModel):
    """A value that somebody else changed since the caller read it; null stands for no value."""

    pointer: str = Field(examples=["/form/name_roman"])
    yours: Any
    theirs: Any
    changed_by: Person
    changed_at: datetime


class Conflicts(BaseModel):
    """Members of `draft-changed`: the conflicts, and the revision with whose ETag the same change is saved."""

    revision: int | None = None
    conflicts: list[ConflictShown] = Field(default_factory=list)


class Shown(BaseModel):
    """One problem, in both languages."""

    pointer: str = Field(examples=["/form/name_roman"])
    code: str = Field(examples=["required"])
    message: Words

    @classmethod
    def of(cls, problem: FieldProblem) -> "Shown":
        return cls(pointer=problem.pointer, code=problem.code, message=words(problem.message))


class ProblemShown(Shown):
    """One problem of a draft, and the page on which it is solved."""

    topic: str = Field(
        description="code of the form's topic, or `documents`, `photo`, `notify`, `rules`", examples=["person"]
    )

    @classmethod
    def at(cls, problem: FieldProblem, topic: str) -> "ProblemShown":
        return cls(pointer=problem.pointer, code=problem.code, message=words(problem.message), topic=topic)


class WantedDocument(Words):
    """One document of the list for this application."""

    code: str = Field(examples=["RES_TAX"])
    requirement: Literal["required", "conditional"]
    condition: Words | None = Field(description="when a conditional document is needed")
    satisfied: bool


class FieldNamed(BaseModel):
    """A field of a form."""

    pointer: str = Field(examples=["/form/job/change_detail"])
    label: Words


class NewerFormShown(BaseModel):
    """A newer version of the form: `PATCH` with its name as `form_version` takes the draft over into it.

    `must` is whether the old one is accepted no longer. Answers to what is removed are set aside.
    """

    version: str = Field(examples=["extend-n-2026-02-27"])
    must: bool
    added: list[FieldNamed]
    removed: list[FieldNamed]
    changed: list[FieldNamed]


class Checked(BaseModel):
    """Whether a draft can be filed today, and what stands in its way; documents are those of the case."""

    complete: bool
    problems: list[ProblemShown]
    newer_form: NewerFormShown | None = Field(description="null: the draft is in the form of today")
    hints: list[Shown] = Field(description="nothing is wrong: what to compare with the card or the passport")
    required_documents: list[WantedDocument]
    deleted_on: date | None = Field(description="day on which it is deleted unless it is edited; null: it stays")


def hints_shown(application: Application) -> list[Shown]:
    """The hints of an application: what to compare about its values, in both languages."""
    return [
        Shown(pointer=hint["pointer"], code=hint["code"], message=words(Text.read(hint)))
        for hint in json.loads(application.hints)
    ]


_WHY = {
    Why.ASKED_EACH_TIME: Text("申請のたびに入力する項目です", "It is asked each time"),
    Why.NO_LONGER_VALID: Text("前回の内容は現在は有効ではありません", "What it was then is no longer valid"),
    Why.PHOTO_TOO_OLD: Text(
        "6か月を過ぎた写真、削除された写真は使用できません",
        "A photo that is older than six months, or was deleted, cannot be used",
    ),
    Why.OF_THEN: Text("書類は新しいものを提出してください", "Submit documents of today"),
    Why.NOT_ASKED: Text("今回の様式にはない項目です", "The new form does not ask it"),
}
_LABELS = {"/photo_id": Text("顔写真", "Face photo"), "/documents": Text("提出書類", "Documents")}


def left_out_shown(left_out: Sequence[LeftOut], version: FormVersion) -> list[LeftOutShown]:
    """Everything that a copy lacks of an application in `version`, in both languages."""
    labels = {item.pointer: item.label for item in version.items} | _LABELS
    return [
        LeftOutShown(
            pointer=each.pointer,
            code=each.why.value,
            label=words(labels.get(each.pointer, Text(each.pointer, each.pointer))),
            message=words(_WHY[each.why]),
        )
        for each in left_out
    ]


def newer_shown(newer: NewerForm | None) -> NewerFormShown | None:
    """A newer form for an answer, with what it changes."""
    if newer is None:
        return None

    def named(items: Sequence[Item]) -> list[FieldNamed]:
        return [FieldNamed(pointer=item.pointer, label=words(item.label)) for item in items]

    return NewerFormShown(
        version=newer.version.version,
        must=newer.must,
        added=named(newer.added),
        removed=named(newer.removed),
        changed=named(newer.changed),
    )
