"""The work queue, and measures of what waits."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select, tuple_

from services.review.allocation.domain.waits import MOST_COUNTED, WAITS, Wait
from services.review.allocation.store.assignment import Flag
from services.review.cases.domain.clock import CONCERNS, Concern
from services.review.cases.domain.states import OPEN, State
from services.review.cases.store import IS_GIVEN_BACK, IS_OPEN, Case
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
    wait: Wait | None = None
    concern: Concern | None = None
    flag: str | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """The moment and the day in Japan against which waiting is measured."""

    now: datetime
    today: date


def queue(wanted: QueueFilter, after: tuple[datetime, UUID] | None, limit: int, at: Moment) -> Select[Case, bool]:
    """Cases in the order in which they were filed, oldest first, from behind `after`; beside each whether it is late
    with anything that it waits for."""
    is_late = or_(*(and_(*_waits(wait), _late(wait, at)) for wait in WAITS)).label("late")
    found = select(Case, is_late).order_by(Case.submitted_at, Case.id).limit(limit)
    if wanted.wait is not None:
        found = found.where(*_waits(wanted.wait))
    if wanted.concern is not None:
        found = found.where(holds(wanted.concern, at), IS_OPEN)
    if wanted.flag is not None:
        flagged = select(Flag.case_id).where(Flag.code == wanted.flag, Flag.removed_at.is_(None))
        found = found.where(Case.id.in_(flagged), IS_OPEN)
    if wanted.office is not None:
        found = found.where(Case.office == wanted.office)
    if len(wanted.states) == 1:
        # With `=` instead of IN the index delivers the order; a queue is mostly asked for one state.
        found = found.where(Case.state == wanted.states[0])
    elif frozenset(wanted.states) == OPEN:
        found = found.where(IS_OPEN)
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


@dataclass(frozen=True, slots=True)
class OpenCounts:
    """The number of open cases by state and by concern, and by wait the number of cases and of those that are late."""

    states: Mapping[State, int]
    waits: Mapping[str, tuple[int, int]]
    concerns: Mapping[str, int]


async def measure_wait(session: ReadSession, wait: Wait, at: Moment) -> WaitMeasure:
    """The cases of one kind of waiting."""
    counts = select(
        func.count().label("cases"),
        func.count(case((_late(wait, at), 1))).label("late"),
        func.min(Case.state_since).label("oldest"),
    ).where(*_waits(wait))
    row = (await session.execute(counts)).one()
    return WaitMeasure(row.cases, row.late, row.oldest)


async def measure_concern(session: ReadSession, concern: Concern, at: Moment) -> int:
    """The number of cases of one concern."""
    return int(await session.scalar(select(func.count()).select_from(Case).where(holds(concern, at), IS_OPEN)))


async def count_open(session: ReadSession, office: str | None, examiner_id: UUID | None, at: Moment) -> OpenCounts:
    """The open cases of an office (None: of all), of one examiner where one is named, each number up to a limit."""
    row = (await session.execute(counts_of(office, examiner_id, at))).mappings().one()
    return OpenCounts(
        states={state: row[f"state {state}"] for state in OPEN},
        waits={wait.name: (row[f"wait {wait.name}"], row[f"late {wait.name}"]) for wait in WAITS},
        concerns={concern.name: row[f"concern {concern.name}"] for concern in CONCERNS},
    )


def counts_of(office: str | None, examiner_id: UUID | None, at: Moment) -> Select[Any]:
    """The query of `count_open`.

    Each number of an office is a look into an index that ends at `MOST_COUNTED`, so that an office with a million cases
    waits as short as any. The cases of one examiner are few, and are read once.
    """
    whose: list[Any] = [IS_OPEN]
    if office is not None:
        whose.append(Case.office == office)
    if examiner_id is not None:
        whose.append(Case.examiner_id == examiner_id)

    def number(*conditions: ColumnElement[bool]) -> Any:
        if examiner_id is not None:
            return func.least(func.count().filter(*conditions), MOST_COUNTED)
        some = select(literal(1)).select_from(Case).where(*whose, *conditions).limit(MOST_COUNTED)
        return select(func.count()).select_from(some.subquery()).scalar_subquery()

    counts = {f"state {state}": number(Case.state == state) for state in OPEN}
    for wait in WAITS:
        counts[f"wait {wait.name}"] = number(*_waits(wait))
        counts[f"late {wait.name}"] = number(*_waits(wait), _late(wait, at))
    counts |= {f"concern {concern.name}": number(holds(concern, at)) for concern in CONCERNS}
    query = select(*(found.label(name) for name, found in counts.items()))
    return query if examiner_id is None else query.select_from(Case).where(*whose)


def holds(concern: Concern, at: Moment) -> ColumnElement[bool]:
    """Whether a case has a concern of the clock."""
    after = {
        "standard_end": Case.standard_end,
        "special_period_end": Case.special_period_end,
        "documents_due": Case.documents_due,
        "state_since": Case.state_since,
    }[concern.after]
    days = timedelta(days=concern.days)
    over = after <= at.now - days if concern.of_a_moment else after < at.today - days
    return and_(Case.state.in_(sorted(concern.states)), over)


def _waits(wait: Wait) -> list[Any]:
    """The conditions of a case that waits for something."""
    # With `=` instead of IN the index delivers the order.
    state = Case.state == wait.states[0] if len(wait.states) == 1 else Case.state.in_(wait.states)
    if wait.name == "unassigned":
        return [IS_GIVEN_BACK]
    if wait.name == "fee":
        return [state, Case.fee_paid.is_(False)]
    if wait.name == "card_materials":
        return [state, Case.materials_received.is_(False), Case.procedure.not_in(("COE", "WORKCERT"))]
    return [state]


def _late(wait: Wait, at: Moment) -> ColumnElement[bool]:
    """Whether a case that waits does so longer than the target: for documents by their due date."""
    if wait.name == "documents":
        return Case.documents_due < at.today
    since = Case.examiner_since if wait.name == "unassigned" else Case.state_since
    return since < at.now - timedelta(days=wait.late_after(at.today))
