"""Other cases of a person, no matter who filed them and with which office, and the findings about them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, and_, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from services.review.cases.domain.states import State
from services.review.cases.store import WAITS_FOR_EFFECT, Case, Proposal, Row
from services.review.decision.domain.same_person import WITHOUT_EFFECT, concerns
from shared.db import ReadSession


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
    found_person: Mapped[str | None] = mapped_column(info={"secret": True})
    found_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class OtherCase:
    """Another case of the person. `finding` is what this case's examiner wrote down about it."""

    case: Case
    decided_at: datetime | None
    finding: SamePersonFinding | None


async def other_cases(session: ReadSession, case: Case) -> Sequence[OtherCase]:
    """The cases of the same person that concern `case`, in the order in which they were filed."""
    if not case.person_keys:
        return ()
    query = (
        select(Case, Proposal.decided_at, SamePersonFinding)
        .outerjoin(
            Proposal, and_(Proposal.case_id == Case.id, Proposal.approved.is_(True), Proposal.recalled_at.is_(None))
        )
        .outerjoin(
            SamePersonFinding,
            and_(SamePersonFinding.case_id == case.id, SamePersonFinding.other_case_id == Case.id),
        )
        .where(
            Case.id != case.id, Case.person_keys.overlap(case.person_keys), Case.state.not_in(sorted(WITHOUT_EFFECT))
        )
        .order_by(Case.submitted_at, Case.id)
    )
    found: Sequence[Any] = (await session.execute(query)).all()
    return [
        OtherCase(row[0], row[1], row[2]) for row in found if concerns(State(row[0].state), row[1], case.submitted_at)
    ]


async def late_effects(session: ReadSession, now: datetime, limit: int) -> Sequence[Proposal]:
    """Decisions that should have taken effect by now, and have not; those of withdrawn applications never do."""
    query = (
        select(Proposal)
        .join(Case, and_(Case.id == Proposal.case_id, Case.state == State.DECIDED))
        .where(text(WAITS_FOR_EFFECT), Proposal.effective_at <= now)
        .order_by(Proposal.effective_at)
        .limit(limit)
    )
    found: Sequence[Proposal] = (await session.scalars(query)).all()
    return found


async def lock_person(session: AsyncSession, case: Case) -> None:
    """Let decisions on the cases of one person pass one after the other until the transaction ends. What another one
    decided is seen by every query after this."""
    for key in sorted(case.person_keys or ()):
        await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"person:{key}", 0))))
