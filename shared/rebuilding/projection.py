"""A projection as a rebuild sees it: the table that it fills, and how the owner's facts become its rows."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import FromClause, Table

from shared.events.base import Event
from shared.events.snapshots import SnapshotAnnounced
from shared.work import Work

# The facts of one record of the owner: columns of the row that there should be, as JSON has them, and what else
# a repair needs.
Facts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Copy:
    """A table with facts of another service, a row for each record of the owner.

    `subject` is the column of the owner's record, `facts` those that have to be equal. `since` is the moment since
    which there is a row, to leave those aside that are younger than the snapshot.
    """

    table: FromClause
    subject: str
    facts: tuple[str, ...]
    since: str

    @property
    def name(self) -> str:
        """The table's name."""
        assert isinstance(self.table, Table)
        return self.table.name


@dataclass(frozen=True, slots=True)
class Wanted:
    """A row as it should be: its columns as the database reads them, and the facts as they came."""

    row: Mapping[str, Any]
    facts: Mapping[str, Any]


# Puts right those rows that differ; returns the number that it changed.
Repair = Callable[[Work, Sequence[Wanted]], Awaitable[int]]


@dataclass(frozen=True, slots=True)
class Projection:
    """Facts of another service that this one keeps.

    `row` is the owner's event with the facts of one record, `announced` the one around them. `facts_of` reads it.
    `live` are the events that change these facts: each gives the facts after it. `repair` writes what differs: rows
    hold facts of this service as well, and are journalled.
    """

    name: str
    row: type[Event]
    announced: type[SnapshotAnnounced]
    copy: Copy
    facts_of: Callable[[Any], Facts]
    live: Mapping[type[Event], Callable[[Facts, Any], Facts]]
    repair: Repair
