"""Tokens that registration did not sign, or not for this, on its own routes: 401 everywhere, also where anybody may
call."""

import hmac
import json
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.utils import base64url_decode, base64url_encode

from tests.services.registration.site import RegistrationClient, submission

ROUTES = (
    ("GET", "/v1/accounts/me", None),
    ("GET", "/v1/usage-registrations", None),
    ("POST", "/v1/usage-registrations", submission()),
    ("GET", "/v1/registration/operations/audit", None),
)
OTHER = Ed25519PrivateKey.generate()
Forged = Callable[[dict[str, Any], dict[str, Any], dict[str, Any]], str]


def _signed(header: dict[str, Any], claims: dict[str, Any], key: Any = OTHER, algorithm: str = "EdDSA") -> str:
    return jwt.encode(claims, key, algorithm=algorithm, headers={"kid": header["kid"]} | header)


def _raw(header: dict[str, Any], claims: dict[str, Any], key: bytes) -> str:
    """Signed by hand with HMAC: the library refuses to use a public key for that."""
    head, body = (base64url_encode(json.dumps(part).encode()) for part in (header, claims))
    return b".".join((head, body, base64url_encode(hmac.digest(key, head + b"." + body, sha256)))).decode()


FORGED: dict[str, Forged] = {
    "alg none": lambda head, claims, _: jwt.encode(claims, "", algorithm="none", headers={"kid": head["kid"]}),
    "alg none in capitals": lambda head, claims, _: _raw(head | {"alg": "NONE"}, claims, b"").rpartition(".")[0] + ".",
    "HS256 keyed with the published key": lambda head, claims, key: _raw(
        head | {"alg": "HS256"}, claims, base64url_decode(key["x"])
    ),
    "HS256 keyed with the key set": lambda head, claims, key: _raw(
        head | {"alg": "HS256"}, claims, json.dumps(key).encode()
    ),
    "another key under a known id": lambda head, claims, _: _signed(head, claims),
    "another kind of key": lambda head, claims, _: _signed(
        head | {"alg": "RS256"}, claims, generate_private_key(65537, 2048), "RS256"
    ),
    "a key that the token brings along": lambda head, claims, _: _signed(head | {"jwk": _jwk()}, claims),
    "a key that the token points to": lambda head, claims, _: _signed(head | {"jku": "http://127.0.0.1:1/k"}, claims),
    "a path for a key id": lambda head, claims, _: _raw(
        head | {"alg": "HS256", "kid": "../../../../dev/null"}, claims, b""
    ),
    "a statement for a key id": lambda head, claims, _: _signed(head | {"kid": "' UNION SELECT 'key"}, claims),
}
CLAIMS: dict[str, dict[str, Any]] = {
    "another audience": {"aud": "another-system"},
    "several audiences but ours": {"aud": ["another-system", "zairyu2"]},
    "another issuer": {"iss": "https://elsewhere.test"},
    "the system as its kind": {"kind": "system"},
    "a role that does not exist": {"roles": ["root"]},
    "longer than any token lives": {"exp": 4_000_000_000},
}


@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED.keys())
async def test_a_token_that_registration_did_not_sign_opens_nothing(site: RegistrationClient, forged: Forged) -> None:
    good = await _token(site)
    claims = jwt.decode(good, options={"verify_signature": False}) | {"roles": ["user_approval", "auditor"]}
    header = jwt.get_unverified_header(good)
    (key,) = [k for k in (await site.get("/.well-known/jwks.json")).json()["keys"] if k["kid"] == header["kid"]]
    await _refused_everywhere(site, forged(header, claims, key))


@pytest.mark.parametrize("changed", CLAIMS.values(), ids=CLAIMS.keys())
async def test_a_token_that_was_signed_for_something_else_opens_nothing(
    site: RegistrationClient, changed: dict[str, Any]
) -> None:
    good = await _token(site)
    claims = jwt.decode(good, options={"verify_signature": False}) | changed
    issuer = await site.signing.issuer(timedelta(minutes=5))
    await _refused_everywhere(site, jwt.encode(claims, issuer._key, algorithm="EdDSA", headers={"kid": issuer.kid}))


async def _token(site: RegistrationClient) -> str:
    """A good token, and that it is good."""
    headers = await site.officer()
    assert (await site.get("/v1/usage-registrations", headers)).status_code == 200
    return headers["Authorization"].removeprefix("Bearer ")


async def _refused_everywhere(site: RegistrationClient, token: str) -> None:
    rows = len(await site.journal())
    for method, path, body in ROUTES:
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "forged-1"}
        answer = await site.service.client.request(method, path, json=body, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (401, "token-invalid"), (method, path)
    assert len(await site.journal()) == rows


def _jwk() -> dict[str, str]:
    raw = OTHER.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return {"kty": "OKP", "crv": "Ed25519", "x": base64url_encode(raw).decode()}
