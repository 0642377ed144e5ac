"""Time-outs of a session."""

from dataclasses import dataclass
from datetime import datetime, timedelta

# Long enough to finish a line and save it (WCAG 2.2, 2.2.1 asks for 20 seconds).
WARN_BEFORE = timedelta(minutes=5)
# A device that was not used for so long counts as new.
KNOWN_DEVICE_FOR = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Timeouts:
    """`idle`: without a token being fetched; `absolute`: from sign-in, whatever is done."""

    idle: timedelta
    absolute: timedelta


@dataclass(frozen=True, slots=True)
class Ends:
    """End of a session if nothing more is done, its end in any case, and the moment to warn of the first."""

    idle_ends_at: datetime
    ends_at: datetime
    warn_at: datetime


def is_alive(
    timeouts: Timeouts, *, expires_at: datetime, last_used_at: datetime, ended_at: datetime | None, now: datetime
) -> bool:
    """Whether a session may still be exchanged for a token."""
    return ended_at is None and now < expires_at and now < last_used_at + timeouts.idle


def ends(timeouts: Timeouts, *, expires_at: datetime, last_used_at: datetime) -> Ends:
    """The ends of a session. The warning comes `WARN_BEFORE`, or in the last third of a very short idle time-out."""
    idle_ends_at = min(last_used_at + timeouts.idle, expires_at)
    return Ends(idle_ends_at, expires_at, idle_ends_at - min(WARN_BEFORE, timeouts.idle / 3))
