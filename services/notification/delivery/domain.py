"""Retries of a delivery: when the next attempt is due, and when there is none."""

from datetime import datetime, timedelta

from shared.backoff import doubled

# Full jitter up to 10, 20, 40 seconds and so on: mail servers that greylist accept the second or third try, and what
# failed together does not come back together.
FIRST_WAIT = timedelta(seconds=10)
LONGEST_WAIT = timedelta(hours=1)
# For a message that was not tried: nothing is claimed while its channel is closed, and this spreads those that were in
# hand when it closed.
_UNTRIED = timedelta(seconds=10)


def next_attempt(
    attempts: int,
    first_failed_at: datetime,
    now: datetime,
    chance: float,
    *,
    try_for: timedelta,
    valid_until: datetime | None = None,
) -> datetime | None:
    """When a message is tried again after its `attempts`-th attempt failed (1 and up); None: it is given up.

    Anything from nothing to a limit that doubles, up to an hour; `chance` in [0, 1) is drawn. The last attempt is the
    one after `try_for`, counted from the first failure. A message that is of no use from `valid_until` on ends then.
    """
    end = first_failed_at + try_for
    if valid_until is not None:
        end = min(end, valid_until)
    return None if now >= end else min(now + chance * doubled(FIRST_WAIT, attempts, LONGEST_WAIT), end)


def untried_wait(chance: float) -> timedelta:
    """The wait of a message that was claimed and not tried."""
    return chance * _UNTRIED
