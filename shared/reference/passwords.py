"""Rules for passwords and sign-in, as data."""

from dataclasses import dataclass
from datetime import date

from shared.reference.dated import Dated, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordRules(Dated):
    """What a password must be. Length goes before composition; None as `life_days` means that it does not end.

    `history` is how many former passwords may not be used again. After `lock_after` failures in a row sign-in is
    refused for `lock_seconds`, doubled at each further failure up to `lock_seconds_max`, so that nobody can lock out
    somebody else for long.
    """

    code: str = "password"
    min_length: int
    max_length: int
    character_kinds: int
    symbols: str
    may_contain_login_id: bool
    checked_against_common: bool
    life_days: int | None
    reminder_days: tuple[int, ...]
    history: int
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
            character_kinds=1,
            symbols="$%&=@_#*+-?!",
            may_contain_login_id=False,
            checked_against_common=True,
            life_days=None,
            reminder_days=(30, 7),
            history=5,
            lock_after=5,
            lock_seconds=60,
            lock_seconds_max=900,
            source="Project rule after NIST SP 800-63B; the official lengths and limits are not published",
            verify=True,
        )
    ],
)
# What the official system does, for sites that have to follow it: life of a year, letters, digits and symbols mixed.
OFFICIAL_LIFE_DAYS = 365
OFFICIAL_CHARACTER_KINDS = 3


def password_rules(day: date) -> PasswordRules:
    """The rules for passwords set on `day`."""
    return PASSWORD_RULES.get(day, "password")
