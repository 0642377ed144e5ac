"""The data files of required documents, `data/documents/`, read and checked as far as their shape goes.

`types.toml` names the kinds of documents, `conditions.toml` says when a conditional one is needed, `groups.toml` has
the groups by which lists differ, and `lists/` has the lists. docs/required-documents.md says how to read them.
"""

import tomllib
from importlib.resources import files
from typing import Any

from shared.errors import Text

_DIRECTORY = files("shared.reference").joinpath("data", "documents")
# In this order documents are named; the general ones come first.
LISTS = (
    "general",
    "eng_hum_int",
    "work",
    "highly_skilled",
    "professions",
    "culture",
    "specified_skilled",
    "training",
    "student",
    "family",
    "designated",
    "other_procedures",
)


def read(name: str) -> dict[str, Any]:
    """The content of one file; `name` without its ending."""
    return tomllib.loads(_DIRECTORY.joinpath(*f"{name}.toml".split("/")).read_text("utf-8"))


def text(pair: list[str]) -> Text:
    """A text that is written as a pair of Japanese and English; ValueError for anything else."""
    ja, en = pair
    return Text(ja, en)


def texts(name: str) -> dict[str, Text]:
    """The texts of a file of sections, by code."""
    return {code: text(pair) for section in read(name).values() for code, pair in section.items()}
