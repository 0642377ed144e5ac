"""`/session`: signing in, who am I, signing out."""

from datetime import datetime
from typing import Any
from uuid import UUID

import httpx
from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from services.gateway.desk import Desk, TheDesk, client_address, outgoing_headers, within_limits
from services.gateway.sessions import SessionEnded
from services.gateway.upstream import ServiceDown
from shared.auth import ActorKind, Role, public
from shared.errors import Unauthenticated

router = APIRouter(tags=["session"], dependencies=[public, Depends(within_limits)])


class SignIn(BaseModel):
    """認証ID and password."""

    model_config = ConfigDict(extra="forbid")

    login_id: str = Field(min_length=1, max_length=200, examples=["TYO-000123"])
    password: SecretStr = Field(min_length=1, max_length=1000, examples=["correct horse battery staple"])


class SessionView(BaseModel):
    """Who is signed in, and the token that this session's changes carry in `X-CSRF-Token`."""

    account_id: UUID
    kind: ActorKind
    roles: list[Role]
    organisation_id: UUID | None
    csrf_token: str


class OpenedSession(SessionView):
    """A session that has just begun."""

    expires_at: datetime


@router.post("/session", status_code=201, response_model=OpenedSession)
async def sign_in(body: SignIn, request: Request, response: Response, desk: TheDesk) -> Any:
    """Sign in. The answer sets the session's cookie, which scripts cannot read."""
    desk.csrf.require_own_page(request)
    desk.sign_ins.admit(client_address(request))
    headers = outgoing_headers(request) | {"Accept-Language": request.headers.get("accept-language", "ja")}
    answer = await desk.sessions.open(body.login_id, body.password.get_secret_value(), headers)
    if answer.status_code != 201:
        return _told(answer)
    opened = answer.json()
    secret: str = opened["session_secret"]
    expires = datetime.fromisoformat(opened["expires_at"])
    _set_cookie(response, desk, secret, expires)
    return OpenedSession(
        account_id=opened["account_id"],
        kind=opened["kind"],
        roles=opened["roles"],
        organisation_id=opened.get("organisation_id"),
        csrf_token=desk.csrf.token(secret),
        expires_at=expires,
    )


@router.get("/session")
async def who_am_i(request: Request, desk: TheDesk) -> SessionView:
    """Who is signed in. 401 where nobody is."""
    secret = desk.secret(request)
    if secret is None:
        raise Unauthenticated()
    actor = await desk.verifier.verify(await desk.token(secret))
    if actor.id is None:
        raise SessionEnded()
    return SessionView(
        account_id=actor.id,
        kind=actor.kind,
        roles=sorted(actor.roles),
        organisation_id=actor.organisation_id,
        csrf_token=desk.csrf.token(secret),
    )


@router.delete("/session", status_code=204)
async def sign_out(request: Request, response: Response, desk: TheDesk) -> None:
    """Sign out: the session is over everywhere within a minute."""
    secret = desk.secret(request)
    if secret is not None:
        desk.csrf.require(request, secret)
        await desk.sessions.end(secret, outgoing_headers(request))
    desk.forget(response)


def _set_cookie(response: Response, desk: Desk, secret: str, expires: datetime) -> None:
    # Lax, not Strict: who follows a link from our mail is still signed in. Changes need the CSRF token anyway.
    response.set_cookie(
        desk.settings.cookie_name,
        secret,
        expires=expires,
        path="/",
        secure=desk.settings.cookie_secure,
        httponly=True,
        samesite="lax",
    )


def _told(answer: httpx.Response) -> Response:
    """Registration's own words on why not, where it has any for the caller."""
    if answer.status_code not in (401, 403, 422, 429):
        raise ServiceDown()
    kept = {name: answer.headers[name] for name in ("retry-after", "content-language") if name in answer.headers}
    media_type = answer.headers.get("content-type", "application/problem+json")
    return Response(answer.content, answer.status_code, headers=kept, media_type=media_type)
