"""Proving who one is at the identity provider: there with a question, back with an answer.

Between the two the question lies in the database, and while the provider is asked no connection is held.
"""

import json
import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from services.registration.accounts.domain.standing import AccountState
from services.registration.accounts.store import accounts
from services.registration.accounts.store.accounts import Account
from services.registration.audit import Tag
from services.registration.authentication.adapters.id_tokens import Person
from services.registration.authentication.adapters.identity_provider import Answer
from services.registration.authentication.commands.credentials import notify_changed
from services.registration.authentication.commands.sign_in import (
    SIGN_INS,
    acting_for,
    count_failure,
    require_place,
    require_unblocked,
    start_session,
)
from services.registration.authentication.commands.step_up import renew, require_fresh
from services.registration.authentication.context import AuthenticationContext
from services.registration.authentication.domain.step_up import SensitiveAct, SignInMethod
from services.registration.authentication.problems import (
    AccountStopped,
    IdentityCancelled,
    IdentityNotProved,
    IdentityOther,
    IdentityProviderDown,
    IdentityTaken,
    NotFromThere,
    RegistrationLapsed,
)
from services.registration.authentication.schemas.identity_requests import IdentityFinished, IdentityRequested
from services.registration.authentication.schemas.sign_in import SignedIn
from services.registration.authentication.store import identities, own_sessions
from services.registration.authentication.store.identities import Asked, Identity
from services.registration.context import CommandContext, Visitor, new_secret, secret_digest
from shared.auth.actor import Actor
from shared.errors import Problem
from shared.ids import new_id
from shared.work import RequestIdentity, Work

REQUEST_FOR = timedelta(minutes=10)
TICKET_FOR = timedelta(minutes=30)


class Purpose(StrEnum):
    """The purpose of a proof of identity."""

    SIGN_IN = "sign-in"
    REGISTER = "register"
    LINK = "link"
    STEP_UP = "step-up"

    @property
    def of_session(self) -> bool:
        """Whether somebody who has signed in asks, and has to prove their identity again."""
        return self in (Purpose.LINK, Purpose.STEP_UP)


@dataclass(frozen=True, slots=True)
class Returned:
    """The provider's answer, brought back by the browser: a code, or an error."""

    state: str
    browser_secret: str
    code: str | None
    error: str | None
    issuer: str | None


async def begin(
    context: AuthenticationContext,
    actor: Actor,
    mark: RequestIdentity,
    purpose: Purpose,
    browser_secret: str,
    return_to: str,
) -> IdentityRequested:
    """Ask a question. Linking needs a fresh session; its holder, like that of one that is to be made fresh, has to
    prove their identity again at the provider: nobody goes on as the person who happens to be signed in there."""
    state, nonce, verifier = new_secret(), new_secret(), secrets.token_urlsafe(48)
    url = await context.identity_provider.authorization_url(
        state=state, nonce=nonce, verifier=verifier, reauthenticate=purpose.of_session
    )

    async def keep(work: Work) -> IdentityRequested:
        if purpose is Purpose.LINK:
            await require_fresh(work, SensitiveAct.LINK_IDENTITY)
        expires_at = work.now + REQUEST_FOR
        await identities.put_request(
            work.session,
            Asked(
                state_digest=secret_digest(state),
                nonce_digest=secret_digest(nonce),
                browser_digest=secret_digest(browser_secret),
                sealed_verifier=context.vault.seal(verifier),
                purpose=purpose.value,
                return_to=return_to,
                account_id=actor.id if purpose.of_session else None,
                session_id=actor.session_id if purpose.of_session else None,
                expires_at=expires_at,
            ),
        )
        return IdentityRequested(authorization_url=url, expires_at=expires_at)

    return await context.commands.run(actor, mark, keep)


async def finish(
    context: AuthenticationContext, mark: RequestIdentity, returned: Returned, visitor: Visitor
) -> IdentityFinished:
    """Take the answer. Raises `IdentityNotProved`, `IdentityCancelled`, `IdentityProviderDown`, or what signing in and
    linking refuse to who proved who they are."""
    state, browser = secret_digest(returned.state), secret_digest(returned.browser_secret)
    async with context.db.transaction() as session:
        asked = await identities.take_request(session, state, browser, context.clock.now())
    if asked is None:
        raise IdentityNotProved()
    if returned.code is None:
        raise _refused(returned.error)
    answer = Answer(returned.code, returned.issuer)
    purpose = Purpose(asked.purpose)
    since = asked.expires_at - REQUEST_FOR if purpose.of_session else None
    verifier = context.vault.open(asked.sealed_verifier)
    person = await context.identity_provider.prove(answer, verifier, asked.nonce_digest, since)
    if purpose.of_session:
        owner = Actor(kind="person", id=asked.account_id, session_id=asked.session_id)
        if purpose is Purpose.LINK:
            return await context.commands.run(
                owner, mark, lambda work: _link(work, context, person, visitor, asked.return_to)
            )
        return await context.commands.run(owner, mark, lambda work: _step_up(work, person, visitor, asked.return_to))
    if asked.purpose == Purpose.SIGN_IN:
        signed_in = await _sign_in(context, mark, person, visitor)
        if signed_in is not None:
            return IdentityFinished(outcome="signed-in", return_to=asked.return_to, session=signed_in)
    return await _give_ticket(context, person, asked.return_to)


def _refused(error: str | None) -> Problem:
    if error == "access_denied":
        return IdentityCancelled()
    if error in ("server_error", "temporarily_unavailable"):
        return IdentityProviderDown()
    return IdentityNotProved()


async def _sign_in(
    context: AuthenticationContext, mark: RequestIdentity, person: Person, visitor: Visitor
) -> SignedIn | None:
    """Begin a session; None where the identity leads to nothing that can be used, so that there is to register."""
    async with context.db.read() as session:
        known = await identities.known(session, person.issuer, person.subject)
        owner = None if known is None else await accounts.account(session, known.account_id)
    # An officer signs in as an officer, and in no other way.
    if owner is None or owner.kind != "person" or owner.state in (AccountState.REGISTERED, AccountState.CLOSED):
        return None
    account_id = owner.id

    async def begin_session(work: Work) -> SignedIn:
        account = await accounts.locked_account(work.session, account_id)
        require_place(work, account, visitor, NotFromThere)
        if account.state != AccountState.ACTIVE:
            raise AccountStopped()
        present = await identities.known(work.session, person.issuer, person.subject)
        if present is None or present.account_id != account.id:
            raise IdentityNotProved()
        await require_unblocked(work, account)
        roles, organisation_id = await acting_for(work, account, None)
        return await start_session(work, context, account, roles, organisation_id, visitor, SignInMethod.IDENTITY)

    try:
        opened = await context.commands.run(Actor(kind="person", id=account_id), mark, begin_session)
    except RegistrationLapsed:
        return None
    except Problem as refused:
        count_failure(refused.code, SignInMethod.IDENTITY, account_id)
        raise
    SIGN_INS.labels("right").inc()
    return opened


async def _link(
    work: Work, context: CommandContext, person: Person, visitor: Visitor, return_to: str
) -> IdentityFinished:
    assert work.actor.id is not None
    assert work.actor.session_id is not None
    holder = await holder_of(work, person, beside=work.actor.id)
    account = await accounts.locked_account(work.session, work.actor.id)
    require_place(work, account, visitor, NotFromThere)
    held = await own_sessions.locked_session(work.session, work.actor.session_id, account.id)
    if account.kind != "person" or account.state != AccountState.ACTIVE or held is None or held.ended_at is not None:
        raise IdentityNotProved()
    if holder is not None and holder.id != account.id:
        raise IdentityTaken()
    if holder is None:
        if any(one.issuer == person.issuer for one in await identities.of_account(work.session, account.id)):
            raise IdentityTaken()
        add_identity(work, account, person)
        notify_changed(work, context, account, "identity_linked")
    return IdentityFinished(outcome="linked", return_to=return_to)


async def _step_up(work: Work, person: Person, visitor: Visitor, return_to: str) -> IdentityFinished:
    """Make the session fresh that asked, if the browser still holds it."""
    assert work.actor.id is not None
    assert work.actor.session_id is not None
    account = await accounts.locked_account(work.session, work.actor.id)
    require_place(work, account, visitor, NotFromThere)
    held = await own_sessions.locked_session(work.session, work.actor.session_id, account.id)
    if account.state != AccountState.ACTIVE or held is None or held.expires_at <= work.now:
        raise IdentityNotProved()
    if visitor.held is None or secret_digest(visitor.held) != held.secret_digest:
        raise IdentityNotProved()
    known = await identities.known(work.session, person.issuer, person.subject)
    if known is None or known.account_id != account.id:
        raise IdentityOther()
    renewed = renew(work, held, SignInMethod.IDENTITY)
    return IdentityFinished(outcome="stepped-up", return_to=return_to, renewed=renewed)


async def holder_of(work: Work, person: Person, beside: UUID | None = None) -> Account | None:
    """The account to which the identity leads, locked. One that was closed lets go of it: closing ends an account and
    not a person, who may begin again; whom an officer wants to keep out is suspended.

    `beside` is an account that the caller locks as well.
    """
    known = await identities.claimed(work.session, person.issuer, person.subject)
    if known is None:
        return None
    if beside is not None and beside < known.account_id:
        # In the order of their ids: two who prove each other's identity at the same moment wait one for the other.
        await accounts.locked_account(work.session, beside)
    account = await accounts.locked_account(work.session, known.account_id)
    if account.state != AccountState.CLOSED:
        return account
    known.ended_at = work.now
    await work.session.flush()
    work.journal("account", account.id, Tag.IDENTITY_UNLINK, {"identity_id": known.id})
    return None


def add_identity(work: Work, account: Account, person: Person) -> None:
    """From now on the identity leads to this account."""
    row = Identity(
        id=new_id(),
        account_id=account.id,
        issuer=person.issuer,
        subject=person.subject,
        linked_at=work.now,
        ended_at=None,
    )
    work.session.add(row)
    work.journal("account", account.id, Tag.IDENTITY_LINK, {"identity_id": row.id})


async def _give_ticket(context: CommandContext, person: Person, return_to: str) -> IdentityFinished:
    secret, expires_at = new_secret(), context.clock.now() + TICKET_FOR
    kept = {
        "issuer": person.issuer,
        "subject": person.subject,
        "name": person.name,
        "birth_date": person.birth_date.isoformat(),
    }
    async with context.db.transaction() as session:
        sealed = context.vault.seal(json.dumps(kept))
        await identities.put_ticket(session, secret_digest(secret), sealed, expires_at)
    return IdentityFinished(outcome="ticket", return_to=return_to, ticket=secret, ticket_expires_at=expires_at)


def files_owner(context: CommandContext, person: Person) -> UUID:
    """The owner of files that a person uploads before they are registered: the same with every ticket of theirs."""
    return UUID(bytes=context.digest(f"files:{person.issuer}\n{person.subject}")[:16], version=5)


def person_of_ticket(context: CommandContext, sealed: str) -> Person:
    """The person whose identity a ticket proves."""
    kept = json.loads(context.vault.open(sealed))
    return Person(kept["issuer"], kept["subject"], kept["name"], date.fromisoformat(kept["birth_date"]))
