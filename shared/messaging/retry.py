"""Transient errors, and the two errors with which a handler asks for another attempt."""

from sqlalchemy import exc
from sqlalchemy.orm.exc import StaleDataError

from shared.messaging.ports import BrokerError


class Retry(Exception):
    """Raised by a handler that should be run again soon. Never counted as a failure, never set aside."""


class NotYet(Exception):
    """Raised by a handler that waits for a fact which should arrive soon. Retried for a bounded time, then parked."""


# Source: PostgreSQL manual, appendix A. Whole class 08 (connection) and 53 (out of resources) as well.
_TRANSIENT_STATES = frozenset(
    {
        "40001",  # serialization failure
        "40P01",  # deadlock
        "55P03",  # lock time-out
        "57014",  # statement time-out: almost always a lock or an overloaded server
        "57P01",  # the server shuts down
        "57P02",  # the server crashed
        "57P03",  # the server starts
        "25P03",  # idle in transaction for too long
    }
)
_UNIQUE_VIOLATION = "23505"


def is_transient(error: BaseException) -> bool:
    """True where the same work can succeed later without a fix."""
    state = _sqlstate(error)
    if state:
        return state in _TRANSIENT_STATES or state[:2] in ("08", "53")
    if isinstance(error, exc.DBAPIError) and error.connection_invalidated:
        return True
    return isinstance(error, (Retry, BrokerError, OSError, TimeoutError, exc.TimeoutError, exc.InterfaceError))


def is_race(error: BaseException) -> bool:
    """True where another transaction was quicker: the same work, started again, sees what it wrote."""
    return isinstance(error, StaleDataError) or _sqlstate(error) == _UNIQUE_VIOLATION


def _sqlstate(error: BaseException) -> str | None:
    original = error.orig if isinstance(error, exc.DBAPIError) else error
    state = getattr(original, "sqlstate", None)
    return state if isinstance(state, str) else None
