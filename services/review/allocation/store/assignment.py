"""The next case of a queue, cases at work, flags, and cases that went to another office."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Select, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from services.review.allocation.domain.examiners import Skill
from services.review.cases.domain.states import TRANSITIONS, State, Step
from services.review.cases.store import IS_OPEN, IS_UNASSIGNED, Case, Row
from shared.db import ReadSession

# A case is at work while its examiner has to act.
AT_WORK = (State.UNDER_REVIEW, State.DOCS_SUBMITTED)


class Flag(Row):
    """A flag of a case, with its reason; one that was taken away stays on record."""

    __tablename__ = "case_flags"
    __table_args__ = (
        Index(
            "uq_case_flags_case_id_code", "case_id", "code", unique=True, postgresql_where=text("removed_at IS NULL")
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    code: Mapped[str]
    reason: Mapped[str]
    set_by: Mapped[UUID]
    set_at: Mapped[datetime]
    removed_by: Mapped[UUID | None]
    removed_at: Mapped[datetime | None]
    removed_reason: Mapped[str | None]


class Transfer(Row):
    """The way of a case to another office."""

    __tablename__ = "case_transfers"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    from_office: Mapped[str]
    to_office: Mapped[str]
    reason: Mapped[str]
    transferred_by: Mapped[UUID]
    transferred_at: Mapped[datetime]


def next_case(office: str, skill: Skill) -> Select[Case]:
    """The most urgent case of an office that nobody has, of those that an examiner with `skill` examines."""
    wanted = select(Case).where(Case.office == office, IS_UNASSIGNED)
    if skill.procedures:
        wanted = wanted.where(Case.procedure.in_(skill.procedures))
    if skill.statuses:
        wanted = wanted.where(Case.status_of_residence.in_(skill.statuses))
    return wanted.order_by(Case.priority, Case.act_by, Case.submitted_at, Case.id).limit(1)


async def lock_next(session: AsyncSession, office: str, skill: Skill) -> Case | None:
    """The next case on which no other command works, locked until the transaction ends; None where there is none."""
    first = next_case(office, skill).with_for_update(key_share=True, skip_locked=True)
    found: Case | None = await session.scalar(first)
    return found


async def lock_caseload(session: AsyncSession, officer_id: UUID) -> None:
    """Let one officer's requests for the next case pass one after the other until the transaction ends."""
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"caseload:{officer_id}", 0))))


async def cases_at_work(session: ReadSession, office: str, officer_id: UUID) -> int:
    """The number of cases that an examiner has at work."""
    query = select(func.count()).where(
        Case.examiner_id == officer_id, Case.office == office, Case.state.in_(AT_WORK), IS_OPEN
    )
    return int(await session.scalar(query))


async def case_ids_of(session: ReadSession, office: str, officer_id: UUID) -> Sequence[UUID]:
    """The cases in examination that an examiner of an office has, in one order: who locks several locks them in it."""
    query = select(Case.id).where(
        Case.examiner_id == officer_id,
        Case.office == office,
        Case.state.in_(TRANSITIONS[Step.TAKE_BACK].sources),
        IS_OPEN,
    )
    found: Sequence[UUID] = (await session.scalars(query.order_by(Case.id))).all()
    return found


async def flags_of_cases(session: ReadSession, case_ids: Sequence[UUID]) -> Mapping[UUID, Sequence[str]]:
    """The codes of the flags of several cases, the oldest first."""
    query = select(Flag.case_id, Flag.code).where(Flag.case_id.in_(case_ids), Flag.removed_at.is_(None))
    found: dict[UUID, list[str]] = {}
    for row in (await session.execute(query.order_by(Flag.set_at, Flag.id))).all():
        found.setdefault(row.case_id, []).append(row.code)
    return found


async def flags_of(session: ReadSession, case_id: UUID) -> Sequence[Flag]:
    """The flags that a case has, the oldest first."""
    query = select(Flag).where(Flag.case_id == case_id, Flag.removed_at.is_(None)).order_by(Flag.set_at, Flag.id)
    found: Sequence[Flag] = (await session.scalars(query)).all()
    return found
