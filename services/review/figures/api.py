"""HTTP: figures for chiefs, operators and auditors, as JSON and CSV, and how long it takes now for everybody."""

import csv
from collections.abc import Mapping, Sequence
from datetime import timedelta
from io import StringIO
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response

from services.review.cases.domain.states import State
from services.review.figures import store
from services.review.figures.domain import (
    FEWEST_PUBLISHED,
    PUBLISHED_MONTHS,
    RATE_MONTHS,
    Group,
    Measure,
    Times,
    days_until_done,
    first_of_month,
    is_waiting_for_applicant,
    months_before,
)
from services.review.figures.problems import WrongPeriod
from services.review.figures.schemas import (
    Figure,
    Figures,
    PublishedFigure,
    PublishedFigures,
    QueueFigure,
    QueueFigures,
    StepFigure,
    StepFigures,
    TimesView,
)
from services.review.figures.store import Wanted
from shared.auth import Role, permit, public
from shared.clock import legal_date
from shared.db import ReadSession
from shared.http import refusals
from shared.service import CurrentRuntime
from shared.text.typed import Day

_LONGEST_MONTHS = 120
_MAY_READ = permit(Role.CHIEF_EXAMINER, Role.OPERATOR, Role.AUDITOR, kinds=("officer",))
router = APIRouter(prefix="/v1/figures", tags=["figures"])
_CSV = {"content": {"text/csv": {"schema": {"type": "string"}}}, "description": "One line for each group"}


async def _wanted(
    runtime: CurrentRuntime,
    first: Annotated[Day | None, Query(description="a day of the first month; without it a year back")] = None,
    last: Annotated[Day | None, Query(description="a day of the last month; without it this one")] = None,
    office: str | None = None,
    procedure: str | None = None,
    status_of_residence: str | None = None,
) -> Wanted:
    this = first_of_month(legal_date(runtime.clock.now()))
    until = first_of_month(last) if last else this
    begin = first_of_month(first) if first else months_before(until, 11)
    if begin > until or begin < months_before(until, _LONGEST_MONTHS):
        raise WrongPeriod(_LONGEST_MONTHS)
    return Wanted(begin, until, office, procedure, status_of_residence)


Asked = Annotated[Wanted, Depends(_wanted)]
By = Annotated[list[Group] | None, Query(description="what is grouped by; repeat it for several")]


@router.get("", operation_id="readFigures", dependencies=[_MAY_READ], responses=refusals(422))
async def read_figures(runtime: CurrentRuntime, wanted: Asked, by: By = None) -> Figures:
    """Received, closed and carried over, and how long grants took: mean, median and 90th percentile, by group."""
    async with runtime.db.read() as session:
        return await _figures(session, wanted, _groups(by))


@router.get(
    "/csv",
    operation_id="readFiguresAsCsv",
    dependencies=[_MAY_READ],
    response_class=Response,
    responses={200: _CSV, **refusals(422)},
)
async def read_csv(runtime: CurrentRuntime, wanted: Asked, by: By = None) -> Response:
    """The same as CSV (UTF-8 with a mark at its beginning, so that Excel reads it)."""
    async with runtime.db.read() as session:
        found = await _figures(session, wanted, _groups(by))
    headers = {"Content-Disposition": f'attachment; filename="figures-{wanted.first:%Y%m}-{wanted.last:%Y%m}.csv"'}
    return Response("\ufeff" + _csv(found.items), media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/steps", operation_id="readStepFigures", dependencies=[_MAY_READ], responses=refusals(422))
async def read_steps(runtime: CurrentRuntime, wanted: Asked) -> StepFigures:
    """Time per step: days of cases in each state before they left it, waiting for the applicant apart."""
    async with runtime.db.read() as session:
        found = await store.steps(session, wanted)
    order = list(State)
    items = [
        StepFigure(state=state, with_applicant=is_waiting_for_applicant(State(state)), times=TimesView.of(times))
        for (state,), times in sorted(found.items(), key=lambda pair: order.index(State(pair[0][0])))
    ]
    return StepFigures(first=wanted.first, last=wanted.last, items=items)


@router.get("/queues", operation_id="readQueueFigures", dependencies=[_MAY_READ])
async def read_queues(runtime: CurrentRuntime, office: str | None = None, procedure: str | None = None) -> QueueFigures:
    """Open cases by office and procedure, their age, and the day on which they are done at the recent rate."""
    today = legal_date(runtime.clock.now())
    this = first_of_month(today)
    first = months_before(this, RATE_MONTHS)
    async with runtime.db.read() as session:
        rows = await store.queues(session, office, procedure)
        closed = await store.decided(session, first, months_before(this, 1))
        counted_at = await store.counted_at(session)
    items = []
    for row in rows:
        number = closed.get((row.office, row.procedure), 0)
        left = days_until_done(row.open, number, (this - first).days)
        items.append(
            QueueFigure(
                office=row.office,
                procedure=row.procedure,
                open=row.open,
                with_applicant=row.with_applicant,
                oldest=row.oldest,
                ages=row.ages,
                decided=number,
                done_on=None if left is None else today + timedelta(days=left),
            )
        )
    return QueueFigures(counted_at=counted_at, items=items)


@router.get("/published", operation_id="readPublishedFigures", dependencies=[public])
async def read_published(runtime: CurrentRuntime) -> PublishedFigures:
    """Times that decisions take now, by procedure and status of residence; groups of fewer than five say nothing."""
    this = first_of_month(legal_date(runtime.clock.now()))
    wanted = Wanted(months_before(this, PUBLISHED_MONTHS), months_before(this, 1))
    async with runtime.db.read() as session:
        found = await store.durations(session, wanted, (Group.PROCEDURE, Group.STATUS), (Measure.TOTAL,))
    items = [
        PublishedFigure(
            procedure=procedure,
            status_of_residence=status,
            times=TimesView.of(times) if times.cases >= FEWEST_PUBLISHED else None,
        )
        for (_, procedure, status), times in sorted(found.items(), key=lambda pair: pair[0])
    ]
    return PublishedFigures(first=wanted.first, last=wanted.last, fewest=FEWEST_PUBLISHED, items=items)


def _groups(by: Sequence[Group] | None) -> Sequence[Group]:
    return tuple(dict.fromkeys(by or (Group.MONTH,)))


async def _figures(session: ReadSession, wanted: Wanted, groups: Sequence[Group]) -> Figures:
    """The figures by group. Over months, what is carried over goes from each month into the next."""
    others = tuple(group for group in groups if group is not Group.MONTH)
    rows = await store.counts(session, wanted, groups)
    carried = dict(await store.open_before(session, wanted, others))
    taken = await store.durations(session, wanted, groups)
    items = []
    for row in sorted(rows, key=lambda one: tuple(getattr(one, group.value) for group in groups)):
        key = tuple(getattr(row, group.value) for group in groups)
        own = tuple(getattr(row, group.value) for group in others)
        numbers = {name: int(getattr(row, name)) for name in _NUMBERS}
        before = carried.get(own, 0)
        left = before + 2 * numbers["received"] - sum(numbers.values())
        if Group.MONTH in groups:
            carried[own] = left
        items.append(_figure(groups, key, before, left, numbers, taken))
    return Figures(first=wanted.first, last=wanted.last, counted_at=await store.counted_at(session), items=items)


_NUMBERS = ("received", "granted", "refused", "not_accepted", "withdrawn", "terminated")


def _figure(
    groups: Sequence[Group],
    key: tuple[Any, ...],
    carried_over: int,
    left: int,
    numbers: Mapping[str, int],
    taken: Mapping[tuple[Any, ...], Times],
) -> Figure:
    names: dict[str, Any] = dict.fromkeys(group.value for group in Group)
    names |= {group.value: value for group, value in zip(groups, key, strict=True)}
    times = {
        measure: TimesView.of(found) if (found := taken.get((measure.value, *key))) else None for measure in Measure
    }
    return Figure(
        **names,
        **numbers,
        carried_over=carried_over,
        open=left,
        total=times[Measure.TOTAL],
        office_time=times[Measure.OFFICE],
        applicant_time=times[Measure.APPLICANT],
    )


def _csv(items: Sequence[Figure]) -> str:
    """A line for each group; codes and numbers alone, so that no cell is run as a formula."""
    to = StringIO()
    keys = [group.value for group in Group]
    counts = ["carried_over", *_NUMBERS, "open"]
    times = [(name, part) for name in ("total", "office_time", "applicant_time") for part in ("mean", "median", "p90")]
    writer = csv.writer(to, lineterminator="\r\n")
    writer.writerow([*keys, *counts, *(f"{name}_{part}" for name, part in times)])
    for item in items:
        row = [getattr(item, name) for name in (*keys, *counts)]
        row += [getattr(found, part) if (found := getattr(item, name)) else "" for name, part in times]
        writer.writerow(["" if value is None else value for value in row])
    return to.getvalue()
