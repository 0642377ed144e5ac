"""The processes of a service. Each keeps a row about itself, so that the one that answers an operator can show all."""

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from fastapi import FastAPI
from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from shared.db import Database, ReadSession
from shared.ids import new_id
from shared.operations.state import reports
from shared.operations.state.observing import observe
from shared.operations.state.reports import GONE, SILENT
from shared.operations.state.schemas import ProcessReport, ProcessState
from shared.operations.tables import process_states

# The database's clock alone: those of the processes may differ.
_AT = func.clock_timestamp()


@asynccontextmanager
async def reporting(app: FastAPI) -> AsyncIterator[None]:
    """Keep the row of this process for as long as the block lasts, and take it away at the end. Before each report it
    looks by its watches. That the database is away, a check of readiness says."""
    process_id, db = new_id(), app.state.runtime.db

    async def keep_row() -> None:
        async with db.transaction() as session:
            await keep(session, process_id, await observe(app))

    async with reports.reporting(
        keep_row, lambda: leave(db, process_id), (SQLAlchemyError,), look=app.state.watches.look
    ):
        yield


async def keep(session: AsyncSession, process_id: UUID, report: ProcessReport) -> None:
    """Keep the report of a process, and forget those of processes that have not reported for two minutes."""
    put = insert(process_states).values(id=process_id, started_at=_AT, at=_AT, **report.model_dump(mode="json"))
    changed = {column.name: put.excluded[column.name] for column in process_states.c if column.name != "started_at"}
    await session.execute(put.on_conflict_do_update(index_elements=["id"], set_=changed))
    await session.execute(delete(process_states).where(process_states.c.at < _AT - GONE))


async def leave(db: Database, process_id: UUID) -> None:
    """Forget a process that ends."""
    async with db.transaction() as session:
        await session.execute(delete(process_states).where(process_states.c.id == process_id))


async def read(session: ReadSession) -> list[ProcessState]:
    """The processes that have reported within two minutes."""
    silent = func.extract("epoch", _AT - process_states.c.at)
    query = select(process_states, silent.label("silent")).where(process_states.c.at >= _AT - GONE)
    rows = (await session.execute(query.order_by(process_states.c.host, process_states.c.pid))).mappings()
    return [_state(dict(row)) for row in rows]


def missing(needed: Collection[str], processes: Collection[ProcessState]) -> list[str]:
    """The parts that none of these processes runs, as far as they have reported within half a minute."""
    run = {part for process in processes if not process.is_silent for part in process.parts}
    return sorted(set(needed) - run)


def _state(row: dict[str, Any]) -> ProcessState:
    silent = float(row.pop("silent"))
    return ProcessState(**row, silent_seconds=round(max(silent, 0), 1), is_silent=silent > SILENT.total_seconds())
