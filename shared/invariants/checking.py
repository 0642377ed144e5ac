"""The check of invariants: each on a read-only session of its own, in bounded time."""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from prometheus_client import Gauge
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from shared.db import Database
from shared.invariants import results
from shared.invariants.model import Invariant
from shared.timers import Due, Job
from shared.work import Work

log = structlog.get_logger(__name__)
VIOLATIONS = Gauge("zairyu_invariant_violations", "Records that contradict an invariant; alert above 0", ["name"])
UNKNOWN = Gauge("zairyu_invariant_unknown", "1 while an invariant could not be checked", ["name"])

SHOWN = 20
_EVERY = timedelta(minutes=1)
_TIMEOUT = text("SET LOCAL statement_timeout = '10s'")


def invariant_job(db: Database, invariants: Sequence[Invariant]) -> Job:
    """The job that checks each of `invariants` when it is due, by its last result."""

    async def check_due(work: Work, _: Due) -> None:
        last = {row.name: row for row in await results.read(work.session)}
        await results.forget_others(work.session, [each.name for each in invariants])
        for invariant in invariants:
            known = last.get(invariant.name)
            if known is None or known.checked_at + invariant.every <= work.now:
                row = await check(db, invariant, work.now)
                await results.keep(work.session, row)
                _report(row, known)

    return Job("invariants", _EVERY, check_due)


async def check(db: Database, invariant: Invariant, now: datetime) -> dict[str, Any]:
    """The result of one check now. A query that fails, or takes too long, leaves the invariant unknown."""
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
    asked = {"now": now} if ":now" in query else {}
    try:
        async with db.read() as session:
            await session.execute(_TIMEOUT)
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
