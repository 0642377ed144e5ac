"""The samples of a service as its database has them."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from shared.db import ReadSession
from shared.operations.tables import samples

KEPT = timedelta(hours=48)
_MOST_POINTS = 120
_ANY_DAY = datetime.fromisoformat("2026-01-01T00:00:00+00:00")


async def keep(session: AsyncSession, at: datetime, values: Mapping[str, float]) -> None:
    """Keep the samples of a minute, and forget those that are older than two days."""
    minute = at.replace(second=0, microsecond=0)
    put = insert(samples).values([{"at": minute, "name": name, "value": value} for name, value in values.items()])
    await session.execute(put.on_conflict_do_update(index_elements=["at", "name"], set_={"value": put.excluded.value}))
    await session.execute(delete(samples).where(samples.c.at < minute - KEPT))


def step(hours: int) -> timedelta:
    """The time between two points of a series over so many hours."""
    return timedelta(minutes=max(1, ceil(hours * 60 / _MOST_POINTS)))


async def series(session: ReadSession, now: datetime, hours: int) -> dict[str, list[tuple[datetime, float]]]:
    """The greatest value of each step, by name, in the order of time."""
    at = func.date_bin(step(hours), samples.c.at, _ANY_DAY).label("step")
    query = select(samples.c.name, at, func.max(samples.c.value).label("value"))
    query = query.where(samples.c.at > now - timedelta(hours=hours)).group_by(samples.c.name, at)
    found: dict[str, list[tuple[datetime, float]]] = defaultdict(list)
    for row in await session.execute(query.order_by(samples.c.name, at)):
        found[row.name].append((row.step, row.value))
    return found
