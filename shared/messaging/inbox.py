"""The inbox: the id of an event is recorded in the transaction of its effect, so a second delivery has none."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, bindparam, delete, text
from sqlalchemy.ext.asyncio import AsyncSession

from shared.messaging.tables import inbox
from shared.partitions.divided import rest_of

# One array, not one VALUES row an event: the statement stays the same for every batch size.
_RECORD = text(
    "INSERT INTO inbox (consumer_group, event_id) SELECT :group, unnest(:ids) ON CONFLICT DO NOTHING RETURNING event_id"
).bindparams(bindparam("ids", type_=ARRAY(Uuid)))


async def record(session: AsyncSession, group: str, ids: Sequence[UUID]) -> set[UUID]:
    """Those of `ids` that `group` sees for the first time; waits for a transaction that is recording one of them."""
    rows = await session.execute(_RECORD, {"group": group, "ids": list(ids)})
    return set(rows.scalars())


async def forget(session: AsyncSession, before: datetime) -> int:
    """Delete what was received before `before`; the number of rows.

    Keep at least as long as topics keep events: an event delivered again after that would have a second effect. The
    periods of an inbox that is divided go as a whole (`shared.partitions`).
    """
    table = await rest_of(session, inbox)
    result = await session.execute(delete(table).where(table.c.received_at < before).returning(table.c.event_id))
    return len(result.all())
