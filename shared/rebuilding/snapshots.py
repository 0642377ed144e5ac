"""Snapshots: an owner sends the present facts of its records again, as events under the keys of the records.

A timer sends them page by page, each page in a transaction that locks its records: so a fact stands in the outbox
behind every event that led to it and before every later one. A process that dies loses the page under way, and the
next step begins behind the last page.
"""

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.ext.asyncio import AsyncSession

from shared.db import ReadSession
from shared.errors import Conflict, NotFound, Text
from shared.events.snapshots import SnapshotAnnounced, SnapshotRow
from shared.ids import new_id
from shared.messaging.tables import outbox
from shared.operations.audit import OperationsTag
from shared.rebuilding import metrics
from shared.rebuilding.tables import snapshots
from shared.timers import Due, TimerHandler, at
from shared.work import Work

STEP = "snapshot"
_AGGREGATE = "snapshot"
_PAGE = 500
# A step keeps the records of its pages locked.
_STEP_SECONDS = 0.5
# As many as the relay sends in half a second: other events wait behind no more than these.
_MOST_WAITING = 5_000
_PAUSE = timedelta(milliseconds=200)

# The records behind an id, locked, as events of the snapshot; at most so many, by id.
Page = Callable[[Work, UUID, UUID | None, int], Awaitable[Sequence[SnapshotRow]]]


@dataclass(frozen=True, slots=True)
class Source:
    """Records whose facts others keep: `count` estimates how many there are, `page` reads them."""

    kind: str
    announced: type[SnapshotAnnounced]
    count: Callable[[ReadSession], Awaitable[int]]
    page: Page


class SnapshotRuns(Conflict):
    """One at a time: those who keep the facts rebuild from one snapshot."""

    code = "snapshot-runs"
    title = Text("このスナップショットは送信中です", "A snapshot of this kind is being sent")


async def order(work: Work, source: Source, reason: str, by: str) -> Any:
    """Begin a snapshot; its row. Raises `SnapshotRuns`."""
    snapshot_id, expected = new_id(), await source.count(work.session)
    row = {
        "id": snapshot_id,
        "kind": source.kind,
        "reason": reason,
        "ordered_by": by,
        "started_at": work.now,
        "state": "running",
        "expected": expected,
    }
    put = insert(snapshots).values(row).on_conflict_do_nothing().returning(snapshots.c.id)
    if await work.session.scalar(put) is None:
        raise SnapshotRuns()
    detail = {"kind": source.kind, "reason": reason, "by": by, "expected": expected}
    work.journal(_AGGREGATE, snapshot_id, OperationsTag.SNAPSHOT, detail)
    _announce(work, source, snapshot_id, "begun", expected, work.now)
    await at(work.session, STEP, snapshot_id, work.now)
    return await find(work.session, snapshot_id)


async def stop(work: Work, sources: Mapping[str, Source], snapshot_id: UUID, reason: str) -> Any:
    """Send no more of a snapshot: what others began to rebuild from it, they give up. Raises `NotFound`."""
    row = await _locked(work.session, snapshot_id)
    if row is None or row.state != "running":
        raise NotFound()
    await _change(work.session, snapshot_id, state="stopped", finished_at=work.now)
    work.journal(_AGGREGATE, snapshot_id, OperationsTag.STOP_SNAPSHOT, {"sent": row.sent, "reason": reason})
    _announce(work, sources[row.kind], snapshot_id, "stopped", row.sent, row.started_at)
    return await find(work.session, snapshot_id)


def step(sources: Mapping[str, Source], clock: Callable[[], float] = time.monotonic) -> TimerHandler:
    """The handler of the timer: sends some pages, and sets the timer again while there are more."""

    async def run(work: Work, due: Due) -> None:
        row = await _locked(work.session, due.subject_id)
        if row is None or row.state != "running":
            return
        if await _waiting(work.session) >= _MOST_WAITING:
            await at(work.session, STEP, row.id, work.now + _PAUSE)
            return
        source, began, sent, reached = sources[row.kind], clock(), row.sent, row.reached
        while True:
            page = await source.page(work, row.id, reached, _PAGE)
            for event in page:
                work.emit(event)
            is_over = len(page) < _PAGE
            sent += len(page)
            reached = page[-1].record_id if page else reached
            if is_over or clock() - began >= _STEP_SECONDS or sent - row.sent >= _MOST_WAITING:
                break
        metrics.SENT.labels(row.kind).set(1 if is_over or not row.expected else min(1, sent / row.expected))
        if not is_over:
            await _change(work.session, row.id, reached=reached, sent=sent)
            await at(work.session, STEP, row.id, work.now)
            return
        await _change(work.session, row.id, reached=reached, sent=sent, state="done", finished_at=work.now)
        work.journal(_AGGREGATE, row.id, OperationsTag.FINISH_SNAPSHOT, {"sent": sent})
        _announce(work, source, row.id, "complete", sent, row.started_at)

    return run


async def find(session: ReadSession, snapshot_id: UUID) -> Any:
    """A snapshot, as it is now."""
    return (await session.execute(select(snapshots).where(snapshots.c.id == snapshot_id))).first()


async def newest(session: ReadSession) -> Sequence[Any]:
    """The last snapshot of each kind."""
    last = snapshots.c.started_at.desc()
    query = select(snapshots).ext(distinct_on(snapshots.c.kind)).order_by(snapshots.c.kind, last)
    return (await session.execute(query)).all()


def _announce(work: Work, source: Source, snapshot_id: UUID, phase: str, rows: int, started_at: Any) -> None:
    facts = {"snapshot_id": snapshot_id, "phase": phase, "rows": rows, "started_at": started_at}
    work.emit(source.announced.model_validate(facts))


async def _locked(session: AsyncSession, snapshot_id: UUID) -> Any:
    query = select(snapshots).where(snapshots.c.id == snapshot_id).with_for_update()
    return (await session.execute(query)).first()


async def _change(session: AsyncSession, snapshot_id: UUID, **values: Any) -> None:
    await session.execute(update(snapshots).where(snapshots.c.id == snapshot_id).values(values))


async def _waiting(session: ReadSession) -> int:
    few = select(outbox.c.position).limit(_MOST_WAITING).subquery()
    return int(await session.scalar(select(func.count()).select_from(few)) or 0)
