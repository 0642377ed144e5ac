"""A projection as a rebuild sees it: the tables that it fills, and how the owner's facts become their rows."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import FromClause, Table

from shared.events.base import Event
from shared.events.snapshots import SnapshotAnnounced
from shared.work import Work

# The rows that there should be for one record of the owner: by table, each with its columns as JSON has them.
Facts = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Copy:
    """A table with facts of another service.

    `subject` is the column of the owner's record, `key` the columns that identify a row, `facts` those that have to be
    equal. `sealed` ones are equal when what was sealed is. `stamp` says as of when a row is: a newer one stays.
    `since` is the moment since which there is a row, to leave those aside that are younger than the snapshot.
    """

    table: FromClause
    subject: str
    key: tuple[str, ...]
    facts: tuple[str, ...]
    sealed: tuple[str, ...] = ()
    stamp: str | None = None
    since: str | None = None

    @property
    def name(self) -> str:
        """The table's name."""
        assert isinstance(self.table, Table)
        return self.table.name


@dataclass(frozen=True, slots=True)
class Wanted:
    """A row of the first copy as it should be: its columns as the database reads them, and all of the facts as they
    came."""

    row: Mapping[str, Any]
    facts: Mapping[str, Any]


# Puts right those rows that differ; returns the number that it changed.
Repair = Callable[[Work, Sequence[Wanted]], Awaitable[int]]


@dataclass(frozen=True, slots=True)
class Projection:
    """Facts of another service that this one keeps.

    `row` is the owner's event with the facts of one record, `announced` the one around them. `facts_of` makes rows of
    it. `live` are the events that change these facts: each gives the facts after it. `subject_of` is the record that an
    event concerns. Where the rows hold facts of this service as well, or are journalled, `repair` writes them.
    `open` opens a sealed column.
    """

    name: str
    row: type[Event]
    announced: type[SnapshotAnnounced]
    copies: tuple[Copy, ...]
    facts_of: Callable[[Any], Facts]
    live: Mapping[type[Event], Callable[[Facts, Any], Facts]]
    subject_of: Callable[[Any], UUID] = field(default=lambda event: event.key)
    repair: Repair | None = None
    open: Callable[[str], str] | None = None
