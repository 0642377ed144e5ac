"""The provider's file of a day beside our records: which days are due, what its lines say, where the two differ."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from services.review.cases.domain.refusal import Wrong
from services.review.cases.domain.sheet import Row, read_rows

# After an outage so many days are caught up with in one round.
MOST_DAYS = 31
_COLUMNS: Mapping[str, Sequence[str]] = dict.fromkeys(("kind", "transaction_id", "order_id", "amount_yen", "at"), ())


class Difference(StrEnum):
    """A kind of disagreement between the file and our records."""

    NOTICE_MISSING = "notice_missing"  # paid; the notice never came, and the file made up for it
    UNKNOWN_ORDER = "unknown_order"  # paid for an order that is not ours
    WRONG_AMOUNT = "wrong_amount"
    MISSING_IN_FILE = "missing_in_file"  # recorded here as paid that day
    UNREADABLE = "unreadable"  # a line of the file


@dataclass(frozen=True, slots=True)
class Settled:
    """A payment of the file."""

    transaction_id: str
    order_id: UUID
    amount_yen: int
    at: datetime


def due_days(last: date | None, first_order: date | None, today: date) -> list[date]:
    """The days whose files are to be read, oldest first: those after the last one, up to yesterday."""
    start = last + timedelta(days=1) if last else first_order
    if start is None:
        return []
    return [start + timedelta(days=number) for number in range(min((today - start).days, MOST_DAYS))]


def read_settlements(content: bytes) -> tuple[list[Settled], list[Row]]:
    """The payments of a file, and the lines that nobody can read. Refunds stand in it as well, and are no payments.

    A day without any payment is a file with its first line alone.
    """
    try:
        rows = read_rows(content, _COLUMNS)
    except Wrong as wrong:
        if wrong.code == "no-rows":
            return [], []
        raise
    settled, unreadable = [], []
    for row in rows:
        if row["kind"] == "refunded":
            continue
        found = _settled(row)
        if found is None:
            unreadable.append(row)
        else:
            settled.append(found)
    return settled, unreadable


def _settled(row: Row) -> Settled | None:
    try:
        at = datetime.fromisoformat(row["at"])
        found = Settled(row["transaction_id"], UUID(row["order_id"]), int(row["amount_yen"]), at)
    except ValueError:
        return None
    return found if row["kind"] == "paid" and found.transaction_id and at.tzinfo and found.amount_yen > 0 else None
