"""Rules as rows with dates: what holds on this day, where it comes from, and whether it needs a second look."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """A rule that holds from `valid_from` to `valid_to`, both days included; None means open on that side.

    `source` names where the rule is written. `verify` marks a rule whose sources disagree or that is not confirmed.
    """

    source: str
    valid_from: date | None = None
    valid_to: date | None = None
    verify: bool = False

    def holds_on(self, day: date) -> bool:
        """Whether the rule is in force on `day`."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)

    def meets(self, other: "Dated") -> bool:
        """Whether there is a day on which both rules hold."""
        first, last = date.min, date.max
        return (self.valid_from or first) <= (other.valid_to or last) and (other.valid_from or first) <= (
            self.valid_to or last
        )


class NotInRules(LookupError):
    """The reference data has no rule for this on that day: an unknown code, or something that is not offered."""


R = TypeVar("R", bound=Dated)


class Table(Generic[R]):
    """The rows of one subject. On any day at most one row of a key holds (a test looks at every table)."""

    def __init__(self, name: str, key: Callable[[R], Hashable], rows: Sequence[R]) -> None:
        self.name = name
        self.rows = tuple(rows)
        self.key = key
        self._by_key: dict[Hashable, list[R]] = {}
        for row in self.rows:
            self._by_key.setdefault(key(row), []).append(row)

    def on(self, day: date) -> tuple[R, ...]:
        """All rows that hold on `day`, in the order of the table."""
        return tuple(row for row in self.rows if row.holds_on(day))

    def find(self, day: date, *keys: Hashable) -> R | None:
        """The row that holds on `day` for the first of `keys` that has one."""
        for key in keys:
            for row in self._by_key.get(key, ()):
                if row.holds_on(day):
                    return row
        return None

    def get(self, day: date, *keys: Hashable) -> R:
        """Like `find`, but raises `NotInRules`."""
        row = self.find(day, *keys)
        if row is None:
            raise NotInRules(f"{self.name}: nothing for {keys[0]!r} on {day}")
        return row

    def overlaps(self) -> Iterator[tuple[R, R]]:
        """Pairs of rows with one key that hold on the same day; there should be none."""
        for rows in self._by_key.values():
            for index, row in enumerate(rows):
                yield from ((row, other) for other in rows[index + 1 :] if row.meets(other))
