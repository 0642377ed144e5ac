"""Asking for a passkey, and taking its answer."""

import secrets
from collections.abc import Mapping
from hashlib import sha256
from typing import Any
from uuid import UUID

from services.registration.authentication.adapters.webauthn import (
    BadAnswer,
    Site,
    challenge_of,
    credential_id_of,
    request_options,
    verify_assertion,
)
from services.registration.authentication.domain.step_up import CHALLENGE_FOR
from services.registration.authentication.problems import PasskeyNotValid
from services.registration.authentication.store import passkeys
from services.registration.context import CommandContext
from shared.work import Work


def site_of(context: CommandContext) -> Site:
    """The relying party of passkeys."""
    return Site(context.settings.passkey_domain, context.settings.origin)


async def ask(context: CommandContext) -> dict[str, Any]:
    """A question that any passkey of this site can answer, once and for five minutes."""
    challenge = secrets.token_bytes(32)
    async with context.db.transaction() as session:
        expires_at = context.clock.now() + CHALLENGE_FOR
        await passkeys.put_challenge(session, sha256(challenge).digest(), None, expires_at)
    return request_options(site_of(context), challenge)


async def use_passkey(work: Work, context: CommandContext, account_id: UUID, credential: Mapping[str, Any]) -> None:
    """Take the answer of one of the account's passkeys; the account is locked. Raises `PasskeyNotValid`."""
    try:
        challenge, credential_id = challenge_of(credential), credential_id_of(credential)
        held = [
            k for k in await passkeys.locked_of_account(work.session, account_id) if k.credential_id == credential_id
        ]
        if not held or not await passkeys.take_challenge(work.session, sha256(challenge).digest(), None, work.now):
            raise PasskeyNotValid()
        key = held[0]
        key.sign_count = verify_assertion(
            site_of(context), credential, challenge, account_id.bytes, key.public_key, key.sign_count
        )
    except BadAnswer as bad:
        raise PasskeyNotValid() from bad
    key.last_used_at = work.now
