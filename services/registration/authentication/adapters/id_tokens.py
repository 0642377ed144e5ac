"""Validation of an identity provider's statement about a person (OpenID Connect ID token)."""

import hmac
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, KeySet, OKPKey, RSAKey
from joserfc.jws import JWSRegistry, extract_compact
from joserfc.util import urlsafe_b64encode

# Signatures with the provider's private key alone: `none`, and HMAC with a secret or with a public key, are no proof.
ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")
CLOCK_SKEW = timedelta(seconds=60)  # by which the provider's clock may differ from ours
OLDEST = timedelta(minutes=10)  # as long as the request that it answers
_SMALLEST_RSA = 2048
_LONGEST_NAME = 200
_LONGEST_SUBJECT = 255


class BadToken(ValueError):
    """The ID token does not prove anything; the text is for the log and says nothing of the person."""


@dataclass(frozen=True, slots=True)
class Expected:
    """Values that the token must contain, because this site requested them."""

    issuer: str
    client_id: str
    nonce_digest: bytes
    acr_values: tuple[str, ...]
    now: datetime
    since: datetime | None = None  # the person proved who they are no earlier


@dataclass(frozen=True, slots=True)
class Person:
    """A person with a proved identity. The provider vouches for `name` and `birth_date`."""

    issuer: str
    subject: str
    name: str
    birth_date: date


def usable_keys(document: Mapping[str, Any]) -> list[Key]:
    """The keys of a key set document that can check a signature we take; the others are ignored."""
    try:
        keys = KeySet.import_key_set({"keys": document["keys"]}).keys
    except (JoseError, KeyError, TypeError, ValueError) as error:
        raise BadToken(f"the key set cannot be read: {type(error).__name__}") from error
    return [key for key in keys if key.get("use", "sig") == "sig" and _is_strong(key)]


def _is_strong(key: Key) -> bool:
    if isinstance(key, RSAKey):
        return bool(key.public_key.key_size >= _SMALLEST_RSA)
    if isinstance(key, ECKey):
        return key.get("crv") == "P-256"
    return isinstance(key, OKPKey) and key.get("crv") == "Ed25519"


def key_for(id_token: str, keys: Iterable[Key]) -> Key | None:
    """The key that the token names; the only one where it names none. Raises `BadToken` for what is no token."""
    known = list(keys)
    try:
        header = extract_compact(id_token.encode()).headers()
    except (JoseError, ValueError) as error:
        raise BadToken("not a signed token") from error
    if header.get("alg") not in ALGORITHMS:
        raise BadToken("signed with an algorithm that is not taken")
    kid = header.get("kid")
    if kid is None:
        return known[0] if len(known) == 1 else None
    return next((key for key in known if key.kid == kid), None)


def claims_of(id_token: str, key: Key, expected: Expected, access_token: str | None) -> dict[str, Any]:
    """The claims of a token that was made for this site, now, and for the question that was asked.

    Raises `BadToken`. Source: OpenID Connect Core 1.0, section 3.1.3.7.
    """
    now = int(expected.now.timestamp())
    rules = jwt.JWTClaimsRegistry(
        now=now,
        leeway=int(CLOCK_SKEW.total_seconds()),
        iss={"essential": True, "value": expected.issuer},
        aud={"essential": True, "value": expected.client_id},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True},
    )
    try:
        token = jwt.decode(id_token, key, registry=JWSRegistry(algorithms=ALGORITHMS))
        rules.validate(token.claims)
    except (JoseError, ValueError) as error:
        raise BadToken(f"{type(error).__name__}: {getattr(error, 'error', '')}") from error
    claims = token.claims
    if now - claims["iat"] > OLDEST.total_seconds():
        raise BadToken("issued too long ago")
    audiences = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
    if len(audiences) > 1 and "azp" not in claims:
        raise BadToken("for several audiences, without azp")
    if claims.get("azp", expected.client_id) != expected.client_id:
        raise BadToken("azp names another client")
    nonce = claims["nonce"] if isinstance(claims["nonce"], str) else ""
    if not hmac.compare_digest(sha256(nonce.encode()).digest(), expected.nonce_digest):
        raise BadToken("answers another question (nonce)")
    if expected.acr_values and claims.get("acr") not in expected.acr_values:
        raise BadToken("the person was not identified well enough (acr)")
    if expected.since is not None:
        proved_at = claims.get("auth_time")
        if not isinstance(proved_at, int) or proved_at < int((expected.since - CLOCK_SKEW).timestamp()):
            raise BadToken("the person was not asked again (auth_time)")
    # Optional in this flow; with Ed25519 the hash is another one, and no provider sends it.
    if "at_hash" in claims and access_token is not None and token.header["alg"] != "EdDSA":
        half = urlsafe_b64encode(sha256(access_token.encode()).digest()[:16]).decode()
        if not hmac.compare_digest(half, str(claims["at_hash"])):
            raise BadToken("the access token is another one (at_hash)")
    return claims


def person_of(issuer: str, claims: Mapping[str, Any]) -> Person:
    """The person that the claims describe. Raises `BadToken` where name or date of birth are missing or unreadable."""
    subject, name, born = claims.get("sub"), claims.get("name"), claims.get("birthdate")
    if not isinstance(subject, str) or not 0 < len(subject) <= _LONGEST_SUBJECT:
        raise BadToken("without a subject")
    if not isinstance(name, str) or not name.strip() or len(name) > _LONGEST_NAME:
        raise BadToken("without a name")
    # The name goes into mails and lists: one line, and no marks that turn the direction of writing.
    if any(unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp", "Cs", "Co") for c in name):
        raise BadToken("the name has control characters")
    try:
        birth_date = date.fromisoformat(born if isinstance(born, str) else "")
    except ValueError as error:
        raise BadToken("without a date of birth") from error
    return Person(issuer, subject, unicodedata.normalize("NFC", name.strip()), birth_date)
