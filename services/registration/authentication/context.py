"""Dependencies of commands that prove who somebody is: password hashing and the identity provider as well."""

from datetime import date

from services.registration.authentication.adapters.hashing import PasswordHashing
from services.registration.authentication.adapters.identity_provider import IdentityProvider
from services.registration.authentication.data import common_words
from services.registration.authentication.domain.password_rule import PasswordRule
from services.registration.authentication.domain.session import Timeouts
from services.registration.context import CommandContext
from services.registration.settings import Settings
from shared.clock import Clock, SystemClock
from shared.db import Database
from shared.journal import JournalledSession
from shared.messaging import EventKeys
from shared.reference.passwords import password_rules
from shared.sealing import Sealer
from shared.work import Commands


class AuthenticationContext(CommandContext):
    """One per process. `close` ends its threads and connections."""

    def __init__(self, settings: Settings, db: Database, commands: Commands, sealer: Sealer, clock: Clock) -> None:
        super().__init__(settings, db, commands, sealer, clock)
        self.identity_provider = IdentityProvider(settings, clock)
        self.hashing = PasswordHashing(settings.password_threads)
        self.timeouts = Timeouts(settings.session_idle_for, settings.session_absolute_for)

    def rule(self, day: date) -> PasswordRule:
        """The rule for passwords set on `day`."""
        rules = password_rules(day)
        return PasswordRule(rules.min_length, rules.max_length, common_words())


def standalone_context(settings: Settings, clock: Clock | None = None) -> AuthenticationContext:
    """A context on the database that `settings` names, without a service around it: for command lines."""
    clock = clock or SystemClock()
    url = settings.database_url.get_secret_value()
    db = Database(url, name="zairyu-officers", session_class=JournalledSession)
    keys = EventKeys.parse("registration", settings.event_key.get_secret_value(), settings.event_public_keys)
    commands = Commands(db, clock, keys)
    return AuthenticationContext(settings, db, commands, Sealer(settings.sealing_key.get_secret_value()), clock)
