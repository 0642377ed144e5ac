"""The catalogue of findings (`catalogue.toml`): how severe each one is, and its sentence in both languages."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files

from shared.errors import Text


class Severity(StrEnum):
    """Severities of a finding. `repairable`: the file cannot be used as it is, and one that can may be made of it."""

    REFUSED = "refused"
    REPAIRABLE = "repairable"
    ADVICE = "advice"


@dataclass(frozen=True, slots=True)
class Entry:
    """A finding as the catalogue has it. `values` names the numbers of its sentence."""

    severity: Severity
    text: Text
    values: frozenset[str]


class _Numbers(dict[str, str]):
    """The numbers of a sentence as people read them; a question mark for one that was not measured at the time."""

    def __missing__(self, name: str) -> str:
        return "?"


def sentence(code: str, page: int | None, values: Mapping[str, float]) -> Text:
    """The sentence of a finding, with its numbers and, where there is one, the page (from 1)."""
    text = CATALOGUE[code].text
    numbers = _Numbers({name: f"{value:,}" for name, value in values.items()})
    ja, en = text.ja.format_map(numbers), text.en.format_map(numbers)
    return Text(ja, en) if page is None else Text(f"{page}ページ：{ja}", f"Page {page}: {en}")


def _read() -> dict[str, Entry]:
    read = tomllib.loads(files("services.document.checks").joinpath("catalogue.toml").read_text("utf-8"))
    return {
        code: Entry(Severity(entry["severity"]), Text(entry["ja"], entry["en"]), frozenset(entry.get("values", ())))
        for code, entry in read.items()
    }


CATALOGUE = _read()
