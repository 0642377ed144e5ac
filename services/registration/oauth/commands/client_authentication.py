"""An API client proves that it is the client it says it is."""

from datetime import datetime
from uuid import UUID

from services.registration.accounts.store import blocks
from services.registration.authentication.commands.rate_limits import Counter, charge_all
from services.registration.authentication.domain.throttle import CLIENT_ADDRESS, CLIENT_PAIR
from services.registration.authentication.problems import Slowed
from services.registration.context import CommandContext, secret_digest
from services.registration.oauth.domain.api_clients import comes_from
from services.registration.oauth.problems import blocked_client, no_longer_client, not_from_here, slowed, unknown_client
from services.registration.oauth.store import api_clients
from services.registration.oauth.store.api_clients import ApiClient


async def proved(context: CommandContext, client_id: str, secret: str, peer: str, address: str) -> ApiClient:
    """The client of that id and secret. `peer` is the exact address, `address` the one attempts are counted by.

    Only wrong secrets are counted: who has the right one is never made to wait, whatever others try. They carry 256
    random bits, so that this keeps noise away and is no defence.
    """
    now = context.clock.now()
    known = _id(client_id)
    async with context.db.read() as session:
        found = known and await api_clients.with_secret(session, known, secret_digest(secret))
        blocked = found and await blocks.block_of(session, found[0].id, now)
        used_at = await api_clients.last_used(session, found[1]) if found else None
    if not found:
        await _count(context, client_id, address, now)
        raise unknown_client()
    client, secret_id = found
    if not client.works(now):
        raise no_longer_client()
    if blocked:
        raise blocked_client()
    if not comes_from(peer, client.networks):
        raise not_from_here()
    if used_at is None or now - used_at >= context.last_use_precision():
        async with context.db.transaction() as writing:
            await api_clients.touch(writing, secret_id, now)
    return client


async def _count(context: CommandContext, client_id: str, address: str, now: datetime) -> None:
    counters = [
        Counter("client:pair", context.digest(f"{client_id}\n{address}"), CLIENT_PAIR),
        Counter("client:address", context.digest(address), CLIENT_ADDRESS),
    ]
    try:
        async with context.db.transaction() as session:
            await charge_all(session, counters, now)
    except Slowed as wait:
        raise slowed(wait.wait) from wait


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
