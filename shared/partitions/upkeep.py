"""The job that makes periods of divided tables ahead, and drops those whose rows are remembered no more."""

from datetime import timedelta

import structlog
from sqlalchemy import text

from shared.partitions.divided import divided_tables
from shared.partitions.model import DIVIDED
from shared.timers.worker import Due, Found, Job
from shared.work import Work

log = structlog.get_logger(__name__)
# The check of a switch that was killed: it would refuse rows, once the periods would have begun.
_INTERRUPTED = text(
    "SELECT relname FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid"
    " WHERE conname = ANY(:checks) AND relispartition = false ORDER BY relname"
)
_MAKE = text("SELECT make_periods(:name, :unit, :needed)")
_DROP = text("SELECT drop_periods(:name, :before)")
# Rows of other tables are never dropped with a period.
_FORGOTTEN = ("inbox", "sent_events")


def upkeep_job(remembered: timedelta) -> Job:
    """The daily job; nothing to do where no table is divided. `remembered` is how long the inbox keeps an event.

    Short: it locks the tables, and everybody waits.
    """

    async def keep(work: Work, _: Due) -> Found | None:
        found = {}
        for name in await work.session.scalars(_INTERRUPTED, {"checks": [f"ck_{name}_rest" for name in DIVIDED]}):
            log.error("partitions.switch_interrupted", table=name)
        for name in await divided_tables(work.session):
            table = DIVIDED[name]
            values = {"name": name, "unit": table.unit, "needed": work.now + table.ahead}
            until = await work.session.scalar(_MAKE, values)
            found[f"{name}_days_ahead"] = float((until - work.now).days)
            if name in _FORGOTTEN:
                await work.session.execute(_DROP, {"name": name, "before": work.now - remembered})
        return found or None

    return Job("keep_periods", timedelta(days=1), keep)
