"""The form of a case by topic: an answer, an answer that was left empty, and what was not asked are three things."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.gateway.pages.kit.form_answers import answer_at, is_asked, summary_rows, summary_text
from services.gateway.pages.kit.form_data import FormData, Item, Topic
from services.gateway.pages.kit.words import say
from shared.http import Lang


@dataclass(frozen=True, slots=True)
class Line:
    """One field that was asked: `text` is "" where it was left empty; a table has `rows`."""

    label: str
    text: str
    rows: tuple[tuple[tuple[str, str], ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A topic: its answers, and the fields that were not asked of this applicant."""

    code: str
    title: str
    lines: tuple[Line, ...]
    not_asked: tuple[str, ...]


def parts_of(form: FormData, view: Mapping[str, Any], lang: Lang) -> list[Part]:
    """The topics of a filed form."""
    return [_part(topic, view, lang) for topic in form.topics]


def _part(topic: Topic, view: Mapping[str, Any], lang: Lang) -> Part:
    values, role = view["form"], view["role"]
    lines, not_asked = [], []
    for item in topic.items:
        value = answer_at(values, item.code)
        if value is None and not is_asked(item, values, role):
            not_asked.append(say(item.label, lang))
        else:
            lines.append(_line(item, value, lang))
    return Part(topic.code, say(topic.title, lang), tuple(lines), tuple(not_asked))


def _line(item: Item, value: Any, lang: Lang) -> Line:
    if item.kind == "rows":
        return Line(say(item.label, lang), "", tuple(tuple(summary_rows(item, row, lang)) for row in value or ()))
    return Line(say(item.label, lang), summary_text(item, value, lang))
