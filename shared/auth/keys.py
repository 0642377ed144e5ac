"""The published keys with which access tokens are checked: fetched in the background, held in memory."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from typing import Any

import httpx
import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from jwt import PyJWK

from shared.clock import Clock, SystemClock
from shared.errors import Text, Unavailable

log = structlog.get_logger(__name__)

FETCH_SECONDS = 2.0  # a request that waits for an unknown key waits this long at most
BETWEEN_REFRESHES = timedelta(seconds=10)  # invented key ids cannot make us ask registration more often
REFRESH_EVERY = timedelta(minutes=5)
LONGEST_BACKOFF = timedelta(seconds=30)

Fetch = Callable[[], Awaitable[Mapping[str, Any]]]


class NoKeys(Unavailable):
    """No key has been fetched since the start: nobody can be recognised yet."""

    code = "keys-unavailable"
    title = Text("サインインの確認が一時的にできません", "Sign-in cannot be checked for the moment")


class KeySet:
    """Ed25519 public keys by key id. A key that registration no longer publishes is no longer accepted."""

    def __init__(
        self,
        fetch: Fetch | None = None,
        *,
        known: Mapping[str, Ed25519PublicKey] | None = None,
        clock: Clock | None = None,
        refresh_every: timedelta = REFRESH_EVERY,
        first_backoff: timedelta = timedelta(milliseconds=250),
    ) -> None:
        self._fetch = fetch
        self._keys: dict[str, Ed25519PublicKey] = dict(known or {})
        self._clock = clock or SystemClock()
        self._refresh_every = refresh_every
        self._first_backoff = first_backoff
        self._last_attempt: datetime | None = None
        self._lock = asyncio.Lock()

    @classmethod
    def at(cls, registration_url: str, **options: Any) -> "KeySet":
        """The keys that the registration service publishes (JWKS, RFC 7517)."""
        url = f"{registration_url.rstrip('/')}/.well-known/jwks.json"

        async def fetch() -> Mapping[str, Any]:
            async with httpx.AsyncClient(timeout=FETCH_SECONDS, trust_env=False) as client:
                answer = await client.get(url)
                answer.raise_for_status()
                body: Mapping[str, Any] = answer.json()
                return body

        return cls(fetch, **options)

    @classmethod
    def fixed(cls, keys: Mapping[str, Ed25519PublicKey]) -> "KeySet":
        """Keys that are known beforehand: for registration itself, and for tests."""
        return cls(known=keys)

    def get(self, kid: str) -> Ed25519PublicKey | None:
        """The key of that id, if it is held now."""
        return self._keys.get(kid)

    async def find(self, kid: str) -> Ed25519PublicKey | None:
        """Like `get`, but asks registration once where the id is unknown, at most every ten seconds.

        Raises `NoKeys` while no key at all is held.
        """
        if (key := self._keys.get(kid)) is None and self._fetch is not None:
            async with self._lock:
                if kid not in self._keys and self._may_ask():
                    await self._attempt()
            key = self._keys.get(kid)
        if key is None:
            self.require()
        return key

    def require(self) -> None:
        """Raise `NoKeys` while no key is held."""
        if not self._keys:
            raise NoKeys(Text("署名鍵をまだ取得できていません", "The signing keys have not been fetched yet"))

    async def check(self) -> None:
        """The readiness check."""
        self.require()

    async def refresh(self) -> bool:
        """Fetch the keys now; False, with the old keys kept, where that fails."""
        async with self._lock:
            return await self._attempt()

    @asynccontextmanager
    async def running(self) -> AsyncIterator["KeySet"]:
        """Keep the keys fresh in the background for as long as the block lasts."""
        if self._fetch is None:
            yield self
            return
        task = asyncio.create_task(self._run(), name="key-set")
        try:
            yield self
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _run(self) -> None:
        backoff = self._first_backoff
        while True:
            if await self.refresh():
                backoff = self._first_backoff
                pause = self._refresh_every
            else:
                pause = backoff * random.uniform(0.5, 1.0)  # noqa: S311  # jitter, no secret
                backoff = min(backoff * 2, LONGEST_BACKOFF)
            await asyncio.sleep(pause.total_seconds())

    def _may_ask(self) -> bool:
        return self._last_attempt is None or self._clock.now() - self._last_attempt >= BETWEEN_REFRESHES

    async def _attempt(self) -> bool:
        assert self._fetch is not None
        self._last_attempt = self._clock.now()
        try:
            async with asyncio.timeout(FETCH_SECONDS):
                keys = _parse(await self._fetch())
        except (httpx.HTTPError, ValueError, TimeoutError, OSError) as error:
            log.warning("keys.fetch_failed", reason=type(error).__name__, held=len(self._keys))
            return False
        self._keys = keys
        return True


def _parse(jwks: Mapping[str, Any]) -> dict[str, Ed25519PublicKey]:
    keys: dict[str, Ed25519PublicKey] = {}
    for entry in jwks.get("keys", ()):
        # Anything but an Ed25519 signing key is another system's business.
        if entry.get("kty") == "OKP" and entry.get("crv") == "Ed25519" and entry.get("kid"):
            key = PyJWK(entry, algorithm="EdDSA").key
            if isinstance(key, Ed25519PublicKey):
                keys[entry["kid"]] = key
    if not keys:
        raise ValueError("the key set holds no Ed25519 key with a key id")
    return keys
