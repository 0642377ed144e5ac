"""The port of the mailbox. Its calls block, and are made in a thread; one test-suite runs on both implementations."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


class Unreadable(Exception):
    """The mailbox cannot be read now. The text is a code without names."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A mail in the mailbox: its key there, and its first bytes."""

    key: str
    raw: bytes


class ReportMailbox(Protocol):
    """A mailbox in which a mail is unread until it is marked. Each call may raise `Unreadable`."""

    def unread(self, limit: int, most_bytes: int) -> list[Kept]:
        """Up to `limit` unread mails, the oldest first, of each the first `most_bytes`."""
        ...

    def mark(self, understood: Mapping[str, bool]) -> None:
        """Mark mails as read by their keys; those that were not understood are flagged for people. A mail that is gone
        is none."""
        ...

    def erase(self, before: datetime) -> None:
        """Erase mails that were read before that moment."""
        ...
