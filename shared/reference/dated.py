"""Rules as rows with dates: which one holds on a day, where it comes from, and whether it needs a second look."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Generic, TypeVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """A rule that holds from `valid_from` (None: from the beginning) until the next row of its key in the table.

    `source` names where the rule is written. `verify` marks a rule whose sources disagree or that is not confirmed.
    """

    source: str
    valid_from: date | None = None
    verify: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn(Dated):
    """The end of a rule that no other row of its `key` replaces: from `valid_from` on nothing holds for the key."""

    key: Hashable
    valid_from: date


class NotInRules(LookupError):
    """The reference data has no rule for this on that day: an unknown code, or something that is not offered."""


R = TypeVar("R", bound=Dated)


@dataclass(frozen=True, slots=True)
class Span(Generic[R]):
    """A row with the days on which it holds: from `first` up to and without `end`; None is open on that side."""

    row: R
    first: date | None
    end: date | None

    @property
    def last(self) -> date | None:
        """The last day on which the row holds; None where it has no end yet."""
        return self.end and self.end - timedelta(days=1)

    def holds_on(self, day: date) -> bool:
        """Whether the row is in force on `day`."""
        return (self.first is None or self.first <= day) and (self.end is None or day < self.end)


class Table(Generic[R]):
    """The rows of one subject. Every row ends where the next one of its key begins, so a change is one added row.

    ValueError where two rows of a key begin on one day, or where a `Withdrawn` row ends nothing.
    """

    def __init__(self, name: str, key: Callable[[R], Hashable], rows: Sequence[R | Withdrawn]) -> None:
        self.name = name
        self.key = key
        self.written = tuple(rows)
        self.rows: tuple[R, ...] = tuple(row for row in rows if not isinstance(row, Withdrawn))
        self._by_key = self._history()
        ends = {
            (key, row.valid_from): following.valid_from
            for key, history in self._by_key.items()
            for row, following in pairwise(history)
        }
        self.spans: tuple[Span[R], ...] = tuple(
            Span(row, row.valid_from, ends.get((key(row), row.valid_from))) for row in self.rows
        )

    def on(self, day: date) -> tuple[R, ...]:
        """All rows that hold on `day`, in the order of the table."""
        return tuple(span.row for span in self.spans if span.holds_on(day))

    def find(self, day: date, *keys: Hashable) -> R | None:
        """The row that holds on `day` for the first of `keys` that has one: the newest at or before the day."""
        for key in keys:
            for row in reversed(self._by_key.get(key, ())):
                if row.valid_from is None or row.valid_from <= day:
                    if isinstance(row, Withdrawn):
                        break
                    return row
        return None

    def get(self, day: date, *keys: Hashable) -> R:
        """Like `find`, but raises `NotInRules`."""
        row = self.find(day, *keys)
        if row is None:
            raise NotInRules(f"{self.name}: nothing for {keys[0]!r} on {day}")
        return row

    def changes(self) -> Iterator[date]:
        """The days on which something begins or ends, in order, each once."""
        yield from sorted({row.valid_from for row in self.written if row.valid_from is not None})

    def _history(self) -> dict[Hashable, list[R | Withdrawn]]:
        """The rows of each key, the oldest first."""
        histories: dict[Hashable, list[R | Withdrawn]] = {}
        for row in sorted(self.written, key=lambda row: row.valid_from or date.min):
            key = row.key if isinstance(row, Withdrawn) else self.key(row)
            history = histories.setdefault(key, [])
            if history and history[-1].valid_from == row.valid_from:
                raise ValueError(f"{self.name}: two rows for {key!r} begin on {row.valid_from}")
            if isinstance(row, Withdrawn) and (not history or isinstance(history[-1], Withdrawn)):
                raise ValueError(f"{self.name}: nothing holds for {key!r} that could end on {row.valid_from}")
            history.append(row)
        return histories
