"""The last reports of the gateway's processes: as those of a service's own (`process_states`), and whole, because the
gateway may be of another release."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, DateTime, Table, Uuid, delete, func, select
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.registration.accounts.store.base import Row
from shared.db import ReadSession
from shared.operations.samples.taking import values_of_requests
from shared.operations.state.reports import GONE, SILENT
from shared.operations.state.schemas import ProcessReport, ProcessState

# Gone after two minutes, so it is no fact for the journal.
gateway_processes = Table(
    "gateway_processes",
    Row.metadata,
    Column("id", Uuid, primary_key=True),
    Column("report", JSONB, nullable=False),
    Column("started_at", DateTime(timezone=True), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)
_MOST = 200
# Among registration's own numbers.
PREFIX = "gateway-"
_AT = func.clock_timestamp()


async def keep(session: AsyncSession, process_id: UUID, report: ProcessReport) -> None:
    """Keep the report of a process, and forget those of processes that have not reported for two minutes."""
    put = insert(gateway_processes).values(id=process_id, report=report.model_dump(mode="json"), started_at=_AT, at=_AT)
    changed = {"report": put.excluded.report, "at": put.excluded.at}
    await session.execute(put.on_conflict_do_update(index_elements=["id"], set_=changed))
    await session.execute(delete(gateway_processes).where(gateway_processes.c.at < _AT - GONE))


async def leave(session: AsyncSession, process_id: UUID) -> None:
    """Forget a process that ends."""
    await session.execute(delete(gateway_processes).where(gateway_processes.c.id == process_id))


async def read(session: ReadSession) -> list[ProcessState]:
    """The processes that have reported within two minutes, by host and number."""
    silent = func.extract("epoch", _AT - gateway_processes.c.at)
    report = gateway_processes.c.report
    rows = await session.execute(
        select(gateway_processes, silent.label("silent"))
        .where(gateway_processes.c.at >= _AT - GONE)
        .order_by(report["host"].astext, report["pid"].as_integer())
        .limit(_MOST)
    )
    return [_state(dict(row)) for row in rows.mappings()]


async def numbers(session: ReadSession, _: datetime) -> dict[str, float]:
    """Requests of the gateway in the last minute, for its charts; nothing where no process of it reports."""
    processes = [each for each in await read(session) if not each.is_silent]
    if not processes:
        return {}
    values = values_of_requests([each.requests for each in processes if each.requests])
    return {f"{PREFIX}{name}": value for name, value in values.items()}


def _state(row: dict[str, Any]) -> ProcessState:
    silent = max(float(row["silent"]), 0)
    return ProcessState(
        **row["report"],
        started_at=row["started_at"],
        at=row["at"],
        silent_seconds=round(silent, 1),
        is_silent=silent > SILENT.total_seconds(),
    )
