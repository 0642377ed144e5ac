"""The application that a decision is about."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Filed:
    """The application as filed, and the day on which it counts as received (受理日)."""

    procedure: str
    combined_with: frozenset[str]
    status_of_residence: str
    received_on: date
    stay_expiry: date | None
