"""The tables that a large site divides by time, and by which id.

Each is divided by an id that stands in its unique keys and begins with the moment at which it was made (UUIDv7). So
one period has all rows of an id, a key is unique in the whole table, and no statement changes.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal


@dataclass(frozen=True, slots=True)
class Index:
    """An index that a divided table has in place of one: its columns and condition, and whether it is unique."""

    name: str
    columns: str
    is_unique: bool = False

    def on(self, table: str, name: str) -> str:
        """The statement that makes it on a table."""
        return f"CREATE {'UNIQUE ' if self.is_unique else ''}INDEX {name} ON {table} {self.columns}"


@dataclass(frozen=True, slots=True)
class Divided:
    """A table that can be divided by `key` into periods of a `unit`, made `ahead` of time.

    `instead` has, by name, the indexes that a divided table cannot have, as their key lacks `key`, and what takes their
    place.
    """

    name: str
    key: str
    unit: Literal["week", "month"]
    ahead: timedelta
    instead: dict[str, Index] = field(default_factory=dict)

    @property
    def rest(self) -> str:
        """The table of the rows that belong to no period: the one that there was, and ids that say no moment."""
        return f"{self.name}_rest"


WEEKS = timedelta(days=28)
MONTHS = timedelta(days=93)
DIVIDED = {
    each.name: each
    for each in (
        Divided("inbox", "event_id", "week", WEEKS),
        Divided("sent_events", "event_id", "week", WEEKS),
        Divided(
            "journal",
            "aggregate_id",
            "month",
            MONTHS,
            {
                # Positions come from one sequence, and nobody can set one.
                "journal_pkey": Index("ix_journal_position", "(position)"),
                # Requests with one key wait for each other at a lock (`shared.work`), and read before they write.
                "uq_journal_idempotency": Index(
                    "uq_journal_idempotency",
                    "(idempotency_scope, idempotency_key, aggregate_id) WHERE idempotency_key IS NOT NULL",
                    is_unique=True,
                ),
            },
        ),
    )
}
