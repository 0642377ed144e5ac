"""A projection as a rebuild sees it: the tables that it fills, and how the owner's facts become their rows."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import FromClause, Table

from shared.events.snapshots import SnapshotAnnounced, SnapshotPage
from shared.work import Work

# A row as JSON has it: column to value, and what else a repair needs.
Facts = dict[str, Any]
# The rows that there should be of one record, by table. A table that is not named is not judged.
Rows = Mapping[str, Sequence[Facts]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A row as it should be: its columns as the database reads them, and the facts as they came."""

    row: Mapping[str, Any]
    facts: Mapping[str, Any]


# Puts right those rows that differ; returns the number that it changed.
Repair = Callable[[Work, Sequence[Wanted]], Awaitable[int]]


@dataclass(frozen=True, slots=True)
class Copy:
    """A table with facts of another service: one row for each record of the owner, or one for each of its `keys`.

    `subject` is the column of the owner's record, `facts` those that have to be equal, `maybe` those that have to be
    where the owner says them, `sealed` those whose texts are compared opened. `also` are written with a row and not
    compared. `newer` is the moment of the news in a row: one that is newer than the snapshot is not judged. `since` is
    the moment since which there is a row, to leave those aside that are younger than the snapshot.

    A row that the owner does not name is left as it is, unless `gone` says what it has, in SQL, when it counts as none,
    or it is one to be `deleted`. `is_part`: another projection makes the rows, and these facts of them alone are right
    or wrong here. `repair` writes what differs where rows hold facts of this service as well, or are journalled;
    without it, the rows are written.
    """

    table: FromClause
    subject: str
    facts: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    maybe: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    sealed: tuple[str, ...] = ()
    newer: str | None = None
    since: str | None = None
    gone: tuple[tuple[str, str], ...] = ()
    deleted: bool = False
    is_part: bool = False
    repair: Repair | None = None

    @property
    def name(self) -> str:
        """The table's name."""
        assert isinstance(self.table, Table)
        return self.table.name

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that the owner's facts fill."""
        others = (self.subject, *self.keys, *self.facts, *self.maybe, *self.sealed, *self.also, self.newer)
        return tuple(dict.fromkeys(name for name in others if name))


@dataclass(frozen=True, slots=True)
class Record:
    """A record of the owner as its snapshot has it: the rows that there should be, and since when."""

    id: UUID
    at: datetime | None
    rows: Rows


@dataclass(frozen=True, slots=True)
class Projection:
    """Facts of another service that this one keeps.

    `page` is the owner's event with the facts of many records, `announced` the one around them. `rows_of` reads the
    facts of one; the first of `copies` is the table whose rows are named unknown where the owner does not know them.
    """

    name: str
    page: type[SnapshotPage]
    announced: type[SnapshotAnnounced]
    copies: tuple[Copy, ...]
    rows_of: Callable[[Any], Rows]

    @property
    def record_field(self) -> str:
        """The field of the owner's events with the record's id."""
        return self.page.row.record_field

    def record_of(self, event: Any) -> UUID | None:
        """The owner's record that an event is about; None where it is about none."""
        found: UUID | None = getattr(event, self.record_field, None)
        return found
