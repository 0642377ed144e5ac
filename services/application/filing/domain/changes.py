"""Changes of a draft by several people: who changed which value last, and where two changes meet.

A change names the revision that it started from. A value that somebody else changed after it is a collision, unless
both gave the same one; every other value is merged.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Change:
    """The last change of one value: in which revision, by which account, when."""

    revision: int
    account_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class Changes:
    """The last change of each value, by JSON pointer; a value that is as the draft was begun has none."""

    by_pointer: Mapping[str, Change]

    @classmethod
    def parse(cls, stored: str) -> "Changes":
        """As `text` wrote it."""
        return cls(
            {
                pointer: Change(revision, UUID(account_id), datetime.fromisoformat(at))
                for pointer, (revision, account_id, at) in json.loads(stored).items()
            }
        )

    def text(self) -> str:
        """As it is kept."""
        rows = {p: [c.revision, str(c.account_id), c.at.isoformat()] for p, c in self.by_pointer.items()}
        return json.dumps(rows, sort_keys=True, separators=(",", ":"))

    def after(self, revision: int) -> Mapping[str, Change]:
        """Values that were changed after `revision`."""
        return {pointer: change for pointer, change in self.by_pointer.items() if change.revision > revision}

    def with_changed(self, pointers: Iterable[str], change: Change) -> "Changes":
        """The same with `change` as the last one of these values."""
        return replace(self, by_pointer={**self.by_pointer, **dict.fromkeys(pointers, change)})


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
    return tuple(
        Collision(pointer, value, present.get(pointer), later[pointer])
        for pointer, value in wanted.items()
        if pointer in later and value != present.get(pointer)
    )
