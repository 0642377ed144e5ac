"""What examiners write down: findings, requests for documents, invitations, proposals with their decisions."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.review.store.cases import Row


class Examination(Row):
    """The checklist as an examiner answered it once; never changed, a later one adds to it."""

    __tablename__ = "examinations"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    examiner_id: Mapped[UUID]
    findings: Mapped[dict[str, Any]]
    note: Mapped[str | None]
    examined_at: Mapped[datetime]


class DocumentRequest(Row):
    """A notice to hand in documents (資料提出通知書): `items` is a list of {code, message}."""

    __tablename__ = "document_requests"
    __table_args__ = (Index("ix_document_requests_open", "due_on", postgresql_where=text("closed_at IS NULL")),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    items: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    due_on: Mapped[date]
    requested_by: Mapped[UUID]
    requested_at: Mapped[datetime]
    overdue_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    document_ids: Mapped[list[str]] = mapped_column(JSONB)
    closed_at: Mapped[datetime | None]


class Interview(Row):
    """An invitation to talk to an officer (事情聴取)."""

    __tablename__ = "interviews"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    held_at: Mapped[datetime | None]
    instructions: Mapped[str | None]
    requested_by: Mapped[UUID]
    requested_at: Mapped[datetime]


class SamePersonFinding(Row):
    """The relation of a case to another one that shares a person key, as its examiner found it. Written once."""

    __tablename__ = "same_person_findings"
    __table_args__ = (
        UniqueConstraint("case_id", "other_case_id"),
        CheckConstraint("case_id <> other_case_id", name="another_case"),
        CheckConstraint("finding IN ('different_people', 'both_needed')", name="finding"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    other_case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    finding: Mapped[str]
    reason: Mapped[str]
    found_by: Mapped[UUID]
    found_at: Mapped[datetime]


class Proposal(Row):
    """What an examiner proposed, and what a second officer decided about it.

    The database refuses a decision by the proposer, a changed proposal and a changed decision (see the migration).
    """

    __tablename__ = "proposals"
    __table_args__ = (
        Index("uq_proposals_case_id_open", "case_id", unique=True, postgresql_where=text("decided_at IS NULL")),
        Index("uq_proposals_case_id_approved", "case_id", unique=True, postgresql_where=text("approved")),
        Index("ix_proposals_case_id", "case_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    outcome: Mapped[str]
    period_of_stay: Mapped[str | None]
    reentry: Mapped[str | None]
    reason_code: Mapped[str | None]
    reason: Mapped[str | None]
    proposed_by: Mapped[UUID]
    proposed_at: Mapped[datetime]
    approved: Mapped[bool | None]
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]
    note: Mapped[str | None]
