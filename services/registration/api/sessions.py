"""Signing in, fetching access tokens, signing out."""

from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from services.registration.api.context import CallerAddress, CurrentDesk, CurrentSigning, SecretMark
from services.registration.api.fields import Input, Secret, TypedLoginId, TypedPassword
from services.registration.commands import sessions, signing_in
from shared.auth import public

router = APIRouter(tags=["sessions"])


class Credentials(Input):
    """Who wants in. `organisation_id` chooses among several organisations; the newest valid one without it."""

    login_id: TypedLoginId = Field(examples=["ZR-7K3M-9QXT"])
    password: TypedPassword = Field(examples=["midori no tsukue to kumo"])
    organisation_id: UUID | None = None


class SessionInput(Input):
    """The secret of a session."""

    session_secret: Secret


@router.post("/v1/sessions", status_code=201, dependencies=[public])
async def sign_in(
    body: Credentials, mark: SecretMark, desk: CurrentDesk, address: CallerAddress
) -> signing_in.SignedIn:
    """Sign in. 401 `sign-in-failed` says nothing about which part was wrong; 429 says how long to wait."""
    return await signing_in.begin_session(desk, mark, body.login_id, body.password, address, body.organisation_id)


@router.post("/v1/sessions/token", dependencies=[public])
async def token(body: SessionInput, desk: CurrentDesk, signing: CurrentSigning) -> sessions.AccessToken:
    """An access token for a session, with the roles that hold now. 401 `session-ended` where it is over."""
    return await sessions.exchange(desk, signing, body.session_secret)


@router.post("/v1/sessions/end", status_code=204, dependencies=[public])
async def end(body: SessionInput, mark: SecretMark, desk: CurrentDesk) -> None:
    """Sign out. The same answer where the session was over already."""
    await sessions.end(desk, mark, body.session_secret)
