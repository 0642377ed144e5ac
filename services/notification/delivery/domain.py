"""Retries of a delivery: when the next attempt is due, and when there is none."""

from datetime import timedelta

# About four hours: 5, 15, 30, 60, 120, 240 s and then every five minutes. Mail servers that greylist accept the second
# or third try; an outage of an evening is survived.
MAX_ATTEMPTS = 48
_FIRST_WAITS = (5, 15, 30, 60, 120, 240)
_LONGEST_WAIT = 300
_SPREAD = 0.2
# For a message that was not tried: nothing is claimed while its channel is closed, and this spreads those that were in
# hand when it closed.
_UNTRIED = timedelta(seconds=10)


def retry_wait(attempts: int, chance: float) -> timedelta | None:
    """The wait after the `attempts`-th failed attempt (1 and up); None when it was the last.

    `chance` in [0, 1) spreads messages that failed together over a fifth more time.
    """
    if attempts >= MAX_ATTEMPTS:
        return None
    wait = _FIRST_WAITS[attempts - 1] if attempts <= len(_FIRST_WAITS) else _LONGEST_WAIT
    return timedelta(seconds=wait * (1 + _SPREAD * chance))


def untried_wait(chance: float) -> timedelta:
    """The wait of a message that was claimed and not tried."""
    return chance * _UNTRIED
