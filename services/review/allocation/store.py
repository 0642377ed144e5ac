"""The work queue, and measures of what waits."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, func, select, tuple_

from services.review.allocation.domain import Wait
from services.review.cases.domain.states import State
from services.review.cases.store import Case
from shared.db import ReadSession


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """The filter of a list of cases. `office` None: every office."""

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
class WaitMeasure:
    """The number of cases that wait for one thing, of those late, and the moment since which the oldest waits."""

    cases: int
    late: int
    oldest: datetime | None


async def measure_wait(session: ReadSession, wait: Wait, late_before: datetime, today: date) -> WaitMeasure:
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
    return WaitMeasure(row.cases, row.late, row.oldest)


def _outstanding(wait: Wait) -> list[ColumnElement[bool]]:
    if wait.name == "fee":
        return [Case.fee_paid.is_(False)]
    if wait.name == "card_materials":
        return [Case.materials_received.is_(False), Case.procedure.not_in(("COE", "WORKCERT"))]
    return []
