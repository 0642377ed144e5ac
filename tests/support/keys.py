"""Keys for services under test, made once a run: every service knows all the public ones, as in production."""

from typing import Any

from cryptography.fernet import Fernet

from shared.messaging import EventKeys
from shared.sealing import new_key_pair

SERVICES = ("registration", "application", "document", "review", "notification", "test", "bench")
PAIRS = {name: new_key_pair() for name in SERVICES}
PUBLIC = " ".join(f"{name}={public}" for name, (_, public) in PAIRS.items())
# The private key, which in production is notification's alone: tests look into what the others sealed.
SEALING_KEY = new_key_pair()[0]
_OWN = {name: Fernet.generate_key().decode() for name in ("vault_key", "digest_key", "person_key")}


def event_keys(service: str = "test") -> EventKeys:
    """The keys of one service, or of the tests' own, which sends to topics that begin with `test.`."""
    return EventKeys.parse(service, PAIRS[service][0], PUBLIC)


def secrets(service: str) -> dict[str, Any]:
    """All secret settings that any service has, by field; those that `service` does not know it ignores."""
    own = {"event_key": PAIRS.get(service, PAIRS["test"])[0], "event_public_keys": PUBLIC, "sealing_key": SEALING_KEY}
    return own | _OWN


def environment(service: str) -> dict[str, str]:
    """The same as environment variables."""
    return {f"ZAIRYU_{name.upper()}": value for name, value in secrets(service).items()}
