"""Rebuilds: a projection made again from a snapshot of its owner, beside the running one, and switched at the end.

Rows are compared as they come (`shadow`). A timer does the rest in short transactions, so that a process that dies
leaves off nothing: it waits until every row of the snapshot has come, and switches in one transaction.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from functools import reduce
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.ext.asyncio import AsyncSession

from shared.db import ReadSession
from shared.errors import NotFound
from shared.events.base import Event
from shared.events.snapshots import SnapshotAnnounced
from shared.ids import first_id
from shared.messaging import BatchHandler, Handler
from shared.operations.audit import OperationsTag
from shared.rebuilding import metrics, running, shadow
from shared.rebuilding.projection import Projection
from shared.rebuilding.tables import rebuilds
from shared.timers import Due, TimerHandler, at
from shared.work import Commands, Work

STEP = "rebuild"
_AGGREGATE = "rebuild"
# To count the rows of a large snapshot takes a while.
_WAIT = timedelta(seconds=5)
_WAIT_FOR_THE_LAST = timedelta(seconds=1)
# A command that began before the snapshot may commit behind it: its row is too young to be judged.
_SETTLED = timedelta(minutes=10)
_CLEARED = 20_000
# Rows of a rebuild that is not known: its announcement is on its way, in another partition.
_ORPHANED = timedelta(hours=1)


def following(
    commands: Commands, handlers: Mapping[type[Event], Handler | BatchHandler], *projections: Projection
) -> dict[type[Event], Handler | BatchHandler]:
    """`handlers`, with those that rebuilds of the projections need."""
    return reduce(lambda known, each: _with(commands, known, each), projections, dict(handlers))


def _with(
    commands: Commands, handlers: Mapping[type[Event], Handler | BatchHandler], projection: Projection
) -> dict[type[Event], Handler | BatchHandler]:
    async def announced(work: Work, event: SnapshotAnnounced) -> None:
        await on_announced(work, projection, event)

    followed: dict[type[Event], Handler | BatchHandler] = {}
    for kind, handler in handlers.items():
        if kind.topic == projection.page.topic and projection.record_field in kind.model_fields:
            if isinstance(handler, BatchHandler):
                raise TypeError(f"{kind.__name__}: events of records that are rebuilt come one by one")
            followed[kind] = shadow.put_right_first(projection, commands, handler)
    followed[projection.page] = shadow.filling(projection, commands)
    followed[projection.announced] = commands.handler(announced)
    return {**handlers, **followed}


async def on_announced(work: Work, projection: Projection, event: SnapshotAnnounced) -> None:
    """Begin a rebuild, note that its rows are complete, or give it up."""
    row = await _locked(work.session, event.snapshot_id)
    if event.phase == "begun" and row is None:
        await _begin(work, projection, event)
    elif event.phase == "complete" and row is not None and row.state == "filling":
        await _change(work.session, row.id, expected=event.rows, is_complete=True)
    elif event.phase == "stopped" and row is not None:
        await _give_up(work, row)


def step(projections: Mapping[str, Projection]) -> TimerHandler:
    """The handler of the timer: one step of a rebuild. Sets the timer again until its rows are cleared away."""
    steps: dict[str, Callable[[Work, Projection, Any], Awaitable[None]]] = {
        "filling": _fill,
        "switching": _switch,
        "done": _clear,
        "stopped": _clear,
    }

    async def run(work: Work, due: Due) -> None:
        row = await _locked(work.session, due.subject_id)
        if row is not None and row.state in steps:
            await steps[row.state](work, projections[row.projection], row)

    return run


async def switch(work: Work, rebuild_id: UUID, reason: str) -> Any:
    """Let a rebuild that was held be switched; its row. Raises `NotFound` where none waits for that."""
    row = await _locked(work.session, rebuild_id)
    if row is None or row.state != "held":
        raise NotFound()
    detail = {"different": row.different, "missing": row.missing, "reason": reason}
    work.journal(_AGGREGATE, row.id, OperationsTag.APPROVE_REBUILD, detail)
    await _go_on(work, row, "switching")
    return await find(work.session, rebuild_id)


async def find(session: ReadSession, rebuild_id: UUID) -> Any:
    """A rebuild, as it is now."""
    return (await session.execute(select(rebuilds).where(rebuilds.c.id == rebuild_id))).first()


async def newest(session: ReadSession) -> Sequence[Any]:
    """The last rebuild of each projection."""
    last = rebuilds.c.started_at.desc()
    query = select(rebuilds).ext(distinct_on(rebuilds.c.projection)).order_by(rebuilds.c.projection, last)
    return (await session.execute(query)).all()


async def _begin(work: Work, projection: Projection, event: SnapshotAnnounced) -> None:
    unfinished = select(rebuilds).where(rebuilds.c.projection == projection.name, rebuilds.c.finished_at.is_(None))
    for before in (await work.session.execute(unfinished.with_for_update())).all():
        await _give_up(work, before)
    row = {
        "id": event.snapshot_id,
        "projection": projection.name,
        "started_at": event.started_at,
        "state": "filling",
        "expected": event.rows,
        "measured_at": work.now,
    }
    await work.session.execute(insert(rebuilds).values(row))
    detail = {"projection": projection.name, "expected": event.rows}
    work.journal(_AGGREGATE, event.snapshot_id, OperationsTag.REBUILD, detail)
    await at(work.session, STEP, event.snapshot_id, work.now)


async def _give_up(work: Work, row: Any) -> None:
    if row.finished_at is None:
        await _change(work.session, row.id, state="stopped", finished_at=work.now)
        work.journal(_AGGREGATE, row.id, OperationsTag.GIVE_UP_REBUILD, {"received": row.received})
        await at(work.session, STEP, row.id, work.now)


async def _fill(work: Work, projection: Projection, row: Any) -> None:
    received = await shadow.count_received(work.session, row.id)
    found = await shadow.count_found(work.session, row.id)
    counts = {"received": received, "compared": received, "measured_at": work.now, **found}
    await _change(work.session, row.id, **counts)
    metrics.RECEIVED.labels(projection.name).set(received / row.expected if row.expected else 1)
    metrics.SECONDS.labels(projection.name).set((work.now - row.started_at).total_seconds())
    if not row.is_complete or received < row.expected:
        await at(work.session, STEP, row.id, work.now + (_WAIT_FOR_THE_LAST if row.is_complete else _WAIT))
        return
    unknown = await running.count_unknown(work.session, projection.copies[0], row.id, row.started_at - _SETTLED)
    metrics.UNKNOWN.labels(projection.name).set(unknown)
    held = shadow.is_suspicious(found["different"], received)
    await _go_on(work, row, "held" if held else "switching", unknown=unknown)


async def _switch(work: Work, projection: Projection, row: Any) -> None:
    repaired = await shadow.switch(work, projection, row.id)
    found = await shadow.count_found(work.session, row.id)
    counts = found | {"repaired": repaired + found["repaired"]}
    detail = {name: getattr(row, name) for name in ("compared", "unknown")} | counts
    work.journal(_AGGREGATE, row.id, OperationsTag.FINISH_REBUILD, detail)
    await _go_on(work, row, "done", finished_at=work.now, **counts)
    metrics.SECONDS.labels(projection.name).set(0)


async def _clear(work: Work, projection: Projection, row: Any) -> None:
    """Delete rows that nobody needs: of this rebuild, and of those that came too late or were never announced."""
    unfinished = await work.session.scalars(select(rebuilds.c.id).where(rebuilds.c.finished_at.is_(None)))
    before = max(first_id(work.now - _ORPHANED), UUID(int=row.id.int + 1))
    if await shadow.clear(work.session, list(unfinished), before, _CLEARED):
        await at(work.session, STEP, row.id, work.now)


async def _go_on(work: Work, row: Any, state: str, **values: Any) -> None:
    await _change(work.session, row.id, state=state, **values)
    if state != "held":
        await at(work.session, STEP, row.id, work.now)


async def _locked(session: AsyncSession, rebuild_id: UUID) -> Any:
    return (await session.execute(select(rebuilds).where(rebuilds.c.id == rebuild_id).with_for_update())).first()


async def _change(session: AsyncSession, rebuild_id: UUID, **values: Any) -> None:
    await session.execute(update(rebuilds).where(rebuilds.c.id == rebuild_id).values(values))
