"""Access tokens for any actor, signed with a key of the tests' own.

A service under test gets `verifier(clock)` in place of registration's published keys; a request gets
`headers=bearer(actor, clock)`.
"""

from functools import cache

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.auth import Actor, KeySet, Role, TokenIssuer, TokenVerifier
from shared.clock import Clock, SystemClock
from shared.ids import new_id

ISSUER = "https://zairyu.test"


@cache
def signing_key() -> Ed25519PrivateKey:
    """The key of this test run."""
    return Ed25519PrivateKey.generate()


def issuer(clock: Clock | None = None) -> TokenIssuer:
    """Signs what `verifier` accepts."""
    return TokenIssuer(signing_key(), issuer=ISSUER, clock=clock or SystemClock())


def verifier(clock: Clock | None = None) -> TokenVerifier:
    """Accepts what `issuer` signs."""
    made = issuer(clock)
    return TokenVerifier(ISSUER, KeySet.fixed({made.kid: made.public_key}), clock or SystemClock())


def token(actor: Actor, clock: Clock | None = None) -> str:
    """An access token that speaks for `actor`."""
    return issuer(clock).issue(actor)[0]


def bearer(actor: Actor, clock: Clock | None = None) -> dict[str, str]:
    """The header that makes a request `actor`'s."""
    return {"Authorization": f"Bearer {token(actor, clock)}"}


def person(*roles: Role, organisation: bool = False) -> Actor:
    """Somebody outside: for themselves, or for an organisation."""
    return Actor(
        kind="person",
        id=new_id(),
        organisation_id=new_id() if organisation else None,
        roles=frozenset(roles or {Role.SELF}),
        session_id=new_id(),
    )


def officer(*roles: Role, office: str = "TYO") -> Actor:
    """An officer of a bureau."""
    return Actor(kind="officer", id=new_id(), roles=frozenset(roles), office=office, session_id=new_id())
