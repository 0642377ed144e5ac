"""Access tokens being checked: offline, with the published keys, EdDSA only."""

from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, cast
from uuid import UUID

import jwt

from shared.auth.actor import Actor, ActorKind, Role
from shared.auth.issuing import AUDIENCE, LONGEST_LIFETIME
from shared.auth.keys import KeySet
from shared.auth.revocations import Revocations, SessionEnded
from shared.clock import Clock, SystemClock
from shared.errors import Text, Unauthenticated

CACHED_TOKENS = 4096
CLOCK_SKEW = timedelta(seconds=30)  # by which registration's clock may run ahead of ours
_KINDS = ("person", "officer", "client")
_REQUIRED = ["iss", "aud", "sub", "iat", "exp", "kind"]


@dataclass(frozen=True, slots=True)
class _Verified:
    actor: Actor
    kid: str
    expires: datetime


class TokenVerifier:
    """Turns a bearer token into the `Actor` it speaks for.

    A token that was verified is remembered by its digest until it expires, as long as its key is still published and
    what it came from has not ended. Without `revocations` a token is good until it expires.
    """

    def __init__(
        self,
        issuer: str,
        keys: KeySet,
        clock: Clock | None = None,
        *,
        revocations: Revocations | None = None,
        audience: str = AUDIENCE,
    ) -> None:
        self.keys = keys
        self.revocations = revocations or Revocations()
        self._issuer = issuer
        self._clock = clock or SystemClock()
        self._audience = audience
        self._cache: OrderedDict[bytes, _Verified] = OrderedDict()

    async def verify(self, token: str) -> Actor:
        """The actor. Raises `Unauthenticated`, `SessionEnded` among them, or `NoKeys` (503) while no key has ever been
        fetched."""
        digest = sha256(token.encode()).digest()
        verified = self._cache.get(digest)
        if verified is None or self.keys.get(verified.kid) is None:
            self._cache.pop(digest, None)
            verified = await self._verify(token)
            self._cache[digest] = verified
            if len(self._cache) > CACHED_TOKENS:
                self._cache.popitem(last=False)
        else:
            self._cache.move_to_end(digest)
        if verified.expires <= self._clock.now():
            self._cache.pop(digest, None)
            raise _refused("token-expired", Text("ログインの有効期限が切れました", "The sign-in has expired"))
        if self.revocations.cover(verified.actor):
            raise SessionEnded()
        return verified.actor

    def is_fresh(self, actor: Actor) -> bool:
        """Whether an actor's last proof of who they are still counts."""
        return actor.is_fresh(self._clock.now())

    async def check(self) -> None:
        """The readiness check."""
        await self.keys.check()
        await self.revocations.check()

    async def refresh(self) -> bool:
        """Fetch keys and revocations now; False where one of them could not be fetched."""
        return all([await self.keys.refresh(), await self.revocations.refresh()])

    @asynccontextmanager
    async def running(self) -> AsyncIterator["TokenVerifier"]:
        """Keep keys and revocations fresh in the background for as long as the block lasts."""
        async with self.keys.running(), self.revocations.running():
            yield self

    async def _verify(self, token: str) -> _Verified:
        try:
            # The header alone: to read a token costs as much as its claims are long, and below it is read as a whole.
            header = jwt.get_unverified_header(f"{token.partition('.')[0]}..")
        except jwt.PyJWTError as error:
            raise _refused() from error
        kid = header.get("kid")
        # The key set holds Ed25519 keys alone, and the algorithm is ours to say, not the token's.
        if header.get("alg") != "EdDSA" or not isinstance(kid, str):
            raise _refused()
        key = await self.keys.find(kid)
        if key is None:
            raise _refused()
        try:
            claims = jwt.decode(
                token,
                key,
                algorithms=["EdDSA"],
                audience=self._audience,
                issuer=self._issuer,
                # Times are compared with our own clock, above and below.
                options={"require": _REQUIRED, "verify_exp": False, "verify_iat": False, "verify_nbf": False},
            )
            return self._read(claims, kid)
        except (jwt.PyJWTError, ValueError, TypeError, KeyError) as error:
            raise _refused() from error

    def _read(self, claims: dict[str, Any], kid: str) -> _Verified:
        issued = datetime.fromtimestamp(int(claims["iat"]), UTC)
        expires = datetime.fromtimestamp(int(claims["exp"]), UTC)
        if claims["kind"] not in _KINDS:
            raise ValueError("unknown kind of actor")
        if issued > self._clock.now() + CLOCK_SKEW or expires - issued > LONGEST_LIFETIME:
            raise ValueError("issued in the future, or for longer than any token lives")
        actor = Actor(
            kind=cast(ActorKind, claims["kind"]),
            id=UUID(claims["sub"]),
            organisation_id=_uuid(claims.get("org")),
            roles=frozenset(Role(role) for role in claims.get("roles", ())),
            office=claims.get("office"),
            person=claims.get("person"),
            session_id=_uuid(claims.get("sid")),
            lapsed=claims.get("lapsed", False) is True,
            client_id=_uuid(claims.get("client_id")),
            on_behalf_of=_uuid(claims.get("obo")),
            scopes=None if "scope" not in claims else frozenset(str(claims["scope"]).split()),
            fresh_until=_moment(claims.get("fresh_until")),
            abroad_until=_moment(claims.get("abroad_until")),
        )
        return _Verified(actor=actor, kid=kid, expires=expires)


def _moment(seconds: Any) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(int(seconds), UTC)


def _uuid(text: str | None) -> UUID | None:
    return None if text is None else UUID(text)


_NOT_VALID = Text("アクセストークンが正しくありません", "The access token is not valid")


def _refused(code: str = "token-invalid", text: Text = _NOT_VALID) -> Unauthenticated:
    return Unauthenticated(text, code=code)
