"""Queues of a service: what waits in its tables, apart from events and timers, and from when that is too long."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select

from shared.db import ReadSession

_MOST_COUNTED = 10_000
# The number that waits, at most 10,000, and the moment since which the oldest does.
Measure = Callable[[ReadSession, datetime], Awaitable[tuple[int, datetime | None]]]

# Further numbers of one service, by name.
Numbers = Callable[[ReadSession, datetime], Awaitable[Mapping[str, float]]]


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue: its name, how it is measured, and the time after which its oldest entry is late (None: never)."""

    name: str
    measure: Measure
    late_after: timedelta | None = None

    def is_late(self, oldest: datetime | None, now: datetime) -> bool:
        return self.late_after is not None and oldest is not None and now - oldest > self.late_after


def rows_since(since: Any, where: Callable[[datetime], ColumnElement[bool]]) -> Measure:
    """Measure the rows for which `where(now)` holds, by the moment in the column `since`."""

    async def measure(session: ReadSession, now: datetime) -> tuple[int, datetime | None]:
        few = select(since.label("since")).where(where(now)).order_by(since).limit(_MOST_COUNTED).subquery()
        query = select(func.count().label("rows"), func.min(few.c.since).label("oldest")).select_from(few)
        found = (await session.execute(query)).mappings().one()
        return int(found["rows"]), found["oldest"]

    return measure
