"""Options of a field that is chosen from a list: a list of the reference data, or one that only forms have."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from shared.errors import Text
from shared.reference.lists import NAMES, code_list

# Options that a field adds to a list which leaves them out.
_ADDED = {"JPN": Text("日本", "Japan")}


def options_of(name: str, also: Sequence[str] = (), among: Sequence[str] = ()) -> Mapping[str, Text]:
    """The labels by code of the list `name`, with the codes `also`, or only those `among` it. Raises KeyError."""
    return _labels(name, tuple(also), tuple(among))


@cache
def _labels(name: str, also: tuple[str, ...], among: tuple[str, ...]) -> Mapping[str, Text]:
    labels = dict(code_list(name).labels) if name in NAMES else dict(_own_lists()[name])
    labels |= {code: _ADDED[code] for code in also}
    return MappingProxyType({code: labels[code] for code in among} if among else labels)


@cache
def lists_by(table: str) -> Mapping[str, tuple[str, ...]]:
    """A table of `options_by.json`: the codes that go with a status of residence or with another answer."""
    tables: dict[str, dict[str, list[str]]] = _read("options_by.json")["tables"]
    return {answer: tuple(codes) for answer, codes in tables[table].items()}


def values_of(name: str) -> tuple[str, ...]:
    """A list of `options_by.json` of codes that conditions ask for together."""
    return tuple(_read("options_by.json")["values"][name])


@cache
def tool_codes(name: str) -> Mapping[str, str]:
    """The code that the official tool has for each code of the list `name`. Raises KeyError for another list."""
    if name in NAMES:
        codes: dict[str, str] = _read("tool_codes.json")["lists"][name]
        return codes
    return {option["code"]: option["tool"] for option in _read("options.json")["lists"][name]}


@cache
def _own_lists() -> dict[str, dict[str, Text]]:
    return {
        name: {option["code"]: Text(option["ja"], option["en"]) for option in options}
        for name, options in _read("options.json")["lists"].items()
    }


@cache
def _read(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(
        resources.files("services.application.forms").joinpath("data", name).read_text("utf-8")
    )
    return content
