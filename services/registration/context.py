"""Dependencies of registration's commands, beside their transaction."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Protocol

from services.registration.settings import Settings
from shared.clock import Clock
from shared.db import Database
from shared.events.fields import Recipient
from shared.reference.agreements import agreements
from shared.sealing import Sealer, Vault
from shared.work import Commands


class Addressee(Protocol):
    """Somebody to whom mail goes: an account."""

    @property
    def name(self) -> str: ...

    @property
    def email(self) -> str | None: ...

    @property
    def language(self) -> str: ...


class CommandContext:
    """One per process. `sealer` closes what notification opens; `vault` what this service keeps for itself."""

    def __init__(self, settings: Settings, db: Database, commands: Commands, sealer: Sealer, clock: Clock) -> None:
        self.settings = settings
        self.db = db
        self.commands = commands
        self.sealer = sealer
        self.vault = Vault(settings.vault_key.get_secret_value())
        self.clock = clock
        self.agreements = agreements(settings.agreements_dir)
        # Addresses are few enough to be tried one by one: their digests need a key.
        self._digest_key = settings.digest_key.get_secret_value().encode()

    def person_key(self, staff_number: str | None) -> str | None:
        """The key that all accounts of one officer share; None where their staff number is not known."""
        return None if staff_number is None else self.digest(f"staff number: {staff_number}").hex()

    def digest(self, text: str) -> bytes:
        """A keyed digest (32 bytes) of a login id or an address, for counters and comparison."""
        return hmac.digest(self._digest_key, text.encode(), "sha256")

    def recipient(self, account: Addressee) -> Recipient:
        """The recipient of mail for this account."""
        assert account.email is not None
        return Recipient.reading(account.language, self.sealer.seal(account.email), self.sealer.seal(account.name))

    def page(self, path: str) -> str:
        """The address of a page of the site."""
        return f"{self.settings.public_url.rstrip('/')}{path}"

    def link_expiry(self, now: datetime) -> datetime:
        """The expiry of a password link made now."""
        return now + self.settings.password_link_for

    def last_use_precision(self) -> timedelta:
        """Precision of the stored last use of a session or of a client's secret."""
        return min(timedelta(minutes=1), self.settings.session_idle_for / 10)


@dataclass(frozen=True, slots=True)
class Visitor:
    """The caller as far as the connection shows: the address that attempts are counted by, and the device's label.

    `held` is the secret of the session that the browser holds already: a sign-in ends it. `refused` are the kinds of
    accounts that cannot sign in from there, by the gateway's rules on places.
    """

    address: str
    device: str
    held: str | None = None
    refused: frozenset[str] = frozenset()

    @property
    def place(self) -> str:
        """The address without the part that points to one machine: `203.0.113.*`, `2001:db8:1::/48`."""
        try:
            address = ip_address(self.address)
        except ValueError:
            return "unknown"
        if isinstance(address, IPv6Address):
            return str(ip_network((address, 48), strict=False))
        return f"{self.address.rpartition('.')[0]}.*"


def new_secret() -> str:
    """32 random bytes as URL-safe text: for links and sessions."""
    return secrets.token_urlsafe(32)


def secret_digest(secret: str) -> bytes:
    """The stored form of a secret: SHA-256 is enough, because 256 random bits cannot be guessed from it."""
    return sha256(secret.encode()).digest()
