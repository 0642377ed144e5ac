"""An access token is accepted only if registration signed it, for us, a short while ago."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.utils import base64url_decode, base64url_encode

from shared.auth import Actor, KeySet, NoKeys, Role, TokenIssuer, TokenVerifier
from shared.clock import ManualClock
from shared.errors import Unauthenticated
from shared.ids import new_id

ISSUER = "https://zairyu.test"
KEY = Ed25519PrivateKey.generate()
START = datetime(2026, 4, 1, tzinfo=UTC)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(START)


@pytest.fixture
def issuer(clock: ManualClock) -> TokenIssuer:
    return TokenIssuer(KEY, issuer=ISSUER, clock=clock)


@pytest.fixture
def verifier(clock: ManualClock, issuer: TokenIssuer) -> TokenVerifier:
    return TokenVerifier(ISSUER, KeySet.fixed({issuer.kid: issuer.public_key}), clock)


@pytest.fixture
def actor() -> Actor:
    return Actor(
        kind="officer",
        id=new_id(),
        organisation_id=new_id(),
        roles=frozenset({Role.EXAMINER, Role.RECEPTION}),
        office="TYO",
        session_id=new_id(),
    )


def claims(**changed: Any) -> dict[str, Any]:
    base = {
        "iss": ISSUER,
        "aud": "zairyu",
        "sub": str(new_id()),
        "iat": START,
        "exp": START + timedelta(minutes=5),
        "kind": "person",
        "roles": ["self"],
    }
    return {name: value for name, value in {**base, **changed}.items() if value is not None}


def signed(payload: dict[str, Any], kid: str | None, key: Ed25519PrivateKey = KEY) -> str:
    return jwt.encode(payload, key, algorithm="EdDSA", headers={"kid": kid} if kid else {})


async def test_the_actor_comes_back_as_it_was_issued(
    issuer: TokenIssuer, verifier: TokenVerifier, actor: Actor
) -> None:
    token, expires = issuer.issue(actor)
    assert await verifier.verify(token) == actor
    assert await verifier.verify(token) == actor, "remembered"
    assert expires == START + timedelta(minutes=5)


async def test_a_token_is_refused_from_the_moment_it_expires_even_when_it_is_remembered(
    issuer: TokenIssuer, verifier: TokenVerifier, actor: Actor, clock: ManualClock
) -> None:
    token, _ = issuer.issue(actor)
    clock.advance(timedelta(minutes=4, seconds=59))
    await verifier.verify(token)
    clock.advance(timedelta(seconds=1))
    with pytest.raises(Unauthenticated) as refused:
        await verifier.verify(token)
    assert refused.value.code == "token-expired"


async def test_a_token_is_refused_once_its_key_is_withdrawn_even_when_it_is_remembered(
    issuer: TokenIssuer, actor: Actor, clock: ManualClock
) -> None:
    successor = TokenIssuer(Ed25519PrivateKey.generate(), issuer=ISSUER, clock=clock)
    published = [issuer.jwks(), successor.jwks()]

    async def fetch() -> dict[str, Any]:
        return published.pop(0)

    verifier = TokenVerifier(ISSUER, KeySet(fetch, clock=clock), clock)
    token, _ = issuer.issue(actor)
    await verifier.verify(token)
    await verifier.keys.refresh()
    with pytest.raises(Unauthenticated):
        await verifier.verify(token)
    assert await verifier.verify(successor.issue(actor)[0]) == actor


REFUSED: dict[str, Any] = {
    "foreign issuer": lambda kid: signed(claims(iss="https://elsewhere.test"), kid),
    "foreign audience": lambda kid: signed(claims(aud="another-system"), kid),
    "no audience": lambda kid: signed(claims(aud=None), kid),
    "no expiry": lambda kid: signed(claims(exp=None), kid),
    "no subject": lambda kid: signed(claims(sub=None), kid),
    "no kind": lambda kid: signed(claims(kind=None), kid),
    "the system as kind": lambda kid: signed(claims(kind="system"), kid),
    "unknown role": lambda kid: signed(claims(roles=["emperor"]), kid),
    "subject that is no id": lambda kid: signed(claims(sub="taro"), kid),
    "issued in the future": lambda kid: signed(claims(iat=START + timedelta(minutes=2)), kid),
    "longer than any token lives": lambda kid: signed(claims(exp=START + timedelta(days=1)), kid),
    "another key under our key id": lambda kid: signed(claims(), kid, Ed25519PrivateKey.generate()),
    "unknown key id": lambda kid: signed(claims(), "somebody-elses"),
    "no key id": lambda kid: signed(claims(), None),
    "alg none": lambda kid: jwt.encode(claims(), "", algorithm="none", headers={"kid": kid}),
    "HS256 with the public key as secret": lambda kid: _hs256(claims(), kid),
    "claims changed after signing": lambda kid: _tampered(signed(claims(), kid)),
    "signature cut off": lambda kid: signed(claims(), kid).rsplit(".", 1)[0] + ".",
    "no token at all": lambda kid: "hello",
    "empty": lambda kid: "",
}


@pytest.mark.parametrize("made", REFUSED.values(), ids=REFUSED.keys())
async def test_a_token_that_registration_did_not_sign_for_us_is_refused(
    made: Any, verifier: TokenVerifier, issuer: TokenIssuer
) -> None:
    assert await verifier.verify(signed(claims(), issuer.kid)), "the unchanged token is good"
    with pytest.raises(Unauthenticated) as refused:
        await verifier.verify(made(issuer.kid))
    assert refused.value.code == "token-invalid"


async def test_without_any_key_the_answer_is_not_ready_rather_than_not_signed_in(
    issuer: TokenIssuer, actor: Actor, clock: ManualClock
) -> None:
    verifier = TokenVerifier(ISSUER, KeySet.fixed({}), clock)
    with pytest.raises(NoKeys):
        await verifier.verify(issuer.issue(actor)[0])


@pytest.mark.parametrize("minutes", [0, 11])
def test_no_issuer_makes_tokens_that_live_long(minutes: int, clock: ManualClock) -> None:
    with pytest.raises(ValueError, match="lives at most"):
        TokenIssuer(KEY, issuer=ISSUER, clock=clock, lifetime=timedelta(minutes=minutes))


@pytest.mark.parametrize("nobody", [Actor.anonymous(), Actor.system("review.jobs")])
def test_nobody_and_the_system_get_no_token(nobody: Actor, issuer: TokenIssuer) -> None:
    with pytest.raises(ValueError, match="no token"):
        issuer.issue(nobody)


def test_the_published_key_is_public_and_named_by_its_thumbprint(issuer: TokenIssuer) -> None:
    (key,) = issuer.jwks()["keys"]
    assert set(key) == {"kty", "crv", "x", "kid", "use", "alg"}
    assert key["kid"] == issuer.kid


def _hs256(payload: dict[str, Any], kid: str) -> str:
    # Made by hand, because the library refuses to sign with a public key.
    import hmac
    from hashlib import sha256

    times = {name: int(value.timestamp()) for name, value in payload.items() if isinstance(value, datetime)}
    head = base64url_encode(json.dumps({"alg": "HS256", "typ": "JWT", "kid": kid}).encode())
    body = base64url_encode(json.dumps({**payload, **times}).encode())
    secret = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    signature = hmac.new(secret, head + b"." + body, sha256).digest()
    return b".".join((head, body, base64url_encode(signature))).decode()


def _tampered(token: str) -> str:
    head, body, signature = token.split(".")
    changed = json.loads(base64url_decode(body)) | {"kind": "officer", "roles": ["chief_examiner"]}
    return f"{head}.{base64url_encode(json.dumps(changed).encode()).decode()}.{signature}"
