"""The state of a service as its database has it. All queries are bounded: they are asked while something is wrong."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, text

from shared.db import ReadSession
from shared.invariants import results
from shared.journal.rounds import last_rounds
from shared.journal.seals import sealed
from shared.journal.tables import journal, journal_seals
from shared.messaging import deadletters
from shared.messaging.authenticity import owner_of
from shared.messaging.tables import outbox
from shared.operations.state import processes
from shared.operations.state.queues import Numbers, Queue
from shared.operations.state.schemas import (
    DatabaseState,
    FactsState,
    JournalState,
    OutboxState,
    QueueState,
    RebuildState,
    RoundState,
    SnapshotState,
    Stored,
    TimerState,
)
from shared.operations.tables import letter_orders
from shared.rebuilding import rebuilds, snapshots
from shared.timers import runs, timers

_MOST_COUNTED = 10_000
_DATABASE = text(
    "SELECT count(*) AS connections, COALESCE(max(extract(epoch FROM clock_timestamp() - xact_start))"
    " FILTER (WHERE pid <> pg_backend_pid() AND state <> 'idle'), 0) AS longest,"
    " pg_database_size(current_database()) AS bytes"
    " FROM pg_stat_activity WHERE datname = current_database() AND usename = current_user"
)


async def stored(
    session: ReadSession,
    group: str,
    queues: Sequence[Queue],
    parts: Collection[str],
    now: datetime,
    numbers: Sequence[Numbers] = (),
    topics: Collection[str] = (),
) -> Stored:
    """Everything that the board shows of one service's database. `parts` are those that some process has to run,
    `topics` those whose events it takes."""
    running = await processes.read(session)
    invariants = await results.read(session)
    waiting_orders = letter_orders.c.status.in_(("proposed", "running"))
    return Stored(
        processes=running,
        parts_missing=processes.missing(parts, running),
        outbox=await _outbox(session),
        letters=await deadletters.counts(session, group),
        violated=[one.name for one in invariants if one.state == "violated"],
        unchecked=[one.name for one in invariants if one.state == "unknown"],
        open_orders=await session.scalar(select(func.count()).select_from(letter_orders).where(waiting_orders)) or 0,
        timers=await _timers(session, now),
        queues=[await _queue(session, queue, now) for queue in queues],
        numbers={name: value for each in numbers for name, value in (await each(session, now)).items()},
        facts=await _facts(session, group, topics),
        snapshots=[SnapshotState.model_validate(row._asdict()) for row in await snapshots.newest(session)],
        rebuilds=[RebuildState.model_validate(row._asdict()) for row in await rebuilds.newest(session)],
        journal=await _journal(session),
        database=await _database(session),
    )


async def _facts(session: ReadSession, group: str, topics: Collection[str]) -> list[FactsState]:
    letters = await deadletters.oldest(session, group)
    return [
        FactsState(owner=owner_of(topic), topic=topic, set_aside_since=letters.get(topic)) for topic in sorted(topics)
    ]


async def _outbox(session: ReadSession) -> OutboxState:
    first = select(outbox.c.recorded_at).order_by(outbox.c.position).limit(_MOST_COUNTED).subquery()
    row = (
        await session.execute(select(func.count().label("rows"), func.min(first.c.recorded_at).label("oldest")))
    ).one()
    return OutboxState(rows=int(row.rows), oldest_at=row.oldest)


async def _timers(session: ReadSession, now: datetime) -> list[TimerState]:
    due = timers.c.due_at <= now
    columns: dict[str, Any] = {
        "waiting": func.count().filter(~due),
        "due": func.count().filter(due),
        "oldest_due_at": func.min(timers.c.due_at).filter(due),
        "next_at": func.min(timers.c.due_at).filter(~due),
        "failing": func.count().filter(timers.c.attempts > 0),
        "last_error": func.max(timers.c.last_error).filter(timers.c.attempts > 0),
    }
    query = select(timers.c.kind, *(column.label(name) for name, column in columns.items()))
    rows = (await session.execute(query.group_by(timers.c.kind).order_by(timers.c.kind))).mappings()
    last = await runs.read(session)
    return [TimerState.model_validate({**row, "last_run": last.get(row["kind"])}, from_attributes=True) for row in rows]


async def _queue(session: ReadSession, queue: Queue, now: datetime) -> QueueState:
    rows, oldest = await queue.measure(session, now)
    return QueueState(name=queue.name, rows=rows, oldest_at=oldest, is_late=queue.is_late(oldest, now))


async def _journal(session: ReadSession) -> JournalState:
    seals, sealed_at = await sealed(session)
    # Seals are many, and the last one ends highest: it is found by its number.
    last = select(journal_seals.c.xid_to).order_by(journal_seals.c.number.desc()).limit(1).scalar_subquery()
    covered = func.coalesce(last, 0)
    oldest = await session.scalar(select(journal.c.at).where(journal.c.xid >= covered).order_by(journal.c.xid).limit(1))
    found = [RoundState.model_validate(dict(each)) for each in await last_rounds(session)]
    return JournalState(seals=seals, sealed_at=sealed_at, unsealed_since=oldest, rounds=found)


async def _database(session: ReadSession) -> DatabaseState:
    row = (await session.execute(_DATABASE)).one()
    return DatabaseState(
        connections=row.connections, longest_transaction_seconds=round(float(row.longest), 1), bytes=row.bytes
    )
