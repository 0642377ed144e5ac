"""The check of invariants: each on a read-only session of its own, in bounded time.

Those that are bounded look at the records of some days. Once a night they look at all; while one of them does not
hold, each hour, because a look at recent records alone would say that it holds again.
"""

import re
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import structlog
from prometheus_client import Gauge
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from shared.clock import JST
from shared.db import Database
from shared.ids import first_id
from shared.invariants import results
from shared.invariants.model import Invariant
from shared.timers import Due, Job
from shared.work import Work

log = structlog.get_logger(__name__)
VIOLATIONS = Gauge("zairyu_invariant_violations", "Records that contradict an invariant; alert above 0", ["name"])
UNKNOWN = Gauge("zairyu_invariant_unknown", "1 while an invariant could not be checked", ["name"])

SHOWN = 20
_EVERY = timedelta(minutes=1)
_RECENT = timedelta(days=7)
_FULL_AFTER, _FULL_AT_LAST = timedelta(hours=12), timedelta(hours=36)  # at night, and at any hour
_FULL_WHILE_BROKEN = timedelta(hours=1)
_NIGHT = range(1, 5)  # hours in Japan
# Less than a minute: the transaction of the job is idle for so long, and PostgreSQL ends those.
_TIMEOUT, _FULL_TIMEOUT = "10s", "50s"
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


def invariant_job(db: Database, invariants: Sequence[Invariant]) -> Job:
    """The job that checks each of `invariants` when it is due, by its last result."""

    async def check_due(work: Work, _: Due) -> None:
        last = {row.name: row for row in await results.read(work.session)}
        await results.forget_others(work.session, [each.name for each in invariants])
        for invariant in invariants:
            known = last.get(invariant.name)
            if how := due(invariant, known, work.now):
                row = await check(db, invariant, work.now, full=how == "full")
                await results.keep(work.session, row)
                _report(row, known)

    return Job("invariants", _EVERY, check_due)


def due(invariant: Invariant, known: Any, now: datetime) -> Literal["", "recent", "full"]:
    """The check that is due now, by the last result of the invariant; "" where none is."""
    if known is None:
        return "full"
    if not invariant.is_bounded:
        return "full" if known.checked_at + invariant.every <= now else ""
    if known.state != "holds":
        return "full" if known.checked_at + _FULL_WHILE_BROKEN <= now else ""
    is_night = now.astimezone(JST).hour in _NIGHT
    if known.full_at is None or known.full_at + (_FULL_AFTER if is_night else _FULL_AT_LAST) <= now:
        return "full"
    return "recent" if known.checked_at + invariant.every <= now else ""


def parameters(query: str, now: datetime, since: datetime) -> dict[str, Any]:
    """The values of those parameters that the query of an invariant has, for a look at what is newer than `since`."""
    values = {"now": now, "since": since, "since_id": first_id(since)}
    return {name: value for name, value in values.items() if re.search(rf":{name}\b", query)}


async def check(db: Database, invariant: Invariant, now: datetime, *, full: bool = True) -> dict[str, Any]:
    """The result of one check now: of all records, unless it is bounded and `full` is false.

    A query that fails, or takes too long, leaves the invariant unknown.
    """
    begun = time.monotonic()
    row: dict[str, Any] = {
        "name": invariant.name,
        "state": "holds",
        "since": now,
        "checked_at": now,
        "violations": 0,
        "ids": [],
        "error": None,
    }
    query = f"SELECT found.id::text, count(*) OVER () AS count FROM ({invariant.violations}) AS found ORDER BY 1"  # noqa: S608 - ours
    asked = parameters(query, now, _BEGINNING if full else now - _RECENT)
    if full:
        row["full_at"] = now
    try:
        async with db.read() as session:
            timeout = _FULL_TIMEOUT if full and invariant.is_bounded else _TIMEOUT
            await session.execute(text(f"SET LOCAL statement_timeout = '{timeout}'"))
            found = (await session.execute(text(f"{query} LIMIT {SHOWN}"), asked)).all()
    except DBAPIError as error:
        row |= {"state": "unknown", "error": type(error.orig or error).__name__}
    else:
        if found:
            row |= {"state": "violated", "violations": found[0].count, "ids": [each.id for each in found]}
    return row | {"milliseconds": round((time.monotonic() - begun) * 1000)}


def _report(row: dict[str, Any], known: Any) -> None:
    VIOLATIONS.labels(row["name"]).set(row["violations"])
    UNKNOWN.labels(row["name"]).set(row["state"] == "unknown")
    if row["state"] == (known.state if known else "holds"):
        return
    if row["state"] == "holds":
        log.info("invariants.holds_again", name=row["name"])
    else:
        log.error("invariants.contradicted", name=row["name"], state=row["state"], violations=row["violations"])
