"""Confirming a change with one's password, and changing the password itself."""

from uuid import UUID

from services.registration.audit import Tag
from services.registration.commands.answers import Nothing
from services.registration.commands.links import put_password
from services.registration.commands.throttling import Counter, charge_all, give_back
from services.registration.desk import Desk
from services.registration.domain.password_rule import normalise
from services.registration.domain.standing import AccountState
from services.registration.domain.throttle import sign_in_pair
from services.registration.problems import PasswordNotRight, weak_password
from services.registration.store import Account, accounts, session_ends, sign_in
from shared.auth.actor import Actor
from shared.clock import legal_date
from shared.errors import NotFound
from shared.reference.passwords import password_rules
from shared.work import Mark, Work


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
    if not await desk.hashing.matches(known, normalise(password)):
        raise PasswordNotRight()
    async with desk.db.transaction() as session:
        await give_back(session, [counter], desk.clock.now())
    return account, known


async def change(desk: Desk, actor: Actor, mark: Mark, old: str, new: str) -> Nothing:
    """Set another password. Every other session of the account ends, and so do links that were sent.

    Raises `PasswordNotRight`, `Slowed`, or `Invalid` with everything that is wrong with the new one.
    """
    assert actor.id is not None
    account, known = await confirm(desk, actor.id, old)
    assert account.login_id is not None
    plain, rule = normalise(new), desk.rule(legal_date(desk.clock.now()))
    if flaws := rule.flaws(plain, account.login_id):
        raise weak_password(rule, flaws)
    hashed = await desk.hashing.hash(plain)

    async def put(work: Work) -> Nothing:
        locked = await accounts.locked_account(work.session, account.id)
        row = await sign_in.password_of(work.session, account.id)
        # Somebody may have set another password, or stopped the account, while this one was being hashed.
        if locked.state != AccountState.ACTIVE or row is None or row.hash != known:
            raise PasswordNotRight()
        await put_password(work, locked, hashed)
        await sign_in.end_links(work.session, account.id, work.now)
        await session_ends.end_others(work.session, account.id, actor.session_id, work.now, "password-changed")
        work.enter("account", account.id, Tag.PASSWORD_CHANGE)
        return Nothing()

    return await desk.commands.run(actor, mark, put)
