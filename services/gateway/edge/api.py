"""`/session`: signing in, in one step or two, proving again who one is, who am I, signing out."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from services.gateway.edge.context import Desk, TheDesk, within_limits
from services.gateway.edge.sign_in import admitted, end_session, taken_over
from services.gateway.edge.upstream import Reply, ServiceDown
from shared.auth import ActorKind, Role, SessionEnded, public
from shared.errors import Unauthenticated
from shared.http import refusals
from shared.text.typed import AnyJson, AsSent

router = APIRouter(tags=["session"], dependencies=[public, Depends(within_limits)], responses=refusals(429))
# Registration refuses what signs nobody in (401) and who may not use it (403); so are other sites' pages (403).
_REFUSED = refusals(401, 403)


class SignIn(BaseModel):
    """認証ID and password."""

    model_config = ConfigDict(extra="forbid")

    login_id: Annotated[str, AsSent("registration reads it")] = Field(
        min_length=1, max_length=200, examples=["TYO-000123"]
    )
    password: SecretStr = Field(min_length=1, max_length=1000, examples=["correct horse battery staple"])


class Proof(BaseModel):
    """A code of the authenticator app, a recovery code, or a passkey."""

    model_config = ConfigDict(extra="forbid")

    code: SecretStr | None = Field(None, min_length=1, max_length=40, examples=["123456"])
    recovery_code: SecretStr | None = Field(None, min_length=1, max_length=40, examples=["7K3M-9QXT-2FHA"])
    passkey: Annotated[dict[str, Any], AnyJson("the browser made it")] | None = Field(
        None, description="PublicKeyCredential as JSON (WebAuthn, `toJSON()`)"
    )

    def plain(self) -> dict[str, Any]:
        """What was given, for registration to look at."""
        given = {name: value for name, value in self if value is not None}
        return {name: v.get_secret_value() if isinstance(v, SecretStr) else v for name, v in given.items()}


class PasskeySignIn(BaseModel):
    """The device's answer to `POST /session/passkey/options`."""

    model_config = ConfigDict(extra="forbid")

    credential: Annotated[dict[str, Any], AnyJson("the browser made it")] = Field(
        description="PublicKeyCredential as JSON (WebAuthn, `toJSON()`)"
    )


class PasskeyOptions(BaseModel):
    """What `navigator.credentials.get` takes."""

    public_key: dict[str, Any]


class SecondStep(Proof):
    """What the first step answered, and a code."""

    challenge: SecretStr = Field(min_length=1, max_length=200)


class StepUp(Proof):
    """A code; the password where there is no second factor."""

    password: SecretStr | None = Field(None, min_length=1, max_length=1000)


class SecondFactorRequired(BaseModel):
    """The password was right, and a code is needed as well: `POST /session/second-factor`."""

    second_factor_required: bool
    challenge: str
    methods: list[str]
    expires_at: datetime


class SignedIn(BaseModel):
    """Who is signed in, and the token that this session's changes carry in `X-CSRF-Token`."""

    account_id: UUID
    kind: ActorKind
    roles: list[Role]
    organisation_id: UUID | None
    csrf_token: str


class SessionView(SignedIn):
    """And how long that lasts. Asking counts as use, so ask when the page is used, and not by a timer."""

    idle_ends_at: datetime = Field(description="the session ends then, unless it is used before")
    ends_at: datetime = Field(description="the session ends then, whatever is done")
    warn_at: datetime = Field(description="from when the page should say that it is about to end")
    fresh_until: datetime | None = Field(description="until then sensitive acts need no step-up")


class OpenedSession(SignedIn):
    """A session that has just begun."""

    expires_at: datetime
    enrolment_required: bool = Field(False, description="set up a second factor first; nothing else is allowed")


class SteppedUp(BaseModel):
    """The session goes on with another cookie and another token for its changes."""

    csrf_token: str
    expires_at: datetime
    fresh_until: datetime


@router.post(
    "/session",
    status_code=201,
    response_model=OpenedSession,
    responses={
        200: {"model": SecondFactorRequired, "description": "The password was right; a code is still needed"},
        **_REFUSED,
    },
)
async def sign_in(body: SignIn, request: Request, response: Response, desk: TheDesk) -> Any:
    """Sign in. 201 sets the session's cookie, which scripts cannot read; 200 asks for the second step."""
    headers = admitted(request, desk)
    answer = await desk.sessions.open(
        body.login_id, body.password.get_secret_value(), headers, desk.held_session(request)
    )
    if answer.status_code == 200:
        half_way = SecondFactorRequired.model_validate_json(answer.content)
        return Response(half_way.model_dump_json(), 200, media_type="application/json")
    return _opened(answer, response, desk)


@router.post("/session/second-factor", status_code=201, response_model=OpenedSession, responses=_REFUSED)
async def second_step(body: SecondStep, request: Request, response: Response, desk: TheDesk) -> Any:
    """Finish signing in with a code."""
    headers = admitted(request, desk)
    return _opened(await desk.sessions.second_step(body.plain(), headers, desk.held_session(request)), response, desk)


@router.post("/session/passkey/options", response_model=PasskeyOptions, responses=_REFUSED)
async def ask_for_passkey(request: Request, desk: TheDesk) -> Any:
    """A question for a passkey, the same for everybody."""
    answer = await desk.sessions.ask_for_passkey(admitted(request, desk))
    return PasskeyOptions.model_validate_json(answer.content) if answer.status_code == 200 else _told(answer)


@router.post("/session/passkey", status_code=201, response_model=OpenedSession, responses=_REFUSED)
async def sign_in_with_passkey(body: PasskeySignIn, request: Request, response: Response, desk: TheDesk) -> Any:
    """Sign in with a passkey alone."""
    headers = admitted(request, desk)
    answer = await desk.sessions.open_with_passkey(body.credential, headers, desk.held_session(request))
    return _opened(answer, response, desk)


@router.post("/session/step-up", response_model=SteppedUp, responses=_REFUSED)
async def step_up(body: StepUp, request: Request, response: Response, desk: TheDesk) -> Any:
    """Prove again who is signed in, for acts that answer 403 `step-up-required`. The cookie changes."""
    secret = desk.secret(request)
    if secret is None:
        raise Unauthenticated()
    desk.csrf.require(request, secret)
    answer = await desk.sessions.step_up(secret, body.plain(), admitted(request, desk))
    if answer.status_code != 200:
        return _told(answer)
    session = taken_over(answer, response, desk)
    return SteppedUp(
        csrf_token=desk.csrf.token(session.secret),
        expires_at=session.expires_at,
        fresh_until=answer.json()["fresh_until"],
    )


def _opened(answer: Reply, response: Response, desk: Desk) -> Any:
    if answer.status_code != 201:
        return _told(answer)
    opened = answer.json()
    session = taken_over(answer, response, desk)
    return OpenedSession(
        account_id=opened["account_id"],
        kind=opened["kind"],
        roles=opened["roles"],
        organisation_id=opened.get("organisation_id"),
        csrf_token=desk.csrf.token(session.secret),
        expires_at=session.expires_at,
        enrolment_required=session.enrolment_required,
    )


@router.get("/session", responses=_REFUSED)
async def who_am_i(request: Request, desk: TheDesk) -> SessionView:
    """Who is signed in. 401 where nobody is."""
    secret = desk.secret(request)
    if secret is None:
        raise Unauthenticated()
    actor, granted = await desk.actor(secret)
    if actor.id is None:
        raise SessionEnded()
    return SessionView(
        account_id=actor.id,
        kind=actor.kind,
        roles=sorted(actor.roles),
        organisation_id=actor.organisation_id,
        csrf_token=desk.csrf.token(secret),
        idle_ends_at=granted.idle_ends_at,
        ends_at=granted.ends_at,
        warn_at=granted.warn_at,
        fresh_until=granted.fresh_until,
    )


@router.delete("/session", status_code=204, responses=_REFUSED)
async def sign_out(request: Request, response: Response, desk: TheDesk) -> None:
    """Sign out: the session is over everywhere within a minute."""
    secret = desk.secret(request)
    if secret is not None:
        desk.csrf.require(request, secret)
    await end_session(request, response, desk)


def _told(answer: Reply) -> Response:
    """Registration's own words on why not, where it has any for the caller."""
    if answer.status_code not in (401, 403, 422, 429):
        raise ServiceDown()
    passed = ("retry-after", "content-language", "www-authenticate")
    kept = {name: answer.headers[name] for name in passed if name in answer.headers}
    media_type = answer.headers.get("content-type", "application/problem+json")
    return Response(answer.content, answer.status_code, headers=kept, media_type=media_type)
