"""A person is asked whether an API client may act for them, agrees, looks at what they granted, and ends it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.registration.accounts.schemas.answers import Nothing
from services.registration.audit import Tag
from services.registration.authentication.commands.step_up import is_fresh, require_fresh
from services.registration.authentication.domain.step_up import SensitiveAct
from services.registration.authentication.problems import RegistrationLapsed
from services.registration.context import CommandContext, new_secret, secret_digest
from services.registration.oauth.commands import client_revocation
from services.registration.oauth.commands.client_tokens import roles_held
from services.registration.oauth.domain.api_clients import CODE_FOR, is_challenge, scopes_of, with_answer
from services.registration.oauth.problems import UnknownClient
from services.registration.oauth.schemas.authorizations import (
    AuthorizationList,
    AuthorizationView,
    Consented,
    Preview,
    ScopeView,
)
from services.registration.oauth.store import api_clients, authorizations
from services.registration.oauth.store.api_clients import ApiClient
from shared.auth.actor import Actor
from shared.db import ReadSession
from shared.errors import FieldProblem, Invalid, NotFound, Text
from shared.reference.scopes import SCOPES
from shared.work import Work


@dataclass(frozen=True, slots=True)
class AuthorizationRequest:
    """The API client's request (RFC 6749 §4.1.1, RFC 7636 §4.3)."""

    client_id: UUID
    redirect_uri: str
    response_type: str
    scope: str | None
    state: str | None
    code_challenge: str | None
    code_challenge_method: str | None


async def preview(context: CommandContext, actor: Actor, request: AuthorizationRequest) -> Preview:
    """The request for the caller's consent.

    Raises `UnknownClient`, or `Invalid` for an address that is not registered.
    """
    if actor.lapsed:
        raise RegistrationLapsed()
    async with context.db.read() as session:
        client = await _asking(session, request, context.clock.now())
        offered_by = await authorizations.client_owner_name(session, client)
        fresh = await is_fresh(session, actor, context.clock.now())
    error, scopes = _judged(client, request)
    return Preview(
        client_name=client.name,
        offered_by=offered_by,
        scopes=_named(scopes),
        fresh=fresh,
        refusal=_back(context, request, error="access_denied"),
        answer=error and _back(context, request, error=error),
    )


async def consent(work: Work, context: CommandContext, request: AuthorizationRequest) -> Consented:
    """Agree. Raises like `preview`, and `StepUpRequired`: it lasts longer than the session does."""
    account, held = await require_fresh(work, SensitiveAct.LET_SYSTEM_ACT)
    if not await roles_held(work.session, account.id, held.organisation_id, held.role, work.now):
        raise RegistrationLapsed()
    client = await _asking(work.session, request, work.now)
    error, scopes = _judged(client, request)
    if error is not None:
        return Consented(redirect_to=_back(context, request, error=error))
    code = new_secret()
    await authorizations.put_code(
        work.session,
        digest=secret_digest(code),
        client_id=client.id,
        account_id=account.id,
        organisation_id=held.organisation_id,
        role=held.role,
        scopes=sorted(scopes),
        redirect_uri=request.redirect_uri,
        challenge=request.code_challenge,
        expires_at=work.now + CODE_FOR,
    )
    detail = {"client_id": client.id, "scopes": sorted(scopes)}
    work.journal("account", account.id, Tag.AUTHORIZATION_CONSENT, detail)
    return Consented(redirect_to=_back(context, request, code=code))


async def granted(context: CommandContext, actor: Actor) -> AuthorizationList:
    """The caller's authorisations."""
    assert actor.id is not None
    async with context.db.read() as session:
        rows = await authorizations.granted_by(session, actor.id, context.clock.now())
    return AuthorizationList(
        items=[
            AuthorizationView(
                id=row.Authorization.id,
                client_id=row.Authorization.client_id,
                client_name=row.client_name,
                offered_by=row.organisation_name,
                organisation_id=row.Authorization.organisation_id,
                scopes=_named(row.Authorization.scopes),
                started_at=row.Authorization.started_at,
                last_used_at=row.last_used_at,
                expires_at=row.Authorization.expires_at,
            )
            for row in rows
        ]
    )


async def end(work: Work, authorization_id: UUID) -> Nothing:
    """End one of them. `NotFound` for anyone else's, and for one that has ended."""
    row = await authorizations.locked_authorization(work.session, authorization_id)
    if row is None or row.account_id != work.actor.id or row.ended_at is not None:
        raise NotFound()
    client_revocation.end_authorization(work, row, "ended-by-person")
    return Nothing()


async def _asking(session: ReadSession, request: AuthorizationRequest, now: datetime) -> ApiClient:
    """The client, and that its address is its own: before both are known nobody is sent anywhere."""
    client = await api_clients.client(session, request.client_id)
    if client is None or not client.works(now):
        raise UnknownClient()
    if not await roles_held(session, client.account_id, client.organisation_id, client.role, now):
        raise UnknownClient()
    if request.redirect_uri not in client.redirect_uris:
        text = Text("このクライアントに登録されたURIではありません", "This address is not registered for the client")
        raise Invalid(fields=[FieldProblem("/redirect_uri", "redirect-uri-not-registered", text)])
    return client


def _judged(client: ApiClient, request: AuthorizationRequest) -> tuple[str | None, frozenset[str]]:
    """The flaw of a request, as a code of RFC 6749 §4.1.2.1, and the scopes concerned."""
    if request.response_type not in ("", "code"):
        return "unsupported_response_type", frozenset()
    if (
        not request.response_type
        or request.code_challenge_method != "S256"
        or not is_challenge(request.code_challenge or "")
    ):
        return "invalid_request", frozenset()
    scopes = scopes_of(request.scope, client.scopes)
    return ("invalid_scope", frozenset()) if scopes is None else (None, scopes)


def _back(context: CommandContext, request: AuthorizationRequest, **answer: str) -> str:
    # `iss` (RFC 9207): a client that talks to several systems knows which of them answers.
    return with_answer(request.redirect_uri, **answer, state=request.state, iss=context.page(""))


def _named(scopes: frozenset[str] | list[str]) -> list[ScopeView]:
    return [ScopeView.of(scope.name, code=scope.code) for scope in SCOPES.values() if scope.code in scopes]
