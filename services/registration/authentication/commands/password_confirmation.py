"""Confirming a change that takes an account over: with one's password, or by having proved again who one is."""

from uuid import UUID

from services.registration.accounts.domain.standing import AccountState
from services.registration.accounts.store import accounts
from services.registration.accounts.store.accounts import Account
from services.registration.authentication.commands.rate_limits import Counter, charge_all, compare, give_back
from services.registration.authentication.commands.step_up import require_proved
from services.registration.authentication.context import AuthenticationContext
from services.registration.authentication.domain.step_up import SensitiveAct
from services.registration.authentication.domain.throttle import sign_in_pair
from services.registration.authentication.problems import PasswordNotRight, StepUpRequired
from services.registration.authentication.store import own_sessions, second_factor, sign_in
from services.registration.authentication.store.sign_in import Session
from shared.clock import legal_date
from shared.reference.passwords import password_rules
from shared.work import Work


async def confirm(context: AuthenticationContext, account_id: UUID, password: str, act: SensitiveAct) -> str:
    """The hash of the account's password, where `password` is the right one; counted like a sign-in.

    Raises `PasswordNotRight`, `Slowed`, or `StepUpRequired` where the account has no password, or a second factor,
    which is shown in its place.
    """
    now = context.clock.now()
    counter = Counter("confirm:account", context.digest(str(account_id)), sign_in_pair(password_rules(legal_date(now))))
    async with context.db.transaction() as session:
        account = await accounts.account(session, account_id)
        row = await sign_in.password_of(session, account_id)
        if account is None or row is None or account.state != AccountState.ACTIVE:
            raise StepUpRequired(act)
        if await second_factor.has_factor(session, account_id):
            raise StepUpRequired(act)
        known = row.hash
        await charge_all(session, [counter], now)
    if not await compare(context, [counter], known, password, str(account_id)):
        raise PasswordNotRight()
    async with context.db.transaction() as session:
        await give_back(session, [counter], context.clock.now())
    return known


async def require_owner(work: Work, act: SensitiveAct, confirmed: str | None) -> tuple[Account, Session]:
    """The caller's account and session, locked, for an act that takes the account over.

    `confirmed` is what `confirm` answered; without it the session has to be proved again. Raises `StepUpRequired`.
    """
    actor = work.actor
    if confirmed is None or actor.id is None or actor.session_id is None:
        return await require_proved(work, act)
    account = await accounts.locked_account(work.session, actor.id)
    held = await own_sessions.locked_session(work.session, actor.session_id, account.id)
    present = await sign_in.password_of(work.session, account.id)
    # Another password, or a second factor, may have been set while this one was compared.
    replaced = present is None or present.hash != confirmed or await second_factor.has_factor(work.session, account.id)
    if held is None or replaced:
        raise StepUpRequired(act)
    return account, held
