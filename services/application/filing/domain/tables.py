"""Tables of a form in a merge patch: a whole list, or single rows and cells by the position of the row.

`{"family": {"1": {"name": "..."}}}` changes one cell of the second row, the position behind the last row adds one, and
null takes a row out. A cell is a value of its own, so that two people may work on one table; where a row goes, the
others move, and the table is one value.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from services.application.filing.domain.answers import Answers, answer_at, is_named
from services.application.forms.field import Rows, pointer_of
from services.application.forms.form import FormVersion
from shared.errors import FieldProblem, Text

_POSITION = re.compile(r"0|[1-9][0-9]{0,2}")


@dataclass(frozen=True, slots=True)
class Cells:
    """A patch in which every table is a list, and what it names of tables that it changes by position.

    `named` has the places in each of these tables: the number of a new row, or number and code of a cell.
    """

    patch: Mapping[str, Any]
    named: Mapping[str, Sequence[tuple[int, str]]] = field(default_factory=dict)
    problems: Sequence[FieldProblem] = ()

    def values(self, answers: Answers) -> dict[str, Any]:
        """The answers by JSON pointer: those of the named cells and new rows in place of their tables."""
        found: dict[str, Any] = {}
        for code, answer in answers.items():
            if code not in self.named:
                found[pointer_of(code)] = answer
                continue
            for number, column in self.named[code]:
                row = answer[number] if answer and number < len(answer) else None
                pointer = f"{pointer_of(code)}/{number}"
                if column:
                    found[f"{pointer}/{column.replace('.', '/')}"] = answer_at(row or {}, column)
                else:
                    found[pointer] = row
        return found


def read_cells(version: FormVersion, status: str, patch: Mapping[str, Any], answers: Answers) -> Cells:
    """Put the rows and cells that `patch` names into the tables of `answers`."""
    whole = patch
    named: dict[str, Sequence[tuple[int, str]]] = {}
    problems: list[FieldProblem] = []
    for table in version.items_for(status):
        given = answer_at(patch, table.code)
        if not isinstance(table, Rows) or not isinstance(given, Mapping):
            continue
        rows, places = _changed(table, given, answers.get(table.code) or (), problems)
        whole = _with(whole, table.code.split("."), rows or None)
        if places is not None:
            named[table.code] = places
    return Cells(whole, named, problems)


def _changed(
    table: Rows, given: Mapping[str, Any], present: Sequence[Any], problems: list[FieldProblem]
) -> tuple[list[Any], list[tuple[int, str]] | None]:
    """The rows after the change, and the places that it names; None where a row goes: then it names all of them."""
    rows: list[Any] = list(present)
    places: list[tuple[int, str]] = []
    for position in sorted(given, key=lambda each: (len(each), each)):
        row, number = given[position], int(position) if _POSITION.fullmatch(position) else -1
        if not 0 <= number <= len(rows) or (row is None and number == len(rows)):
            problems.append(
                _problem(table, position, "no-such-row", Text("この行はありません", "There is no such row"))
            )
        elif row is not None and not isinstance(row, Mapping):
            problems.append(
                _problem(table, position, "not-a-row", Text("行の項目で送信してください", "Send the cells of the row"))
            )
        elif number == len(rows):
            rows.append(row)
            places.append((number, ""))
        else:
            rows[number] = None if row is None else _merged(rows[number], row)
            places += [(number, one.code) for one in table.fields if row is not None and is_named(row, one.code)]
    left = [row for row in rows if row is not None]
    return left, places if len(left) == len(rows) else None


def _merged(row: Any, patch: Mapping[str, Any], levels: int = 3) -> dict[str, Any]:
    """RFC 7396 for one row, as deep as groups of cells may go: below that there is nothing that could be read."""
    merged = dict(row) if isinstance(row, Mapping) else {}
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        elif isinstance(value, Mapping) and levels:
            merged[name] = _merged(merged.get(name), value, levels - 1)
        else:
            merged[name] = value
    return merged


def _with(values: Mapping[str, Any], path: Sequence[str], value: Any) -> dict[str, Any]:
    """`values` with another one at `path`; what is sent may be nested as deep as it likes, and is not copied."""
    first, *rest = path
    return {**values, first: _with(values[first], rest, value) if rest else value}


def _problem(table: Rows, position: str, code: str, message: Text) -> FieldProblem:
    escaped = position.replace("~", "~0").replace("/", "~1")
    return FieldProblem(
        f"{table.pointer}/{escaped}",
        code,
        Text("「{field}」{message}", "{field}: {message}").with_values(field=table.label, message=message),
    )
