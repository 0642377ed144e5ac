"""Changing an email address: asked for by its owner, who proves who they are, or for an officer by an administrator,
and confirmed by a link at the new address."""

from uuid import UUID

from services.registration.accounts.domain.standing import AccountState
from services.registration.accounts.schemas.answers import Nothing
from services.registration.accounts.store import accounts, email_changes
from services.registration.accounts.store.accounts import Account
from services.registration.accounts.store.email_changes import EmailChange
from services.registration.audit import Tag
from services.registration.authentication.commands.password_confirmation import confirm, require_owner
from services.registration.authentication.commands.rate_limits import Counter, charge_all
from services.registration.authentication.context import AuthenticationContext
from services.registration.authentication.domain.step_up import SensitiveAct
from services.registration.authentication.domain.throttle import OWN_EMAIL
from services.registration.authentication.problems import LinkNotValid
from services.registration.authentication.schemas.password_links import OpenLink
from services.registration.authentication.store import sign_in
from services.registration.context import CommandContext, new_secret, secret_digest
from services.registration.lifecycle.problems import account_step_not_possible
from services.registration.officers.commands.officers import send_link, standing, take
from services.registration.officers.problems import OfficerKnown
from services.registration.officers.schemas.officers import OfficerStanding
from services.registration.officers.store import officers
from shared.auth.actor import Actor
from shared.errors import FieldProblem, Invalid, Text
from shared.events.fields import Recipient
from shared.events.registration import EmailChanged, EmailChangeRequested
from shared.ids import new_id
from shared.work import RequestIdentity, Work

# An officer who was invited to a wrong address has to get another before they ever sign in.
_POSSIBLE = {"person": (AccountState.ACTIVE,), "officer": (AccountState.REGISTERED, AccountState.ACTIVE)}


async def ask(
    context: AuthenticationContext, actor: Actor, mark: RequestIdentity, email: str, password: str | None
) -> Nothing:
    """Send a link to the new address. Nothing else changes, and the old address stays in use.

    Without the password the session has to be proved again. Raises `StepUpRequired`, `PasswordNotRight`, `Invalid`,
    or `Slowed` where too many links were asked for.
    """
    assert actor.id is not None
    act = SensitiveAct.CHANGE_EMAIL
    confirmed = None if password is None else await confirm(context, actor.id, password, act)

    async def issue_link(work: Work) -> Nothing:
        locked, _ = await require_owner(work, act, confirmed)
        if locked.state not in _POSSIBLE[locked.kind]:
            raise _not_valid()
        _require_another(locked, email)
        counter = Counter("email:account", context.digest(str(locked.id)), OWN_EMAIL)
        await charge_all(work.session, [counter], work.now)
        await _send(work, context, locked, email)
        work.journal("account", locked.id, Tag.EMAIL_ASK)
        return Nothing()

    return await context.commands.run(actor, mark, issue_link)


async def ask_for_officer(work: Work, context: CommandContext, officer_id: UUID, email: str) -> OfficerStanding:
    """Send a link to an officer's new address. Nothing else changes before they use it.

    Raises what `take` does, `Conflict` also where the account is stopped, `Invalid` or `OfficerKnown`.
    """
    account = await take(work, officer_id, address=email)
    if account.state not in _POSSIBLE[account.kind]:
        raise account_step_not_possible(account.state)
    _require_another(account, email)
    await _require_free(work, account, email)
    await _send(work, context, account, email)
    work.journal("account", account.id, Tag.OFFICER_EMAIL_ASK)
    return await standing(work, account)


async def look(context: CommandContext, token: str) -> OpenLink:
    """The expiry of a link; raises `LinkNotValid` where it cannot."""
    async with context.db.read() as session:
        change = await email_changes.open_change(session, secret_digest(token), context.clock.now())
    if change is None:
        raise _not_valid()
    return OpenLink(expires_at=change.expires_at)


async def use_link(context: CommandContext, mark: RequestIdentity, token: str) -> Nothing:
    """Take over the new address; both addresses are notified.

    Raises `LinkNotValid`, or `OfficerKnown` where another officer got that mailbox in the meantime.
    """
    digest = secret_digest(token)
    async with context.db.read() as session:
        asked = await email_changes.open_change(session, digest, context.clock.now())
        owner = None if asked is None else await accounts.account(session, asked.account_id)
    if asked is None or owner is None:
        raise _not_valid()

    async def take_over(work: Work) -> Nothing:
        # Before the account, as administrators do: nobody else gives the mailbox to another officer in the meantime.
        if owner.kind == "officer":
            await officers.one_at_a_time(work.session)
        # The account first, as in `ask`: a concurrent replacement of the link holds the account.
        account = await accounts.locked_account(work.session, asked.account_id)
        change = await email_changes.locked_open(work.session, digest, work.now)
        if change is None or account.state not in _POSSIBLE[account.kind]:
            raise _not_valid()
        if account.kind == "officer":
            await _require_free(work, account, change.email)
        old = context.recipient(account) if account.email else None
        change.ended_at = work.now
        account.email = change.email
        account.revision += 1
        # Links to set a password lie in the old mailbox.
        await sign_in.end_links(work.session, account.id, work.now)
        work.journal("account", account.id, Tag.EMAIL_CHANGE)
        new = context.recipient(account)
        work.emit(EmailChanged(account_id=account.id, recipient_new=new, recipient_old=old or new, changed_at=work.now))
        # An officer who has no password yet sets it with the link they get now.
        if account.state == AccountState.REGISTERED:
            await send_link(work, context, account)
        return Nothing()

    return await context.commands.run(Actor.anonymous(), mark, take_over)


async def _send(work: Work, context: CommandContext, account: Account, email: str) -> None:
    """A link to the new address of an account that is locked, in place of any before it."""
    await email_changes.end_all(work.session, account.id, work.now)
    secret, expires_at = new_secret(), context.link_expiry(work.now)
    work.session.add(
        EmailChange(
            id=new_id(),
            account_id=account.id,
            email=email,
            token_digest=secret_digest(secret),
            created_at=work.now,
            expires_at=expires_at,
            ended_at=None,
        )
    )
    work.emit(
        EmailChangeRequested(
            account_id=account.id,
            sealed_link=context.sealer.seal(context.page(f"/email/{secret}")),
            link_expires_at=expires_at,
            recipient=Recipient.reading(account.language, context.sealer.seal(email)),
            requested_at=work.now,
        )
    )


def _require_another(account: Account, email: str) -> None:
    if (account.email or "").casefold() == email.casefold():
        text = Text("現在のメールアドレスと同じです", "This is the present address")
        raise Invalid(fields=[FieldProblem("/email", "email-unchanged", text)])


async def _require_free(work: Work, officer: Account, email: str) -> None:
    if await officers.known_by(work.session, email, besides=officer.id):
        raise OfficerKnown()


def _not_valid() -> LinkNotValid:
    return LinkNotValid(
        Text(
            "使用済みか、有効期限が切れています。もう一度変更を申し込んでください(職員は管理者に依頼してください)",
            "It was used already or has expired. Ask for the change again; officers ask an administrator",
        )
    )
