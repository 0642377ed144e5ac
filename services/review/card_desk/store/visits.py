"""Times of counter visits that applicants have booked."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Date, cast, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.review.cases.store import Case, CounterBooking
from shared.db import ReadSession

_STANDS = CounterBooking.released_at.is_(None)


async def lock_time(session: AsyncSession, office: str, starts_at: datetime) -> set[int]:
    """The places taken at a time; nobody else books that time until the transaction ends."""
    await session.execute(
        select(func.pg_advisory_xact_lock(func.hashtextextended(f"counter:{office}:{starts_at.isoformat()}", 0)))
    )
    at_that_time = (CounterBooking.office == office, CounterBooking.starts_at == starts_at)
    return set((await session.scalars(select(CounterBooking.place).where(*at_that_time, _STANDS))).all())


async def booking_of(session: ReadSession, case_id: UUID) -> CounterBooking | None:
    """The booking of a case, unless its place was given back."""
    found: CounterBooking | None = await session.scalar(
        select(CounterBooking).where(CounterBooking.case_id == case_id, _STANDS)
    )
    return found


async def taken_by_time(session: ReadSession, office: str, since: datetime) -> Mapping[datetime, int]:
    """The number of places that are taken, by time."""
    query = (
        select(CounterBooking.starts_at, func.count().label("taken"))
        .where(CounterBooking.office == office, CounterBooking.starts_at >= since, _STANDS)
        .group_by(CounterBooking.starts_at)
    )
    return {row.starts_at: row.taken for row in await session.execute(query)}


async def visits_of_day(session: ReadSession, office: str, day: date) -> Sequence[tuple[CounterBooking, Case]]:
    """The visits to an office on a day in Japan, in order."""
    on = cast(func.timezone(text("'Asia/Tokyo'"), CounterBooking.starts_at), Date)
    query = (
        select(CounterBooking, Case)
        .join(Case, Case.id == CounterBooking.case_id)
        .where(CounterBooking.office == office, on == day, _STANDS)
        .order_by(CounterBooking.starts_at, CounterBooking.place)
    )
    found: Sequence[Any] = (await session.execute(query)).all()
    return [(row[0], row[1]) for row in found]
