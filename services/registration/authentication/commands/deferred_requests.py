"""Requests handled later, so that the response cannot reveal whether an account exists."""

from collections.abc import Mapping
from uuid import UUID

from services.registration.authentication.commands.rate_limits import Counter, goes_through
from services.registration.authentication.domain.throttle import KNOWN_ADDRESS_FOR, RESET_ACCOUNT
from services.registration.authentication.store import sign_in
from services.registration.context import CommandContext
from shared import timers
from shared.ids import new_id
from shared.work import Work


async def enqueue(context: CommandContext, kind: str, **named: str) -> None:
    """Keep a request, sealed, for the timers of that kind. The response reveals by neither word nor time who exists."""
    sealed = {name: context.vault.seal(value) for name, value in named.items()}
    async with context.db.transaction() as session:
        await timers.at(session, kind, new_id(), context.clock.now(), sealed)


async def mail_goes_through(
    work: Work, context: CommandContext, kind: str, account_id: UUID, request: Mapping[str, str]
) -> bool:
    """Charge one mail that was requested for an account; False where too many were requested recently.

    Requests from an address where the owner signed in recently are counted apart from those of strangers, who use up
    nothing of the owner's.
    """
    address = context.vault.open(request["address"]) if "address" in request else ""
    known = await sign_in.signed_in_from(work.session, account_id, context.digest(address), KNOWN_ADDRESS_FOR, work.now)
    scope = f"{kind}:{'known' if known else 'account'}"
    return await goes_through(work.session, Counter(scope, context.digest(str(account_id)), RESET_ACCOUNT), work.now)
