"""Step-up authentication: sensitive actions need a recent proof of identity; a stolen session is not enough."""

from datetime import datetime

from services.registration.accounts.store import accounts
from services.registration.accounts.store.accounts import Account
from services.registration.audit import Tag
from services.registration.authentication.commands.proofs import Proof, code_counters, prove
from services.registration.authentication.commands.rate_limits import charge_all, compare, give_back
from services.registration.authentication.context import AuthenticationContext
from services.registration.authentication.domain.session import is_alive
from services.registration.authentication.domain.step_up import FRESH_FOR, SensitiveAct, SignInMethod
from services.registration.authentication.problems import CodeNotValid, StepUpRequired
from services.registration.authentication.schemas.step_up import SteppedUp
from services.registration.authentication.store import own_sessions, second_factor, sign_in
from services.registration.authentication.store.sign_in import Session
from services.registration.context import new_secret, secret_digest
from shared.auth import SessionEnded
from shared.auth.actor import Actor
from shared.db import ReadSession
from shared.errors import FieldProblem, Invalid, Text
from shared.work import RequestIdentity, Work


async def require_fresh(work: Work, act: SensitiveAct) -> tuple[Account, Session]:
    """The caller's account and session, locked; raises `StepUpRequired` where the last proof is too long ago."""
    actor = work.actor
    if actor.session_id is None or actor.id is None:
        raise StepUpRequired(act)
    # The account first, as everywhere: two commands that lock both never wait for each other.
    account = await accounts.locked_caller(work.session, actor.id)
    row = await own_sessions.locked_session(work.session, actor.session_id, actor.id)
    if account is None or row is None or row.fresh_until is None or row.fresh_until <= work.now:
        raise StepUpRequired(act)
    return account, row


async def require_proved(work: Work, act: SensitiveAct) -> tuple[Account, Session]:
    """Like `require_fresh`, for acts that take an account over: a recent sign-in is not enough, the caller has proved
    again who they are since."""
    account, row = await require_fresh(work, act)
    if row.proved_by is None:
        raise StepUpRequired(act)
    return account, row


def renew(work: Work, held: Session, method: SignInMethod) -> SteppedUp:
    """Make a session fresh, under a new secret."""
    secret = new_secret()
    held.secret_digest = secret_digest(secret)
    held.fresh_until = work.now + FRESH_FOR
    held.proved_by = method.value
    work.journal("account", held.account_id, Tag.SESSION_STEP_UP, {"session_id": held.id, "method": method.value})
    return SteppedUp(session_secret=secret, expires_at=held.expires_at, fresh_until=held.fresh_until)


async def is_fresh(session: ReadSession, actor: Actor, now: datetime) -> bool:
    """Whether the caller's session needs no further proof: what `require_fresh` will say if it is asked at once."""
    return await _fresh_session(session, actor, now) is not None


async def is_proved(session: ReadSession, actor: Actor, now: datetime) -> bool:
    """The same for `require_proved`."""
    row = await _fresh_session(session, actor, now)
    return row is not None and row.proved_by is not None


async def _fresh_session(session: ReadSession, actor: Actor, now: datetime) -> Session | None:
    row = await session.get(Session, actor.session_id) if actor.session_id else None
    fresh = row is not None and row.account_id == actor.id and row.fresh_until is not None and row.fresh_until > now
    return row if fresh else None


async def step_up(
    context: AuthenticationContext,
    mark: RequestIdentity,
    secret: str,
    address: str,
    proof: Proof,
    password: str | None = None,
) -> SteppedUp:
    """Prove again who holds a session; it gets a new secret. Who has a second factor shows it, the others their
    password. Raises `SessionEnded`, `CodeNotValid`, `Invalid` (password, but there is a second factor) or `Slowed`."""
    digest, now = secret_digest(secret), context.clock.now()
    async with context.db.transaction() as session:
        found = await sign_in.session_by(session, digest)
        if found is None:
            raise SessionEnded()
        row, last_used_at = found
        if not is_alive(
            context.timeouts, expires_at=row.expires_at, last_used_at=last_used_at, ended_at=row.ended_at, now=now
        ):
            raise SessionEnded()
        account = await accounts.account(session, row.account_id)
        assert account is not None
        if password is not None and await second_factor.has_factor(session, account.id):
            asked = Text("二要素認証のコードを入力してください", "Enter a code of your second factor")
            raise Invalid(fields=[FieldProblem("/code", "second-factor-required", asked)])
        known = await sign_in.password_of(session, account.id)
        counters = await code_counters(session, context, account.id, address, now)
        await charge_all(session, counters, now)
    known_hash = known.hash if known else None
    if password is not None and not await compare(context, counters, known_hash, password, address):
        raise CodeNotValid()
    account_id, session_id = account.id, row.id
    actor = Actor(kind="officer" if account.kind == "officer" else "person", id=account_id, session_id=session_id)

    async def prove_again(work: Work) -> SteppedUp:
        owner = await accounts.locked_account(work.session, account_id)
        held = await own_sessions.locked_session(work.session, session_id, account_id)
        if held is None or held.secret_digest != digest:
            raise SessionEnded()
        if password is None:
            method = await prove(work, context, owner, proof)
        else:
            method = SignInMethod.PASSWORD
            present = await sign_in.password_of(work.session, account_id)
            # Set up or replaced while the old one was compared.
            if await second_factor.has_factor(work.session, account_id) or not present or present.hash != known_hash:
                raise CodeNotValid()
        await give_back(work.session, counters, work.now)
        return renew(work, held, method)

    return await context.commands.run(actor, mark, prove_again)
