"""Topics: the pages of a form. One topic has at most about fifteen fields that belong together."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources

from services.application.forms.field import Item
from shared.errors import Text


@dataclass(frozen=True, slots=True)
class Topic:
    """A page of a form: its title, and the items that are asked on it."""

    code: str
    title: Text
    items: tuple[Item, ...]


def topics_of(items: Iterable[Item]) -> tuple[Topic, ...]:
    """The topics of these items, in the order of their first item."""
    pages: dict[str, list[Item]] = {}
    for item in items:
        pages.setdefault(item.topic, []).append(item)
    return tuple(Topic(code, title_of(code), tuple(found)) for code, found in pages.items())


def title_of(topic: str) -> Text:
    """The title of a topic. Raises KeyError."""
    return _titles()[topic]


@cache
def _titles() -> dict[str, Text]:
    written = resources.files("services.application.forms").joinpath("data", "topics.json").read_text("utf-8")
    return {code: Text(title["ja"], title["en"]) for code, title in json.loads(written)["topics"].items()}
