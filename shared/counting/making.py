"""Counts being made by the service that sent the events, and kept by those that take them."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Column, DateTime, MetaData, Table, Text, delete, exists, func, select, text
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.ext.asyncio import AsyncSession

from shared.events.counted import CountedIds, EventsCounted
from shared.ids import first_id
from shared.messaging.tables import outbox
from shared.timers import Due, Job
from shared.work import Work

# Facts by name: the query of their ids, which knows `:since` and `:until`.
Facts = Mapping[str, str]

HOUR = timedelta(hours=1)
# An id is made a moment before its transaction commits.
_SETTLED = timedelta(minutes=10)
_KEPT = timedelta(days=3)
# The longest outage after which every hour is still counted.
_MOST = 24
# The last 64 bits of a UUIDv7: a variant of two bits, and chance.
DIGEST = "bit_xor(('x' || right(replace({id}::text, '-', ''), 16))::bit(64)::bigint)"

metadata = MetaData()
event_counts = Table(
    "event_counts",
    metadata,
    Column("source", Text, primary_key=True),
    Column("hour", DateTime(timezone=True), primary_key=True),
    Column("counts", JSONB, nullable=False),
)

_EVENTS = text(
    f"SELECT type, count(*) AS count, {DIGEST.format(id='event_id')} AS digest FROM sent_events"  # noqa: S608 - ours
    " WHERE event_id >= :first AND event_id < :behind GROUP BY type ORDER BY type"
)


def count_job(event: type[EventsCounted], facts: Facts) -> Job:
    """The job that counts each hour that is over, once all of its events were sent."""
    source = event.source()
    # Stands in the place of a source in the row that says since when is counted: no comparison asks for it.
    begun = f"{source}.begun"

    async def count(work: Work, _: Due) -> None:
        of = event_counts.c.source.in_((source, begun))
        newest = await work.session.scalar(select(func.max(event_counts.c.hour)).where(of))
        if newest is None:
            # A part of this hour was before sent events were kept: the next one is the first that is known whole.
            await _keep(work.session, begun, _hour_of(work.now), ())
            return
        over = _hour_of(work.now - _SETTLED)
        hour = max(newest + HOUR, over - _MOST * HOUR)
        while hour < over and not await _unsent(work.session, hour + HOUR):
            counts = await _counts(work.session, hour, facts)
            await _keep(work.session, source, hour, counts)
            work.emit(event(source_id=event.id_of_source(), hour=hour, counts=counts))
            hour += HOUR
        await work.session.execute(delete(event_counts).where(event_counts.c.hour < work.now - _KEPT))

    return Job("count-events", timedelta(minutes=5), count)


async def keep_counts(work: Work, event: EventsCounted) -> None:
    """Keep the counts of another service, to compare with them."""
    await _keep(work.session, event.source(), event.hour, event.counts)


def _hour_of(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


async def _unsent(session: AsyncSession, behind: datetime) -> bool:
    """Whether an event that was made before `behind` waits in the outbox."""
    waits = exists().where(outbox.c.id < first_id(behind), outbox.c.aggregatetype.not_like("%.dead-letters"))
    return bool(await session.scalar(select(waits)))


async def _counts(session: AsyncSession, hour: datetime, facts: Facts) -> tuple[CountedIds, ...]:
    rows = (await session.execute(_EVENTS, {"first": first_id(hour), "behind": first_id(hour + HOUR)})).all()
    counts = [CountedIds(type=row.type, count=row.count, digest=row.digest) for row in rows]
    for name, query in facts.items():
        digest = f"coalesce({DIGEST.format(id='found.id')}, 0)"
        statement = text(f"SELECT count(*) AS count, {digest} AS digest FROM ({query}) AS found")  # noqa: S608 - ours
        row = (await session.execute(statement, {"since": hour, "until": hour + HOUR})).one()
        counts.append(CountedIds(type=name, count=row.count, digest=row.digest))
    return tuple(counts)


async def _keep(session: AsyncSession, source: str, hour: datetime, counts: tuple[CountedIds, ...]) -> None:
    row: dict[str, Any] = {"source": source, "hour": hour, "counts": [each.model_dump() for each in counts]}
    put = insert(event_counts).values(row)
    same = ["source", "hour"]
    await session.execute(put.on_conflict_do_update(index_elements=same, set_={"counts": put.excluded.counts}))
