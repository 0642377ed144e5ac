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


def sentence(code: str, page: int | None, values: Mapping[str, float]) -> Text:
    """The sentence of a finding, with its numbers and, where there is one, the page (from 1)."""
    found = CATALOGUE[code]
    text = found.text
    if found.values:
        # A question mark for one that was not measured at the time.
        text = text.with_values(**{name: values.get(name, "?") for name in found.values})
    if page is None:
        return text
    return Text("{page}ページ：{text}", "Page {page}: {text}").with_values(page=page, text=text)


def _read() -> dict[str, Entry]:
    read = tomllib.loads(files("services.document.checks").joinpath("catalogue.toml").read_text("utf-8"))
    return {
        code: Entry(Severity(entry["severity"]), Text(entry["ja"], entry["en"]), frozenset(entry.get("values", ())))
        for code, entry in read.items()
    }


CATALOGUE = _read()
