"""Findings, requests for documents and invitations over HTTP."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from services.review.cases.schemas import EXAMPLE, Body, CaseBrief, Code, Note, Part, example
from services.review.examination.domain.checklist import Finding
from shared.text import several_lines
from shared.text.typed import Day, Moment, Typed


class Findings(Body):
    """Answers to the checklist; a question left out counts as `not_asked`."""

    model_config = example(
        {
            "findings": {"status_applicability": "yes", "taxes": "unknown", "immigration_history": "not_asked"},
            "note": "雇用契約書を確認済み",
        }
    )
    findings: dict[Code, Finding]
    note: Note | None = None


class RequestedDocument(Body):
    """One document, and the words about it for the applicant."""

    model_config = example({"code": "RES_TAX", "message": "直近年度の課税証明書を提出してください"})
    code: Code
    message: Annotated[str, Typed(several_lines, most=2000)]


class DocumentsWanted(Body):
    """A notice to submit documents (資料提出通知書)."""

    model_config = example(
        {
            "items": [{"code": "RES_TAX", "message": "直近年度の課税証明書を提出してください"}],
            "due_on": "2026-07-29",
        }
    )
    items: list[RequestedDocument] = Field(min_length=1, max_length=30)
    due_on: Day


class Invitation(Body):
    """An invitation to talk (事情聴取)."""

    model_config = example({"held_at": "2026-07-20T10:00:00+09:00", "instructions": "パスポートを持参"})
    held_at: Moment | None = None
    instructions: Note | None = None


class DocumentsRequested(CaseBrief):
    """The case after a request for documents, with the id under which the applicant answers it."""

    model_config = example(EXAMPLE | {"request_id": "01a20911-fd7b-71e3-a6cc-c198a3921390"})

    request_id: UUID


class QuestionView(BaseModel):
    """One line of the checklist."""

    code: str
    ja: str
    en: str


class ExaminationView(Part):
    id: UUID
    examiner_id: UUID
    findings: dict[str, Finding]
    note: str | None
    examined_at: datetime


class DocumentRequestView(Part):
    id: UUID
    items: list[dict[str, str]]
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
    held_at: datetime | None
    instructions: str | None
    requested_by: UUID
    requested_at: datetime
