"""The rules of telling: states, when to try again, when to give up."""

from datetime import timedelta
from enum import StrEnum


class Outcome(StrEnum):
    """What the record of a message says. It changes once after a message was made, and only a resend reopens it."""

    CREATED = "created"
    SENT = "sent"
    FAILED = "failed"


class Work(StrEnum):
    """Where the delivery of a message stands."""

    WAITING = "waiting"
    SENDING = "sending"
    DONE = "done"


class Party(StrEnum):
    """Whom a message goes to, apart from the address."""

    ACCOUNT = "account"
    APPLICANT = "applicant"
    OLD_ADDRESS = "old_address"


# About four hours: 5, 15, 30, 60, 120, 240 s and then every five minutes. Mail servers that greylist accept the second
# or third try; an outage of an evening is survived.
MAX_ATTEMPTS = 48
_FIRST_WAITS = (5, 15, 30, 60, 120, 240)
_LONGEST_WAIT = 300
_SPREAD = 0.2


def retry_wait(attempts: int, chance: float) -> timedelta | None:
    """How long to wait after the `attempts`-th failed try (1 and up); None when it was the last.

    `chance` in [0, 1) spreads messages that failed together over a fifth more time.
    """
    if attempts >= MAX_ATTEMPTS:
        return None
    wait = _FIRST_WAITS[attempts - 1] if attempts <= len(_FIRST_WAITS) else _LONGEST_WAIT
    return timedelta(seconds=wait * (1 + _SPREAD * chance))


def shown_state(outcome: str, work: str | None, attempts: int) -> str:
    """The state people see: created, sending, temporary-failure, sent or failed."""
    if outcome != Outcome.CREATED:
        return outcome
    if work == Work.SENDING:
        return "sending"
    return "temporary-failure" if attempts else "created"


def same_address(one: str, other: str) -> bool:
    """Whether two addresses reach the same mailbox: no provider in use tells capitals from small letters."""
    return one.strip().casefold() == other.strip().casefold()
