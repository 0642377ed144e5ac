"""Snapshots: an owner sends the present facts of its records again, many in one event.

A timer sends them step by step, each step in a transaction that locks its records: so a fact stands in the outbox
behind every event that led to it and before every later one. Records whose events go to one partition travel together,
under a key of that partition: so they stand in the log in that order too. A process that dies loses the step under way,
and the next one begins behind the last.
"""

import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.ext.asyncio import AsyncSession

from shared.db import ReadSession
from shared.errors import Conflict, NotFound, Text
from shared.events.snapshots import SnapshotAnnounced, SnapshotPage, SnapshotRow
from shared.ids import new_id
from shared.messaging.partitioning import index_of
from shared.messaging.tables import outbox
from shared.operations.audit import OperationsTag
from shared.rebuilding import metrics
from shared.rebuilding.tables import snapshots
from shared.timers import Due, TimerHandler, at
from shared.work import Work

STEP = "snapshot"
_AGGREGATE = "snapshot"
_READ = 500
# A step keeps its records locked.
_STEP_SECONDS = 0.5
_STEP_ROWS = 5_000
# A broker takes a megabyte.
_PAGE_ROWS = 100
_PAGE_BYTES = 256 * 1024
# The relay takes them at once, and other events wait behind no more than these.
_MOST_PAGES = 150
_MOST_WAITING = 5_000
_PAUSE = timedelta(milliseconds=200)

# The records behind an id, locked, as rows of the snapshot; at most so many, by id.
Read = Callable[[Work, UUID | None, int], Awaitable[Sequence[SnapshotRow]]]
# The number of partitions of a topic.
Partitions = Callable[[str], Awaitable[int]]


@dataclass(frozen=True, slots=True)
class Source:
    """Records whose facts others keep: `count` estimates how many there are, `read` reads them, `page` sends them."""

    kind: str
    page: type[SnapshotPage]
    announced: type[SnapshotAnnounced]
    count: Callable[[ReadSession], Awaitable[int]]
    read: Read


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


class Pages:
    """Rows on their way into the outbox, by the partition of their records' events."""

    def __init__(self, work: Work, page: type[SnapshotPage], snapshot_id: UUID, partitions: int) -> None:
        self._work = work
        self._page = page
        self._snapshot_id = snapshot_id
        self._partitions = partitions
        self._rows: dict[int, list[SnapshotRow]] = {}

    def put(self, row: SnapshotRow) -> None:
        """Send a row with others."""
        place = self._place(row.key)
        rows = self._rows.setdefault(place, [])
        rows.append(row)
        if len(rows) == _PAGE_ROWS:
            self._send(place, self._rows.pop(place))

    def close(self) -> None:
        """Send what is left."""
        for place, rows in self._rows.items():
            self._send(place, rows)

    def _send(self, place: int, rows: Sequence[SnapshotRow]) -> None:
        page_id = new_id()
        while self._place(page_id) != place:
            page_id = new_id()
        facts = {"snapshot_id": self._snapshot_id, "page_id": page_id, "rows": tuple(rows)}
        page = self._page.model_validate(facts)
        if len(rows) > 1 and len(page.body) > _PAGE_BYTES:
            for half in (rows[: len(rows) // 2], rows[len(rows) // 2 :]):
                self._send(place, half)
            return
        self._work.emit(page)

    def _place(self, key: UUID) -> int:
        return index_of(str(key).encode(), self._partitions) if self._partitions > 1 else 0


def step(
    sources: Mapping[str, Source], partitions: Partitions, clock: Callable[[], float] = time.monotonic
) -> TimerHandler:
    """The handler of the timer: sends some pages, and sets the timer again while there are more."""
    # Of the snapshots that this process sends: to ask the broker takes a connection.
    counts: dict[UUID, int] = {}

    async def run(work: Work, due: Due) -> None:
        row = await _locked(work.session, due.subject_id)
        if row is None or row.state != "running":
            return
        source = sources[row.kind]
        if await _is_full(work.session, source.page.event_type()):
            await at(work.session, STEP, row.id, work.now + _PAUSE)
            return
        if row.id not in counts:
            counts[row.id] = await partitions(source.page.topic)
        began, sent, reached = clock(), row.sent, row.reached
        pages = Pages(work, source.page, row.id, counts[row.id])
        while True:
            rows = await source.read(work, reached, _READ)
            for each in rows:
                pages.put(each)
            is_over = len(rows) < _READ
            sent += len(rows)
            reached = rows[-1].record_id if rows else reached
            if is_over or clock() - began >= _STEP_SECONDS or sent - row.sent >= _STEP_ROWS:
                break
        pages.close()
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


async def _is_full(session: ReadSession, kind: str) -> bool:
    waiting = Counter(await session.scalars(select(outbox.c.type).limit(_MOST_WAITING)))
    return waiting.total() >= _MOST_WAITING or waiting[kind] >= _MOST_PAGES
