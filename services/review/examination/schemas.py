"""Findings, requests for documents and invitations over HTTP."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from services.review.cases.schemas import EXAMPLE, Body, CaseBrief, Code, Note, Part, example
from services.review.examination.domain.checklist import Evidence, Finding, Question
from shared.events.review import InterviewKind
from shared.http import Words
from shared.text import several_lines
from shared.text.typed import Day, Moment, Typed


class EvidenceBody(Body):
    """The ground of an answer: a document of the case, with the page, or a field of the form."""

    model_config = example({"document_id": "01a20911-fd7b-71e3-a6cc-c197026e68d3", "page": 2})
    document_id: UUID | None = None
    page: int | None = Field(None, ge=1, le=10_000)
    field: Code | None = Field(None, examples=["job.salary"])

    def evidence(self) -> Evidence:
        return Evidence(self.document_id, self.page, self.field)


class Findings(Body):
    """Answers to the checklist, with their evidence; a question left out counts as `not_asked`."""

    model_config = example(
        {
            "findings": {"status_applicability": "yes", "taxes": "unknown", "immigration_history": "not_asked"},
            "evidence": {"status_applicability": [{"field": "job.detail"}]},
            "note": "雇用契約書を確認済み",
        }
    )
    findings: dict[Code, Finding]
    evidence: dict[Code, Annotated[list[EvidenceBody], Field(max_length=10)]] = Field(default_factory=dict)
    note: Note | None = None


class RequestedDocument(Body):
    """One document: sentences of the list, which each recipient reads in their language, and words of the officer."""

    model_config = example(
        {"code": "RES_TAX", "text_codes": ["latest_year"], "message": "課税証明書と納税証明書の両方が必要です"}
    )
    code: Code
    text_codes: tuple[Code, ...] = Field((), max_length=10, description="`texts` of GET /v1/cases/lists")
    message: Annotated[str, Typed(several_lines, most=2000)] | None = None


class DocumentsWanted(Body):
    """A notice to submit documents (資料提出通知書)."""

    model_config = example(
        {
            "items": [{"code": "RES_TAX", "text_codes": ["latest_year"], "message": None}],
            "due_on": "2026-07-29",
        }
    )
    items: list[RequestedDocument] = Field(min_length=1, max_length=30)
    due_on: Day


class MoreTimeAnswer(Body):
    """The examiner's answer to a request for more time: the new due date, or the reason why there is none."""

    model_config = example({"agreed": True, "due_on": "2026-08-12", "reason": None})
    agreed: bool
    due_on: Day | None = Field(None, description="left out: the day that the applicant asked for")
    reason: Note | None = Field(None, description="needed to decline; the applicant reads it")


class Invitation(Body):
    """An invitation to talk (事情聴取), or the announcement of a visit (実態調査)."""

    model_config = example(
        {
            "kind": "interview",
            "held_at": "2026-07-20T10:00:00+09:00",
            "place": "本局3階 審査第一部門",
            "instructions": "パスポートを持参してください",
        }
    )
    kind: InterviewKind = "interview"
    held_at: Moment | None = None
    place: Note | None = Field(None, description="where in the office, or which place is visited")
    instructions: Note | None = Field(None, description="what to bring, and other words for the applicant")


class MovedInvitation(Body):
    """The time and place of an interview that is moved: everything that holds from now on."""

    model_config = example(
        {"held_at": "2026-07-22T14:00:00+09:00", "place": "本局3階 審査第一部門", "instructions": None}
    )
    held_at: Moment
    place: Note | None = None
    instructions: Note | None = None


class Cancellation(Body):
    """The reason for which an interview is called off; the applicant reads it."""

    model_config = example({"reason": "提出資料により確認できたため"})
    reason: Note


class DocumentsRequested(CaseBrief):
    """The case after a request for documents, with the id under which the applicant answers it."""

    model_config = example(EXAMPLE | {"request_id": "01a20911-fd7b-71e3-a6cc-c198a3921390"})

    request_id: UUID


class QuestionView(Words):
    """One line of the checklist."""

    code: str

    @classmethod
    def all_of(cls, questions: Iterable[Question]) -> "list[QuestionView]":
        return [cls.of(question.text, code=question.code) for question in questions]


class ExaminationView(Part):
    id: UUID
    examiner_id: UUID
    findings: dict[str, Finding]
    evidence: dict[str, list[EvidenceBody]]
    note: str | None
    examined_at: datetime


class RequestedDocumentView(BaseModel):
    code: str
    text_codes: list[str] = []
    message: str | None = None


class MoreTimeView(Part):
    """A request of the applicant for more time; the reason is with the application."""

    id: UUID
    request_id: UUID
    wanted_on: date
    requested_at: datetime
    agreed: bool | None
    due_on: date | None = Field(description="the new due date, where the examiner agreed")
    answered_by: UUID | None
    answered_at: datetime | None
    reason: str | None
    lapsed_at: datetime | None = Field(description="since when nobody has to answer it any more")


class DocumentRequestView(Part):
    id: UUID
    items: list[RequestedDocumentView]
    due_on: date
    requested_by: UUID
    requested_at: datetime
    overdue_at: datetime | None
    answered_at: datetime | None
    closed_at: datetime | None
    document_ids: list[UUID]
    not_submitted: list[str] = Field(description="items answered with a reason: it is with the application")


class InterviewView(Part):
    id: UUID
    kind: InterviewKind
    held_at: datetime | None
    place: str | None
    instructions: str | None
    requested_by: UUID
    requested_at: datetime
    moved_at: datetime | None
    cancelled_at: datetime | None
    cancel_reason: str | None
    closed_at: datetime | None = Field(description="since when nobody is expected any more")
