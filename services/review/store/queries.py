"""Reading: the work queue, one case with everything in it, its timeline, what waits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, func, select, tuple_

from services.review.domain.states import State
from services.review.domain.waits import Wait
from services.review.store.after_grant import Card, CardMaterials, Certificate, Dispatch, FeePayment
from services.review.store.cases import Case
from services.review.store.examination import DocumentRequest, Examination, Interview, Proposal
from shared.db import ReadSession
from shared.journal import journal


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What a list of cases is narrowed to. `office` None: every office."""

    office: str | None
    states: tuple[State, ...] = ()
    examiner_id: UUID | None = None
    procedure: str | None = None
    status_of_residence: str | None = None
    receipt_number: str | None = None


def queue(wanted: QueueFilter, after: tuple[datetime, UUID] | None, limit: int) -> Select[Case]:
    """Cases in the order in which they were filed, oldest first, from behind `after`."""
    found = select(Case).order_by(Case.submitted_at, Case.id).limit(limit)
    if wanted.office is not None:
        found = found.where(Case.office == wanted.office)
    if len(wanted.states) == 1:
        # With `=` instead of IN the index delivers the order; a queue is mostly asked for one state.
        found = found.where(Case.state == wanted.states[0])
    elif wanted.states:
        found = found.where(Case.state.in_(wanted.states))
    for column, value in (
        (Case.examiner_id, wanted.examiner_id),
        (Case.procedure, wanted.procedure),
        (Case.status_of_residence, wanted.status_of_residence),
        (Case.receipt_number, wanted.receipt_number),
    ):
        if value is not None:
            found = found.where(column == value)
    if after is not None:
        found = found.where(tuple_(Case.submitted_at, Case.id) > after)
    return found


@dataclass(frozen=True, slots=True)
class CaseFile:
    """Everything this service knows of a case."""

    examinations: Sequence[Examination]
    document_requests: Sequence[DocumentRequest]
    interviews: Sequence[Interview]
    proposals: Sequence[Proposal]
    payment: FeePayment | None
    materials: CardMaterials | None
    card: Card | None
    dispatch: Dispatch | None
    certificate: Certificate | None


async def case_file(session: ReadSession, case_id: UUID) -> CaseFile:
    """What was written down in a case, oldest first."""

    async def all_of(table: Any) -> Sequence[Any]:
        rows = await session.scalars(select(table).where(table.case_id == case_id).order_by(table.id))
        found: Sequence[Any] = rows.all()
        return found

    return CaseFile(
        examinations=await all_of(Examination),
        document_requests=await all_of(DocumentRequest),
        interviews=await all_of(Interview),
        proposals=await all_of(Proposal),
        payment=await session.get(FeePayment, case_id),
        materials=await session.get(CardMaterials, case_id),
        card=await session.get(Card, case_id),
        dispatch=await session.get(Dispatch, case_id),
        certificate=await session.get(Certificate, case_id),
    )


async def timeline(session: ReadSession, case_id: UUID, without: frozenset[str]) -> Sequence[Any]:
    """The journal rows of a case in order, except those with the actions `without`."""
    columns = (journal.c.version, journal.c.action, journal.c.actor_kind, journal.c.actor_id, journal.c.at)
    rows = select(*columns, journal.c.detail).where(journal.c.aggregate_id == case_id, journal.c.action.not_in(without))
    found: Sequence[Any] = (await session.execute(rows.order_by(journal.c.version))).all()
    return found


@dataclass(frozen=True, slots=True)
class Standing:
    """How many cases wait for one thing, how many of them too long, and since when the oldest does."""

    cases: int
    late: int
    oldest: datetime | None


async def standing(session: ReadSession, wait: Wait, late_before: datetime, today: date) -> Standing:
    """The cases of one kind of waiting; documents are late by their due date, everything else by `late_before`."""
    late: ColumnElement[bool] = Case.state_since < late_before
    if wait.name == "documents":
        late = Case.documents_due < today
    counts = select(
        func.count().label("cases"),
        func.count(case((late, 1))).label("late"),
        func.min(Case.state_since).label("oldest"),
    ).where(Case.state.in_(wait.states), *_outstanding(wait))
    row = (await session.execute(counts)).one()
    return Standing(row.cases, row.late, row.oldest)


def _outstanding(wait: Wait) -> list[ColumnElement[bool]]:
    if wait.name == "fee":
        return [Case.fee_paid.is_(False)]
    if wait.name == "card_materials":
        return [Case.materials_received.is_(False), Case.procedure.not_in(("COE", "WORKCERT"))]
    return []


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
