"""Confirming a change with one's password."""

from uuid import UUID

from services.registration.commands.throttling import Counter, charge_all, compare, give_back
from services.registration.desk import Desk
from services.registration.domain.standing import AccountState
from services.registration.domain.throttle import sign_in_pair
from services.registration.problems import PasswordNotRight
from services.registration.store import Account, accounts, sign_in
from shared.clock import legal_date
from shared.errors import NotFound
from shared.reference.passwords import password_rules


async def confirm(desk: Desk, account_id: UUID, password: str) -> tuple[Account, str]:
    """The account and its password's hash, where `password` is the right one; counted like a sign-in.

    Raises `PasswordNotRight`, `Slowed`, or `NotFound` where the account has no password.
    """
    now = desk.clock.now()
    counter = Counter("confirm:account", desk.digest(str(account_id)), sign_in_pair(password_rules(legal_date(now))))
    async with desk.db.transaction() as session:
        account = await accounts.account(session, account_id)
        row = await sign_in.password_of(session, account_id)
        if account is None or row is None or account.state != AccountState.ACTIVE:
            raise NotFound()
        known = row.hash
        await charge_all(session, [counter], now)
    if not await compare(desk, [counter], known, password):
        raise PasswordNotRight()
    async with desk.db.transaction() as session:
        await give_back(session, [counter], desk.clock.now())
    return account, known
