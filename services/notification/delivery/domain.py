"""Retries of a delivery, and turns: when the next attempt is due, and when there is none."""

from dataclasses import dataclass, replace
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


# Turns at a destination are given out so far ahead, each valid for a minute; messages beyond come back for one, so that
# a destination that asks for less is soon given less.
TURNS_AHEAD = timedelta(minutes=5)
TURN_KEPT = timedelta(minutes=1)
# A destination that asks for less has at least this time between two messages, doubled each time it asks again, and its
# usual pace once it has not asked for a while. What was in hand when it asked counts once.
FIRST_SLOW = timedelta(seconds=2)
LONGEST_SLOW = timedelta(minutes=1)
SLOW_FOR = timedelta(minutes=15)
_IN_HAND = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Pace:
    """The pace of a destination: its next free turn, and the time between two that it had to be given, and when."""

    next_turn_at: datetime
    slow_every: timedelta = timedelta()
    slowed_at: datetime | None = None

    def every(self, usual: timedelta, now: datetime) -> timedelta:
        """The time between two messages, `usual` while it does not ask for less."""
        return max(usual, self.slow_every) if self.slowed_at and now < self.slowed_at + SLOW_FOR else usual

    def take(self, usual: timedelta, now: datetime) -> tuple[datetime | None, "Pace"]:
        """The turn of one more message, and the pace after it; None where all turns of the next minutes are taken."""
        turn = max(self.next_turn_at, now)
        if turn >= now + TURNS_AHEAD:
            return None, self
        return turn, replace(self, next_turn_at=turn + self.every(usual, now))

    def slowed(self, now: datetime) -> "Pace":
        """After the destination asked for less."""
        if self.slowed_at and now < self.slowed_at + _IN_HAND:
            return self
        again = self.slowed_at is not None and now < self.slowed_at + SLOW_FOR
        every = min(2 * self.slow_every, LONGEST_SLOW) if again else FIRST_SLOW
        return Pace(max(self.next_turn_at, now) + every, every, now)


def turn_later(now: datetime, chance: float) -> datetime:
    """When a message that got no turn asks for one again."""
    return now + TURNS_AHEAD * (0.5 + chance / 2)
