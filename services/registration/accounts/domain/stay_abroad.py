"""Stays abroad: a person says when they will be back, and may use the site from there until then."""

from collections.abc import Container
from datetime import date, datetime, timedelta

from shared.clock import legal_date

# A person who is away for longer has left: for them it is the organisation or the representative that files.
LONGEST = timedelta(days=90)


def latest_day(today: date) -> date:
    """The last day that can be named today."""
    return today + LONGEST


def day_of(abroad_until: datetime | None, now: datetime) -> date | None:
    """The last day of a stay that is in force; None where there is none."""
    if abroad_until is None or abroad_until <= now:
        return None
    return legal_date(abroad_until)


def can_sign_in_from(refused: Container[str], kind: str, abroad_until: datetime | None, now: datetime) -> bool:
    """Whether an account can sign in where the kinds `refused` cannot: a person whose stay abroad is in force."""
    if kind not in refused:
        return True
    return kind == "person" and abroad_until is not None and abroad_until > now
