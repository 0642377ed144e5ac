"""What anybody may ask for, whoever exists: noted at once, and looked up by a job."""

from collections.abc import Mapping
from uuid import UUID

from services.registration.authentication.commands.rate_limits import Counter, goes_through
from services.registration.authentication.domain.throttle import KNOWN_ADDRESS_FOR, RESET_ACCOUNT
from services.registration.authentication.store import sign_in
from services.registration.context import CommandContext
from shared import timers
from shared.ids import new_id
from shared.work import Work


async def note(context: CommandContext, kind: str, **named: str) -> None:
    """Note a wish for the timers of that kind, sealed. The answer cannot tell, by word or time, who exists."""
    sealed = {name: context.vault.seal(value) for name, value in named.items()}
    async with context.db.transaction() as session:
        await timers.at(session, kind, new_id(), context.clock.now(), sealed)


async def mail_goes_through(
    work: Work, context: CommandContext, kind: str, account_id: UUID, wish: Mapping[str, str]
) -> bool:
    """Charge one mail that was requested for an account; False where too many were requested recently.

    Requests from an address where the owner signed in recently are counted apart from those of strangers, who use up
    nothing of the owner's.
    """
    address = context.vault.open(wish["address"]) if "address" in wish else ""
    known = await sign_in.signed_in_from(work.session, account_id, context.digest(address), KNOWN_ADDRESS_FOR, work.now)
    scope = f"{kind}:{'known' if known else 'account'}"
    return await goes_through(work.session, Counter(scope, context.digest(str(account_id)), RESET_ACCOUNT), work.now)
