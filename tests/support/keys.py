"""Keys for services under test, the same in every process: each service knows all the public ones, as in production."""

from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from shared.messaging import EventKeys
from shared.sealing import Sealer


def _bytes(name: str) -> bytes:
    return sha256(f"a key of tests: {name}".encode()).digest()


def _pair(name: str) -> tuple[str, str]:
    """(private, public) as settings hold them."""
    public = X25519PrivateKey.from_private_bytes(_bytes(name)).public_key().public_bytes_raw()
    return f"private-{urlsafe_b64encode(_bytes(name)).decode()}", f"public-{urlsafe_b64encode(public).decode()}"


SERVICES = ("registration", "application", "document", "review", "notification", "test", "bench")
PAIRS = {name: _pair(name) for name in SERVICES}
PUBLIC = " ".join(f"{name}={public}" for name, (_, public) in PAIRS.items())
# The private key is notification's alone; the other services seal with the public one, and could not open anything.
SEALING_KEY, SEALING_PUBLIC_KEY = _pair("sealing")
_OWN = {
    name: urlsafe_b64encode(_bytes(name)).decode()
    for name in ("vault_key", "digest_key", "person_key", "proof_key", "preview_key")
}


def event_keys(service: str = "test") -> EventKeys:
    """The keys of one service, or of the tests' own, which sends to topics that begin with `test.`."""
    return EventKeys.parse(service, PAIRS[service][0], PUBLIC)


def secrets(service: str) -> dict[str, Any]:
    """All secret settings that any service has, by field; those that `service` does not know it ignores."""
    sealing_key = SEALING_KEY if service == "notification" else SEALING_PUBLIC_KEY
    own = {"event_key": PAIRS.get(service, PAIRS["test"])[0], "event_public_keys": PUBLIC, "sealing_key": sealing_key}
    return own | _OWN


def unsealed(sealed: str) -> str:
    """The text that a service sealed for notification, opened for the tests."""
    return Sealer(SEALING_KEY).open(sealed)


def environment(service: str) -> dict[str, str]:
    """The same as environment variables."""
    return {f"ZAIRYU_{name.upper()}": value for name, value in secrets(service).items()}
