"""Findings and invitations of examiners, and the requests for documents that are overdue."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column

from services.review.cases.store import DocumentRequest, Row
from shared.db import ReadSession


class Examination(Row):
    """The checklist as an examiner answered it once; never changed, a later one adds to it."""

    __tablename__ = "examinations"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    examiner_id: Mapped[UUID]
    findings: Mapped[dict[str, Any]]
    note: Mapped[str | None]
    examined_at: Mapped[datetime]


class Interview(Row):
    """An invitation to talk to an officer (事情聴取)."""

    __tablename__ = "interviews"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    held_at: Mapped[datetime | None]
    instructions: Mapped[str | None]
    requested_by: Mapped[UUID]
    requested_at: Mapped[datetime]


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
