"""Watches: a process looks every ten seconds at what it needs now and then, also while nobody uses it.

What a watch finds is a notice of the process's readiness: it can work, and an operator should know. What it needs all
the time is a check of readiness instead.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from time import monotonic

import structlog
from prometheus_client import Gauge
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from shared.clock import Clock
from shared.db import Database
from shared.tasks import LeakedCancellation, contained

log = structlog.get_logger(__name__)
FOUND = Gauge("zairyu_watch_found", "1 while a watch of this process finds what its notice says", ["notice"])

CLOCK_DIFFERS = "clock-differs"
DATABASE_FULL = "database-full"
DATABASE_SLOW = "database-slow"

_LOOK_SECONDS = 5.0
# Below the 30 s by which clocks may differ before tokens are refused.
_CLOCK = timedelta(seconds=10)
_SLOW_SECONDS = 0.5
# Between two looks the machine may have had other work: a single slow one says nothing.
_SLOW_LOOKS = 2
_DISK_FULL = "53100"
_DATABASE = text("SELECT clock_timestamp()")
# It writes a small file beside the data, which goes with the transaction: it needs no right, and leaves no row behind.
_WRITE = text("SELECT pg_export_snapshot()")

# The notices that hold now, among those that the watch has.
Look = Callable[[], Awaitable[frozenset[str]]]
# Raises, in whatever way, where that which it asks for does not answer.
Ask = Callable[[], Awaitable[object]]


class Watches:
    """The watches of a process: `looks`, each with the notices that it may find. They go into `notices`."""

    def __init__(self, looks: Mapping[frozenset[str], Look], notices: set[str]) -> None:
        self._looks = dict(looks)
        self._notices = notices
        for notice in frozenset().union(*self._looks):
            FOUND.labels(notice).set(0)

    async def look(self) -> None:
        """Look once, side by side. Never raises."""
        await asyncio.gather(*(self._look(notices, look) for notices, look in self._looks.items()))

    async def _look(self, notices: frozenset[str], look: Look) -> None:
        found = await look()
        for notice in sorted(notices):
            FOUND.labels(notice).set(notice in found)
            if notice in found and notice not in self._notices:
                log.warning("watch.found", notice=notice)
            elif notice not in found and notice in self._notices:
                log.info("watch.over", notice=notice)
        self._notices.difference_update(notices - found)
        self._notices.update(found)


def watch_away(notice: str, ask: Ask) -> Look:
    """A watch that finds `notice` while `ask` raises, or takes too long."""

    async def look() -> frozenset[str]:
        try:
            with contained():
                async with asyncio.timeout(_LOOK_SECONDS):
                    await ask()
        except Exception:
            return frozenset({notice})
        return frozenset()

    return look


class DatabaseWatch:
    """A watch of a database that answers: a full disk, a slow answer, another clock. Readiness sees none of them."""

    notices = frozenset({CLOCK_DIFFERS, DATABASE_FULL, DATABASE_SLOW})

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock
        self._slow = 0

    async def look(self) -> frozenset[str]:
        """The notices that hold now; none where the database does not answer, which a check of readiness says."""
        found, took = set(), _LOOK_SECONDS
        try:
            with contained():
                async with asyncio.timeout(_LOOK_SECONDS), self._db.read() as session:
                    began, before = monotonic(), self._clock.now()
                    theirs = await session.scalar(_DATABASE)
                    took, after = monotonic() - began, self._clock.now()
                    if max(theirs - after, before - theirs) > _CLOCK:
                        found.add(CLOCK_DIFFERS)
                    await session.execute(_WRITE)
        except TimeoutError:
            pass  # slow, by `took`
        except (SQLAlchemyError, OSError, LeakedCancellation) as error:
            if isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) == _DISK_FULL:
                found.add(DATABASE_FULL)
            else:
                took = 0.0
        self._slow = self._slow + 1 if took >= _SLOW_SECONDS else 0
        if self._slow >= _SLOW_LOOKS:
            found.add(DATABASE_SLOW)
        return frozenset(found)
