"""Rules for passwords and sign-in, as data."""

from dataclasses import dataclass
from datetime import date

from shared.reference.dated import Dated, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordRules(Dated):
    """The rules for a password: its length in characters, and no composition.

    `reminder_days`: so many days before the end its owner is reminded, where a site lets passwords end. After
    `lock_after` failures in a row sign-in is refused for `lock_seconds`, doubled at each further failure up to
    `lock_seconds_max`, so that nobody can lock out somebody else for long.
    """

    code: str = "password"
    min_length: int
    max_length: int
    reminder_days: tuple[int, ...]
    lock_after: int
    lock_seconds: int
    lock_seconds_max: int


PASSWORD_RULES = Table(
    "password_rules",
    lambda row: row.code,
    [
        PasswordRules(
            min_length=12,
            max_length=128,
            reminder_days=(30, 7),
            lock_after=5,
            lock_seconds=60,
            lock_seconds_max=900,
            source="Project rule after NIST SP 800-63B; the official lengths and limits are not published",
            verify=True,
        )
    ],
)


def password_rules(day: date) -> PasswordRules:
    """The rules for passwords set on `day`."""
    return PASSWORD_RULES.get(day, "password")
