"""`/session`: signing in, in one step or two, step-up, the current session, signing out."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from services.gateway.edge.admission import admitted
from services.gateway.edge.caller import ActsBy, caller_of
from services.gateway.edge.context import CurrentGateway, Gateway
from services.gateway.edge.sign_in import check_sign_in_attempt, end_session, start_browser_session
from services.gateway.edge.upstream import Reply, ServiceDown
from shared.auth import ActorKind, Role, SessionEnded, public
from shared.errors import Unauthenticated
from shared.http import refusals
from shared.text.typed import AnyJson, AsSent

router = APIRouter(tags=["session"], dependencies=[public, admitted(ActsBy.SESSION)], responses=refusals(429))
# Wrong credentials are 401; accounts that may not sign in, and pages of other sites, are 403.
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
        """The proof that was given, for registration to verify."""
        given = {name: value for name, value in self if value is not None}
        return {name: v.get_secret_value() if isinstance(v, SecretStr) else v for name, v in given.items()}


class PasskeySignIn(BaseModel):
    """The device's answer to `POST /session/passkey/options`."""

    model_config = ConfigDict(extra="forbid")

    credential: Annotated[dict[str, Any], AnyJson("the browser made it")] = Field(
        description="PublicKeyCredential as JSON (WebAuthn, `toJSON()`)"
    )


class PasskeyOptions(BaseModel):
    """The argument of `navigator.credentials.get`."""

    public_key: dict[str, Any]


class SecondStep(Proof):
    """The challenge that the first step answered with, and a proof."""

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
    """The account that is signed in, and the token that this session's changes carry in `X-CSRF-Token`."""

    account_id: UUID
    kind: ActorKind
    roles: list[Role]
    organisation_id: UUID | None
    csrf_token: str


class SessionView(SignedIn):
    """The same with the session's times. Reading counts as use: read it when the page is used, and not by a timer."""

    idle_ends_at: datetime = Field(description="the session ends then, unless it is used before")
    ends_at: datetime = Field(description="the session ends then, whatever is done")
    warn_at: datetime = Field(description="from when the page should say that it is about to end")
    fresh_until: datetime | None = Field(description="until then sensitive acts need no step-up")


class OpenedSession(SignedIn):
    """A session that was just started."""

    expires_at: datetime
    enrolment_required: bool = Field(False, description="set up a second factor first; nothing else is allowed")


class SteppedUp(BaseModel):
    """The session continues with another cookie and another token for its changes."""

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
async def sign_in(body: SignIn, request: Request, response: Response, gateway: CurrentGateway) -> Any:
    """Sign in. 201 sets the session's cookie, which scripts cannot read; 200 asks for the second step."""
    headers = await check_sign_in_attempt(request, gateway)
    answer = await gateway.sessions.open(
        body.login_id, body.password.get_secret_value(), headers, gateway.held_session(request)
    )
    if answer.status_code == 200:
        pending = SecondFactorRequired.model_validate_json(answer.content)
        return Response(pending.model_dump_json(), 200, media_type="application/json")
    return _answer_started(answer, response, gateway)


@router.post("/session/second-factor", status_code=201, response_model=OpenedSession, responses=_REFUSED)
async def second_step(body: SecondStep, request: Request, response: Response, gateway: CurrentGateway) -> Any:
    """Finish signing in with a code."""
    headers = await check_sign_in_attempt(request, gateway)
    return _answer_started(
        await gateway.sessions.second_step(body.plain(), headers, gateway.held_session(request)), response, gateway
    )


@router.post("/session/passkey/options", response_model=PasskeyOptions, responses=_REFUSED)
async def ask_for_passkey(request: Request, gateway: CurrentGateway) -> Any:
    """The options for a passkey, the same for everyone."""
    answer = await gateway.sessions.ask_for_passkey(await check_sign_in_attempt(request, gateway))
    return PasskeyOptions.model_validate_json(answer.content) if answer.status_code == 200 else _pass_refusal(answer)


@router.post("/session/passkey", status_code=201, response_model=OpenedSession, responses=_REFUSED)
async def sign_in_with_passkey(
    body: PasskeySignIn, request: Request, response: Response, gateway: CurrentGateway
) -> Any:
    """Sign in with a passkey alone."""
    headers = await check_sign_in_attempt(request, gateway)
    answer = await gateway.sessions.open_with_passkey(body.credential, headers, gateway.held_session(request))
    return _answer_started(answer, response, gateway)


@router.post("/session/step-up", response_model=SteppedUp, responses=_REFUSED)
async def step_up(body: StepUp, request: Request, response: Response, gateway: CurrentGateway) -> Any:
    """Step up: a new proof of identity, for actions refused with 403 `step-up-required`. The cookie changes."""
    secret = gateway.secret(request)
    if secret is None:
        raise Unauthenticated()
    gateway.csrf.require(request, secret)
    answer = await gateway.sessions.step_up(secret, body.plain(), await check_sign_in_attempt(request, gateway))
    if answer.status_code != 200:
        return _pass_refusal(answer)
    session = start_browser_session(answer, response, gateway)
    return SteppedUp(
        csrf_token=gateway.csrf.token(session.secret),
        expires_at=session.expires_at,
        fresh_until=answer.json()["fresh_until"],
    )


def _answer_started(answer: Reply, response: Response, gateway: Gateway) -> Any:
    if answer.status_code != 201:
        return _pass_refusal(answer)
    opened = answer.json()
    session = start_browser_session(answer, response, gateway)
    return OpenedSession(
        account_id=opened["account_id"],
        kind=opened["kind"],
        roles=opened["roles"],
        organisation_id=opened.get("organisation_id"),
        csrf_token=gateway.csrf.token(session.secret),
        expires_at=session.expires_at,
        enrolment_required=session.enrolment_required,
    )


@router.get("/session", responses=_REFUSED)
async def who_am_i(request: Request, gateway: CurrentGateway) -> SessionView:
    """The account that is signed in. 401 without a session."""
    secret = gateway.secret(request)
    if secret is None:
        raise Unauthenticated()
    actor, granted = await caller_of(request).session()
    if actor.id is None:
        raise SessionEnded()
    return SessionView(
        account_id=actor.id,
        kind=actor.kind,
        roles=sorted(actor.roles),
        organisation_id=actor.organisation_id,
        csrf_token=gateway.csrf.token(secret),
        idle_ends_at=granted.idle_ends_at,
        ends_at=granted.ends_at,
        warn_at=granted.warn_at,
        fresh_until=granted.fresh_until,
    )


@router.delete("/session", status_code=204, responses=_REFUSED)
async def sign_out(request: Request, response: Response, gateway: CurrentGateway) -> None:
    """Sign out: the session ends everywhere within a minute."""
    secret = gateway.secret(request)
    if secret is not None:
        gateway.csrf.require(request, secret)
    await end_session(request, response, gateway)


def _pass_refusal(answer: Reply) -> Response:
    """Pass on registration's refusal, where it is meant for the caller."""
    if answer.status_code not in (401, 403, 422, 429):
        raise ServiceDown()
    passed = ("retry-after", "content-language", "www-authenticate")
    kept = {name: answer.headers[name] for name in passed if name in answer.headers}
    media_type = answer.headers.get("content-type", "application/problem+json")
    return Response(answer.content, answer.status_code, headers=kept, media_type=media_type)
