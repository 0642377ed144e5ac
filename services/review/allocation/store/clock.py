"""Deadlines that were reported to the officers, and cases of which nothing was reported yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, Index, exists, select
from sqlalchemy.orm import Mapped, mapped_column

from services.review.allocation.store.queue import Moment, holds
from services.review.cases.domain.clock import CONCERNS, Concern
from services.review.cases.store import IS_OPEN, Case, Row
from shared.db import ReadSession


class Notice(Row):
    """A deadline of a case that was reported: once for a concern, or once for the day that it is about."""

    __tablename__ = "clock_notices"
    __table_args__ = (
        Index(
            "uq_clock_notices_case_id_concern_about",
            *("case_id", "concern", "about"),
            unique=True,
            postgresql_nulls_not_distinct=True,
        ),
        Index("ix_clock_notices_noticed_at", "noticed_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    concern: Mapped[str]
    about: Mapped[date | None]
    noticed_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class NoticedCase:
    """A notice, with the case that it is about."""

    notice: Notice
    case: Case


async def reported(session: ReadSession, case_id: UUID) -> frozenset[tuple[str, date | None]]:
    """The concerns of a case that were reported, each with the day that it was about."""
    rows = await session.execute(select(Notice.concern, Notice.about).where(Notice.case_id == case_id))
    return frozenset((row.concern, row.about) for row in rows.all())


async def unreported_cases(session: ReadSession, at: Moment, limit: int) -> Sequence[UUID]:
    """Open cases with a concern that was not reported."""
    found: list[UUID] = []
    for concern in CONCERNS:
        known = exists().where(Notice.case_id == Case.id, Notice.concern == concern.name, *_same_day(concern))
        query = select(Case.id).where(holds(concern, at), IS_OPEN, ~known).limit(limit)
        found += (await session.scalars(query)).all()
    return list(dict.fromkeys(found))[:limit]


def _same_day(concern: Concern) -> list[ColumnElement[bool]]:
    return [Notice.about == Case.documents_due] if concern.again else []


async def cases_without_clock(session: ReadSession, limit: int) -> Sequence[Case]:
    """Open cases that were filed before they had a clock."""
    query = select(Case).where(IS_OPEN, Case.standard_end.is_(None)).limit(limit).with_for_update(skip_locked=True)
    found: Sequence[Case] = (await session.scalars(query)).all()
    return found


async def newest_notices(
    session: ReadSession, office: str, examiner_id: UUID | None, since: datetime, limit: int
) -> Sequence[NoticedCase]:
    """The notices since a moment about open cases of an office, or of one examiner of it; the newest first."""
    query = (
        select(Notice, Case)
        .join(Case, Case.id == Notice.case_id)
        .where(Notice.noticed_at >= since, Case.office == office, IS_OPEN)
        .order_by(Notice.noticed_at.desc(), Notice.id)
        .limit(limit)
    )
    if examiner_id is not None:
        query = query.where(Case.examiner_id == examiner_id)
    rows: Sequence[Any] = (await session.execute(query)).all()
    return [NoticedCase(row[0], row[1]) for row in rows]
