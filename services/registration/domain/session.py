"""How long a session lasts."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Timeouts:
    """`idle`: without a token being fetched; `absolute`: from sign-in, whatever is done."""

    idle: timedelta
    absolute: timedelta


def is_alive(
    timeouts: Timeouts, *, expires_at: datetime, last_used_at: datetime, ended_at: datetime | None, now: datetime
) -> bool:
    """Whether a session may still be exchanged for a token."""
    return ended_at is None and now < expires_at and now < last_used_at + timeouts.idle
