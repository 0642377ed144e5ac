"""A row of an import: the application that it stands for, what of it changed, and where its problems are."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from services.application.filing.domain.answers import flat
from services.application.progress.domain import Changes
from services.application.sheets.book import RowRead
from shared.errors import FieldProblem, Text


@dataclass(slots=True)
class WorkedRow:
    """A row while it is worked on; `content` as it was read, `problems` as they are stored."""

    position: int
    sheet: str
    number: int
    key: str
    state: str
    content: str
    problems: list[Any]
    application_id: UUID | None
    revision: int | None
    receipt_number: str | None
    _read: RowRead | None = field(default=None, init=False, repr=False)

    @property
    def read(self) -> RowRead:
        """The row as it was read."""
        if self._read is None:
            self._read = row_read(self.content)
        return self._read


@dataclass(frozen=True, slots=True)
class RowProblem:
    """A problem of a row: `cell` is where it stands in the sheet, None where no cell has it. `read` says that the cell
    could not be read, so that the draft does not have its value; `needed` that the draft cannot be filed without one.
    """

    problem: FieldProblem
    cell: str | None
    read: bool = False
    needed: bool = False

    def kept(self) -> dict[str, Any]:
        """As it is stored."""
        message = self.problem.message
        stored = {"pointer": self.problem.pointer, "cell": self.cell, "code": self.problem.code}
        return stored | message.stored() | {"read": self.read, "needed": self.needed}

    def can_be_confirmed(self, pointer: str) -> bool:
        """Whether the draft may be right at `pointer` though the cell could not be read.

        What is wrong with the whole row is corrected in the file.
        """
        return self.read and not self.needed and bool(pointer) and self.problem.pointer == pointer

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> "RowProblem":
        """The opposite of `kept`."""
        problem = FieldProblem(stored["pointer"], stored["code"], Text.read(stored))
        return cls(problem, stored["cell"], stored["read"], stored.get("needed", False))


def row_read(content: str) -> RowRead:
    """A row as it was read, of its stored `content`."""
    return RowRead.of(json.loads(content))


def placed(row: RowRead, problems: Iterable[FieldProblem], *, read: bool = False) -> list[RowProblem]:
    """Problems with their cells."""
    return [RowProblem(problem, cell_of(row.cells, problem.pointer), read) for problem in problems]


def cell_of(cells: Mapping[str, str], pointer: str) -> str | None:
    """The cell of a JSON pointer: its own, else that of the first value inside of it."""
    if pointer in cells:
        return cells[pointer]
    inside = f"{pointer}/"
    return next((cell for place, cell in cells.items() if pointer and place.startswith(inside)), None)


def own_key(row: RowRead) -> str | None:
    """The key that the row gives itself; None where it is only named after its place or its running number."""
    return None if row.numbered or row.key == f"{row.sheet}:{row.number}" else row.key


def import_key(row: RowRead, role: str, procedure: str, person: str | None) -> str | None:
    """The key by which the row's application is found when the row is sent again.

    Without a key of its own it is that of the `person` (a keyed hash); None where the person is not known either.
    """
    key = own_key(row)
    if key is not None:
        return f"{role}:{procedure}:key:{key}"
    return f"{role}:{procedure}:person:{person}" if person else None


def changed_cells(now: Mapping[str, Any], before: Mapping[str, Any] | None) -> dict[str, Any]:
    """Answers, by dotted code, that differ from those of the row when it was sent `before`; None for one that was taken
    out. Of a row that is not known any more every answer counts as changed."""
    new, old = flat(now), flat(before or {})
    changed = {code: value for code, value in new.items() if before is None or value != old.get(code)}
    return changed | {code: None for code in old if code not in new}


def still_unread(problems: Iterable[RowProblem], changes: Changes, since: int) -> list[RowProblem]:
    """Those of the cells that could not be read whose value nobody has entered or confirmed in the draft since revision
    `since`."""
    entered = changes.after(since)
    return [each for each in problems if each.read and not any(_meets(each.problem.pointer, p) for p in entered)]


def _meets(one: str, other: str) -> bool:
    return bool(one) and (one == other or one.startswith(f"{other}/") or other.startswith(f"{one}/"))
