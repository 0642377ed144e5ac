"""Adding passkeys and taking them away."""

import secrets
from collections.abc import Mapping
from hashlib import sha256
from typing import Any
from uuid import UUID

from services.registration.accounts.schemas.answers import Nothing
from services.registration.accounts.store.accounts import Account
from services.registration.audit import Tag
from services.registration.authentication.adapters.webauthn import BadAnswer, challenge_of, creation_options, new_key
from services.registration.authentication.commands.credentials import notify_changed
from services.registration.authentication.commands.passkey_requests import site_of
from services.registration.authentication.commands.second_factor import end_sessions_but, new_codes, without_factor
from services.registration.authentication.commands.step_up import require_fresh
from services.registration.authentication.domain.step_up import CHALLENGE_FOR, SensitiveAct
from services.registration.authentication.problems import CredentialNeeded, PasskeyNotValid
from services.registration.authentication.schemas.passkeys import CreationOptions, PasskeyAdded
from services.registration.authentication.store import identities, passkeys, second_factor, sign_in
from services.registration.authentication.store.passkeys import Passkey
from services.registration.context import CommandContext
from shared.errors import Conflict, NotFound, Text
from shared.ids import new_id
from shared.work import Work


async def begin_passkey(work: Work, context: CommandContext) -> CreationOptions:
    """Ask the caller's device for a passkey."""
    account, _ = await require_fresh(work, SensitiveAct.ADD_SECOND_FACTOR)
    challenge = secrets.token_bytes(32)
    await passkeys.put_challenge(work.session, sha256(challenge).digest(), account.id, work.now + CHALLENGE_FOR)
    known = [key.credential_id for key in await passkeys.of_account(work.session, account.id)]
    options = creation_options(site_of(context), challenge, account.id.bytes, account.login_id or "", known)
    return CreationOptions(public_key=options)


async def add_passkey(work: Work, context: CommandContext, credential: Mapping[str, Any], label: str) -> PasskeyAdded:
    """Keep the passkey that the device made; other sessions end. Raises `PasskeyNotValid`."""
    account, held = await require_fresh(work, SensitiveAct.ADD_SECOND_FACTOR)
    try:
        challenge = challenge_of(credential)
        if not await passkeys.take_challenge(work.session, sha256(challenge).digest(), account.id, work.now):
            raise PasskeyNotValid()
        made = new_key(site_of(context), credential, challenge)
    except BadAnswer as bad:
        raise PasskeyNotValid() from bad
    if await passkeys.by_credential(work.session, made.credential_id) is not None:
        raise Conflict(Text("このパスキーは登録済みです", "This passkey is known already"), code="passkey-known")
    first = not await second_factor.has_factor(work.session, account.id)
    row = Passkey(
        id=new_id(),
        account_id=account.id,
        credential_id=made.credential_id,
        public_key=made.public_key,
        sign_count=made.sign_count,
        label=label,
        created_at=work.now,
        last_used_at=None,
        ended_at=None,
    )
    work.session.add(row)
    await end_sessions_but(work, account.id, held.id, "second-factor-added")
    work.journal("account", account.id, Tag.PASSKEY_ADD)
    notify_changed(work, context, account, "second_factor_added")
    codes = (await new_codes(work, context, account)).recovery_codes if first else []
    return PasskeyAdded(id=row.id, recovery_codes=codes)


async def _has_other_credential(work: Work, account: Account) -> bool:
    if await sign_in.password_of(work.session, account.id) or await passkeys.has_passkey(work.session, account.id):
        return True
    return bool(await identities.of_account(work.session, account.id))


async def remove_passkey(work: Work, context: CommandContext, passkey_id: UUID) -> Nothing:
    """Take a passkey of the caller's away; officers keep one factor at least."""
    account, held = await require_fresh(work, SensitiveAct.REMOVE_SECOND_FACTOR)
    found = [key for key in await passkeys.locked_of_account(work.session, account.id) if key.id == passkey_id]
    if not found:
        raise NotFound()
    found[0].ended_at = work.now
    await without_factor(work, account)
    if not await _has_other_credential(work, account):
        raise CredentialNeeded()
    await end_sessions_but(work, account.id, held.id, "second-factor-removed")
    work.journal("account", account.id, Tag.PASSKEY_REMOVE)
    notify_changed(work, context, account, "second_factor_removed")
    return Nothing()
