"""The layout of the official bulk file: which columns it has for each type code, and what stands in each.

`data/official.json` has for each procedure its columns (the name in the first line of the file, and the place of the
value), and for each type code which of them it has. A place is a field of a form by its dotted code, and after `#` the
part of it that stands there:

- `area`, `rest`: the code of prefecture or municipality of an address, and the rest of it.
- `year`, `month`, `day`: parts of a date of which all is known; `bare-year`, `bare-month` where no more is known;
  `flag-month`, `flag-day` say which of them it is.
- `with-status`: a period of stay with the status before it.
- `beside:CODE`: the column that is used where the field CODE is answered; `kind:AB`, `kind:C`: that of a point table.
- `copy`, `copy-area`, `copy-rest`: the same again in the block of a procedure that is filed together.
- `unless`: 1 where the field is undecided.

A place that begins with `@` is none of the form. A column without a place has the label that the tool shows.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

# What the tools write before the columns of the layout: row, first three characters of the type code, type code.
LEADING = 3


@dataclass(frozen=True, slots=True)
class OfficialColumn:
    """A column: its name in the first line, the field and the part of it, and the label where there is no field."""

    header: str
    code: str
    part: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of a type code after the leading ones, in order."""

    type_code: str
    procedure: str
    columns: tuple[OfficialColumn, ...]

    @property
    def headers(self) -> tuple[str, ...]:
        return tuple(column.header for column in self.columns)


def split_code(code: str) -> tuple[str, int, str]:
    """Table, number of the row from 0, and column of a field in a table; of another field the column is empty."""
    parts = code.split(".")
    for place, part in enumerate(parts):
        if part.isdigit():
            return ".".join(parts[:place]), int(part), ".".join(parts[place + 1 :])
    return code, 0, ""


@cache
def layout_of(type_code: str) -> Layout | None:
    """The layout of a type code; None where there is none."""
    for procedure, tables in _data()["procedures"].items():
        number = tables["types"].get(type_code)
        if number is not None:
            return Layout(type_code, procedure, tuple(_columns(procedure, tables["layouts"][number])))
    return None


def type_codes() -> tuple[str, ...]:
    """Every type code, by procedure."""
    return tuple(code for tables in _data()["procedures"].values() for code in tables["types"])


@cache
def known_headers() -> frozenset[str]:
    """The names in the first lines of all files."""
    return frozenset(column[0] for tables in _data()["procedures"].values() for column in tables["columns"])


@cache
def status_codes() -> Mapping[str, str]:
    """The tool's code of each status of residence."""
    codes: dict[str, str] = _data()["statuses"]
    return codes


def _columns(procedure: str, ranges: str) -> Iterator[OfficialColumn]:
    columns = _all_columns(procedure)
    for each in ranges.split(","):
        first, _, last = each.partition("-")
        yield from columns[int(first) : int(last or first) + 1]


@cache
def _all_columns(procedure: str) -> tuple[OfficialColumn, ...]:
    found = []
    for header, place, *label in _data()["procedures"][procedure]["columns"]:
        code, _, part = place.partition("#")
        found.append(OfficialColumn(header, code, part, label[0] if label else ""))
    return tuple(found)


@cache
def _data() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(_read("official.json"))
    return content


def _read(name: str) -> str:
    return resources.files("services.application.sheets").joinpath("data", name).read_text("utf-8")


@cache
def municipalities() -> Mapping[str, tuple[str, str]]:
    """Prefecture and municipality by the official code; the municipality is empty for the code of a prefecture."""
    found: dict[str, tuple[str, str]] = {}
    for code, (prefecture, cities) in json.loads(_read("municipalities.json"))["prefectures"].items():
        found[code] = prefecture, ""
        found.update({city: (prefecture, name) for city, name in cities.items()})
    return found
