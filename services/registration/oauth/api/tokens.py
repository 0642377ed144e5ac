"""The token endpoint for API clients (RFC 6749, 7009, 7636, 8414): forms in, the standard's own errors out."""

import binascii
from base64 import b64decode
from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import parse_qsl, unquote_plus
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from services.registration.authentication.api.dependencies import CurrentSigning
from services.registration.context import CommandContext
from services.registration.http.context import CallerAddress, CallerPeer, CurrentContext
from services.registration.oauth.commands import client_authentication, client_tokens, token_grants
from services.registration.oauth.commands.client_tokens import TOKENS
from services.registration.oauth.problems import TokenRefused
from services.registration.oauth.schemas.client_tokens import TokenAnswer
from services.registration.oauth.store.api_clients import ApiClient
from shared import tracing
from shared.auth import TokenVerifier, public
from shared.errors import Unauthenticated
from shared.http import request_id
from shared.languages import OFFERED
from shared.reference.scopes import SCOPES
from shared.work import RequestIdentity

router = APIRouter(tags=["API clients"], dependencies=[public])

GRANTS = ("authorization_code", "client_credentials", "refresh_token")
_METHODS = ["client_secret_basic", "client_secret_post"]
# RFC 6749 §5.1: no cache may keep what is answered here.
_NOT_KEPT = {"Cache-Control": "no-store", "Pragma": "no-cache"}
Form = dict[str, str]


class OAuthError(BaseModel):
    """RFC 6749 §5.2."""

    error: str = Field(examples=["invalid_grant"])
    error_description: str


class ServerMetadata(BaseModel):
    """RFC 8414."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    revocation_endpoint: str
    service_documentation: str
    response_types_supported: list[str] = ["code"]
    grant_types_supported: list[str] = list(GRANTS)
    token_endpoint_auth_methods_supported: list[str] = _METHODS
    revocation_endpoint_auth_methods_supported: list[str] = _METHODS
    code_challenge_methods_supported: list[str] = ["S256"]
    scopes_supported: list[str] = list(SCOPES)
    ui_locales_supported: list[str] = list(OFFERED)
    authorization_response_iss_parameter_supported: bool = True


def _fields(required: list[str], descriptions: Mapping[str, str]) -> dict[str, Any]:
    described = {name: {"type": "string", "description": text} for name, text in descriptions.items()}
    schema = {"type": "object", "required": required, "properties": described}
    return {"requestBody": {"required": True, "content": {"application/x-www-form-urlencoded": {"schema": schema}}}}


_ERRORS: dict[int | str, dict[str, Any]] = {
    status: {"model": OAuthError, "description": text}
    for status, text in ((400, "What to correct"), (401, "The client is not known"), (429, "Wait a little"))
}
_TOKEN_FORM = _fields(
    ["grant_type"],
    {
        "grant_type": ", ".join(GRANTS),
        "client_id": "with `client_secret`, or both in `Authorization: Basic`",
        "client_secret": "see `client_id`",
        "scope": "some of what was granted; all of it where it is missing",
        "code": "of the answer to the authorisation request",
        "redirect_uri": "as in the authorisation request",
        "code_verifier": "from which its `code_challenge` was made",
        "refresh_token": "the newest one",
    },
)
_REVOCATION_FORM = _fields(
    ["token"],
    {
        "token": "a refresh token, or an access token with which the client acts for a person",
        "token_type_hint": "not needed",
        "client_id": "as at the token endpoint",
        "client_secret": "as at the token endpoint",
    },
)


async def _mark(request: Request) -> RequestIdentity:
    # What comes here carries secrets: no key and no fingerprint of it is kept.
    return RequestIdentity(request_id=request_id(request), traceparent=tracing.inject())


OAuthMark = Annotated[RequestIdentity, Depends(_mark)]


@router.post("/oauth/token", response_model=TokenAnswer, responses=_ERRORS, openapi_extra=_TOKEN_FORM)
async def token(
    request: Request,
    mark: OAuthMark,
    context: CurrentContext,
    signing: CurrentSigning,
    peer: CallerPeer,
    address: CallerAddress,
) -> JSONResponse:
    """An access token for an API client."""
    grant = "unknown"
    try:
        form = await _form(request)
        asked = _required(form, "grant_type")
        if asked not in GRANTS:
            raise TokenRefused("unsupported_grant_type", f"Use one of: {', '.join(GRANTS)}")
        grant = asked
        client = await _client(request, form, context, peer, address)
        if grant == "client_credentials":
            answer = await client_tokens.for_itself(context, signing, client, form.get("scope"))
        elif grant == "authorization_code":
            code, verifier = _required(form, "code"), _required(form, "code_verifier")
            answer = await token_grants.redeem(
                context, signing, mark, client, code, _required(form, "redirect_uri"), verifier
            )
        else:
            old = _required(form, "refresh_token")
            answer = await token_grants.refresh(context, signing, mark, client, old, form.get("scope"))
    except TokenRefused as refused:
        TOKENS.labels(grant, refused.outcome).inc()
        return _refusal(request, refused)
    TOKENS.labels(grant, "right").inc()
    return JSONResponse(answer.model_dump(exclude_none=True), headers=_NOT_KEPT)


@router.post("/oauth/revoke", response_model=None, responses=_ERRORS, openapi_extra=_REVOCATION_FORM)
async def revoke(
    request: Request, mark: OAuthMark, context: CurrentContext, peer: CallerPeer, address: CallerAddress
) -> JSONResponse:
    """Give back what a person let the client do. 200 for tokens that are unknown, too (RFC 7009 §2.2)."""
    try:
        form = await _form(request)
        shown = _required(form, "token")
        client = await _client(request, form, context, peer, address)
        family = token_grants.family_of(shown) or await _family_of_access(request.app.state.verifier, shown, client)
    except TokenRefused as refused:
        return _refusal(request, refused)
    if family is not None:
        await token_grants.revoke_token(context, mark, client, family)
    return JSONResponse({}, headers=_NOT_KEPT)


@router.get("/.well-known/oauth-authorization-server")
async def metadata(context: CurrentContext) -> ServerMetadata:
    """Metadata of the authorisation server (RFC 8414)."""
    return ServerMetadata(
        issuer=context.page(""),
        authorization_endpoint=context.page("/oauth/authorize"),
        token_endpoint=context.page("/oauth/token"),
        revocation_endpoint=context.page("/oauth/revoke"),
        service_documentation=context.page("/docs"),
    )


async def _form(request: Request) -> Form:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise TokenRefused("invalid_request", "Send a form: application/x-www-form-urlencoded")
    try:
        pairs = parse_qsl((await request.body()).decode("ascii"), max_num_fields=20, errors="strict")
    except ValueError as error:
        raise TokenRefused("invalid_request", "The form cannot be read") from error
    form = dict(pairs)
    if len(form) != len(pairs):
        raise TokenRefused("invalid_request", "A parameter came twice")
    return form


def _required(form: Mapping[str, str], name: str) -> str:
    value = form.get(name)
    if not value:
        raise TokenRefused("invalid_request", f"{name} is missing")
    return value


async def _client(request: Request, form: Form, context: CommandContext, peer: str, address: str) -> ApiClient:
    scheme, _, sent = request.headers.get("authorization", "").partition(" ")
    if not scheme:
        client_id, secret = _required(form, "client_id"), _required(form, "client_secret")
    elif "client_secret" in form:
        raise TokenRefused("invalid_request", "Send the secret in one place, not in two")
    elif scheme.lower() != "basic":
        raise TokenRefused("invalid_client", "Use client_secret_basic or client_secret_post", 401)
    else:
        client_id, secret = _basic(sent)
        if form.get("client_id", client_id) != client_id:
            raise TokenRefused("invalid_request", "The two client ids differ")
    return await client_authentication.proved(context, client_id, secret, peer, address)


def _basic(sent: str) -> tuple[str, str]:
    """RFC 6749 §2.3.1: both parts are form-encoded first."""
    try:
        client_id, colon, secret = b64decode(sent.strip(), validate=True).decode("ascii").partition(":")
    except (binascii.Error, ValueError) as error:
        raise TokenRefused("invalid_client", "The Authorization header cannot be read", 401) from error
    if not colon:
        raise TokenRefused("invalid_client", "The Authorization header cannot be read", 401)
    return unquote_plus(client_id), unquote_plus(secret)


async def _family_of_access(verifier: TokenVerifier, shown: str, client: ApiClient) -> UUID | None:
    try:
        actor = await verifier.verify(shown)
    except Unauthenticated:
        return None
    if actor.client_id != client.id:
        return None
    if actor.kind == "client":
        raise TokenRefused("unsupported_token_type", "It ends by itself in minutes; to stop sooner end the client")
    return actor.session_id


def _refusal(request: Request, refused: TokenRefused) -> JSONResponse:
    headers = {**_NOT_KEPT, **refused.headers}
    if refused.status == 401 and "authorization" in request.headers:
        headers["WWW-Authenticate"] = 'Basic realm="zairyu"'
    body = OAuthError(error=refused.error, error_description=refused.description)
    return JSONResponse(body.model_dump(), refused.status, headers=headers)
