"""An invariant: its name, the query that finds what contradicts it, and how often it is checked."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Invariant:
    """Something that must always hold in one service's database.

    `violations` is a query of one column, `id`: that of each record that contradicts it. It may use `:now`, the moment
    of the check. docs/invariants.md says for each name what must hold and what to do.
    """

    name: str
    violations: str
    every: timedelta = timedelta(minutes=5)
