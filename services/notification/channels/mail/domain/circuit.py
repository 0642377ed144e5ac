"""Circuit of a relay: whether it is used, left aside or tried out with one mail. Time and chance are arguments."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from shared.backoff import doubled

# So many failures in a row; one alone is a connection that was lost.
FAILURES = 5
# The time aside: anything from nothing to a limit that doubles (full jitter), so that the processes of a site do not
# come back together.
FIRST_ASIDE = timedelta(seconds=10)
LONGEST_ASIDE = timedelta(minutes=10)


class RelayState(StrEnum):
    """The state of a relay for one process."""

    USED = "used"
    ASIDE = "aside"
    PROBED = "probed"  # one mail tries it out; no other goes by it meanwhile


@dataclass(frozen=True, slots=True)
class Circuit:
    """The recent past of a relay: `since` the first failure in a row, `until` the end of its time aside, `times` how
    often in a row it was left aside, `error` the last failure."""

    state: RelayState = RelayState.USED
    failures: int = 0
    times: int = 0
    since: datetime | None = None
    until: datetime | None = None
    error: str | None = None

    def takes(self, now: datetime) -> bool:
        """Whether a mail may go by it now."""
        if self.state is RelayState.ASIDE:
            return self.until is None or now >= self.until
        return self.state is RelayState.USED

    def begun(self) -> "Circuit":
        """After a mail was given to it, which `takes` had allowed."""
        return self if self.state is RelayState.USED else replace(self, state=RelayState.PROBED)

    def succeeded(self) -> "Circuit":
        """After an answer about a mail, whether good or bad for that mail: the relay works."""
        return Circuit()

    def failed(self, error: str, now: datetime, chance: float) -> "Circuit":
        """After a failure of the relay; `chance` in [0, 1) is drawn.

        A mail that was begun before the relay was left aside adds nothing to its time.
        """
        if self.state is RelayState.ASIDE:
            return self
        failures, since = self.failures + 1, self.since or now
        if self.state is RelayState.USED and failures < FAILURES:
            return replace(self, failures=failures, since=since, error=error)
        limit = doubled(FIRST_ASIDE, self.times + 1, LONGEST_ASIDE)
        return Circuit(RelayState.ASIDE, failures, self.times + 1, since, now + chance * limit, error)

    def dropped(self) -> "Circuit":
        """After a mail ended without an outcome, as at the end of the process: another may try the relay out."""
        return replace(self, state=RelayState.ASIDE) if self.state is RelayState.PROBED else self
