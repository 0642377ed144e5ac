"""Events sent again to a broker that was lost, from what their service keeps of the last two days.

They come back into the outbox with the positions they had: before what waits there and before whatever is recorded
later, so that the order of a key stays. A group that has seen an event drops it.
"""

from sqlalchemy import func, select, text

from shared.db import Database
from shared.messaging.relay import LOCK

# `recorded_at` is a new moment: it says how long a row waits. That of the event is in its headers.
_RESEND = text(
    "INSERT INTO outbox (position, id, aggregatetype, aggregateid, type, payload, headers) OVERRIDING SYSTEM VALUE"
    " SELECT position, id, aggregatetype, aggregateid, type, payload, headers FROM recent_events"
    " ON CONFLICT DO NOTHING RETURNING id"
)


class RelayRuns(Exception):
    """A relay sends from this outbox: it could send a later event of a key before the earlier ones are back."""


async def resend(db: Database) -> int:
    """Put the recent events of a service that does not run back into its outbox; their number. May be repeated."""
    async with db.transaction() as session:
        if not await session.scalar(select(func.pg_try_advisory_xact_lock(LOCK))):
            raise RelayRuns
        return len((await session.scalars(_RESEND)).all())
