"""The gateway on a real port, in front of small services on real ports."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Literal
from uuid import UUID, uuid4

import httpx
import jwt
import pytest
from fastapi import APIRouter, FastAPI, Request, Response
from pydantic import BaseModel
from starlette.responses import JSONResponse, StreamingResponse

from services.gateway.app import create_app
from services.gateway.settings import Settings
from shared.auth import Actor, Role, TokenIssuer, public
from shared.clock import ManualClock, SystemClock
from shared.errors import Unauthenticated
from shared.http import create_app as service_app
from shared.http.limits import UPLOAD_BODY, ServerLimits
from shared.outgoing import http_client
from tests.gateway.identity import Identity, identity
from tests.infra.databases import TestDatabase
from tests.support import tokens
from tests.support.web import free_port, serving

CODE = "123456"
LOGIN = {"login_id": "TYO-000001", "password": "correct horse battery staple"}


class Credentials(BaseModel):
    login_id: str
    password: str


class Held(BaseModel):
    session_secret: str


class Step(BaseModel):
    challenge: str
    code: str


class StepUp(Held):
    code: str


class Switch(BaseModel):
    role: Literal[Role.RSO_STAFF]


class WrongPassword(Unauthenticated):
    code = "sign-in-failed"


@dataclass
class Registration:
    """Sessions in memory, and a count of what was asked."""

    issuer: TokenIssuer = field(default_factory=tokens.issuer)
    sessions: dict[str, Actor] = field(default_factory=dict)
    exchanged: int = 0
    two_steps: bool = False
    challenges: set[str] = field(default_factory=set)
    revoked: list[UUID] = field(default_factory=list)
    blocked: list[dict[str, str]] = field(default_factory=list)
    ending: int = 0
    may_end: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.may_end.set()

    seen: list[Request] = field(default_factory=list)

    def app(self) -> FastAPI:
        router = APIRouter(dependencies=[public])

        @router.get("/.well-known/jwks.json")
        async def keys() -> dict[str, Any]:
            return self.issuer.jwks()

        @router.get("/.well-known/revocations.json")
        async def revoked() -> dict[str, Any]:
            return {"revoked": [str(identity) for identity in self.revoked]}

        @router.get("/.well-known/blocked-networks.json")
        async def blocked() -> dict[str, Any]:
            return {"networks": self.blocked}

        @router.post("/v1/sessions", status_code=201)
        async def sign_in(body: Credentials, request: Request) -> Any:
            self.seen.append(request)
            if body.password != LOGIN["password"]:
                raise WrongPassword()
            if self.two_steps:
                challenge = uuid4().hex
                self.challenges.add(challenge)
                pending = {
                    "second_factor_required": True,
                    "challenge": challenge,
                    "methods": ["totp"],
                    "expires_at": (SystemClock().now() + timedelta(minutes=5)).isoformat(),
                }
                return JSONResponse(pending)
            return self._open()

        @router.post("/v1/sessions/second-factor", status_code=201)
        async def second_step(body: Step, request: Request) -> dict[str, Any]:
            self.seen.append(request)
            if body.code != CODE or body.challenge not in self.challenges:
                raise WrongPassword()
            self.challenges.remove(body.challenge)
            return self._open()

        @router.post("/v1/sessions/passkey/options")
        async def ask() -> dict[str, Any]:
            return {"public_key": {"challenge": "AAAA"}}

        @router.post("/v1/sessions/passkey", status_code=201)
        async def with_passkey(body: dict[str, dict[str, str]]) -> dict[str, Any]:
            if body["credential"] != {"id": "known"}:
                raise WrongPassword()
            return self._open()

        @router.post("/v1/sessions/step-up")
        async def step_up(body: StepUp) -> dict[str, Any]:
            if body.code != CODE or body.session_secret not in self.sessions:
                raise WrongPassword()
            fresh = sha256(uuid4().bytes).hexdigest()
            self.sessions[fresh] = self.sessions.pop(body.session_secret)
            now = SystemClock().now()
            until, end = (now + timedelta(minutes=20)).isoformat(), (now + timedelta(hours=8)).isoformat()
            return {"session_secret": fresh, "expires_at": end, "fresh_until": until}

        @router.post("/v1/sessions/token")
        async def exchange(body: Held) -> dict[str, Any]:
            self.exchanged += 1
            if body.session_secret not in self.sessions:
                raise Unauthenticated()
            token, expires = self.issuer.issue(self.sessions[body.session_secret])
            now = SystemClock().now()
            return {
                "access_token": token,
                "expires_at": expires.isoformat(),
                "idle_ends_at": (now + timedelta(minutes=30)).isoformat(),
                "ends_at": (now + timedelta(hours=8)).isoformat(),
                "warn_at": (now + timedelta(minutes=25)).isoformat(),
                "fresh_until": None,
            }

        @router.post("/v1/sessions/end", status_code=204)
        async def end(body: Held) -> None:
            self.ending += 1
            await self.may_end.wait()
            self.sessions.pop(body.session_secret, None)

        @router.post("/v1/accounts/me/active-membership")
        async def switch(body: Switch, request: Request) -> dict[str, str]:
            caller = jwt.decode(request.headers["authorization"][7:], options={"verify_signature": False})
            for secret, actor in self.sessions.items():
                if str(actor.session_id) == caller["sid"]:
                    self.sessions[secret] = replace(actor, roles=frozenset({body.role}))
            return {"role": body.role}

        @router.get("/v1/password-links/{token}")
        async def look_at_link(token: str) -> dict[str, str]:
            return {"expires_at": (SystemClock().now() + timedelta(hours=24)).isoformat()}

        @router.post("/v1/password-links/{token}")
        async def set_password(token: str, body: dict[str, str]) -> dict[str, str]:
            return {"login_id": f"TYO-{len(body['password'])}-{token}"}

        return service_app("registration", "1", [router])

    def _open(self) -> dict[str, Any]:
        secret = sha256(uuid4().bytes).hexdigest()
        actor = Actor(
            kind="person",
            id=uuid4(),
            roles=frozenset({Role.ORG_STAFF}),
            organisation_id=UUID(int=7),
            session_id=uuid4(),
        )
        self.sessions[secret] = actor
        return {
            "session_secret": secret,
            "account_id": str(actor.id),
            "kind": actor.kind,
            "roles": sorted(actor.roles),
            "organisation_id": str(actor.organisation_id),
            "expires_at": (SystemClock().now() + timedelta(hours=8)).isoformat(),
        }


class Thing(BaseModel):
    name: str


def echo(name: str) -> FastAPI:
    """A service that answers with what reached it."""
    router = APIRouter(dependencies=[public])

    async def reached(request: Request) -> dict[str, Any]:
        body = await request.body()
        return {
            "service": name,
            "method": request.method,
            "path": request.scope["raw_path"].decode(),
            "query": request.scope["query_string"].decode(),
            "headers": dict(request.headers.items()),
            "size": len(body),
            "digest": sha256(body).hexdigest(),
        }

    @router.post("/v1/applications", status_code=201)
    async def create(request: Request, response: Response) -> dict[str, Any]:
        response.headers["Location"] = "/v1/applications/1"
        response.headers["Set-Cookie"] = "sneaky=1"
        response.headers["ETag"] = '"1"'
        return await reached(request)

    @router.get("/v1/documents/large")
    async def large() -> StreamingResponse:
        async def chunks() -> AsyncIterator[bytes]:
            for number in range(64):
                yield bytes([number]) * 65_536

        return StreamingResponse(chunks(), media_type="application/pdf")

    @router.get("/v1/applications/{application_id}/refused")
    async def refused(application_id: str) -> None:
        raise Unauthenticated()

    @router.get("/v1/applications/{application_id}")
    async def thing(application_id: str) -> Thing:
        return Thing(name=application_id)

    hidden = APIRouter(dependencies=[public], include_in_schema=False)
    methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
    hidden.add_api_route("/{path:path}", reached, methods=methods)
    return service_app(name, "1", [router, hidden], larger_bodies={"/": UPLOAD_BODY})


@dataclass
class GatewayClient:
    """The gateway's addresses, the services behind it, and one browser."""

    url: str
    operations: str
    app: FastAPI
    registration: Registration
    browser: httpx.AsyncClient

    async def sign_in(self) -> dict[str, str]:
        """Sign in; the headers that go with a change of this session."""
        answer = await self.browser.post("/session", json=LOGIN, headers={"Origin": self.url})
        assert answer.status_code == 201, answer.text
        return {"Origin": self.url, "X-CSRF-Token": answer.json()["csrf_token"]}


@asynccontextmanager
async def site(limits: ServerLimits | None = None, **changes: Any) -> AsyncIterator[GatewayClient]:
    """A gateway with everything behind it. `limits` are those of its public port, `changes` settings."""
    async with AsyncExitStack() as stack:
        registration = Registration()
        urls = {"registration_url": await stack.enter_async_context(serving(registration.app()))}
        for name in ("application", "document"):
            urls[f"{name}_url"] = await stack.enter_async_context(serving(echo(name)))
        # Review and notification are down: nothing listens on port 1.
        urls |= {"review_url": "http://127.0.0.1:1", "notification_url": "http://127.0.0.1:1"}
        values = {"cookie_secure": False, "token_issuer": tokens.ISSUER, **urls, **changes}
        port = free_port()
        made = Settings(**{"public_url": f"http://127.0.0.1:{port}", **values})
        app = create_app(made, limits=limits)
        url = await stack.enter_async_context(serving(app, port))
        operations = await stack.enter_async_context(serving(app.state.operations))
        browser = await stack.enter_async_context(http_client(base_url=url, timeout=20))
        yield GatewayClient(url, operations, app, registration, browser)


@pytest.fixture
async def gateway() -> AsyncIterator[GatewayClient]:
    async with site() as made:
        yield made


@pytest.fixture(autouse=True)
def _settings_from_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"ZAIRYU_{name.upper()}", raising=False)


@pytest.fixture
async def people(service_database: Callable[[str], TestDatabase]) -> AsyncIterator[Identity]:
    """The real registration service behind the gateway, on a day in November 2026."""
    clock = ManualClock(datetime(2026, 11, 20, 3, 0, tzinfo=UTC))
    async with identity(service_database("registration"), clock) as made:
        yield made
