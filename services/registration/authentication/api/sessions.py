"""Signing in, fetching access tokens, signing out."""

from dataclasses import replace
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from services.registration.authentication.api.dependencies import CurrentAuthentication, CurrentSigning
from services.registration.authentication.commands import sessions
from services.registration.authentication.commands import sign_in as sign_in_commands
from services.registration.authentication.schemas.sessions import AccessToken
from services.registration.authentication.schemas.sign_in import SignedIn
from services.registration.authentication.schemas.sign_in_challenges import SecondFactorRequired
from services.registration.http.context import CallerVisitor, CurrentContext, HeldSession, SecretMark
from services.registration.http.fields import Input, Secret, TypedLoginId, TypedPassword
from shared.auth import public
from shared.http import refusals

router = APIRouter(tags=["sessions"])


class Credentials(Input):
    """Login id and password. `organisation_id` chooses among several organisations; the newest valid one without it."""

    login_id: TypedLoginId = Field(examples=["ZR-7K3M-9QXT"])
    password: TypedPassword = Field(examples=["midori no tsukue to kumo"])
    organisation_id: UUID | None = None
    held_session: HeldSession = None


class SessionInput(Input):
    """The secret of a session."""

    session_secret: Secret


@router.post(
    "/v1/sessions",
    status_code=201,
    response_model=SignedIn,
    responses={
        200: {"model": SecondFactorRequired, "description": "The password was right; a code is still needed"},
        **refusals(401, 403),
    },
    dependencies=[public],
)
async def sign_in(
    body: Credentials, mark: SecretMark, context: CurrentAuthentication, visitor: CallerVisitor
) -> SignedIn | Response:
    """Sign in: 201 with a session, or 200 with a challenge for `POST /v1/sessions/second-factor`.

    401 `sign-in-failed` says nothing about which part was wrong; 429 says how long to wait.
    """
    visitor = replace(visitor, held=body.held_session)
    answer = await sign_in_commands.begin_session(
        context, mark, body.login_id, body.password, visitor, body.organisation_id
    )
    if isinstance(answer, SecondFactorRequired):
        return Response(answer.model_dump_json(), 200, media_type="application/json")
    return answer


@router.post("/v1/sessions/token", responses=refusals(401), dependencies=[public])
async def token(body: SessionInput, context: CurrentAuthentication, signing: CurrentSigning) -> AccessToken:
    """An access token for a session, with the roles that hold now. 401 `session-ended` where it is over."""
    return await sessions.exchange(context, signing, body.session_secret)


@router.post("/v1/sessions/end", status_code=204, dependencies=[public])
async def end(body: SessionInput, mark: SecretMark, context: CurrentContext) -> None:
    """Sign out. The same answer where the session was over already."""
    await sessions.end(context, mark, body.session_secret)
