"""Setting a password with a one-time link, or confirming a mail address with one."""

from uuid import UUID

from services.registration.accounts.domain.standing import AccountState
from services.registration.accounts.store import accounts
from services.registration.audit import Tag
from services.registration.authentication.commands.credentials import notify_changed
from services.registration.authentication.commands.password_links import put_password
from services.registration.authentication.context import AuthenticationContext
from services.registration.authentication.domain.password_rule import normalise
from services.registration.authentication.problems import LinkNotValid, weak_password
from services.registration.authentication.store import identities, sign_in
from services.registration.context import CommandContext, secret_digest
from services.registration.lifecycle.schemas.passwords import PasswordSet
from services.registration.oauth.commands import client_revocation
from services.registration.usage_registration.commands.activation import activated
from services.registration.usage_registration.store import usage_registrations
from shared.auth.actor import Actor
from shared.clock import legal_date
from shared.work import RequestIdentity, Work


async def set_password(context: AuthenticationContext, mark: RequestIdentity, token: str, password: str) -> PasswordSet:
    """Use a link. Raises `LinkNotValid`, or `Invalid` with everything that is wrong with the password.

    The slow part runs between two transactions, so that it holds no connection; the second one looks again.
    """
    digest, now = secret_digest(token), context.clock.now()
    async with context.db.read() as session:
        link = await sign_in.unused_link(session, digest, now)
        account = None if link is None else await accounts.account(session, link.account_id)
    if link is None or account is None or account.login_id is None:
        raise LinkNotValid()
    plain, rule = normalise(password), context.rule(legal_date(now))
    if flaws := rule.flaws(plain, account.login_id):
        raise weak_password(rule, flaws)
    hashed = await context.hashing.hash(plain)
    actor = Actor(kind="officer" if account.kind == "officer" else "person", id=account.id)
    return await context.commands.run(actor, mark, lambda work: _use(work, context, account.id, digest, hashed))


async def confirm(context: CommandContext, mark: RequestIdentity, token: str) -> PasswordSet:
    """Use the first link of an account without setting a password: for who signs in at the identity provider.

    Raises `LinkNotValid`, also where the account would have no means to sign in.
    """
    digest = secret_digest(token)
    async with context.db.read() as session:
        link = await sign_in.unused_link(session, digest, context.clock.now())
        known = [] if link is None else await identities.of_account(session, link.account_id)
    if link is None or link.purpose != "activate" or not known:
        raise LinkNotValid()
    actor = Actor(kind="person", id=link.account_id)
    return await context.commands.run(actor, mark, lambda work: _use(work, context, link.account_id, digest, None))


async def _use(work: Work, context: CommandContext, account_id: UUID, digest: bytes, hashed: str | None) -> PasswordSet:
    # The account first, as in `issue_link`: a concurrent replacement of the link holds the account.
    account = await accounts.locked_account(work.session, account_id)
    link = await sign_in.locked_unused_link(work.session, digest, work.now)
    possible = (AccountState.REGISTERED,) if hashed is None else (AccountState.REGISTERED, AccountState.ACTIVE)
    if link is None or account.state not in possible or account.login_id is None:
        raise LinkNotValid()
    link.ended_at = work.now
    if hashed is not None:
        await put_password(work, account, hashed)
    await sign_in.end_sessions(work.session, account.id, work.now, "password-changed")
    if account.state == AccountState.REGISTERED:
        account.state = AccountState.ACTIVE.value
        account.revision += 1
        work.journal("account", account.id, Tag.ACCOUNT_ACTIVATE)
        if account.kind == "officer":
            notify_changed(work, context, account, "password_changed")
            return PasswordSet(login_id=account.login_id)
        registration = link.usage_registration_id and await usage_registrations.usage_registration(
            work.session, link.usage_registration_id
        )
        assert registration
        work.emit(await activated(work, context, account, registration))
    else:
        work.journal("account", account.id, Tag.PASSWORD_CHANGE)
        # Somebody else may have used the account before the reset: its authorisations end and are asked for again.
        await client_revocation.end_authorizations(work, account.id, "password-changed")
        notify_changed(work, context, account, "password_changed")
    return PasswordSet(login_id=account.login_id)
