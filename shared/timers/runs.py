"""The last run of each recurring job: when it began, how long it took, whether it failed, and what it found."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column, DateTime, Table, Text, func, select
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.ext.asyncio import AsyncSession

from shared.db import ReadSession
from shared.timers.table import metadata

job_runs = Table(
    "job_runs",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("started_at", DateTime(timezone=True), nullable=False),
    Column("milliseconds", BigInteger, nullable=False),
    Column("error", Text),
    Column("succeeded_at", DateTime(timezone=True)),  # begin of the last run that did not fail
    Column("found", JSONB(none_as_null=True)),  # by that run
)


async def keep(
    session: AsyncSession,
    kind: str,
    started_at: datetime,
    milliseconds: int,
    error: str | None = None,
    *,
    found: Mapping[str, float] | None = None,
) -> None:
    """Keep a run in place of the one before; `error` is the type of the error of one that failed."""
    succeeded_at = None if error else started_at
    put = insert(job_runs).values(
        kind=kind, started_at=started_at, milliseconds=milliseconds, error=error, succeeded_at=succeeded_at, found=found
    )
    changed = {name: put.excluded[name] for name in ("started_at", "milliseconds", "error")}
    if error is None:
        changed["found"] = put.excluded.found
    succeeded = func.coalesce(put.excluded.succeeded_at, job_runs.c.succeeded_at)
    await session.execute(
        put.on_conflict_do_update(index_elements=["kind"], set_={**changed, "succeeded_at": succeeded})
    )


async def read(session: ReadSession) -> dict[str, Any]:
    """The last run of each job, by its kind."""
    return {row.kind: row for row in await session.execute(select(job_runs))}
