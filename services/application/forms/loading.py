"""Blocks of fields from the data files, as one procedure asks them.

A line of a block has `code`, `ja`, `en`, `kind`, and where they apply: `most`, `unit`, `options` (a list) with `also`
or `among`, `required` (true, or the procedures that require it), `only` (the procedures that ask it), `when` (a list of
conditions that must all hold), `hidden_for` (statuses of residence), `years`, `birth`, `item` (number on the paper
form, by procedure). A table has `fields` and either `most` or `limit`: the row limit of the reference data `of` that
code, less the rows `beside` the table.
"""

import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

from services.application.forms.field import Condition, Field, Item, Kind, Rows
from services.application.forms.options import options_of
from shared.errors import Text
from shared.reference.forms import row_limit


def load_blocks(procedure: str, day: date, *names: str) -> tuple[Item, ...]:
    """The items of these blocks that `procedure` asks, in order; limits are those of `day`."""
    lines = [line for name in names for line in _block(name) if _asked(line, procedure)]
    return tuple(_rows(line, procedure, day) if line["kind"] == "rows" else _field(line, procedure) for line in lines)


def load_example(name: str) -> Mapping[str, Any]:
    """A complete form of an invented person."""
    return _read(f"examples/{name}.json")


def _block(name: str) -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = _read(f"{name}.json")["fields"]
    return lines


@cache
def _read(name: str) -> dict[str, Any]:
    path = resources.files("services.application.forms").joinpath("data", name)
    content: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return content


def _asked(line: Mapping[str, Any], procedure: str) -> bool:
    return procedure in line.get("only", (procedure,))


def _required(line: Mapping[str, Any], procedure: str) -> bool:
    required = line.get("required", False)
    return required if isinstance(required, bool) else procedure in required


def _field(line: Mapping[str, Any], procedure: str) -> Field:
    years = line.get("years")
    return Field(
        code=line["code"],
        label=Text(line["ja"], line["en"]),
        kind=Kind(line["kind"]),
        most=line.get("most"),
        unit=line.get("unit", ""),
        options=options_of(line["options"], line.get("also", ()), line.get("among", ())) if "options" in line else {},
        required=_required(line, procedure),
        when=_conditions(line),
        hidden_for=frozenset(line.get("hidden_for", ())),
        years=(years[0], years[1]) if years else None,
        birth=line.get("birth", False),
        item=line.get("item", {}).get(procedure, ""),
        listed=line.get("options", ""),
    )


def _rows(line: Mapping[str, Any], procedure: str, day: date) -> Rows:
    return Rows(
        code=line["code"],
        label=Text(line["ja"], line["en"]),
        fields=tuple(_field(inner, procedure) for inner in line["fields"] if _asked(inner, procedure)),
        most=_most(line, day),
        required=_required(line, procedure),
        when=_conditions(line),
        hidden_for=frozenset(line.get("hidden_for", ())),
    )


def _most(line: Mapping[str, Any], day: date) -> int:
    if "most" in line:
        return int(line["most"])
    limit = line["limit"]
    return row_limit(limit["of"], day).accepted - int(limit.get("beside", 0))


def _conditions(line: Mapping[str, Any]) -> tuple[Condition, ...]:
    return tuple(
        Condition(
            field=asked.get("field", ""),
            filing=asked.get("filing", ""),
            one_of=tuple(asked.get("in", ())),
            none_of=tuple(asked.get("not_in", ())),
            empty=asked.get("empty", False),
        )
        for asked in line.get("when", ())
    )
