"""Blocks of fields from the data files, as one procedure asks them.

A block is a list of topics, each with its lines. A line has `code`, `ja`, `en`, `kind`, and where they apply: `most`,
`unit`, `options` (a list) with `also` or `among`, `by_status` (a table of `options_by.json`: which of them a status of
residence has), `options_by` (`field` and a table: which of them go with another answer), `required` (true, or the
procedures that require it), `only` (the procedures that ask it), `when` (conditions that must all hold, or groups of
them of which one must; `in` and `not_in` have values or the name of a list of `options_by.json`), `hidden_for`
(statuses of residence), `years`, `birth`, `after`, `part_of`, `doubtful`, `item` (number on the paper form, by
procedure), `help`, `sample`. A table has `fields` and either `most` or `limit`: the row limit of the reference data
`of` that code, less the rows `beside` the table. What a line does not say of `help` and `sample`, `kinds.json` says of
its kind. `shared_lines.py` says how lines that several blocks have are named.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

from services.application.forms.field import Condition, Field, Item, Kind, OptionsBy, Rows, When
from services.application.forms.options import lists_by, options_of, values_of
from services.application.forms.shared_lines import Line, written_out
from shared.errors import Text
from shared.reference.forms import row_limit


def load_blocks(procedure: str, day: date, *names: str) -> tuple[Item, ...]:
    """The items of these blocks that `procedure` asks, in order; limits are those of `day`."""
    return tuple(
        _rows(line, procedure, day, topic) if line["kind"] == "rows" else _field(line, procedure, topic)
        for name in names
        for topic, line in _lines(name)
        if _asked(line, procedure)
    )


def load_example(name: str) -> Mapping[str, Any]:
    """A complete form of an invented person."""
    return read_data(f"examples/{name}.json")


@cache
def read_data(name: str) -> dict[str, Any]:
    """The content of a data file of the forms."""
    path = resources.files("services.application.forms").joinpath("data", name)
    content: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return content


def _lines(block: str) -> Iterator[tuple[str, Line]]:
    for topic in read_data(f"{block}.json")["topics"]:
        for line in written_out(topic["fields"], _shared()):
            yield topic["topic"], line


@cache
def _shared() -> Mapping[str, list[Line]]:
    found: dict[str, list[Line]] = {}
    for line in read_data("shared_lines.json")["fields"]:
        found.setdefault(line["code"], []).append(line)
    return found


def _asked(line: Line, procedure: str) -> bool:
    return procedure in line.get("only", (procedure,))


def _required(line: Line, procedure: str) -> bool:
    required = line.get("required", False)
    return required if isinstance(required, bool) else procedure in required


def _field(line: Line, procedure: str, topic: str) -> Field:
    years = line.get("years")
    usual = read_data("kinds.json")["kinds"].get(line["kind"], {})
    by = line.get("options_by")
    return Field(
        code=line["code"],
        label=_text(line),
        kind=Kind(line["kind"]),
        most=line.get("most"),
        unit=line.get("unit", ""),
        options=options_of(line["options"], line.get("also", ()), line.get("among", ())) if "options" in line else {},
        required=_required(line, procedure),
        when=_when(line),
        hidden_for=frozenset(line.get("hidden_for", ())),
        years=(years[0], years[1]) if years else None,
        birth=line.get("birth", False),
        after=line.get("after", ""),
        part_of=line.get("part_of", ""),
        doubtful=tuple(line.get("doubtful", ())),
        item=line.get("item", {}).get(procedure, ""),
        listed=line.get("options", ""),
        topic=topic,
        help=_help(line) or _help(usual),
        sample=line.get("sample", usual.get("sample", "")),
        by_status=lists_by(line["by_status"]) if "by_status" in line else {},
        options_by=OptionsBy(by["field"], lists_by(by["table"])) if by else None,
    )


def _rows(line: Line, procedure: str, day: date, topic: str) -> Rows:
    inner = written_out(line["fields"], _shared())
    return Rows(
        code=line["code"],
        label=_text(line),
        fields=tuple(_field(column, procedure, topic) for column in inner if _asked(column, procedure)),
        most=_most(line, day),
        required=_required(line, procedure),
        when=_when(line),
        hidden_for=frozenset(line.get("hidden_for", ())),
        item=line.get("item", {}).get(procedure, ""),
        topic=topic,
        help=_help(line),
    )


def _text(line: Line) -> Text:
    return Text(line["ja"], line["en"])


def _help(line: Line) -> Text | None:
    return _text(line["help"]) if "help" in line else None


def _most(line: Line, day: date) -> int:
    if "most" in line:
        return int(line["most"])
    limit = line["limit"]
    return row_limit(limit["of"], day).accepted - int(limit.get("beside", 0))


def _when(line: Line) -> When:
    written = line.get("when", [])
    groups = written if written and isinstance(written[0], list) else [written] if written else []
    return tuple(tuple(condition_of(asked) for asked in group) for group in groups)


def condition_of(asked: Line) -> Condition:
    """A condition as it is written in the data."""
    return Condition(
        field=asked.get("field", ""),
        filing=asked.get("filing", ""),
        one_of=_values(asked.get("in", ())),
        none_of=_values(asked.get("not_in", ())),
        empty=asked.get("empty"),
    )


def _values(written: str | list[Any]) -> tuple[Any, ...]:
    """Values as they are written, or the list of `options_by.json` that has this name."""
    return values_of(written) if isinstance(written, str) else tuple(written)
