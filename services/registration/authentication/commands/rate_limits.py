"""Rate limits: an attempt is counted before it is verified, and refunded on success."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from services.registration.authentication.context import AuthenticationContext
from services.registration.authentication.domain.password_rule import normalise
from services.registration.authentication.domain.throttle import NAMED_EMAIL, Count, Limit, charge, refund
from services.registration.authentication.problems import Slowed
from services.registration.authentication.store import sign_in
from services.registration.context import CommandContext
from shared.errors import Unavailable


@dataclass(frozen=True, slots=True)
class Counter:
    """One counter: what is counted, for whom (a keyed digest), and how much is free."""

    scope: str
    key: bytes
    limit: Limit


async def charge_all(session: AsyncSession, counters: Sequence[Counter], now: datetime) -> dict[str, Count]:
    """Charge one attempt to each counter, or to none where one of them says to wait.

    Raises `Slowed`. The rows are locked in the order given, which must be the same everywhere.
    """
    counts = [await sign_in.locked_count(session, counter.scope, counter.key, now) for counter in counters]
    wait = max((count.wait(now) for count in counts), default=timedelta(0))
    if wait:
        raise Slowed(wait)
    charged = {}
    for counter, count in zip(counters, counts, strict=True):
        charged[counter.scope] = charge(counter.limit, count, now)
        await sign_in.put_count(session, counter.scope, counter.key, charged[counter.scope])
    return charged


async def goes_through(session: AsyncSession, counter: Counter, now: datetime) -> bool:
    """Charge one mail to a counter; False, with nothing charged, where there were too many recently.

    The same statements either way: the time it takes does not reveal which.
    """
    count = await sign_in.locked_count(session, counter.scope, counter.key, now)
    slowed = bool(count.wait(now))
    await sign_in.put_count(session, counter.scope, counter.key, count if slowed else charge(counter.limit, count, now))
    return not slowed


async def mail_goes_through(session: AsyncSession, context: CommandContext, email: str, now: datetime) -> bool:
    """Charge one mail to an address that somebody merely names; False where it got too many recently."""
    return await goes_through(session, Counter("named:email", context.digest(email.lower()), NAMED_EMAIL), now)


async def give_back(session: AsyncSession, counters: Sequence[Counter], now: datetime) -> None:
    """Take back the last charge of each counter."""
    for counter in counters:
        count = await sign_in.locked_count(session, counter.scope, counter.key, now)
        await sign_in.put_count(session, counter.scope, counter.key, refund(count))


async def compare(
    context: AuthenticationContext, counters: Sequence[Counter], known: str | None, password: str, caller: str
) -> bool:
    """Whether `password` is the one behind `known`, for an attempt that was charged to `counters`; `caller` is the
    address or the account in whose line it waits.

    Raises `Unavailable` where too many wait: nothing was looked at then, and the charge is given back.
    """
    try:
        return await context.hashing.matches(known, normalise(password), caller)
    except Unavailable:
        async with context.db.transaction() as session:
            await give_back(session, counters, context.clock.now())
        raise


async def admit(context: CommandContext, scope: str, who: str, limit: Limit) -> None:
    """Count one use of a public form by `who`; raises `Slowed`."""
    async with context.db.transaction() as session:
        await charge_all(session, [Counter(scope, context.digest(who), limit)], context.clock.now())
