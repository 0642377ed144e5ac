"""Access tokens being made: by the registration service, and by tests. Nobody else holds a private key."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from jwt.algorithms import OKPAlgorithm
from jwt.utils import base64url_encode

from shared.auth.actor import Actor
from shared.clock import Clock

AUDIENCE = "zairyu"
# A stolen token, or one of a session that has ended, is worth nothing after this.
LONGEST_LIFETIME = timedelta(minutes=10)


class TokenIssuer:
    """Signs access tokens with one key.

    `kid` defaults to the key's thumbprint (RFC 7638), so that two keys never share an id.
    """

    def __init__(
        self,
        key: Ed25519PrivateKey,
        *,
        issuer: str,
        clock: Clock,
        kid: str | None = None,
        lifetime: timedelta = timedelta(minutes=5),
        audience: str = AUDIENCE,
    ) -> None:
        if not timedelta(0) < lifetime <= LONGEST_LIFETIME:
            raise ValueError(f"a token lives at most {LONGEST_LIFETIME}: {lifetime}")
        self._key = key
        self._issuer = issuer
        self._clock = clock
        self._lifetime = lifetime
        self._audience = audience
        self.kid = kid or thumbprint(key.public_key())

    def issue(self, actor: Actor) -> tuple[str, datetime]:
        """A token for a person, an officer or a client, and when it expires (aware UTC)."""
        if actor.kind not in ("person", "officer", "client") or actor.id is None:
            raise ValueError(f"no token for {actor.kind}: only somebody who has signed in gets one")
        issued = self._clock.now().replace(microsecond=0)
        expires = issued + self._lifetime
        claims: dict[str, Any] = {
            "iss": self._issuer,
            "aud": self._audience,
            "sub": str(actor.id),
            "iat": issued,
            "exp": expires,
            "jti": uuid4().hex,
            "kind": actor.kind,
            "roles": sorted(actor.roles),
        }
        optional = {
            "sid": actor.session_id,
            "org": actor.organisation_id,
            "office": actor.office,
            "person": actor.person,
            "client_id": actor.client_id,
            "obo": actor.on_behalf_of,
            "scope": None if actor.scopes is None else " ".join(sorted(actor.scopes)),
        }
        claims.update({name: str(value) for name, value in optional.items() if value is not None})
        if actor.lapsed:
            claims["lapsed"] = True
        moments = {"fresh_until": actor.fresh_until, "abroad_until": actor.abroad_until}
        claims.update({name: int(moment.timestamp()) for name, moment in moments.items() if moment is not None})
        return jwt.encode(claims, self._key, algorithm="EdDSA", headers={"kid": self.kid}), expires

    @property
    def public_key(self) -> Ed25519PublicKey:
        return self._key.public_key()

    def jwks(self) -> dict[str, Any]:
        """The document for `/.well-known/jwks.json`, with this key alone."""
        return jwks({self.kid: self.public_key})


def jwks(keys: Mapping[str, Ed25519PublicKey]) -> dict[str, Any]:
    """A key set document (RFC 7517) of the keys in force: the signing one, the next and the last while they overlap."""
    return {"keys": [public_jwk(key, kid) for kid, key in keys.items()]}


def public_jwk(key: Ed25519PublicKey, kid: str) -> dict[str, Any]:
    """One public key as a JWK (RFC 8037)."""
    return {**OKPAlgorithm.to_jwk(key, as_dict=True), "kid": kid, "use": "sig", "alg": "EdDSA"}


def thumbprint(key: Ed25519PublicKey) -> str:
    """The key's own name: SHA-256 over its canonical JWK (RFC 7638), base64url without padding."""
    x = base64url_encode(key.public_bytes_raw()).decode()
    canonical = f'{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}'
    return base64url_encode(sha256(canonical.encode()).digest()).decode()
