"""The list of revocations: ids whose tokens must be refused although they have not expired."""

from datetime import timedelta
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from services.registration.context import CommandContext
from services.registration.revocation.store import revocations as revoked
from shared.auth.issuing import LONGEST_LIFETIME

# Until no token that came from it can be in force. The minute is for clocks that differ, and for the time that passes
# between the moment that a command writes down and its commit.
_STILL_PUBLISHED = LONGEST_LIFETIME + timedelta(minutes=1)


async def revocations(context: CommandContext) -> dict[str, Any]:
    """The published list. Raises OSError where the database does not answer."""
    try:
        async with context.db.read() as session:
            now = context.clock.now()
            ids = await revoked.revoked_ids(session, now - _STILL_PUBLISHED, now)
    except SQLAlchemyError as error:
        raise ConnectionError("what has ended cannot be read") from error
    return {"revoked": [str(identity) for identity in ids]}
