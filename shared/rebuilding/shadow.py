"""The rows of a snapshot, compared with the running ones as they come; those that differ are kept until the switch.

A row comes behind every event that led to it and before every later one, so what it is compared with is what there
should be at that place. A record that differs and is about to change by a later event is put right first, in the same
transaction: the handler of each live event looks for it here. Where an event about the record, or the page itself, is
set aside as a letter, there is no such order, and a record that differs is left as it is.
"""

import json
from collections.abc import Sequence, Set
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Text, Uuid, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from shared.auth import Actor
from shared.db import ReadSession
from shared.events.base import Event
from shared.events.snapshots import SnapshotPage, SnapshotRow
from shared.messaging import BatchHandler, Delivery, Envelope, Handler, deadletters
from shared.rebuilding import running
from shared.rebuilding.projection import Projection, Record, Wanted
from shared.work import Commands, RequestIdentity, Work

# Above this share an operator looks first: the snapshot may be what is wrong.
MOST_DIFFERENT = 0.1
FEW = 100
# Rows that one statement compares.
_TOGETHER = 1_000

_IDS = bindparam("subjects", type_=ARRAY(Uuid))
# One that is finished is over: what still comes of it is late.
_SEE = text(
    "INSERT INTO rebuild_seen (rebuild_id, subject) SELECT :rebuild_id, unnest(:subjects)"
    " WHERE NOT EXISTS (SELECT FROM rebuilds WHERE id = :rebuild_id AND finished_at IS NOT NULL)"
    " ON CONFLICT DO NOTHING RETURNING subject"
).bindparams(_IDS)
_KEEP = text(
    "INSERT INTO rebuild_rows (subject, rebuild_id, projection, facts, finding, settled)"
    " SELECT given.subject, :rebuild_id, :projection, given.facts::jsonb, given.finding, given.settled"
    " FROM unnest(:subjects, :facts, :findings, :settled) AS given (subject, facts, finding, settled)"
).bindparams(_IDS, *(bindparam(name, type_=ARRAY(Text)) for name in ("facts", "findings", "settled")))
_ANY = text("SELECT EXISTS (SELECT FROM rebuild_rows)")
_OPEN = (
    "projection = :projection AND settled IS NULL"
    " AND NOT EXISTS (SELECT FROM rebuilds WHERE rebuilds.id = rebuild_id AND finished_at IS NOT NULL)"
)
_HOLD = text(
    f"SELECT rebuild_id, facts FROM rebuild_rows WHERE subject = :subject AND {_OPEN}"  # noqa: S608 - own names
    " ORDER BY rebuild_id FOR UPDATE"
)
_SETTLE = text("UPDATE rebuild_rows SET settled = :settled WHERE subject = :subject AND rebuild_id = :rebuild_id")
_LOCK = text("LOCK TABLE rebuild_rows IN EXCLUSIVE MODE")
_LEFT = text(
    f"SELECT subject, facts FROM rebuild_rows WHERE rebuild_id = :rebuild_id AND {_OPEN} ORDER BY subject"  # noqa: S608 - own names
)
_RECEIVED = text("SELECT count(*) FROM rebuild_seen WHERE rebuild_id = :rebuild_id")
_FOUND = text(
    "SELECT count(*) FILTER (WHERE finding = 'different') AS different,"
    " count(*) FILTER (WHERE finding = 'missing') AS missing,"
    " count(*) FILTER (WHERE settled = 'repaired') AS repaired,"
    " count(*) FILTER (WHERE settled = 'overtaken') AS overtaken FROM rebuild_rows WHERE rebuild_id = :rebuild_id"
)
_CLEAR = """
DELETE FROM {table} WHERE (rebuild_id, subject) IN (SELECT rebuild_id, subject FROM {table}
    WHERE NOT rebuild_id = ANY (:kept) AND rebuild_id < :before LIMIT :count)
"""
_KEPT = bindparam("kept", type_=ARRAY(Uuid))
_CLEARS = [text(_CLEAR.format(table=table)).bindparams(_KEPT) for table in ("rebuild_rows", "rebuild_seen")]
# Of a transaction that has found no row here: none of its own records can get one but by itself.
_NONE = "rebuild_rows_none"


def filling(projection: Projection, commands: Commands) -> BatchHandler:
    """The handler of a snapshot's rows: many of them are compared by one statement."""

    async def take(session: AsyncSession, deliveries: Sequence[Delivery]) -> None:
        events: Sequence[Any] = [event for _, event in deliveries]
        session.sync_session.info.pop(_NONE, None)
        for rebuild_id, pages in groupby(events, key=lambda event: event.snapshot_id):
            rows, unsure = [], set()
            for page in pages:
                rows += page.rows
                unsure |= await _out_of_order(session, page, commands)
            for start in range(0, len(rows), _TOGETHER):
                await _compare(session, projection, rebuild_id, rows[start : start + _TOGETHER], unsure, commands)

    return BatchHandler(take)


def put_right_first(projection: Projection, commands: Commands, handler: Handler) -> Handler:
    """`handler` of a live event, which finds its record as the owner has it."""

    async def handle(session: AsyncSession, envelope: Envelope, event: Event) -> None:
        subject = projection.record_of(event)
        if subject is not None and await _may_differ(session):
            for row in (await session.execute(_HOLD, {"subject": subject, "projection": projection.name})).all():
                settled = "overtaken" if await _is_suspicious(session, row.rebuild_id) else "repaired"
                if settled == "repaired":
                    await _put_right(session, envelope, projection, _record(subject, row.facts), commands)
                await session.execute(_SETTLE, {"settled": settled, "subject": subject, "rebuild_id": row.rebuild_id})
        await handler(session, envelope, event)

    return handle


async def switch(work: Work, projection: Projection, rebuild_id: UUID) -> int:
    """Write all that differs; the number of records. No live event gets in meanwhile; reading goes on."""
    await work.session.execute(_LOCK)
    query = {"rebuild_id": rebuild_id, "projection": projection.name}
    rows = (await work.session.execute(_LEFT, query)).all()
    return await repair(work, projection, [_record(row.subject, row.facts) for row in rows])


async def repair(work: Work, projection: Projection, records: Sequence[Record]) -> int:
    """Make the running rows of records as they should be; the number of records, or of those that their own repair
    changed."""
    changed = 0
    for copy in projection.copies:
        judged = [record for record in records if copy.name in record.rows]
        if not judged:
            continue
        if copy.repair is None:
            await running.write(work.session, copy, judged)
            changed = max(changed, len(judged))
            work.session.sync_session.expire_all()
            continue
        typed = await running.typed(work.session, copy, judged)
        facts = [row for record in judged for row in record.rows[copy.name]]
        wanted = [Wanted(*each) for each in zip(typed, facts, strict=True)]
        changed = max(changed, await copy.repair(work, wanted))
    return changed


async def count_received(session: ReadSession, rebuild_id: UUID) -> int:
    """The records of a snapshot that have come."""
    return int(await session.scalar(_RECEIVED, {"rebuild_id": rebuild_id}) or 0)


async def count_found(session: ReadSession, rebuild_id: UUID) -> dict[str, int]:
    """The records found so far: `different`, `missing`, and of these `repaired` and `overtaken` by a live event."""
    return dict((await session.execute(_FOUND, {"rebuild_id": rebuild_id})).mappings().one())


def is_suspicious(found: int, received: int) -> bool:
    """Whether so much differs that an operator has to look first."""
    return found > max(FEW, MOST_DIFFERENT * received)


async def clear(session: AsyncSession, kept: Sequence[UUID], before: UUID, most: int) -> bool:
    """Delete rows of rebuilds other than those of `kept` that began before the id `before`; whether there are more,
    because at most so many are deleted."""
    values = {"kept": list(kept), "before": before, "count": most}
    deleted = [(await session.execute(statement, values)) for statement in _CLEARS]
    return any(int(getattr(each, "rowcount", 0)) == most for each in deleted)


async def _out_of_order(session: AsyncSession, page: SnapshotPage, commands: Commands) -> set[UUID]:
    """The records of a page about which an event waits among the letters; all of them where the page itself was one."""
    keys = {str(row.key) for row in page.rows}
    blocked = await deadletters.blocked(session, commands.keys.service, [str(page.key), *keys])
    letters = {key for topic, key in blocked if topic == page.topic}
    if str(page.key) in letters:
        return {row.record_id for row in page.rows}
    return {row.record_id for row in page.rows if str(row.key) in letters} if letters else set()


async def _compare(
    session: AsyncSession,
    projection: Projection,
    rebuild_id: UUID,
    rows: Sequence[SnapshotRow],
    unsure: Set[UUID],
    commands: Commands,
) -> None:
    ids = [row.record_id for row in rows]
    fresh = set(await session.scalars(_SEE, {"rebuild_id": rebuild_id, "subjects": ids}))
    records = [Record(row.record_id, row.at, projection.rows_of(row)) for row in rows if row.record_id in fresh]
    found = await running.differing(session, projection.copies, records, commands.sealer)
    if not found:
        return
    kept = [record for record in records if record.id in found]
    values = {
        "rebuild_id": rebuild_id,
        "projection": projection.name,
        "subjects": [record.id for record in kept],
        "facts": [_json(record) for record in kept],
        "findings": [found[record.id] for record in kept],
        "settled": ["overtaken" if record.id in unsure else None for record in kept],
    }
    await session.execute(_KEEP, values)


async def _may_differ(session: AsyncSession) -> bool:
    info = session.sync_session.info
    if _NONE not in info:
        if await session.scalar(_ANY):
            return True
        info[_NONE] = True
    return False


async def _is_suspicious(session: AsyncSession, rebuild_id: UUID) -> bool:
    different = (await count_found(session, rebuild_id))["different"]
    return different > FEW and is_suspicious(different, await count_received(session, rebuild_id))


async def _put_right(
    session: AsyncSession, envelope: Envelope, projection: Projection, record: Record, commands: Commands
) -> None:
    mark = RequestIdentity(request_id=f"event:{envelope.id}", cause_event_id=envelope.id)
    work = commands.begin(session, Actor.system(f"{commands.keys.source}/handlers"), mark)
    await repair(work, projection, [record])
    await work.finish()


def _json(record: Record) -> str:
    at = record.at.isoformat() if record.at else None
    return json.dumps({"at": at, "rows": record.rows}, ensure_ascii=False)


def _record(subject: UUID, facts: Any) -> Record:
    return Record(subject, datetime.fromisoformat(facts["at"]) if facts["at"] else None, facts["rows"])
