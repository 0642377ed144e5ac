"""Changes of a draft by several people: who changed which value last, and where two changes meet.

A change names the revision that it started from. A value that somebody else changed after it is a collision, unless
both gave the same one; every other value is merged.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.application.progress.domain import Change, Changes


@dataclass(frozen=True, slots=True)
class Collision:
    """A value that somebody else changed since: the one that was sent, the present one, and the change that made it."""

    pointer: str
    yours: Any
    theirs: Any
    change: Change


def collisions(
    changes: Changes, started_from: int, wanted: Mapping[str, Any], present: Mapping[str, Any]
) -> tuple[Collision, ...]:
    """The values of `wanted` that were changed after `started_from` and differ from the `present` ones.

    Both are by pointer; None stands for no value. A repeated change collides with nothing: its values are there.
    """
    later = changes.after(started_from)
    found = ((pointer, value, last_about(pointer, later)) for pointer, value in wanted.items())
    return tuple(
        Collision(pointer, value, present.get(pointer), change)
        for pointer, value, change in found
        if change is not None and value != present.get(pointer)
    )


def last_about(pointer: str, later: Mapping[str, Change]) -> Change | None:
    """The last change of a value, of what it is a part of, or of a part of it: a table, its rows and its cells."""
    about = [
        change
        for other, change in later.items()
        if other == pointer or other.startswith(f"{pointer}/") or pointer.startswith(f"{other}/")
    ]
    return max(about, key=lambda change: change.revision, default=None)
