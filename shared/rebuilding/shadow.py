"""The rows of a rebuild: filled from the snapshot, kept up to date by live events, compared with the running rows.

A live event and the running rows meet in one transaction, and so do a live event and the rows of a rebuild: each
handler of such an event first takes the rows of its record here. That lock on the table is what a switch waits for.
"""

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Text, Uuid, bindparam, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from shared.db import ReadSession
from shared.events.base import Event
from shared.messaging import BatchHandler, Delivery, Envelope, Handler
from shared.rebuilding.projection import Copy, Projection, Wanted

_PUT = text(
    "INSERT INTO rebuild_rows (subject, rebuild_id, facts)"
    " SELECT given.subject, given.rebuild_id, given.facts::jsonb"
    " FROM unnest(:subjects, :rebuilds, :facts) AS given (subject, rebuild_id, facts)"
    " ON CONFLICT (subject, rebuild_id) DO UPDATE SET facts = excluded.facts"
).bindparams(
    bindparam("subjects", type_=ARRAY(Uuid)), bindparam("rebuilds", type_=ARRAY(Uuid)),
    bindparam("facts", type_=ARRAY(Text)),
)  # fmt: skip
# Also where there is no row: the lock on the table lasts until the end of the transaction.
_HOLD = text("SELECT rebuild_id, facts FROM rebuild_rows WHERE subject = :subject FOR UPDATE")
_CHANGE = text(
    "UPDATE rebuild_rows SET facts = CAST(:facts AS jsonb) WHERE subject = :subject AND rebuild_id = :rebuild_id"
)
_LOCK = text("LOCK TABLE rebuild_rows IN EXCLUSIVE MODE")
_COUNT = text("SELECT count(*) FROM rebuild_rows WHERE rebuild_id = :rebuild_id")
_MARK = text(
    "UPDATE rebuild_rows SET finding = given.finding FROM unnest(:subjects, :findings) AS given (subject, finding)"
    " WHERE rebuild_rows.subject = given.subject AND rebuild_id = :rebuild_id"
).bindparams(bindparam("subjects", type_=ARRAY(Uuid)), bindparam("findings", type_=ARRAY(Text)))
_LAST = text(
    "SELECT count(*) AS seen, max(subject::text)::uuid AS subject FROM (SELECT subject FROM rebuild_rows"
    " WHERE rebuild_id = :rebuild_id AND subject > :after ORDER BY subject LIMIT :count) AS page"
)
_CLEAR = text(
    "DELETE FROM rebuild_rows WHERE (subject, rebuild_id) IN (SELECT subject, rebuild_id FROM rebuild_rows"
    " WHERE NOT rebuild_id = ANY (:kept) AND rebuild_id < :before LIMIT :count)"
).bindparams(bindparam("kept", type_=ARRAY(Uuid)))

# The rows that one statement looks at: those of a page, or those that were found to differ.
_PAGE = "rebuild_rows.subject > :after AND rebuild_rows.subject <= :until"
_FOUND = "rebuild_rows.finding IS NOT NULL"


def filling(projection: Projection) -> BatchHandler:
    """The handler of a snapshot's rows: many of them are written by one statement."""

    async def take(session: AsyncSession, deliveries: Sequence[Delivery]) -> None:
        events: Sequence[Any] = [event for _, event in deliveries]
        rows = {
            "subjects": [event.key for event in events],
            "rebuilds": [event.snapshot_id for event in events],
            "facts": [json.dumps(projection.facts_of(event), ensure_ascii=False) for event in events],
        }
        await session.execute(_PUT, rows)

    return BatchHandler(take)


def both(projection: Projection, kind: type[Event], handler: Handler) -> Handler:
    """`handler` of a live event, with its effect on the rows of a rebuild in the same transaction."""
    after = projection.live[kind]

    async def handle(session: AsyncSession, envelope: Envelope, event: Event) -> None:
        subject = event.key
        held = (await session.execute(_HOLD, {"subject": subject})).all()
        await handler(session, envelope, event)
        for row in held:
            facts = json.dumps(after(row.facts, event), ensure_ascii=False)
            await session.execute(_CHANGE, {"subject": subject, "rebuild_id": row.rebuild_id, "facts": facts})

    return handle


async def lock(session: AsyncSession) -> None:
    """Let no live event in until the end of the transaction; reading goes on."""
    await session.execute(_LOCK)


async def count(session: ReadSession, rebuild_id: UUID) -> int:
    """The rows of a rebuild so far."""
    return int(await session.scalar(_COUNT, {"rebuild_id": rebuild_id}) or 0)


async def compare_page(
    session: AsyncSession, projection: Projection, rebuild_id: UUID, after: UUID, size: int
) -> tuple[UUID | None, int, dict[UUID, str]]:
    """Compare the rows behind `after`: the last of them, their number, and which differ (marked). No row: the end."""
    page = {"rebuild_id": rebuild_id, "after": after, "count": size}
    last = (await session.execute(_LAST, page)).one()
    if last.subject is None:
        return None, 0, {}
    bounds = {"rebuild_id": rebuild_id, "after": after, "until": last.subject}
    rows = (await session.execute(_comparison(projection.copy), bounds)).all()
    found = {row.subject: "missing" if row.is_missing else "different" for row in rows}
    if found:
        marks = {"rebuild_id": rebuild_id, "subjects": list(found), "findings": list(found.values())}
        await session.execute(_MARK, marks)
    return last.subject, last.seen, found


async def count_unknown(session: ReadSession, projection: Projection, rebuild_id: UUID, before: Any) -> int:
    """Rows older than `before` that the snapshot does not name."""
    copy = projection.copy
    table, since = copy.name, f'"{copy.since}"'
    query = (
        f'SELECT count(*) FROM "{table}" AS had WHERE {since} < :before AND NOT EXISTS (SELECT FROM rebuild_rows'  # noqa: S608 - own names
        f' WHERE rebuild_id = :rebuild_id AND rebuild_rows.subject = had."{copy.subject}")'
    )
    return int(await session.scalar(text(query), {"rebuild_id": rebuild_id, "before": before}) or 0)


async def wanted(session: AsyncSession, projection: Projection, rebuild_id: UUID) -> list[Wanted]:
    """The rows that were found to differ, as they should be."""
    table, name = projection.copy.table, projection.copy.name
    columns = ", ".join(f'wanted."{column.name}"' for column in table.c)
    query = text(
        f"SELECT {columns}, wanted.facts_as_they_came FROM ({_wanted(name, _FOUND, raw=True)}) AS wanted"  # noqa: S608 - own names
    ).columns(*table.c, facts_as_they_came=JSONB)
    rows = (await session.execute(query, {"rebuild_id": rebuild_id})).mappings()
    return [Wanted({column.name: row[column.name] for column in table.c}, row["facts_as_they_came"]) for row in rows]


async def clear(session: AsyncSession, kept: Sequence[UUID], before: UUID, most: int) -> int:
    """Delete rows of rebuilds other than those of `kept` that began before the id `before`; their number, at most so
    many."""
    cleared = await session.execute(_CLEAR, {"kept": list(kept), "before": before, "count": most})
    return int(getattr(cleared, "rowcount", 0))


def _wanted(table: str, where: str, *, raw: bool = False) -> str:
    """The rows of a table that there should be, read by the database as it reads its own."""
    came = ", rebuild_rows.facts AS facts_as_they_came" if raw else ""
    return (
        f"SELECT rebuild_rows.subject AS subject_of_rebuild, filled.*{came} FROM rebuild_rows"  # noqa: S608 - own names
        f' CROSS JOIN LATERAL jsonb_populate_record(NULL::"{table}", rebuild_rows.facts) AS filled'
        f" WHERE rebuild_rows.rebuild_id = :rebuild_id AND {where}"
    )


@lru_cache
def _comparison(copy: Copy) -> Any:
    table, subject = copy.name, copy.subject
    named = [", ".join(f'{side}."{name}"' for name in copy.facts) for side in ("had", "wanted")]
    return text(
        f'SELECT wanted.subject_of_rebuild AS subject, had."{subject}" IS NULL AS is_missing'  # noqa: S608 - own names
        f' FROM ({_wanted(table, _PAGE)}) AS wanted LEFT JOIN "{table}" AS had'
        f' ON had."{subject}" = wanted.subject_of_rebuild'
        f" WHERE ROW({named[0]}) IS DISTINCT FROM ROW({named[1]})"
    )
