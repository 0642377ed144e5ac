"""Other cases of a person, no matter who filed them and with which office, and the findings about them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, and_, bindparam, func, select, text, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from services.review.audit import READS, Tag
from services.review.cases.domain.flow import NOBODY, Identities, identities
from services.review.cases.domain.states import State
from services.review.cases.store import WAITS_FOR_EFFECT, Case, Proposal, Row
from services.review.decision.domain.same_person import WITHOUT_EFFECT, concerns
from shared.db import ReadSession
from shared.journal import journal

_READS = sorted(READS)


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


@dataclass(frozen=True, slots=True)
class WantedProposals:
    """The filter of a list of proposals that wait for a decision; None: any."""

    office: str
    procedure: str | None = None
    status_of_residence: str | None = None
    outcome: str | None = None


async def waiting_proposals(
    session: ReadSession, wanted: WantedProposals, after: tuple[datetime, UUID] | None, limit: int
) -> list[tuple[Case, Proposal, Identities]]:
    """Proposals that wait for a decision, oldest first, each with everybody who ever proposed on its case."""
    query = (
        select(Case, Proposal)
        .join(Proposal, and_(Proposal.case_id == Case.id, Proposal.decided_at.is_(None)))
        .where(Case.office == wanted.office, Case.state == State.PROPOSED)
        .order_by(Proposal.proposed_at, Proposal.id)
        .limit(limit)
    )
    for column, value in (
        (Case.procedure, wanted.procedure),
        (Case.status_of_residence, wanted.status_of_residence),
        (Proposal.outcome, wanted.outcome),
    ):
        if value is not None:
            query = query.where(column == value)
    if after is not None:
        query = query.where(tuple_(Proposal.proposed_at, Proposal.id) > after)
    rows: Sequence[Any] = (await session.execute(query)).all()
    ever = select(Proposal.case_id, Proposal.proposed_by, Proposal.proposed_person).where(
        Proposal.case_id.in_([case.id for case, _ in rows])
    )
    proposers: dict[UUID, Identities] = {}
    made: Sequence[Any] = (await session.execute(ever)).all()
    for case_id, account, person in made:
        proposers[case_id] = proposers.get(case_id, NOBODY) | identities(account, person)
    return [(case, proposal, proposers[case.id]) for case, proposal in rows]


async def proposals_locked(
    session: AsyncSession, case_ids: Sequence[UUID], office: str | None
) -> Sequence[tuple[Case, Proposal]]:
    """Those of these cases whose proposals wait, of one office, with their proposals; all of these cases are locked, in
    one order."""
    cases = select(Case).where(Case.id.in_(case_ids), Case.office == office).order_by(Case.id)
    locked = (await session.scalars(cases.with_for_update(key_share=True))).all()
    waiting = select(Proposal).where(Proposal.case_id.in_([case.id for case in locked]), Proposal.decided_at.is_(None))
    by_case = {proposal.case_id: proposal for proposal in await session.scalars(waiting)}
    return [(case, by_case[case.id]) for case in locked if case.id in by_case]


@dataclass(frozen=True, slots=True)
class LastChange:
    """The last line of a case's journal that is no look at it. Its number is the revision of the case."""

    revision: int
    action: str
    at: datetime
    by: UUID | None


# Built once: putting a statement together costs more than sending it.
_LAST_CHANGE = (
    select(journal.c.version, journal.c.action, journal.c.at, journal.c.actor_id, journal.c.actor_kind)
    .where(journal.c.aggregate_id == bindparam("case"), journal.c.action.not_in(_READS))
    .order_by(journal.c.version.desc())
    .limit(1)
)


async def last_change(session: ReadSession, case_id: UUID) -> LastChange:
    """The last thing that happened to a case."""
    row: Any = (await session.execute(_LAST_CHANGE, {"case": case_id})).one()
    return LastChange(row.version, row.action, row.at, row.actor_id if row.actor_kind == "officer" else None)


async def revisions_of(session: ReadSession, case_ids: Sequence[UUID]) -> dict[UUID, int]:
    """The revision of each of these cases."""
    query = (
        select(journal.c.aggregate_id, func.max(journal.c.version))
        .where(journal.c.aggregate_id.in_(case_ids), journal.c.action.not_in(_READS))
        .group_by(journal.c.aggregate_id)
    )
    rows: Sequence[Any] = (await session.execute(query)).all()
    return {row[0]: row[1] for row in rows}


async def looks_of(session: ReadSession, officer_id: UUID, case_ids: Sequence[UUID]) -> dict[UUID, int]:
    """The line of the journal with which an officer last opened each of these cases as a whole."""
    query = (
        select(journal.c.aggregate_id, func.max(journal.c.version))
        .where(
            journal.c.aggregate_id.in_(case_ids),
            journal.c.actor_id == officer_id,
            journal.c.action == Tag.READ.value,
            ~journal.c.detail.has_key("what"),
        )
        .group_by(journal.c.aggregate_id)
    )
    rows: Sequence[Any] = (await session.execute(query)).all()
    return {row[0]: row[1] for row in rows}


async def lock_persons(session: AsyncSession, cases: Sequence[Case]) -> None:
    """The same as `lock_person` for several cases, in one order."""
    for key in sorted({key for case in cases for key in case.person_keys or ()}):
        await _lock_person_key(session, key)


async def lock_person(session: AsyncSession, case: Case) -> None:
    """Let decisions on the cases of one person pass one after the other until the transaction ends. What another one
    decided is seen by every query after this."""
    for key in sorted(case.person_keys or ()):
        await _lock_person_key(session, key)


async def _lock_person_key(session: AsyncSession, key: str) -> None:
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"person:{key}", 0))))
