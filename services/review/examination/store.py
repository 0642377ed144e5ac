"""Findings of examiners, and what people have to be told about: documents and interviews that lack a timer."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, bindparam, exists, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.review.cases.store import DocumentRequest, Interview, Row
from shared.db import ReadSession
from shared.timers import timers


class Examination(Row):
    """The checklist as an examiner answered it once; never changed, a later one adds to it."""

    __tablename__ = "examinations"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    examiner_id: Mapped[UUID]
    findings: Mapped[dict[str, Any]]
    # By question, a list of {document_id, page, field}.
    evidence: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'::jsonb"))
    note: Mapped[str | None]
    examined_at: Mapped[datetime]


_LAST_EXAMINATION = (
    select(Examination.id).where(Examination.case_id == bindparam("case")).order_by(Examination.id.desc()).limit(1)
)


async def last_examination(session: ReadSession, case_id: UUID) -> UUID | None:
    """The findings of a case that were recorded last."""
    found: UUID | None = await session.scalar(_LAST_EXAMINATION, {"case": case_id})
    return found


async def unnoticed_overdue(session: ReadSession, today: date, limit: int) -> Sequence[DocumentRequest]:
    """Requests whose day has passed and whose overdue notice never went out."""
    rows = await session.scalars(
        select(DocumentRequest)
        .where(
            DocumentRequest.closed_at.is_(None),
            DocumentRequest.due_on < today,
            DocumentRequest.overdue_at.is_(None),
        )
        .order_by(DocumentRequest.due_on)
        .limit(limit)
    )
    found: Sequence[DocumentRequest] = rows.all()
    return found


async def without_reminder(
    session: ReadSession, kind: str, today: date, last_before: int, limit: int
) -> Sequence[DocumentRequest]:
    """Open requests of which people have to be reminded still, and which have no timer of `kind` for it; the last
    reminder goes out `last_before` days before they are due."""
    timed = exists().where(timers.c.kind == kind, timers.c.subject_id == DocumentRequest.id)
    rows = await session.scalars(
        select(DocumentRequest)
        .where(
            DocumentRequest.closed_at.is_(None), DocumentRequest.due_on > today + timedelta(days=last_before), ~timed
        )
        .order_by(DocumentRequest.due_on)
        .limit(limit)
    )
    found: Sequence[DocumentRequest] = rows.all()
    return found


async def interviews_without_reminder(
    session: ReadSession, kind: str, now: datetime, limit: int
) -> Sequence[Interview]:
    """Interviews more than two days ahead, of which people have to be reminded, and which have no timer for it."""
    timed = exists().where(timers.c.kind == kind, timers.c.subject_id == Interview.id)
    rows = await session.scalars(
        select(Interview)
        .where(Interview.closed_at.is_(None), Interview.held_at > now + timedelta(days=2), ~timed)
        .order_by(Interview.held_at)
        .limit(limit)
    )
    found: Sequence[Interview] = rows.all()
    return found
