"""The rules of retention: when a file that nobody filed goes, and which days a sweep has to do."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum

# The files that one request erases; it is sent again for more.
MOST_ERASED = 1000


class Keeps(StrEnum):
    """The reason for which a file is not erased although somebody asks for it."""

    HOLD = "legal-hold"
    RECORD_OPEN = "record-open"
    RETENTION = "retention"


KEPT = tuple(reason.value for reason in Keeps)


def keeps(*, by_office: bool, filed: bool, is_open: bool, is_held: bool) -> Keeps | None:
    """The reason to keep a file that its owner, or the office after such a request, wants to have erased.

    What was filed is the office's document as well: the owner's word alone erases what was not. After the end of the
    record the office may erase it before its retention is over, where a request is granted (個人情報保護法 第100条).
    """
    if is_held:
        return Keeps.HOLD
    if is_open:
        return Keeps.RECORD_OPEN
    return Keeps.RETENTION if filed and not by_office else None


# Longer than any check and upload takes: what is younger may still get its row.
ORPHAN_AFTER_DAYS = 1


def unfiled_since(now: datetime, days: int) -> datetime:
    """Files stored before this moment and never filed are deleted."""
    return now - timedelta(days=days)


# Each day comes up so often (in days): its objects change only by what goes wrong.
RECONCILED_EVERY = 30


def days_from(first_day: date | None, today: date) -> Sequence[date]:
    """Every day from the first one to today."""
    return [first_day + timedelta(days=n) for n in range((today - first_day).days + 1)] if first_day else ()


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
