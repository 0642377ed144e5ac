"""Codes and passkeys that prove an identity: rate-limited before they are verified, and single-use."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.registration.accounts.store.accounts import Account
from services.registration.audit import Tag
from services.registration.authentication.adapters.one_time_codes import matching_step
from services.registration.authentication.commands.credentials import notify_changed
from services.registration.authentication.commands.passkey_requests import use_passkey
from services.registration.authentication.commands.rate_limits import Counter
from services.registration.authentication.domain import recovery_code as recovery_codes
from services.registration.authentication.domain.step_up import SignInMethod
from services.registration.authentication.domain.throttle import CODE_ACCOUNT, KNOWN_ADDRESS_FOR, sign_in_pair
from services.registration.authentication.problems import CodeNotValid
from services.registration.authentication.store import second_factor, sign_in
from services.registration.context import CommandContext
from shared.clock import legal_date
from shared.db import ReadSession
from shared.reference.passwords import password_rules
from shared.work import Work


async def code_counters(
    session: ReadSession, context: CommandContext, account_id: UUID, address: str, now: datetime
) -> list[Counter]:
    """Counters of an attempt: account and address; the account, except where its owner signed in recently."""
    pair = sign_in_pair(password_rules(legal_date(now)))
    counters = [Counter("code:pair", context.digest(f"{account_id}\n{address}"), pair)]
    if not await sign_in.signed_in_from(session, account_id, context.digest(address), KNOWN_ADDRESS_FOR, now):
        counters.append(Counter("code:account", context.digest(str(account_id)), CODE_ACCOUNT))
    return counters


@dataclass(frozen=True, slots=True)
class Proof:
    """One of them is given. `passkey` is a browser's answer (PublicKeyCredential as JSON)."""

    code: str | None = None
    recovery_code: str | None = None
    passkey: Mapping[str, Any] | None = None

    @property
    def method(self) -> SignInMethod:
        """The method that it is of."""
        if self.passkey is not None:
            return SignInMethod.PASSKEY
        return SignInMethod.TOTP if self.code is not None else SignInMethod.RECOVERY_CODE


async def prove(work: Work, context: CommandContext, account: Account, proof: Proof) -> SignInMethod:
    """Take a code of the app, a recovery code or a passkey; raises `CodeNotValid` or `PasskeyNotValid`. The account is
    locked already, so that of two requests with the same code one finds it used."""
    code, recovery_code = proof.code, proof.recovery_code
    if proof.passkey is not None:
        await use_passkey(work, context, account.id, proof.passkey)
        return SignInMethod.PASSKEY
    if code is not None:
        factor = await second_factor.locked_totp(work.session, account.id)
        if factor is None or factor.sealed_secret is None:
            raise CodeNotValid()
        step = matching_step(context.vault.open(factor.sealed_secret), code, work.now, factor.last_step)
        if step is None:
            raise CodeNotValid()
        factor.last_step = step
        return SignInMethod.TOTP
    digest = recovery_digest(context, account.id, recovery_code or "")
    row = digest and await second_factor.locked_recovery_code(work.session, account.id, digest)
    if not row:
        raise CodeNotValid()
    row.ended_at = work.now
    work.journal("account", account.id, Tag.RECOVERY_CODE_USE)
    notify_changed(work, context, account, "recovery_code_used")
    return SignInMethod.RECOVERY_CODE


def recovery_digest(context: CommandContext, account_id: UUID, typed: str) -> bytes | None:
    """The stored digest of a recovery code; None for what cannot be one."""
    code = recovery_codes.canonical(typed)
    return None if code is None else context.digest(f"recovery-code\n{account_id}\n{code}")
