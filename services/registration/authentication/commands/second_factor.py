"""Setting up an authenticator app, its recovery codes, and taking them away."""

import secrets
from datetime import datetime
from uuid import UUID

from services.registration.accounts.schemas.answers import Nothing
from services.registration.accounts.store import accounts
from services.registration.accounts.store.accounts import Account
from services.registration.audit import Tag
from services.registration.authentication.adapters.one_time_codes import matching_step, new_secret, provisioning_uri
from services.registration.authentication.commands.credentials import notify_changed
from services.registration.authentication.commands.proofs import recovery_digest
from services.registration.authentication.commands.step_up import is_proved, require_fresh
from services.registration.authentication.domain import recovery_code as codes
from services.registration.authentication.domain.step_up import (
    ENROLMENT_FOR,
    SensitiveAct,
    step_up_methods,
)
from services.registration.authentication.problems import CodeNotValid, SecondFactorNeeded
from services.registration.authentication.schemas.second_factor import (
    EnrolmentBegun,
    PasskeyView,
    Provisioned,
    RecoveryCodes,
    SecondFactorView,
)
from services.registration.authentication.store import identities, own_sessions, passkeys, sign_in
from services.registration.authentication.store import second_factor as store
from services.registration.authentication.store.second_factor import RecoveryCode, TotpFactor
from services.registration.context import CommandContext
from shared.auth.actor import Actor
from shared.db import ReadSession
from shared.errors import NotFound
from shared.ids import new_id
from shared.work import RequestIdentity, Work


async def view(session: ReadSession, actor: Actor, now: datetime) -> SecondFactorView:
    """The password, second factor, passkeys and other means of the caller's account."""
    assert actor.id is not None
    account_id = actor.id
    factor = await store.totp_in_force(session, account_id)
    left = await store.recovery_codes_left(session, account_id)
    keys = [
        PasskeyView(id=row.id, label=row.label, created_at=row.created_at, last_used_at=row.last_used_at)
        for row in await passkeys.of_account(session, account_id)
    ]
    has_password = await sign_in.password_of(session, account_id) is not None
    methods = step_up_methods(
        totp=factor is not None,
        passkey=bool(keys),
        recovery_code=bool(left),
        password=has_password,
        identity=bool(await identities.of_account(session, account_id)),
    )
    return SecondFactorView(
        has_password=has_password,
        methods=list(methods),
        proved=await is_proved(session, actor, now),
        needed=actor.kind == "officer",
        totp_since=factor.confirmed_at if factor else None,
        recovery_codes_left=left,
        passkeys=keys,
    )


async def begin_totp(work: Work, context: CommandContext) -> EnrolmentBegun:
    """Begin to set up an app; one that is in force stays so until the new one is confirmed."""
    account, _ = await require_fresh(work, SensitiveAct.ADD_SECOND_FACTOR)
    begun = await store.locked_totp(work.session, account.id, begun=True)
    if begun is not None:
        _end(begun, work.now)
        await work.session.flush()
    secret = new_secret()
    work.session.add(_factor(work, context, account, secret))
    work.journal("account", account.id, Tag.SECOND_FACTOR_BEGIN)
    return EnrolmentBegun(
        provisioning_uri=provisioning_uri(secret, account.login_id or ""),
        secret=secret,
        confirm_before=work.now + ENROLMENT_FOR,
    )


async def confirm_totp(work: Work, context: CommandContext, code: str) -> RecoveryCodes:
    """Put the app in force with one of its codes, in place of any before; other sessions end."""
    account, held = await require_fresh(work, SensitiveAct.ADD_SECOND_FACTOR)
    begun = await store.locked_totp(work.session, account.id, begun=True)
    if begun is None or begun.sealed_secret is None or work.now >= begun.created_at + ENROLMENT_FOR:
        raise NotFound()
    step = matching_step(context.vault.open(begun.sealed_secret), code, work.now, None)
    if step is None:
        raise CodeNotValid()
    await _end_totp(work, account.id)
    begun.confirmed_at, begun.last_step = work.now, step
    await end_sessions_but(work, account.id, held.id, "second-factor-added")
    work.journal("account", account.id, Tag.SECOND_FACTOR_ADD)
    notify_changed(work, context, account, "second_factor_added")
    return await new_codes(work, context, account)


async def remove_totp(work: Work, context: CommandContext) -> Nothing:
    """Go back to the password alone, which officers cannot; recovery codes go along."""
    account, held = await require_fresh(work, SensitiveAct.REMOVE_SECOND_FACTOR)
    if await store.locked_totp(work.session, account.id) is None:
        raise NotFound()
    await _end_totp(work, account.id)
    await without_factor(work, account)
    await end_sessions_but(work, account.id, held.id, "second-factor-removed")
    work.journal("account", account.id, Tag.SECOND_FACTOR_REMOVE)
    notify_changed(work, context, account, "second_factor_removed")
    return Nothing()


async def without_factor(work: Work, account: Account) -> None:
    """After a factor was taken away: officers keep another one, and recovery codes are of no use without any."""
    await work.session.flush()
    if await store.has_factor(work.session, account.id):
        return
    if account.kind == "officer":
        raise SecondFactorNeeded()
    await _end_codes(work, account.id)


async def end_factors(work: Work, account: Account) -> None:
    """Take every factor of an account away: apps, also one being set up, passkeys and recovery codes."""
    await _end_totp(work, account.id)
    if (begun := await store.locked_totp(work.session, account.id, begun=True)) is not None:
        _end(begun, work.now)
    for key in await passkeys.locked_of_account(work.session, account.id):
        key.ended_at = work.now
    await _end_codes(work, account.id)


async def renew_recovery_codes(work: Work, context: CommandContext) -> RecoveryCodes:
    """Ten new recovery codes; those before are worth nothing any more."""
    account, _ = await require_fresh(work, SensitiveAct.RENEW_RECOVERY_CODES)
    if not await store.has_factor(work.session, account.id):
        raise NotFound()
    work.journal("account", account.id, Tag.RECOVERY_CODES_RENEW)
    notify_changed(work, context, account, "recovery_codes_renewed")
    return await new_codes(work, context, account)


async def provision(context: CommandContext, login_id: str) -> Provisioned:
    """Set up an app for an account in place of any before and of its passkeys, and end its sessions: for who runs the
    server, when an officer begins or has lost everything. Raises `NotFound`."""

    async def replace(work: Work) -> Provisioned:
        found = await accounts.by_login_id(work.session, login_id)
        if found is None:
            raise NotFound()
        account = await accounts.locked_account(work.session, found.id)
        await _end_totp(work, account.id)
        for key in await passkeys.locked_of_account(work.session, account.id):
            key.ended_at = work.now
        secret = new_secret()
        factor = _factor(work, context, account, secret)
        factor.confirmed_at = work.now
        work.session.add(factor)
        await end_sessions_but(work, account.id, None, "second-factor-added")
        work.journal("account", account.id, Tag.SECOND_FACTOR_ADD)
        notify_changed(work, context, account, "second_factor_added")
        fresh = await new_codes(work, context, account)
        return Provisioned(
            provisioning_uri=provisioning_uri(secret, account.login_id or ""),
            secret=secret,
            confirm_before=work.now,
            recovery_codes=fresh.recovery_codes,
        )

    return await context.commands.run(
        Actor.system("registration/officers"), RequestIdentity(f"second-factor:{new_id()}"), replace
    )


async def end_sessions_but(work: Work, account_id: UUID, but: UUID | None, reason: str) -> int:
    """End the account's sessions except `but`; how many."""
    ended = await own_sessions.others(work.session, account_id, but)
    for row in ended:
        row.ended_at, row.end_reason = work.now, reason
    return len(ended)


def _factor(work: Work, context: CommandContext, account: Account, secret: str) -> TotpFactor:
    return TotpFactor(
        id=new_id(),
        account_id=account.id,
        sealed_secret=context.vault.seal(secret),
        created_at=work.now,
        confirmed_at=None,
        last_step=None,
        ended_at=None,
    )


def _end(factor: TotpFactor, now: datetime) -> None:
    factor.ended_at, factor.sealed_secret = now, None


async def _end_totp(work: Work, account_id: UUID) -> None:
    if (factor := await store.locked_totp(work.session, account_id)) is not None:
        _end(factor, work.now)
        await work.session.flush()


async def _end_codes(work: Work, account_id: UUID) -> None:
    for row in await store.open_recovery_codes(work.session, account_id):
        row.ended_at = work.now


async def new_codes(work: Work, context: CommandContext, account: Account) -> RecoveryCodes:
    """Ten recovery codes in place of any before."""
    await _end_codes(work, account.id)
    fresh = [codes.make(secrets.token_bytes(codes.RANDOM_BYTES)) for _ in range(codes.COUNT)]
    for code in fresh:
        digest = recovery_digest(context, account.id, code)
        assert digest is not None
        row = RecoveryCode(id=new_id(), account_id=account.id, digest=digest, created_at=work.now, ended_at=None)
        work.session.add(row)
    return RecoveryCodes(recovery_codes=fresh)
