"""The published keys with which access tokens are checked: fetched in the background, held in memory."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from jwt import PyJWK

from shared.auth.published import Document, Fetch, Published, over_http
from shared.errors import Text, Unavailable


class NoKeys(Unavailable):
    """No key has been fetched since the start: nobody can be recognised yet."""

    code = "keys-unavailable"
    title = Text("ログインの確認が一時的にできません", "Sign-in cannot be checked at the moment")


class KeySet:
    """Ed25519 public keys by key id. A key that registration no longer publishes is no longer accepted."""

    def __init__(
        self, fetch: Fetch | None = None, *, known: Mapping[str, Ed25519PublicKey] | None = None, **options: Any
    ) -> None:
        self._published = Published("keys", dict(known or {}), _parse, fetch, **options)

    @classmethod
    def at(cls, registration_url: str, **options: Any) -> "KeySet":
        """The keys that the registration service publishes (JWKS, RFC 7517)."""
        return cls(over_http(registration_url, "jwks.json"), **options)

    @classmethod
    def fixed(cls, keys: Mapping[str, Ed25519PublicKey]) -> "KeySet":
        """Keys that are known beforehand: for tests."""
        return cls(known=keys)

    def get(self, kid: str) -> Ed25519PublicKey | None:
        """The key of that id, if it is held now."""
        return self._published.held.get(kid)

    async def find(self, kid: str) -> Ed25519PublicKey | None:
        """Like `get`, but asks registration once where the id is unknown, at most every ten seconds.

        Raises `NoKeys` while no key at all is held.
        """
        if (key := self.get(kid)) is None:
            await self._published.ask(lambda: self.get(kid) is None)
            key = self.get(kid)
        if key is None:
            self.require()
        return key

    def require(self) -> None:
        """Raise `NoKeys` while no key is held."""
        if not self._published.held:
            raise NoKeys(Text("署名鍵をまだ取得できていません", "The signing keys have not been fetched yet"))

    async def check(self) -> None:
        """The readiness check."""
        self.require()
        await self._published.check()

    async def refresh(self) -> bool:
        """Fetch the keys now; False, with the old keys kept, where that fails."""
        return await self._published.refresh()

    @asynccontextmanager
    async def running(self) -> AsyncIterator["KeySet"]:
        """Keep the keys fresh in the background for as long as the block lasts."""
        async with self._published.running():
            yield self


def _parse(jwks: Document) -> dict[str, Ed25519PublicKey]:
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
