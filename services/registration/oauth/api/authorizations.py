"""Authorisations of API clients, granted by people."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field, StringConstraints

from services.registration.http.context import CurrentContext
from services.registration.http.fields import Input
from services.registration.http.runners import WithSecret
from services.registration.oauth.commands import authorizations
from services.registration.oauth.commands.authorizations import AuthorizationRequest
from services.registration.oauth.schemas.authorizations import AuthorizationList, Consented, Preview
from shared.auth import Actor, permit
from shared.http.commands import OnceIfKeyed

router = APIRouter(prefix="/v1/accounts/me/authorizations", tags=["API clients"])
Person = Annotated[Actor, permit(kinds=("person",), in_person=True)]
Parameter = Annotated[str, StringConstraints(max_length=500, pattern=r"^[\x20-\x7e]*$", strip_whitespace=False)]


class AuthorizationInput(Input):
    """An API client's request, as the browser brought it (RFC 6749 §4.1.1, RFC 7636)."""

    client_id: UUID
    redirect_uri: Parameter = Field(examples=["https://vendor.example/callback"])
    response_type: Parameter = Field(examples=["code"])
    scope: Parameter | None = Field(None, description="all that the client may have where it is missing")
    state: Parameter | None = None
    code_challenge: Parameter | None = Field(None, examples=["E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"])
    code_challenge_method: Parameter | None = Field(None, description="S256", examples=["S256"])

    @property
    def request(self) -> AuthorizationRequest:
        return AuthorizationRequest(**self.model_dump())


@router.post("/preview")
async def preview(body: AuthorizationInput, caller: Person, context: CurrentContext) -> Preview:
    """The request for consent. Nothing changes. 404 `client-not-known`; 422 for an address that is not its own."""
    return await authorizations.preview(context, caller, body.request)


@router.post("")
async def consent(body: AuthorizationInput, caller: Person, run: WithSecret, context: CurrentContext) -> Consented:
    """Let an API client act for me, as I act in this session. 403 `step-up-required` without a fresh session."""
    return await run(authorizations.consent, context, body.request)


@router.get("")
async def granted(caller: Person, context: CurrentContext) -> AuthorizationList:
    """The API clients that may act for me."""
    return await authorizations.granted(context, caller)


@router.delete("/{authorization_id}", status_code=204)
async def end(authorization_id: UUID, caller: Person, once: OnceIfKeyed) -> None:
    """Let one act for me no longer. Tokens in force are refused within a minute."""
    await once(authorizations.end, authorization_id)
