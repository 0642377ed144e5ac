"""The rules of retention: when a file that nobody filed goes, and which days a sweep has to do."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

# Longer than any check and upload takes: what is younger may still get its row.
ORPHAN_AFTER_DAYS = 1


def unfiled_since(now: datetime, days: int) -> datetime:
    """Files stored before this moment and never filed are deleted."""
    return now - timedelta(days=days)


# Each day comes up so often (in days): its objects change only by what goes wrong.
RECONCILED_EVERY = 30


def days_to_reconcile(first_day: date | None, today: date) -> Sequence[date]:
    """The days whose turn it is today to be compared with the store, all of them whole ones."""
    if first_day is None:
        return ()
    number = (today - first_day).days - ORPHAN_AFTER_DAYS
    days = (first_day + timedelta(days=n) for n in range(number))
    return [day for day in days if (today - day).days % RECONCILED_EVERY == ORPHAN_AFTER_DAYS + 1]


def days_to_sweep(last_swept: date | None, first_day: date | None, today: date) -> Sequence[date]:
    """The days whose stored objects can be compared with the rows: from the oldest not done, whole days only."""
    start = last_swept + timedelta(days=1) if last_swept else first_day
    if start is None:
        return ()
    end = today - timedelta(days=ORPHAN_AFTER_DAYS)
    return [start + timedelta(days=n) for n in range((end - start).days)]
