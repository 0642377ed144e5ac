"""The list of blocked networks: the gateway lets none of their requests through."""

from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from services.registration.accounts.store import blocks
from services.registration.context import CommandContext


async def blocked_networks(context: CommandContext) -> dict[str, Any]:
    """The published list. Raises OSError where the database does not answer."""
    try:
        async with context.db.read() as session:
            found = await blocks.networks(session, context.clock.now())
    except SQLAlchemyError as error:
        raise ConnectionError("blocked networks cannot be read") from error
    return {"networks": [{"network": each.network, "until": each.ends_at.isoformat()} for each in found]}
