"""A usage registration that is still being written: how long it is kept, and when its writer is reminded."""

from datetime import datetime, timedelta
from enum import StrEnum

REMINDER_BEFORE = timedelta(days=7)


class DraftState(StrEnum):
    """State of a draft. One that is deleted leaves no row."""

    OPEN = "open"
    SUBMITTED = "submitted"  # it is a usage registration now; its content is gone from here


class DeletedBy(StrEnum):
    """Reasons for which a draft was deleted."""

    WRITER = "by-writer"
    UNTOUCHED = "untouched"


def kept_until(touched_at: datetime, reminded_at: datetime | None, kept_for: timedelta) -> datetime:
    """The deletion day of a draft that nobody touches any more.

    After an outage the reminder is late; the writer has the same days after it all the same.
    """
    planned = touched_at + kept_for
    return planned if reminded_at is None else max(planned, reminded_at + REMINDER_BEFORE)
