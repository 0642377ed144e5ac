"""What registration's commands work with, beside their transaction."""

import hmac
import secrets
from datetime import date, datetime, timedelta
from hashlib import sha256

from services.registration.accounts.store.accounts import Account
from services.registration.authentication.adapters.hashing import PasswordHashing
from services.registration.authentication.adapters.identity_provider import IdentityProvider
from services.registration.authentication.domain.password_rule import PasswordRule
from services.registration.data import common_words
from services.registration.settings import Settings
from shared.clock import Clock
from shared.db import Database
from shared.events.fields import Recipient
from shared.reference.agreements import agreements
from shared.reference.passwords import password_rules
from shared.sealing import Sealer, Vault
from shared.work import Commands


class Desk:
    """One per process. `sealer` closes what notification opens; `vault` what this service keeps for itself."""

    def __init__(self, settings: Settings, db: Database, commands: Commands, sealer: Sealer, clock: Clock) -> None:
        self.settings = settings
        self.db = db
        self.commands = commands
        self.sealer = sealer
        self.vault = Vault(settings.vault_key.get_secret_value())
        self.clock = clock
        self.identity_provider = IdentityProvider(settings, clock)
        self.agreements = agreements(settings.agreements_dir)
        self.hashing = PasswordHashing(settings.password_threads)
        # Addresses are few enough to be tried one by one: their digests need a key.
        self._digest_key = settings.digest_key.get_secret_value().encode()

    def rule(self, day: date) -> PasswordRule:
        """The rule for passwords set on `day`."""
        rules = password_rules(day)
        return PasswordRule(rules.min_length, rules.max_length, common_words())

    def digest(self, text: str) -> bytes:
        """A keyed digest (32 bytes) of a login id or an address, for counters and comparison."""
        return hmac.digest(self._digest_key, text.encode(), "sha256")

    def recipient(self, account: Account) -> Recipient:
        """Where mail for this account goes."""
        assert account.email is not None
        return Recipient(
            sealed_address=self.sealer.seal(account.email),
            sealed_name=self.sealer.seal(account.name),
            language=account.language,
        )

    def page(self, path: str) -> str:
        """The address of a page of the site."""
        return f"{self.settings.public_url.rstrip('/')}{path}"

    def link_expiry(self, now: datetime) -> datetime:
        """When a password link made now expires."""
        return now + self.settings.password_link_for

    def closeness(self) -> timedelta:
        """How stale the last use of a session may be in the database."""
        return min(timedelta(minutes=1), self.settings.timeouts.idle / 10)


def new_secret() -> str:
    """32 random bytes as URL-safe text: for links and sessions."""
    return secrets.token_urlsafe(32)


def secret_digest(secret: str) -> bytes:
    """What is kept of a secret: SHA-256 is enough, because 256 random bits cannot be guessed from it."""
    return sha256(secret.encode()).digest()
