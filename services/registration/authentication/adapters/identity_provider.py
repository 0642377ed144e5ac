"""The identity provider (OpenID Connect), as a client of it: where it is, its keys, and what it says of a person.

Nothing here holds a database connection: the provider may be slow, or away.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Any
from urllib.parse import quote_plus, urlsplit

import httpx
import structlog
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc.jwk import Key

from services.registration.authentication.adapters.id_tokens import (
    ALGORITHMS,
    BadToken,
    Expected,
    Person,
    claims_of,
    key_for,
    person_of,
    usable_keys,
)
from services.registration.authentication.problems import IdentityNotOffered, IdentityNotProved, IdentityProviderDown
from services.registration.settings import Settings
from shared.clock import Clock
from shared.outgoing import http_client

log = structlog.get_logger(__name__)

TIMEOUT = httpx.Timeout(5.0, connect=2.0)
ALTOGETHER_SECONDS = 15.0  # for everything that one sign-in asks of the provider
LARGEST_ANSWER = 256 * 1024
KNOWN_FOR = timedelta(hours=1)  # its description and its keys
BETWEEN_REFRESHES = timedelta(seconds=10)  # tokens with invented key ids cannot make us ask more often
SCOPE = "openid profile"


@dataclass(frozen=True, slots=True)
class Answer:
    """The provider's answer, brought back by the browser. `issuer` is RFC 9207's `iss`."""

    code: str
    issuer: str | None


@dataclass(frozen=True, slots=True)
class _Description:
    """The parts used of the provider's description (OpenID Connect Discovery 1.0)."""

    authorization: str
    token: str
    keys: str
    userinfo: str | None
    secret_in_body: bool
    says_issuer: bool


class IdentityProvider:
    """One per process. Without an issuer in the settings it offers nothing, and every call says so."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._issuer = settings.oidc_issuer or ""
        self._client_id = settings.oidc_client_id or ""
        self._redirect = f"{settings.public_url.rstrip('/')}/identity/callback"
        self._acr_values = tuple(settings.oidc_acr_values.split())
        self._description: tuple[_Description, datetime] | None = None
        self._keys: tuple[list[Key], datetime] | None = None
        self._lock = asyncio.Lock()
        self._http: httpx.AsyncClient | None = None

    async def close(self) -> None:
        """Let go of connections."""
        if self._http is not None:
            await self._http.aclose()

    def require(self) -> None:
        """Raise `IdentityNotOffered` where the site has no identity provider."""
        if not self._issuer or not self._client_id:
            raise IdentityNotOffered()

    async def authorization_url(self, *, state: str, nonce: str, verifier: str, reauthenticate: bool) -> str:
        """The browser goes here. `reauthenticate`: a person whom the provider knows has to prove it again, too."""
        self.require()
        async with _in_time():
            description = await self._described()
        url: str = prepare_grant_uri(
            description.authorization,
            self._client_id,
            "code",
            redirect_uri=self._redirect,
            scope=SCOPE,
            state=state,
            nonce=nonce,
            code_challenge=create_s256_code_challenge(verifier),
            code_challenge_method="S256",
            acr_values=" ".join(self._acr_values) or None,
            prompt="login" if reauthenticate else None,
            # Has the provider say when that was: the browser could leave `prompt` out.
            max_age="0" if reauthenticate else None,
        )
        return url

    async def prove(self, answer: Answer, verifier: str, nonce_digest: bytes, since: datetime | None = None) -> Person:
        """The person's identity, in exchange for the code; with `since`, they proved it at the provider after that.

        Raises `IdentityNotProved` or `IdentityProviderDown`.
        """
        self.require()
        try:
            async with _in_time():
                return await self._prove(answer, verifier, nonce_digest, since)
        except BadToken as bad:
            log.warning("identity.refused", reason=str(bad))
            raise IdentityNotProved() from bad

    async def _prove(self, answer: Answer, verifier: str, nonce_digest: bytes, since: datetime | None) -> Person:
        description = await self._described()
        if answer.issuer != self._issuer and (answer.issuer is not None or description.says_issuer):
            raise BadToken("the answer names another issuer")
        tokens = await self._tokens(description, answer.code, verifier)
        id_token, access_token = tokens.get("id_token"), tokens.get("access_token")
        if not isinstance(id_token, str):
            raise BadToken("no ID token")
        key = await self._key(description, id_token)
        now = self._clock.now()
        expected = Expected(self._issuer, self._client_id, nonce_digest, self._acr_values, now, since)
        claims = claims_of(id_token, key, expected, access_token if isinstance(access_token, str) else None)
        if not {"name", "birthdate"} <= claims.keys() and description.userinfo and isinstance(access_token, str):
            more = await self._ask("GET", description.userinfo, headers={"Authorization": f"Bearer {access_token}"})
            # Another person's description would be taken for this one's (OpenID Connect Core 1.0, section 5.3.2).
            if more.get("sub") != claims["sub"]:
                raise BadToken("the description is of another person")
            claims = {**more, **claims}
        return person_of(self._issuer, claims)

    async def _tokens(self, description: _Description, code: str, verifier: str) -> dict[str, Any]:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._redirect,
            "code_verifier": verifier,
            "client_id": self._client_id,
        }
        secret = self._settings.oidc_client_secret
        auth: httpx.BasicAuth | None = None
        if secret and description.secret_in_body:
            form["client_secret"] = secret.get_secret_value()
        elif secret:
            auth = httpx.BasicAuth(quote_plus(self._client_id), quote_plus(secret.get_secret_value()))
        return await self._ask("POST", description.token, data=form, auth=auth)

    async def _described(self) -> _Description:
        async with self._lock:
            now = self._clock.now()
            if self._description is None or now - self._description[1] >= KNOWN_FOR:
                url = f"{self._issuer.rstrip('/')}/.well-known/openid-configuration"
                self._description = (self._read(await self._ask("GET", url)), now)
            return self._description[0]

    def _read(self, document: Mapping[str, Any]) -> _Description:
        if document.get("issuer") != self._issuer:
            raise _unusable("it names another issuer")
        algorithms = document.get("id_token_signing_alg_values_supported", ALGORITHMS)
        if not isinstance(algorithms, list | tuple) or not set(ALGORITHMS) & set(map(str, algorithms)):
            raise _unusable("it signs with no algorithm that is taken")
        methods = document.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        userinfo = document.get("userinfo_endpoint")
        return _Description(
            authorization=self._endpoint(document.get("authorization_endpoint")),
            token=self._endpoint(document.get("token_endpoint")),
            keys=self._endpoint(document.get("jwks_uri")),
            userinfo=None if userinfo is None else self._endpoint(userinfo),
            secret_in_body="client_secret_basic" not in methods and "client_secret_post" in methods,
            says_issuer=document.get("authorization_response_iss_parameter_supported") is True,
        )

    def _endpoint(self, url: object) -> str:
        """An address of the provider: over TLS and not inside of a network, unless the issuer itself is there."""
        issuer, site = urlsplit(self._issuer), urlsplit(url if isinstance(url, str) else "")
        if site.scheme not in ("https", issuer.scheme) or not site.hostname or site.username or site.fragment:
            raise _unusable("an address in its description is not over TLS")
        if _is_inside(site.hostname) and site.hostname != issuer.hostname:
            raise _unusable("an address in its description is inside of a network")
        return str(url)

    async def _key(self, description: _Description, id_token: str) -> Key:
        async with self._lock:
            now = self._clock.now()
            if self._keys is None or now - self._keys[1] >= KNOWN_FOR:
                self._keys = (usable_keys(await self._ask("GET", description.keys)), now)
            key = key_for(id_token, self._keys[0])
            if key is None and now - self._keys[1] >= BETWEEN_REFRESHES:
                self._keys = (usable_keys(await self._ask("GET", description.keys)), now)
                key = key_for(id_token, self._keys[0])
        if key is None:
            raise BadToken("signed with a key that is not published")
        return key

    def _client(self) -> httpx.AsyncClient:
        if self._http is None:
            self._http = http_client(timeout=TIMEOUT)
        return self._http

    async def _ask(self, method: str, url: str, **options: Any) -> dict[str, Any]:
        """The JSON object at `url`, read up to a limit. Raises `IdentityProviderDown`, or `BadToken` for a refusal."""
        try:
            async with self._client().stream(method, url, headers=options.pop("headers", None), **options) as answer:
                body = bytearray()
                async for part in answer.aiter_bytes():
                    body += part
                    if len(body) > LARGEST_ANSWER:
                        raise _unusable("its answer is too large")
        except httpx.HTTPError as error:
            raise _unusable(type(error).__name__) from error
        if answer.status_code == 400:
            raise BadToken("the provider refused the code")
        if not answer.is_success:
            # 401: our own client id or secret is not right, which is nothing that the person could correct.
            raise _unusable(f"it answered {answer.status_code}")
        try:
            found = json.loads(body)
        except ValueError as error:
            raise _unusable("its answer is not JSON") from error
        if not isinstance(found, dict):
            raise _unusable("its answer is no JSON object")
        return found


@asynccontextmanager
async def _in_time() -> AsyncIterator[None]:
    """A limit for everything that is asked of the provider at once."""
    try:
        async with asyncio.timeout(ALTOGETHER_SECONDS):
            yield
    except TimeoutError as late:
        raise _unusable("it is too slow") from late


def _is_inside(host: str) -> bool:
    try:
        return not ip_address(host).is_global
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _unusable(reason: str) -> IdentityProviderDown:
    log.warning("identity.provider_unusable", reason=reason)
    return IdentityProviderDown()
