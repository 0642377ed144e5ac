"""Long option lists with codes (nationality, industry, occupation, ...), read once from package data."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType

from shared.errors import Text

NAMES = (
    "nationality",
    "industry",
    "occupation",
    "relationship",
    "education_level",
    "major_university",
    "major_vocational",
    "landing_port",
    "prefecture",
    "ssw_field",
)


@dataclass(frozen=True, slots=True)
class CodeList:
    """One option list: labels by code, in the order in which a form offers them."""

    name: str
    source: str
    labels: Mapping[str, Text]

    def __contains__(self, code: object) -> bool:
        return code in self.labels

    def __iter__(self) -> Iterator[str]:
        return iter(self.labels)

    def __len__(self) -> int:
        return len(self.labels)

    def label(self, code: str) -> Text:
        """The label of `code`; KeyError where the list has none."""
        return self.labels[code]


@cache
def code_list(name: str) -> CodeList:
    """The list of that name (one of `NAMES`); KeyError for another."""
    if name not in NAMES:
        raise KeyError(name)
    content = json.loads(resources.files("shared.reference").joinpath("data", f"{name}.json").read_text("utf-8"))
    labels = {entry["code"]: Text(entry["ja"], entry["en"]) for entry in content["entries"]}
    if len(labels) != len(content["entries"]):
        raise ValueError(f"{name}: a code appears twice")
    return CodeList(name, content["source"], MappingProxyType(labels))
