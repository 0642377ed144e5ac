"""Codes and refresh tokens exchanged for access tokens. Each is good once; who uses one twice has a copy of it."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from uuid import UUID

from services.registration.accounts.schemas.answers import Nothing
from services.registration.accounts.store import accounts
from services.registration.audit import Tag
from services.registration.authentication.commands.credentials import notify_changed
from services.registration.authentication.commands.signing_keys import SigningKeys
from services.registration.context import CommandContext, new_secret, secret_digest
from services.registration.oauth.commands import client_revocation
from services.registration.oauth.commands.client_tokens import for_person, roles_held
from services.registration.oauth.domain.api_clients import scopes_of, verifies
from services.registration.oauth.problems import no_such_grant, nobody_behind_it, too_much, used_twice
from services.registration.oauth.schemas.client_tokens import TokenAnswer
from services.registration.oauth.schemas.token_grants import Granted, GrantOutcome
from services.registration.oauth.store import authorizations
from services.registration.oauth.store.api_clients import ApiClient
from services.registration.oauth.store.authorizations import Authorization
from shared.auth.actor import Actor
from shared.ids import new_id
from shared.work import RequestIdentity, Work


async def redeem(
    context: CommandContext,
    keys: SigningKeys,
    mark: RequestIdentity,
    client: ApiClient,
    code: str,
    redirect_uri: str,
    verifier: str,
) -> TokenAnswer:
    """The tokens for a code (RFC 6749 §4.1.3, RFC 7636 §4.6); a second use ends what the first one began.

    Raises `TokenRefused`.
    """
    digest = secret_digest(code)

    async def begin(work: Work) -> GrantOutcome:
        found = await authorizations.locked_code(work.session, digest)
        if found is None or found.client_id != client.id:
            raise no_such_grant()
        if found.authorization_id is not None:
            await _end_family(work, context, found.authorization_id, "code-reused")
            return GrantOutcome()
        right = found.redirect_uri == redirect_uri and verifies(verifier, found.challenge)
        if not right or found.expires_at <= work.now:
            raise no_such_grant()
        account = await accounts.locked_account(work.session, found.account_id)
        roles = await roles_held(work.session, account.id, found.organisation_id, found.role, work.now)
        if not roles:
            raise no_such_grant()
        row = Authorization(
            id=new_id(),
            client_id=client.id,
            account_id=account.id,
            organisation_id=found.organisation_id,
            role=found.role,
            scopes=found.scopes,
            started_at=work.now,
            expires_at=work.now + context.settings.authorization_for,
            ended_at=None,
            end_reason=None,
        )
        work.session.add(row)
        await work.session.flush()
        await authorizations.use_code(work.session, digest, row.id)
        shown, values = _refresh_token(context, row.id, work.now)
        await authorizations.put_refresh(work.session, row.id, **values)
        work.journal("authorization", row.id, Tag.AUTHORIZATION_START, {"account_id": account.id})
        notify_changed(work, context, account, "outside_system_authorized")
        return GrantOutcome(granted=Granted(row, roles, frozenset(row.scopes), shown))

    return await _answered(context, keys, mark, client, begin)


async def refresh(
    context: CommandContext, keys: SigningKeys, mark: RequestIdentity, client: ApiClient, token: str, asked: str | None
) -> TokenAnswer:
    """An access token and the next refresh token (RFC 6749 §6). One that was used before ends the family.

    A refresh token names its family, so that any but the newest is recognised however old it is. What is refused for
    another reason (a scope, a registration that does not hold) leaves the token good. Raises `TokenRefused`.
    """
    family = family_of(token)

    async def rotate(work: Work) -> GrantOutcome:
        row = family and await authorizations.locked_authorization(work.session, family)
        if not row or row.client_id != client.id or row.ended_at is not None or row.expires_at <= work.now:
            raise no_such_grant()
        present = await authorizations.refresh_of(work.session, row.id)
        if present is None or present.idle_until <= work.now:
            raise no_such_grant()
        if present.digest != secret_digest(token):
            await _end_family(work, context, row.id, "refresh-token-reused")
            return GrantOutcome()
        roles = await roles_held(work.session, row.account_id, row.organisation_id, row.role, work.now)
        if not roles:
            raise no_such_grant()
        scopes = scopes_of(asked, row.scopes)
        if scopes is None:
            raise too_much(row.scopes)
        shown, values = _refresh_token(context, row.id, work.now)
        await authorizations.replace_refresh(work.session, row.id, **values)
        return GrantOutcome(granted=Granted(row, roles, scopes, shown))

    return await _answered(context, keys, mark, client, rotate)


async def revoke_token(context: CommandContext, mark: RequestIdentity, client: ApiClient, family: UUID) -> None:
    """The client gives back what one person let it do (RFC 7009). Nothing happens where it is not its own."""

    async def end(work: Work) -> Nothing:
        row = await authorizations.locked_authorization(work.session, family)
        if row is not None and row.client_id == client.id and row.ended_at is None:
            client_revocation.end_authorization(work, row, "ended-by-client")
        return Nothing()

    await context.commands.run(_acting(client), mark, end)


def family_of(token: str) -> UUID | None:
    """The authorisation that a refresh token belongs to; None for what cannot be one."""
    name, _, secret = token.partition(".")
    try:
        return UUID(hex=name) if secret else None
    except ValueError:
        return None


async def _answered(
    context: CommandContext,
    keys: SigningKeys,
    mark: RequestIdentity,
    client: ApiClient,
    command: Callable[[Work], Awaitable[GrantOutcome]],
) -> TokenAnswer:
    # Somebody has to answer for the client, whichever person it acts for.
    async with context.db.read() as session:
        now = context.clock.now()
        if not await roles_held(session, client.account_id, client.organisation_id, client.role, now):
            raise nobody_behind_it()
    granted = (await context.commands.run(_acting(client), mark, command)).granted
    if granted is None:
        raise used_twice()
    return await for_person(
        context, keys, client, granted.authorization, granted.roles, granted.scopes, granted.refresh_token
    )


async def _end_family(work: Work, context: CommandContext, authorization_id: UUID, reason: str) -> None:
    row = await authorizations.locked_authorization(work.session, authorization_id)
    if row is None or row.ended_at is not None:
        return
    client_revocation.end_authorization(work, row, reason)
    account = await accounts.account(work.session, row.account_id)
    assert account is not None
    notify_changed(work, context, account, "outside_system_token_reused")


def _refresh_token(context: CommandContext, family: UUID, now: datetime) -> tuple[str, dict[str, object]]:
    shown = f"{family.hex}.{new_secret()}"
    idle_until = now + context.settings.refresh_token_idle_for
    return shown, {"digest": secret_digest(shown), "issued_at": now, "idle_until": idle_until}


def _acting(client: ApiClient) -> Actor:
    return Actor(kind="client", id=client.id, organisation_id=client.organisation_id, client_id=client.id)
