"""Signing in with login id and password."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog
from prometheus_client import Counter as Metric

from services.registration.accounts.domain import login_id as login_ids
from services.registration.accounts.domain.account_life import password_ends
from services.registration.accounts.domain.standing import AccountState, reading_roles_for, roles_for
from services.registration.accounts.domain.stay_abroad import can_sign_in_from
from services.registration.accounts.schemas.answers import Nothing
from services.registration.accounts.store import accounts, blocks
from services.registration.accounts.store.accounts import Account
from services.registration.audit import Tag
from services.registration.authentication.commands.rate_limits import Counter, charge_all, compare, give_back
from services.registration.authentication.commands.sign_in_challenges import open_challenge
from services.registration.authentication.context import AuthenticationContext
from services.registration.authentication.domain.password_rule import normalise
from services.registration.authentication.domain.session import KNOWN_DEVICE_FOR
from services.registration.authentication.domain.step_up import FRESH_FOR, SignInMethod, is_strong
from services.registration.authentication.domain.throttle import (
    KNOWN_ADDRESS_FOR,
    SIGN_IN_ACCOUNT,
    SIGN_IN_ADDRESS,
    Count,
    Limit,
    sign_in_pair,
)
from services.registration.authentication.problems import (
    AccountStopped,
    PasswordOver,
    RegistrationLapsed,
    SignInBlocked,
    SignInFailed,
)
from services.registration.authentication.schemas.sign_in import SignedIn
from services.registration.authentication.schemas.sign_in_challenges import SecondFactorRequired
from services.registration.authentication.store import own_sessions, second_factor, sign_in
from services.registration.authentication.store.sign_in import Password, Session
from services.registration.context import CommandContext, Visitor, new_secret, secret_digest
from shared.auth.actor import Actor
from shared.clock import legal_date
from shared.db import ReadSession
from shared.errors import Problem
from shared.events.registration import AccountLocked, NewDeviceSignIn
from shared.ids import new_id
from shared.reference.passwords import password_rules
from shared.work import RequestIdentity, Work

log = structlog.get_logger(__name__)
SIGN_INS = Metric("zairyu_sign_ins_total", "Attempts to sign in that were not slowed down", ["outcome"])


async def begin_session(
    context: AuthenticationContext,
    mark: RequestIdentity,
    typed: str,
    password: str,
    visitor: Visitor,
    organisation_id: UUID | None = None,
) -> SignedIn | SecondFactorRequired:
    """Sign in, or get as far as the second factor. Raises `SignInFailed`, `Slowed`, or, to who knew the password, why
    the account cannot be used.

    Three steps: charge the attempt; compare the password, holding no connection; begin the session. What is unknown
    goes the same way and takes the same time. So does a right password from a place where the account cannot sign in:
    nobody finds out there that it was right.
    """
    login_id, now = login_ids.canonical(typed), context.clock.now()
    counters, counts, account, password_row = await _charge(context, login_id, visitor.address, now)
    known = password_row.hash if password_row else None
    matched = await compare(context, counters, known, password, visitor.address)
    if not matched or account is None or password_row is None or not _can_be_there(account, visitor, now):
        count_failure("failed", SignInMethod.PASSWORD, account.id if account else None)
        await notify_if_slowed(context, mark, account, counts.get("sign-in:account"), SIGN_IN_ACCOUNT, now)
        raise SignInFailed()
    actor = Actor(kind="officer" if account.kind == "officer" else "person", id=account.id)
    known_hash = password_row.hash
    renewed = await context.hashing.hash(normalise(password)) if context.hashing.is_outdated(known_hash) else None

    async def begin(work: Work) -> SignedIn | SecondFactorRequired:
        return await _begin(work, context, account.id, known_hash, renewed, visitor, organisation_id, counters)

    try:
        answer = await context.commands.run(actor, mark, begin)
    except Problem as refused:
        count_failure(refused.code, SignInMethod.PASSWORD, account.id)
        raise
    SIGN_INS.labels("right" if isinstance(answer, SignedIn) else "second-factor").inc()
    return answer


def count_failure(outcome: str, method: SignInMethod, account_id: UUID | None) -> None:
    """Count and log an attempt that failed, with the account where there is one. What was typed stands nowhere."""
    SIGN_INS.labels(outcome).inc()
    log.info("sign_in.failed", outcome=outcome, method=method.value, account_id=str(account_id) if account_id else None)


async def _charge(
    context: CommandContext, login_id: str, address: str, now: datetime
) -> tuple[list[Counter], dict[str, Count], Account | None, Password | None]:
    async with context.db.transaction() as session:
        account = await accounts.by_login_id(session, login_id)
        # Asked for unknown ids too: the same queries, the same time.
        account_id = account.id if account else UUID(int=0)
        where = context.digest(address)
        known_there = await sign_in.signed_in_from(session, account_id, where, KNOWN_ADDRESS_FOR, now)
        password = await sign_in.password_of(session, account_id)
        pair = sign_in_pair(password_rules(legal_date(now)))
        counters = [
            Counter("sign-in:pair", context.digest(f"{login_id}\n{address}"), pair),
            Counter("sign-in:account", context.digest(login_id), SIGN_IN_ACCOUNT),
            Counter("sign-in:address", where, SIGN_IN_ADDRESS),
        ]
        if known_there:
            del counters[1]
        return counters, await charge_all(session, counters, now), account, password


async def _begin(
    work: Work,
    context: AuthenticationContext,
    account_id: UUID,
    known_hash: str,
    renewed_hash: str | None,
    visitor: Visitor,
    organisation_id: UUID | None,
    counters: list[Counter],
) -> SignedIn | SecondFactorRequired:
    account = await accounts.locked_account(work.session, account_id)
    require_place(work, account, visitor, SignInFailed)
    password = await sign_in.password_of(work.session, account_id)
    # Somebody may have set another password while this one was being compared.
    if password is None or password.hash != known_hash:
        raise SignInFailed()
    if account.state == AccountState.SUSPENDED:
        raise AccountStopped()
    if account.state != AccountState.ACTIVE:
        raise SignInFailed()
    await require_unblocked(work, account)
    days = context.settings.password_expiry_days
    if days is not None and work.now >= password_ends(password.set_at, days):
        raise PasswordOver()
    roles, organisation_id = await acting_for(work, account, organisation_id)
    if renewed_hash is not None:
        # The same password in another hash: it is not set again.
        password.hash = renewed_hash
    await give_back(work.session, counters, work.now)
    if await second_factor.has_factor(work.session, account.id):
        return await open_challenge(work, context, account, organisation_id, visitor)
    return await start_session(work, context, account, roles, organisation_id, visitor, SignInMethod.PASSWORD)


async def start_session(
    work: Work,
    context: AuthenticationContext,
    account: Account,
    roles: frozenset[str],
    organisation_id: UUID | None,
    visitor: Visitor,
    method: SignInMethod,
) -> SignedIn:
    """Begin a session of somebody who has proved everything that was asked; the owner is notified of a new device."""
    enrolment_only = account.kind == "officer" and not is_strong(method)
    known_since = work.now - KNOWN_DEVICE_FOR
    if account.email is not None and await own_sessions.is_new_device(
        work.session, account.id, visitor.device, visitor.place, known_since
    ):
        recipient = context.recipient(account)
        work.emit(NewDeviceSignIn(account_id=account.id, recipient=recipient, signed_in_at=work.now))
    secret = new_secret()
    row = Session(
        id=new_id(),
        account_id=account.id,
        organisation_id=organisation_id,
        role=None,
        secret_digest=secret_digest(secret),
        address_digest=context.digest(visitor.address),
        started_at=work.now,
        expires_at=work.now + context.timeouts.absolute,
        ended_at=None,
        end_reason=None,
        method=method.value,
        device=visitor.device,
        place=visitor.place,
        fresh_until=work.now + FRESH_FOR,
        proved_by=None,
    )
    work.session.add(row)
    await work.session.flush()
    await sign_in.touch(work.session, row.id, work.now)
    work.journal("account", account.id, Tag.SESSION_START, {"session_id": row.id, "method": method.value})
    if visitor.held is not None:
        await _end_held(work, secret_digest(visitor.held))
    return SignedIn(
        session_secret=secret,
        account_id=account.id,
        kind=account.kind,
        roles=[] if enrolment_only else sorted(roles),
        organisation_id=organisation_id,
        expires_at=row.expires_at,
        enrolment_required=enrolment_only,
    )


async def _end_held(work: Work, digest: bytes) -> None:
    """End the session over which somebody signs in, no matter whose it was: nobody holds its cookie any more."""
    found = await sign_in.session_by(work.session, digest)
    if found is None:
        return
    account_id = found[0].account_id
    for row in await sign_in.end_sessions(work.session, account_id, work.now, "replaced", digest=digest):
        work.journal("account", account_id, Tag.SESSION_END, {"session_id": row.id})


def require_place(work: Work, account: Account, visitor: Visitor, refusal: type[Problem]) -> None:
    """Raise `refusal` where the account cannot sign in from the visitor's place. Every way of signing in asks this
    before it says anything else about the account, in the words that it has for a wrong proof."""
    if not _can_be_there(account, visitor, work.now):
        raise refusal()


def _can_be_there(account: Account, visitor: Visitor, now: datetime) -> bool:
    return can_sign_in_from(visitor.refused, account.kind, account.abroad_until, now)


async def require_unblocked(work: Work, account: Account) -> None:
    """Raise `SignInBlocked` for an account whose sign-in an operator has blocked."""
    if await blocks.block_of(work.session, account.id, work.now) is not None:
        raise SignInBlocked()


async def acting_for(work: Work, account: Account, wanted: UUID | None) -> tuple[frozenset[str], UUID | None]:
    """The roles of a session and for whom it acts: the organisation asked for, else the newest that is valid."""
    if account.kind == "officer":
        roles = await accounts.officer_roles(work.session, account.id)
        if not roles:
            raise RegistrationLapsed()
        return roles, None
    today = work.today
    standings = await accounts.standings(work.session, account.id)
    meant = [s for s in standings if wanted in (None, s.organisation_id)]
    valid = [s.organisation_id for s in meant if s.holds_on(today)]
    if valid:
        return roles_for(standings, valid[0], today), valid[0]
    # Whose registration is over may still read what they filed.
    readable = [s.organisation_id for s in meant if s.may_read()]
    if not readable:
        raise RegistrationLapsed()
    return reading_roles_for(standings, readable[0]), readable[0]


@dataclass(frozen=True, slots=True)
class Acting:
    """The roles of a token; `lapsed` where the registration is over and what was filed may only be read."""

    roles: frozenset[str]
    lapsed: bool = False


async def roles_now(
    session: ReadSession, account: Account, organisation_id: UUID | None, role: str | None, now: datetime
) -> Acting:
    """The roles in which an account may act for an organisation at this moment; none where it may not at all.

    `role` is the one that the session was limited to.
    """
    if account.state != AccountState.ACTIVE:
        return Acting(frozenset())
    if account.kind == "officer":
        return Acting(await accounts.officer_roles(session, account.id))
    standings = [s for s in await accounts.standings(session, account.id) if role in (None, s.role)]
    if roles := roles_for(standings, organisation_id, legal_date(now)):
        return Acting(roles)
    return Acting(reading_roles_for(standings, organisation_id), lapsed=True)


async def notify_if_slowed(
    context: CommandContext,
    mark: RequestIdentity,
    account: Account | None,
    count: Count | None,
    limit: Limit,
    now: datetime,
) -> None:
    """Warn the owner when failures from all over reach the limit: once, at the attempt that reaches it."""
    if account is None or count is None or count.charged != limit.free + 1 or count.blocked_until is None:
        return
    until, owner = count.blocked_until, account

    async def notify(work: Work) -> Nothing:
        work.journal("account", owner.id, Tag.ACCOUNT_SLOW, {"until": until})
        if owner.email is not None:
            recipient = context.recipient(owner)
            work.emit(AccountLocked(account_id=owner.id, until=until, recipient=recipient, locked_at=now))
        return Nothing()

    await context.commands.run(Actor.anonymous(), mark, notify)
