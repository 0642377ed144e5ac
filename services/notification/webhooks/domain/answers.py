"""Outcomes of an attempt, and what is recorded of a receiver's answer."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum

# Of an answer so much is recorded.
SHOWN_BYTES = 4096
# Headers that say how a receiver answered. All others are left out: they may carry a secret (Set-Cookie).
_SHOWN = frozenset(
    {"content-type", "content-length", "date", "location", "retry-after", "server", "via", "x-request-id", "allow"}
)
_MOST_LETTERS = 300


class Outcome(StrEnum):
    """The outcome of one attempt."""

    ACCEPTED = "accepted"  # 2xx
    REFUSED = "refused"  # any other answer
    REDIRECTED = "redirected"  # 3xx, which is not followed
    GONE = "gone"  # 410: the receiver wants no more
    BUSY = "busy"  # 429 or 503
    TIMED_OUT = "timed-out"
    NOT_REACHED = "not-reached"  # no such name, no connection, no TLS, or no HTTP
    ADDRESS_REFUSED = "address-refused"  # the name leads into a network that is not public

    @property
    def unreachable(self) -> bool:
        """Whether another message would fail in the same way now."""
        return self in (Outcome.TIMED_OUT, Outcome.NOT_REACHED, Outcome.ADDRESS_REFUSED, Outcome.BUSY)


@dataclass(frozen=True, slots=True)
class Answer:
    """The end of one attempt; `body` is the beginning of the answer's body."""

    outcome: Outcome
    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    retry_after: timedelta | None = None

    @property
    def shown_body(self) -> str:
        """The beginning of the body as text that every database and page takes."""
        return self.body[:SHOWN_BYTES].decode(errors="replace").replace("\0", "\N{REPLACEMENT CHARACTER}")


def outcome_of(status: int) -> Outcome:
    """The outcome of an answer with this status."""
    if 200 <= status < 300:
        return Outcome.ACCEPTED
    if 300 <= status < 400:
        return Outcome.REDIRECTED
    return {410: Outcome.GONE, 429: Outcome.BUSY, 503: Outcome.BUSY}.get(status, Outcome.REFUSED)


def shown_headers(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """The headers of an answer that are recorded."""
    shown = {}
    for raw_name, raw_value in headers:
        name = raw_name.decode("latin-1").lower()
        if name in _SHOWN:
            shown[name] = raw_value.decode("latin-1")[:_MOST_LETTERS].replace("\0", "")
    return shown


def retry_after(value: str | None, now: datetime) -> timedelta | None:
    """The time for which a receiver asks to be left alone (RFC 9110 section 10.2.3); None where it says nothing."""
    if value is None:
        return None
    if value.isascii() and value.isdecimal():
        return timedelta(seconds=min(int(value[:9]), 10**8))
    try:
        moment = parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(moment - now, timedelta())
