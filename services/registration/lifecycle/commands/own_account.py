"""One's own sessions and password."""

from uuid import UUID

from services.registration.accounts.schemas.answers import Nothing
from services.registration.accounts.store import accounts
from services.registration.audit import Tag
from services.registration.authentication.commands.credentials import notify_changed
from services.registration.authentication.commands.password_confirmation import confirm, require_owner
from services.registration.authentication.commands.password_links import put_password
from services.registration.authentication.commands.second_factor import end_sessions_but
from services.registration.authentication.context import AuthenticationContext
from services.registration.authentication.domain.password_rule import normalise
from services.registration.authentication.domain.session import is_alive
from services.registration.authentication.domain.step_up import SensitiveAct, SignInMethod
from services.registration.authentication.problems import weak_password
from services.registration.authentication.store import own_sessions, sign_in
from services.registration.lifecycle.schemas.own_account import SessionList, SessionView, SignedOut
from services.registration.oauth.commands import client_revocation
from shared.auth.actor import Actor
from shared.clock import legal_date
from shared.errors import NotFound
from shared.work import RequestIdentity, Work


async def list_sessions(context: AuthenticationContext, actor: Actor) -> SessionList:
    """The caller's open sessions."""
    assert actor.id is not None
    now = context.clock.now()
    async with context.db.read() as session:
        rows = await own_sessions.open_sessions(session, actor.id, now)
    return SessionList(
        items=[
            SessionView(
                id=row.Session.id,
                device=row.Session.device,
                place=row.Session.place,
                method=row.Session.method or SignInMethod.PASSWORD.value,
                first_seen_at=row.Session.started_at,
                last_seen_at=row.last_used_at,
                current=row.Session.id == actor.session_id,
            )
            for row in rows
            if is_alive(
                context.timeouts,
                expires_at=row.Session.expires_at,
                last_used_at=row.last_used_at,
                ended_at=None,
                now=now,
            )
        ]
    )


async def end_session(work: Work, session_id: UUID) -> Nothing:
    """End one of the caller's sessions; raises `NotFound` for anyone else's, and for one that is over."""
    assert work.actor.id is not None
    row = await own_sessions.locked_session(work.session, session_id, work.actor.id)
    if row is None:
        raise NotFound()
    row.ended_at, row.end_reason = work.now, "signed-out"
    work.journal("account", work.actor.id, Tag.SESSION_END, {"session_id": session_id})
    return Nothing()


async def sign_out_everywhere(work: Work) -> SignedOut:
    """End all of the caller's sessions, this one too, and what API clients may do for them."""
    assert work.actor.id is not None
    ended = await end_sessions_but(work, work.actor.id, None, "signed-out-everywhere")
    work.journal("account", work.actor.id, Tag.SESSION_END, {"ended": ended})
    await client_revocation.end_authorizations(work, work.actor.id, "signed-out-everywhere")
    return SignedOut(ended=ended)


async def change_password(
    context: AuthenticationContext, actor: Actor, mark: RequestIdentity, password: str, present: str | None
) -> Nothing:
    """Set another password, or the first one; other sessions and open links end.

    `present` is the present password; without it the session has to be proved again. Raises `StepUpRequired`,
    `PasswordNotRight`, or `Invalid` like a link.
    """
    assert actor.id is not None
    account_id = actor.id
    confirmed = None if present is None else await confirm(context, account_id, present, SensitiveAct.CHANGE_PASSWORD)

    async def check(work: Work) -> Nothing:
        await require_owner(work, SensitiveAct.CHANGE_PASSWORD, confirmed)
        return Nothing()

    # Asked before the slow part, and again with it.
    await context.commands.run(actor, mark, check)
    async with context.db.read() as session:
        account = await accounts.account(session, account_id)
    assert account is not None
    plain, rule = normalise(password), context.rule(legal_date(context.clock.now()))
    if flaws := rule.flaws(plain, account.login_id or ""):
        raise weak_password(rule, flaws)
    hashed = await context.hashing.hash(plain)

    async def change(work: Work) -> Nothing:
        owner, held = await require_owner(work, SensitiveAct.CHANGE_PASSWORD, confirmed)
        await put_password(work, owner, hashed)
        await sign_in.end_links(work.session, account_id, work.now)
        await end_sessions_but(work, account_id, held.id, "password-changed")
        work.journal("account", account_id, Tag.PASSWORD_CHANGE)
        notify_changed(work, context, owner, "password_changed")
        return Nothing()

    return await context.commands.run(actor, mark, change)
