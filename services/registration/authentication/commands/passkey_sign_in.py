"""Signing in with a passkey alone: it is something its owner has, unlocked by something they are or know."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from services.registration.accounts.domain.standing import AccountState
from services.registration.accounts.store import accounts
from services.registration.authentication.adapters.webauthn import BadAnswer, credential_id_of
from services.registration.authentication.commands.passkey_requests import use_passkey
from services.registration.authentication.commands.sign_in import (
    SIGN_INS,
    acting_for,
    count_failure,
    require_place,
    require_unblocked,
    start_session,
)
from services.registration.authentication.context import AuthenticationContext
from services.registration.authentication.domain.step_up import SignInMethod
from services.registration.authentication.problems import AccountStopped, PasskeyNotValid
from services.registration.authentication.schemas.sign_in import SignedIn
from services.registration.authentication.store import passkeys
from services.registration.context import Visitor
from shared.auth.actor import Actor
from shared.errors import Problem
from shared.work import RequestIdentity, Work


async def sign_in_with_passkey(
    context: AuthenticationContext,
    mark: RequestIdentity,
    credential: Mapping[str, Any],
    visitor: Visitor,
    organisation_id: UUID | None,
) -> SignedIn:
    """Begin a session. Raises `PasskeyNotValid`, or like `sign_in.acting_for`."""
    try:
        credential_id = credential_id_of(credential)
    except BadAnswer as bad:
        raise PasskeyNotValid() from bad
    async with context.db.read() as session:
        key = await passkeys.by_credential(session, credential_id)
        owner = None if key is None else await accounts.account(session, key.account_id)
    if owner is None:
        count_failure("failed", SignInMethod.PASSKEY, None)
        raise PasskeyNotValid()
    account_id = owner.id

    async def begin(work: Work) -> SignedIn:
        account = await accounts.locked_account(work.session, account_id)
        await use_passkey(work, context, account.id, credential)
        require_place(work, account, visitor, PasskeyNotValid)
        if account.state == AccountState.SUSPENDED:
            raise AccountStopped()
        if account.state != AccountState.ACTIVE:
            raise PasskeyNotValid()
        await require_unblocked(work, account)
        roles, chosen = await acting_for(work, account, organisation_id)
        return await start_session(work, context, account, roles, chosen, visitor, SignInMethod.PASSKEY)

    actor = Actor(kind="officer" if owner.kind == "officer" else "person", id=account_id)
    try:
        answer = await context.commands.run(actor, mark, begin)
    except Problem as refused:
        count_failure(refused.code, SignInMethod.PASSKEY, account_id)
        raise
    SIGN_INS.labels("right").inc()
    return answer
