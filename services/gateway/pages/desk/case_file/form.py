"""The form of a case by topic: an answer, an answer that was left empty, and what was not asked are three things."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.gateway.pages.kit.form_answers import Answered, answer_at, answered_rows, is_asked
from services.gateway.pages.kit.form_data import FormData, Topic
from services.gateway.pages.kit.words import say
from shared.http import Lang


@dataclass(frozen=True, slots=True)
class Line:
    """One field that was asked: its text is "" where it was left empty; a table has `rows`."""

    answered: Answered
    rows: tuple[tuple[Answered, ...], ...] = ()


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
            lines.append(Line(Answered.of(item, value, lang), answered_rows(item, value, lang)))
    return Part(topic.code, say(topic.title, lang), tuple(lines), tuple(not_asked))
