"""An invariant: its name, the query that finds what contradicts it, and how often it is checked."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Invariant:
    """Something that must always hold in one service's database.

    `violations` is a query of one column, `id`: that of each record that contradicts it. It may use `:now`, the moment
    of the check. One that uses `:since`, or `:since_id` (the first id of that moment), looks at recent records alone:
    it is cheap whatever the tables hold. Once a night, and while it does not hold, it looks at all of them.
    docs/invariants.md says for each name what must hold and what to do.
    """

    name: str
    violations: str
    every: timedelta = timedelta(minutes=5)

    @property
    def is_bounded(self) -> bool:
        """Whether it looks at recent records, and at all of them at night alone."""
        return ":since" in self.violations
