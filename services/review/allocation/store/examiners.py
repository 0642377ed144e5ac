"""The examiners of an office as its chief examiner recorded them: what they examine, when they are away, and their
load."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, func, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from services.review.allocation.domain.examiners import Skill
from services.review.allocation.store.assignment import AT_WORK
from services.review.cases.domain.states import TRANSITIONS, Step
from services.review.cases.store import IS_OPEN, Case, Row
from shared.db import ReadSession


class Examiner(Row):
    """The procedures and statuses that an officer examines at an office; empty lists are everything, as is no row."""

    __tablename__ = "examiners"
    __table_args__ = (UniqueConstraint("office", "officer_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    office: Mapped[str]
    officer_id: Mapped[UUID]
    procedures: Mapped[list[str]] = mapped_column(JSONB)
    statuses: Mapped[list[str]] = mapped_column(JSONB)
    set_by: Mapped[UUID]
    set_at: Mapped[datetime]


class Absence(Row):
    """The days on which an officer of an office is away, the last one included."""

    __tablename__ = "absences"
    __table_args__ = (
        Index("ix_absences_office_last_day", "office", "last_day", postgresql_where=text("ended_at IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    office: Mapped[str]
    officer_id: Mapped[UUID]
    first_day: Mapped[date]
    last_day: Mapped[date]
    recorded_by: Mapped[UUID]
    recorded_at: Mapped[datetime]
    ended_by: Mapped[UUID | None]
    ended_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class Load:
    """The number of cases in examination that an examiner has, and of those that wait for nobody else."""

    cases: int
    at_work: int


async def find_examiner(session: AsyncSession, office: str, officer_id: UUID) -> Examiner | None:
    """The record of what an officer examines at an office, locked until the transaction ends."""
    query = select(Examiner).where(Examiner.office == office, Examiner.officer_id == officer_id).with_for_update()
    found: Examiner | None = await session.scalar(query)
    return found


async def skill_of(session: ReadSession, office: str, officer_id: UUID) -> Skill:
    """The skill of an officer at an office."""
    query = select(Examiner).where(Examiner.office == office, Examiner.officer_id == officer_id)
    found: Examiner | None = await session.scalar(query)
    return Skill(found.procedures, found.statuses) if found else Skill()


async def skills_in(session: ReadSession, office: str) -> Sequence[Examiner]:
    """Everything that was recorded of the examiners of an office."""
    found: Sequence[Examiner] = (await session.scalars(select(Examiner).where(Examiner.office == office))).all()
    return found


async def absences_in(session: ReadSession, office: str, today: date) -> Sequence[Absence]:
    """The absences at an office that are not over, the nearest first."""
    query = select(Absence).where(Absence.office == office, Absence.ended_at.is_(None), Absence.last_day >= today)
    found: Sequence[Absence] = (await session.scalars(query.order_by(Absence.first_day, Absence.id))).all()
    return found


async def absent_officers(session: ReadSession, office: str, today: date) -> frozenset[UUID]:
    """The officers of an office who are away today."""
    return frozenset(row.officer_id for row in await absences_in(session, office, today) if row.first_day <= today)


async def lock_absence(session: AsyncSession, absence_id: UUID) -> Absence | None:
    """An absence, locked until the transaction ends."""
    return await session.get(Absence, absence_id, with_for_update=True)


async def loads_in(session: ReadSession, office: str) -> Mapping[UUID, Load]:
    """The load of every examiner of an office who has a case in examination."""
    at_work = func.count().filter(Case.state.in_(AT_WORK))
    query = (
        select(Case.examiner_id, func.count(), at_work)
        .where(
            Case.office == office,
            Case.examiner_id.is_not(None),
            Case.state.in_(TRANSITIONS[Step.TAKE_BACK].sources),
            IS_OPEN,
        )
        .group_by(Case.examiner_id)
    )
    rows: Sequence[Any] = (await session.execute(query)).all()
    return {row[0]: Load(row[1], row[2]) for row in rows}
