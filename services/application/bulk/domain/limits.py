"""The limits of an owner's imports."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Allowed:
    """Imports of one owner: worked on at the same time, and kept."""

    in_progress: int
    kept: int
