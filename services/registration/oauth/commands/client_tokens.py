"""Access tokens for API clients: within their scopes, with the role that holds at this moment."""

from datetime import datetime, timedelta
from uuid import UUID

from prometheus_client import Counter as Metric

from services.registration.accounts.store import accounts
from services.registration.authentication.commands.sign_in import roles_now
from services.registration.authentication.commands.signing_keys import SigningKeys
from services.registration.context import CommandContext
from services.registration.oauth.domain.api_clients import scopes_of
from services.registration.oauth.problems import nobody_behind_it, too_much
from services.registration.oauth.schemas.client_tokens import TokenAnswer
from services.registration.oauth.store.api_clients import ApiClient
from services.registration.oauth.store.authorizations import Authorization
from shared.auth.actor import Actor, Role
from shared.db import ReadSession

TOKENS = Metric("zairyu_client_tokens_total", "Requests of API clients for access tokens", ["grant", "outcome"])


async def for_itself(context: CommandContext, keys: SigningKeys, client: ApiClient, asked: str | None) -> TokenAnswer:
    """A token with which a client acts in its own name (client credentials, RFC 6749 §4.4).

    Raises `TokenRefused` where its owner may not act in that role now, and for scopes that were not granted.
    """
    now = context.clock.now()
    async with context.db.read() as session:
        roles = await roles_held(session, client.account_id, client.organisation_id, client.role, now)
    if not roles:
        raise nobody_behind_it()
    scopes = scopes_of(asked, client.scopes)
    if scopes is None:
        raise too_much(client.scopes)
    actor = Actor(
        kind="client",
        id=client.id,
        organisation_id=client.organisation_id,
        roles=roles,
        client_id=client.id,
        on_behalf_of=client.account_id,
        scopes=scopes,
    )
    return await _signed(context, keys, actor, client.expires_at - now)


async def for_person(
    context: CommandContext,
    keys: SigningKeys,
    client: ApiClient,
    authorization: Authorization,
    roles: frozenset[Role],
    scopes: frozenset[str],
    refresh_token: str,
) -> TokenAnswer:
    """A token with which a client acts for the person who agreed."""
    actor = Actor(
        kind="person",
        id=authorization.account_id,
        organisation_id=authorization.organisation_id,
        roles=roles,
        session_id=authorization.id,
        client_id=client.id,
        scopes=scopes,
    )
    ends = min(authorization.expires_at, client.expires_at)
    answer = await _signed(context, keys, actor, ends - context.clock.now())
    return answer.model_copy(update={"refresh_token": refresh_token})


async def roles_held(
    session: ReadSession, account_id: UUID, organisation_id: UUID | None, role: str | None, now: datetime
) -> frozenset[Role]:
    """The roles in which an account may file for an organisation now; none where its registration is over: outside
    systems get no token for reading alone."""
    account = await accounts.account(session, account_id)
    assert account is not None
    acting = await roles_now(session, account, organisation_id, role, now)
    return frozenset() if acting.lapsed else frozenset(Role(each) for each in acting.roles)


async def _signed(context: CommandContext, keys: SigningKeys, actor: Actor, at_most: timedelta) -> TokenAnswer:
    token, expires_at = (await keys.issuer(at_most)).issue(actor)
    left = expires_at - context.clock.now()
    return TokenAnswer(
        access_token=token, expires_in=max(int(left.total_seconds()), 0), scope=" ".join(sorted(actor.scopes or ()))
    )
