"""Retries of a webhook: when the next attempt is due, when a message is given up, and when its receiver is."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.backoff import doubled

# A weekend's outage of an office is survived.
TRY_FOR = timedelta(days=3)
_FIRST = timedelta(seconds=10)
_LONGEST = timedelta(hours=6)
# A receiver that answers nothing is left alone for a moment, so that it holds no places of others.
_FIRST_PAUSE = timedelta(seconds=5)
_LONGEST_PAUSE = timedelta(minutes=10)
# Longer than a receiver may ask for: a message is tried again before it is given up.
_LONGEST_ASKED = timedelta(hours=6)


def next_attempt(
    attempts: int, first: datetime, now: datetime, chance: float, asked: timedelta | None
) -> datetime | None:
    """When a message is tried again after its `attempts`-th attempt failed (1 and up); None: it is given up.

    Full jitter: anything from nothing to a limit that doubles, up to six hours; `chance` in [0, 1) is drawn. A receiver
    that asked to wait (Retry-After) is given that time. The last attempt is the one after three days.
    """
    end = first + TRY_FOR
    if now >= end:
        return None
    wait = chance * doubled(_FIRST, attempts, _LONGEST)
    if asked is not None:
        wait += min(asked, _LONGEST_ASKED)
    return min(now + wait, end)


def pause(failures: int, chance: float, asked: timedelta | None = None) -> timedelta:
    """The time for which a receiver is left alone that was not reached `failures` times: between half and the whole of
    a limit that doubles, up to ten minutes, or as long as it `asked` for."""
    limit = doubled(_FIRST_PAUSE, failures, _LONGEST_PAUSE)
    return max((0.5 + chance / 2) * limit, min(asked or timedelta(), _LONGEST_ASKED))


@dataclass(frozen=True, slots=True)
class Health:
    """The health of a receiver. `failing_since`: nothing was accepted since; None: it accepts."""

    failing_since: datetime | None
    enabled_at: datetime

    def is_given_up(self, now: datetime) -> bool:
        """Whether nothing was accepted for as long as a message is tried, while the webhook was enabled."""
        return self.failing_since is not None and now - max(self.failing_since, self.enabled_at) >= TRY_FOR
