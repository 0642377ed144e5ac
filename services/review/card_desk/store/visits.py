"""Times of counter visits that applicants have booked."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Date, ForeignKey, Index, cast, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from services.review.cases.domain.states import State
from services.review.cases.store import Case, Row
from shared.db import ReadSession


class CounterBooking(Row):
    """The time at which an applicant comes to a counter: one for each case, and one case for each place of a time."""

    __tablename__ = "counter_bookings"
    __table_args__ = (Index("uq_counter_bookings_place", "office", "starts_at", "place", unique=True),)

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    office: Mapped[str]
    starts_at: Mapped[datetime]
    place: Mapped[int]
    booked_by: Mapped[UUID]
    booked_at: Mapped[datetime]


async def lock_time(session: AsyncSession, office: str, starts_at: datetime) -> set[int]:
    """The places taken at a time; nobody else books that time until the transaction ends."""
    await session.execute(
        select(func.pg_advisory_xact_lock(func.hashtextextended(f"counter:{office}:{starts_at.isoformat()}", 0)))
    )
    query = select(CounterBooking.place).where(CounterBooking.office == office, CounterBooking.starts_at == starts_at)
    return set((await session.scalars(query)).all())


async def booking_of(session: ReadSession, case_id: UUID) -> CounterBooking | None:
    """The booking of a case."""
    found: CounterBooking | None = await session.get(CounterBooking, case_id)
    return found


async def taken_by_time(session: ReadSession, office: str, since: datetime) -> Mapping[datetime, int]:
    """The number of places that are taken, by time."""
    query = (
        select(CounterBooking.starts_at, func.count().label("taken"))
        .where(CounterBooking.office == office, CounterBooking.starts_at >= since)
        .group_by(CounterBooking.starts_at)
    )
    return {row.starts_at: row.taken for row in await session.execute(query)}


async def visits_of_day(session: ReadSession, office: str, day: date) -> Sequence[tuple[CounterBooking, Case]]:
    """The visits to an office on a day in Japan, in order. Nobody comes whose case was ended."""
    on = cast(func.timezone(text("'Asia/Tokyo'"), CounterBooking.starts_at), Date)
    query = (
        select(CounterBooking, Case)
        .join(Case, Case.id == CounterBooking.case_id)
        .where(CounterBooking.office == office, on == day, Case.state != State.TERMINATED)
        .order_by(CounterBooking.starts_at, CounterBooking.place)
    )
    found: Sequence[Any] = (await session.execute(query)).all()
    return [(row[0], row[1]) for row in found]
