"""The provider's HTTP side: OpenID Connect Core 1.0, the authorisation code flow with PKCE (S256) and no other."""

import base64
import hmac
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from html import escape
from typing import Any
from urllib.parse import parse_qsl, unquote_plus, urlencode

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from joserfc import jwt
from joserfc.jwk import RSAKey

from deploy.local.identity_provider.people import PEOPLE, KnownPerson

CODE_FOR = timedelta(minutes=1)
TOKEN_FOR = timedelta(minutes=5)
_ASKED = ("client_id", "redirect_uri", "response_type", "scope", "state", "nonce", "code_challenge")
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Local identity provider</title></head>
<body><main><h1>Who are you?</h1>
<p>This provider runs on this machine alone and knows invented people. Choose one of them.</p>
<form method="post" action="/choose?{query}">{buttons}
<p><button name="subject" value="">Cancel</button></p></form></main></body></html>"""


@dataclass(frozen=True, slots=True)
class Client:
    """The one site that may ask."""

    id: str
    secret: str
    redirect_uri: str


@dataclass(frozen=True, slots=True)
class Grant:
    """The grant behind a code."""

    person: KnownPerson
    nonce: str
    challenge: str
    until: datetime


def new_key() -> RSAKey:
    """A key to sign ID tokens with."""
    return RSAKey.generate_key(2048, parameters={"use": "sig", "alg": "RS256"}, auto_kid=True)


class Provider:
    """State that the routes share."""

    def __init__(
        self,
        issuer: str,
        client: Client,
        now: Callable[[], datetime],
        people: Sequence[KnownPerson] = PEOPLE,
        key: RSAKey | None = None,
    ) -> None:
        self.issuer = issuer
        self.client = client
        self.now = now
        self.people = {person.subject: person for person in people}
        self.key = key or new_key()
        self.grants: dict[str, Grant] = {}
        self.access: dict[str, tuple[KnownPerson, datetime]] = {}

    def claims(self, grant: Grant, access_token: str) -> dict[str, Any]:
        """The claims of the ID token. Name and birth date are at the userinfo endpoint, as the standard has it."""
        now = int(self.now().timestamp())
        half = sha256(access_token.encode()).digest()[:16]
        return {
            "iss": self.issuer,
            "sub": grant.person.subject,
            "aud": self.client.id,
            "iat": now,
            # It asks every time.
            "auth_time": now,
            "exp": now + int(TOKEN_FOR.total_seconds()),
            "nonce": grant.nonce,
            "acr": "mynumber-card",
            "at_hash": base64.urlsafe_b64encode(half).rstrip(b"=").decode(),
        }

    def id_token(self, claims: dict[str, Any]) -> str:
        """The claims, signed."""
        return jwt.encode({"alg": "RS256", "kid": self.key.kid}, claims, self.key)


def create_app(provider: Provider) -> FastAPI:
    """The provider as an application."""
    app = FastAPI(title="Local identity provider", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.provider = provider

    @app.get("/healthz")
    async def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/.well-known/openid-configuration")
    async def describe() -> dict[str, Any]:
        issuer = provider.issuer
        return {
            "issuer": issuer,
            "authorization_endpoint": f"{issuer}/authorize",
            "token_endpoint": f"{issuer}/token",
            "userinfo_endpoint": f"{issuer}/userinfo",
            "jwks_uri": f"{issuer}/jwks.json",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            "authorization_response_iss_parameter_supported": True,
        }

    @app.get("/jwks.json")
    async def keys() -> dict[str, Any]:
        return {"keys": [provider.key.as_dict(private=False)]}

    @app.get("/authorize")
    async def ask(request: Request) -> Response:
        if fault := _fault(provider, request):
            return fault
        buttons = "".join(
            f'<p><button name="subject" value="{escape(one.subject)}">{escape(one.name)}</button></p>'
            for one in provider.people.values()
        )
        return HTMLResponse(_PAGE.format(query=escape(str(request.url.query)), buttons=buttons))

    @app.post("/choose")
    async def choose(request: Request) -> Response:
        if fault := _fault(provider, request):
            return fault
        chosen = dict(parse_qsl((await request.body()).decode("utf-8", "replace"))).get("subject", "")
        asked = request.query_params
        answer = {"state": asked["state"], "iss": provider.issuer}
        if person := provider.people.get(chosen):
            code = secrets.token_urlsafe(32)
            until = provider.now() + CODE_FOR
            provider.grants[code] = Grant(person, asked["nonce"], asked["code_challenge"], until)
            answer["code"] = code
        else:
            answer["error"] = "access_denied"
        return RedirectResponse(f"{provider.client.redirect_uri}?{urlencode(answer)}", 303)

    @app.post("/token")
    async def token(request: Request) -> Response:
        if not _is_client(provider, request.headers.get("authorization", "")):
            return JSONResponse({"error": "invalid_client"}, 401, {"WWW-Authenticate": "Basic"})
        form = dict(parse_qsl((await request.body()).decode("utf-8", "replace")))
        grant = provider.grants.pop(form.get("code", ""), None)
        given = base64.urlsafe_b64encode(sha256(form.get("code_verifier", "").encode()).digest()).rstrip(b"=").decode()
        if (
            form.get("grant_type") != "authorization_code"
            or form.get("redirect_uri") != provider.client.redirect_uri
            or grant is None
            or grant.until <= provider.now()
            or not hmac.compare_digest(grant.challenge, given)
        ):
            return JSONResponse({"error": "invalid_grant"}, 400)
        access_token = secrets.token_urlsafe(32)
        provider.access[access_token] = (grant.person, provider.now() + TOKEN_FOR)
        answer = {
            "access_token": access_token,
            "token_type": "Bearer",
            "expires_in": int(TOKEN_FOR.total_seconds()),
            "id_token": provider.id_token(provider.claims(grant, access_token)),
        }
        return JSONResponse(answer, headers={"Cache-Control": "no-store"})

    @app.get("/userinfo")
    async def userinfo(request: Request) -> Response:
        held = provider.access.get(request.headers.get("authorization", "").removeprefix("Bearer "))
        if held is None or held[1] <= provider.now():
            return JSONResponse({"error": "invalid_token"}, 401, {"WWW-Authenticate": "Bearer"})
        person, _ = held
        return JSONResponse({"sub": person.subject, "name": person.name, "birthdate": person.birth_date})

    return app


def _fault(provider: Provider, request: Request) -> Response | None:
    """The reason to refuse a request, or None. A refusal never redirects to an address that is not the site's own."""
    asked = request.query_params
    right = (
        all(asked.get(name) for name in _ASKED)
        and asked["client_id"] == provider.client.id
        and asked["redirect_uri"] == provider.client.redirect_uri
        and asked["response_type"] == "code"
        and "openid" in asked["scope"].split()
        and asked.get("code_challenge_method") == "S256"
    )
    return None if right else JSONResponse({"error": "invalid_request"}, 400)


def _is_client(provider: Provider, authorization: str) -> bool:
    try:
        plain = base64.b64decode(authorization.removeprefix("Basic "), validate=True).decode()
    except ValueError:
        return False
    client_id, _, secret = plain.partition(":")
    given, known = f"{unquote_plus(client_id)}:{unquote_plus(secret)}", f"{provider.client.id}:{provider.client.secret}"
    return hmac.compare_digest(given.encode(), known.encode())
