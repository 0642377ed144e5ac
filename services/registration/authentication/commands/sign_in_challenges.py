"""Pending sign-ins that await a second factor."""

from uuid import UUID

from services.registration.accounts.store.accounts import Account
from services.registration.audit import Tag
from services.registration.authentication.domain.step_up import CHALLENGE_FOR
from services.registration.authentication.schemas.sign_in_challenges import SecondFactorRequired
from services.registration.authentication.store import passkeys, second_factor
from services.registration.context import CommandContext, Visitor, new_secret, secret_digest
from shared.work import Work


async def open_challenge(
    work: Work, context: CommandContext, account: Account, organisation_id: UUID | None, visitor: Visitor
) -> SecondFactorRequired:
    """A challenge for this account and this address, good once and for five minutes."""
    secret, expires_at = new_secret(), work.now + CHALLENGE_FOR
    await second_factor.put_challenge(
        work.session,
        digest=secret_digest(secret),
        account_id=account.id,
        organisation_id=organisation_id,
        address_digest=context.digest(visitor.address),
        created_at=work.now,
        expires_at=expires_at,
    )
    methods = []
    if await second_factor.totp_in_force(work.session, account.id):
        methods.append("totp")
    if await passkeys.has_passkey(work.session, account.id):
        methods.append("passkey")
    if await second_factor.recovery_codes_left(work.session, account.id):
        methods.append("recovery_code")
    work.journal("account", account.id, Tag.SIGN_IN_CHALLENGE)
    return SecondFactorRequired(challenge=secret, methods=methods, expires_at=expires_at)
