"""Other cases of a person, no matter who filed them and with which office."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.review.domain.same_person import WITHOUT_EFFECT, counts
from services.review.domain.states import State
from services.review.store.cases import Case
from services.review.store.examination import Proposal, SamePersonFinding
from shared.db import ReadSession


@dataclass(frozen=True, slots=True)
class Other:
    """Another case of the person. `finding` is what this case's examiner wrote down about it."""

    case: Case
    decided_at: datetime | None
    finding: SamePersonFinding | None


async def others(session: ReadSession, case: Case) -> Sequence[Other]:
    """The cases of the same person that concern `case`, in the order in which they were filed."""
    if not case.person_keys:
        return ()
    query = (
        select(Case, Proposal.decided_at, SamePersonFinding)
        .outerjoin(Proposal, and_(Proposal.case_id == Case.id, Proposal.approved.is_(True)))
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
    return [Other(row[0], row[1], row[2]) for row in found if counts(State(row[0].state), row[1], case.submitted_at)]


async def hold_person(session: AsyncSession, case: Case) -> None:
    """Let decisions on the cases of one person pass one after the other until the transaction ends. What another one
    decided is seen by every query after this."""
    for key in sorted(case.person_keys or ()):
        await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"person:{key}", 0))))
