"""Tables of figures, and the queries that make and read them. They say nothing of a single case."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, Text, and_, cast, delete, func, select, text, true
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from services.review.cases.store import Row
from services.review.figures.domain import AGES, Group, Measure, Times
from shared.db import ReadSession


class FigureMonth(Row):
    """A month that was counted. `final`: it is over for long enough, and is not counted again."""

    __tablename__ = "figure_months"
    __journalled__ = False

    month: Mapped[date] = mapped_column(primary_key=True)
    counted_at: Mapped[datetime]
    final: Mapped[bool]


class FigureCount(Row):
    """The number of cases received and closed in a month."""

    __tablename__ = "figure_counts"
    __journalled__ = False

    month: Mapped[date] = mapped_column(primary_key=True)
    office: Mapped[str] = mapped_column(primary_key=True)
    procedure: Mapped[str] = mapped_column(primary_key=True)
    status_of_residence: Mapped[str] = mapped_column(primary_key=True)
    received: Mapped[int]
    granted: Mapped[int]
    refused: Mapped[int]
    not_accepted: Mapped[int]
    withdrawn: Mapped[int]
    terminated: Mapped[int]


class FigureDuration(Row):
    """The cases decided in a month by how many days they took: `cases[n]` of them took `days[n]`. `measure` is one of
    `Measure`."""

    __tablename__ = "figure_durations"
    __journalled__ = False

    measure: Mapped[str] = mapped_column(primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    office: Mapped[str] = mapped_column(primary_key=True)
    procedure: Mapped[str] = mapped_column(primary_key=True)
    status_of_residence: Mapped[str] = mapped_column(primary_key=True)
    days: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    cases: Mapped[list[int]] = mapped_column(ARRAY(Integer))


class FigureStep(Row):
    """The cases that left a state in a month, by how many days they had been in it."""

    __tablename__ = "figure_steps"
    __journalled__ = False

    month: Mapped[date] = mapped_column(primary_key=True)
    office: Mapped[str] = mapped_column(primary_key=True)
    procedure: Mapped[str] = mapped_column(primary_key=True)
    status_of_residence: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(primary_key=True)
    days: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    cases: Mapped[list[int]] = mapped_column(ARRAY(Integer))


class FigureQueue(Row):
    """Open cases without a decision: how many, those that wait for the applicant, and how old they are, by `AGES`."""

    __tablename__ = "figure_queues"
    __journalled__ = False

    office: Mapped[str] = mapped_column(Text, primary_key=True)
    procedure: Mapped[str] = mapped_column(Text, primary_key=True)
    open: Mapped[int]
    with_applicant: Mapped[int]
    oldest: Mapped[datetime]
    ages: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    counted_at: Mapped[datetime]


# A case that was terminated with its fee known was granted before, and its grant ended before the card.
_GRANTED = (
    "(state NOT IN ('DECIDED_REFUSE', 'NOT_ACCEPTED', 'WITHDRAWN', 'TERMINATED')"
    " OR state = 'TERMINATED' AND fee_yen IS NOT NULL)"
)
# The moments at which a month begins and ends in Japan are parameters: indexes on the moments are used.
_COUNTS = text(
    f"""
    INSERT INTO figure_counts (month, office, procedure, status_of_residence,
        received, granted, refused, not_accepted, withdrawn, terminated)
    SELECT :month, office, procedure, status_of_residence,
        sum(received), sum(granted), sum(refused), sum(not_accepted), sum(withdrawn), sum(terminated)
    FROM (
        SELECT office, procedure, status_of_residence,
            1 AS received, 0 AS granted, 0 AS refused, 0 AS not_accepted, 0 AS withdrawn, 0 AS terminated
        FROM cases WHERE submitted_at >= :start AND submitted_at < :stop
        UNION ALL
        SELECT office, procedure, status_of_residence, 0,
            {_GRANTED}::int,
            (state = 'DECIDED_REFUSE')::int, (state = 'NOT_ACCEPTED')::int, (state = 'WITHDRAWN')::int,
            (state = 'TERMINATED' AND fee_yen IS NULL)::int
        FROM cases WHERE decided_at >= :start AND decided_at < :stop
    ) AS found GROUP BY office, procedure, status_of_residence
    """  # noqa: S608  # a constant of this file
)
_DURATIONS = text(
    f"""
    INSERT INTO figure_durations (measure, month, office, procedure, status_of_residence, days, cases)
    SELECT measure, :month, office, procedure, status_of_residence,
        array_agg(days ORDER BY days), array_agg(cases ORDER BY days)
    FROM (
        SELECT measure, office, procedure, status_of_residence, days, count(*) AS cases
        FROM (
            SELECT office, procedure, status_of_residence,
                greatest(extract(epoch FROM decided_at - submitted_at), 0) AS total, waited_seconds AS waited
            FROM cases
            WHERE decided_at >= :start AND decided_at < :stop
                AND {_GRANTED}
        ) AS granted
        CROSS JOIN LATERAL (VALUES
            ('total', floor(total / 86400)::int),
            ('office', floor(greatest(total - waited, 0) / 86400)::int),
            ('applicant', floor(waited / 86400)::int)
        ) AS taken (measure, days)
        GROUP BY measure, office, procedure, status_of_residence, days
    ) AS counted GROUP BY measure, office, procedure, status_of_residence
    """  # noqa: S608  # a constant of this file
)
_STEPS = text(
    """
    INSERT INTO figure_steps (month, office, procedure, status_of_residence, state, days, cases)
    SELECT :month, office, procedure, status_of_residence, state,
        array_agg(days ORDER BY days), array_agg(cases ORDER BY days)
    FROM (
        SELECT office, procedure, status_of_residence, case_states.state,
            floor(extract(epoch FROM case_states.until - case_states.since) / 86400)::int AS days, count(*) AS cases
        FROM case_states JOIN cases ON cases.id = case_states.case_id
        WHERE case_states.until >= :start AND case_states.until < :stop
        GROUP BY office, procedure, status_of_residence, case_states.state, days
    ) AS counted GROUP BY office, procedure, status_of_residence, state
    """
)
_QUEUES = text(
    """
    INSERT INTO figure_queues (office, procedure, open, with_applicant, oldest, ages, counted_at)
    SELECT office, procedure, sum(cases), sum(waiting), min(oldest),
        array_agg(cases ORDER BY band), :now
    FROM (
        SELECT office, procedure, band, count(id)::int AS cases,
            (count(id) FILTER (WHERE state = ANY(:waiting)))::int AS waiting, min(submitted_at) AS oldest
        FROM (SELECT DISTINCT office, procedure FROM cases WHERE state = ANY(:undecided)) AS kinds
        CROSS JOIN generate_series(0, cardinality(CAST(:ages AS integer[]))) AS band
        LEFT JOIN (
            SELECT id, office, procedure, state, submitted_at, width_bucket(
                floor(extract(epoch FROM CAST(:now AS timestamptz) - submitted_at) / 86400)::int,
                CAST(:ages AS integer[])
            ) AS band
            FROM cases WHERE state = ANY(:undecided)
        ) AS found USING (office, procedure, band)
        GROUP BY office, procedure, band
    ) AS banded GROUP BY office, procedure
    """
)


async def first_month(session: ReadSession) -> datetime | None:
    """The moment of the first case."""
    found: datetime | None = await session.scalar(text("SELECT min(submitted_at) FROM cases"))
    return found


async def months(session: ReadSession) -> Mapping[date, bool]:
    """The months that were counted, and whether each is final."""
    rows: Sequence[Any] = (await session.execute(select(FigureMonth.month, FigureMonth.final))).all()
    return {row.month: row.final for row in rows}


async def count_month(
    session: AsyncSession, month: date, start: datetime, stop: datetime, now: datetime, final: bool
) -> None:
    """Count a month, in place of what was counted of it before."""
    for table in (FigureCount, FigureDuration, FigureStep, FigureMonth):
        await session.execute(delete(table).where(table.month == month))
    values = {"month": month, "start": start, "stop": stop}
    for statement in (_COUNTS, _DURATIONS, _STEPS):
        await session.execute(statement, values)
    session.add(FigureMonth(month=month, counted_at=now, final=final))
    await session.flush()


async def count_queues(session: AsyncSession, now: datetime, undecided: Sequence[str], waiting: Sequence[str]) -> None:
    """Count open cases, in place of the last time."""
    await session.execute(delete(FigureQueue))
    values = {"now": now, "undecided": list(undecided), "waiting": list(waiting), "ages": list(AGES)}
    await session.execute(_QUEUES, values)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The part of the figures that is asked for; None: all."""

    first: date
    last: date
    office: str | None = None
    procedure: str | None = None
    status_of_residence: str | None = None


def _of(table: Any, wanted: Wanted) -> list[Any]:
    pairs = [
        (name, value)
        for name in ("office", "procedure", "status_of_residence")
        if (value := getattr(wanted, name)) is not None
    ]
    return [getattr(table, name) == value for name, value in pairs]


def _sums() -> list[Any]:
    names = ("received", "granted", "refused", "not_accepted", "withdrawn", "terminated")
    return [func.sum(getattr(FigureCount, name)).label(name) for name in names]


async def counts(session: ReadSession, wanted: Wanted, groups: Sequence[Group]) -> Sequence[Any]:
    """The numbers received and closed in the months asked for, by group."""
    keys = [getattr(FigureCount, group.value) for group in groups]
    query = select(*keys, *_sums()).where(
        FigureCount.month.between(wanted.first, wanted.last), *_of(FigureCount, wanted)
    )
    rows: Sequence[Any] = (await session.execute(query.group_by(*keys).order_by(*keys))).all()
    return rows


async def open_before(session: ReadSession, wanted: Wanted, groups: Sequence[Group]) -> Mapping[tuple[Any, ...], int]:
    """The number received before the first month and not closed before it, by group."""
    keys = [getattr(FigureCount, group.value) for group in groups]
    closed = FigureCount.granted + FigureCount.refused + FigureCount.not_accepted
    left = func.sum(FigureCount.received - closed - FigureCount.withdrawn - FigureCount.terminated)
    query = select(*keys, left.label("left")).where(FigureCount.month < wanted.first, *_of(FigureCount, wanted))
    rows = (await session.execute(query.group_by(*keys))).all()
    return {tuple(row)[:-1]: int(row.left or 0) for row in rows}


async def durations(
    session: ReadSession, wanted: Wanted, groups: Sequence[Group], measures: Sequence[Measure] = tuple(Measure)
) -> Mapping[tuple[Any, ...], Times]:
    """The times of grants by measure and group."""
    keys = [FigureDuration.measure, *(getattr(FigureDuration, group.value) for group in groups)]
    return await _times(session, FigureDuration, keys, wanted, FigureDuration.measure.in_(measures))


async def steps(session: ReadSession, wanted: Wanted) -> Mapping[tuple[Any, ...], Times]:
    """The times of cases in each state."""
    return await _times(session, FigureStep, [FigureStep.state], wanted)


async def _times(
    session: ReadSession, table: Any, keys: Sequence[Any], wanted: Wanted, *conditions: ColumnElement[bool]
) -> Mapping[tuple[Any, ...], Times]:
    """The times of each group, worked out in the database: the cases of its rows are added up by days, and a percentile
    is the fewest days within which so many of them were done."""
    which = (table.month.between(wanted.first, wanted.last), *_of(table, wanted), *conditions)
    # Groups have numbers: there are many days, and a number is sorted and compared faster than names are.
    groups = select(*keys, func.row_number().over().label("number")).where(*which).group_by(*keys).cte("groups")
    taken = func.unnest(table.days, table.cases).table_valued("days", "cases", name="taken").render_derived()
    of_group = and_(*(groups.c[key.name] == key for key in keys))
    added = (
        select(groups.c.number, taken.c.days, cast(func.sum(taken.c.cases), Integer).label("cases"))
        .select_from(table)
        .join(groups, of_group)
        .join(taken, true())
        .where(*which)
        .group_by(groups.c.number, taken.c.days)
        .cte("added")
    )
    in_all = func.sum(added.c.cases).over(partition_by=added.c.number)
    within = func.sum(added.c.cases).over(partition_by=added.c.number, order_by=added.c.days, rows=(None, 0))
    shares = select(added, in_all.label("in_all"), within.label("within")).cte("shares")

    def percentile(share: int) -> Any:
        return func.min(shares.c.days).filter(shares.c.within * 100 >= shares.c.in_all * share)

    days = func.sum(shares.c.days * shares.c.cases)
    found = (
        select(shares.c.number, func.sum(shares.c.cases), days, percentile(50), percentile(90))
        .group_by(shares.c.number)
        .subquery()
    )
    query = select(*(groups.c[key.name] for key in keys), *list(found.c)[1:])
    rows: Sequence[Any] = (await session.execute(query.join(found, found.c.number == groups.c.number))).all()
    return {tuple(key): Times(cases, total / cases, median, p90) for *key, cases, total, median, p90 in rows}


async def queues(session: ReadSession, office: str | None, procedure: str | None) -> Sequence[FigureQueue]:
    """Open cases, by office and procedure."""
    query = select(FigureQueue).order_by(FigureQueue.office, FigureQueue.procedure)
    for key, value in ((FigureQueue.office, office), (FigureQueue.procedure, procedure)):
        if value is not None:
            query = query.where(key == value)
    rows: Sequence[FigureQueue] = (await session.scalars(query)).all()
    return rows


async def decided(session: ReadSession, first: date, last: date) -> Mapping[tuple[str, str], int]:
    """The number of cases closed in these months, by office and procedure."""
    closed = FigureCount.granted + FigureCount.refused + FigureCount.not_accepted
    total = func.sum(closed + FigureCount.withdrawn + FigureCount.terminated)
    query = (
        select(FigureCount.office, FigureCount.procedure, total)
        .where(FigureCount.month.between(first, last))
        .group_by(FigureCount.office, FigureCount.procedure)
    )
    rows: Sequence[Any] = (await session.execute(query)).all()
    return {(row[0], row[1]): int(row[2]) for row in rows}


async def counted_at(session: ReadSession) -> datetime | None:
    """When figures were counted last."""
    found: datetime | None = await session.scalar(select(func.max(FigureMonth.counted_at)))
    return found
