"""Texts for people: Japanese and English stand in the code, other languages in catalogues (`shared.translations`).

A text with values is a template: `Text("{most}件まで", "At most {most}").with_values(most=3)`. Its values are kept
apart, so that another language can order them, and write them, by its own rules.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any, Union

# Parts of a text: a word as it is, a number, a day, another text, a list of words or texts, or nothing known (a dash).
Value = Union[str, int, float, date, "Text", Sequence[Union[str, "Text"]], None]
_NONE: Mapping[str, Any] = MappingProxyType({})


NOT_KNOWN = "—"


def _no_values() -> Mapping[str, Value]:
    return _NONE


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence for people in the two official languages, with its values written in.

    `template` is the English before that: the key of its translations. Two texts that read alike are equal.
    """

    ja: str
    en: str
    template: str = field(default="", compare=False, repr=False)
    values: Mapping[str, Value] = field(default_factory=_no_values, compare=False, repr=False)

    @property
    def key(self) -> str:
        """The English text by which catalogues know this one."""
        return self.template or self.en

    def with_values(self, **values: Value) -> "Text":
        """This template with the values of its placeholders; KeyError for a placeholder without one."""
        ja = self.ja.format_map({name: _official(value, "ja") for name, value in values.items()})
        en = self.en.format_map({name: _official(value, "en") for name, value in values.items()})
        return Text(ja, en, self.en, MappingProxyType(values))

    def stored(self) -> dict[str, Any]:
        """The text as JSON values, for a table or another process; `Text.read` is the way back."""
        words: dict[str, Any] = {"ja": self.ja, "en": self.en}
        if self.template:
            words |= {"template": self.template, "values": {name: _kept(each) for name, each in self.values.items()}}
        return words

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> "Text":
        """The text that was stored, also as Japanese and English alone."""
        values = {name: _read(each) for name, each in stored.get("values", {}).items()}
        return cls(stored["ja"], stored["en"], stored.get("template", ""), MappingProxyType(values))


def sentences(*texts: Text) -> Text:
    """Texts after each other, with a space between them where the language has it; empty ones are left out."""
    said = Text("", "")
    for text in texts:
        if not said.en:
            said = text
        elif text.en:
            said = Text("{first}{second}", "{first} {second}").with_values(first=said, second=text)
    return said


def _official(value: Value, lang: str) -> str:
    """A value in Japanese or English: a number with commas, a day as in ISO 8601."""
    if value is None:
        return NOT_KNOWN
    if isinstance(value, str):
        return value
    if isinstance(value, Text):
        return value.ja if lang == "ja" else value.en
    if isinstance(value, int | float):
        return f"{value:,}"
    if isinstance(value, date):
        return value.isoformat()
    return ("、" if lang == "ja" else ", ").join(_official(each, lang) for each in value)


def _kept(value: Value) -> Any:
    if isinstance(value, Text):
        return value.stored()
    if isinstance(value, date):
        return {"day": value.isoformat()}
    return value if value is None or isinstance(value, str | int | float) else [_kept(each) for each in value]


def _read(kept: Any) -> Value:
    if isinstance(kept, Mapping):
        return date.fromisoformat(kept["day"]) if "day" in kept else Text.read(kept)
    if isinstance(kept, list):
        return [each if isinstance(each, str) else Text.read(each) for each in kept]
    value: Value = kept
    return value
