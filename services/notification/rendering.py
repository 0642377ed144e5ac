"""Mails from templates: one source for each language, rendered as text and as HTML, so that the two cannot differ."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from shared.clock import JST

PREFIX = "【在留申請】"
_REIWA_BEGAN = date(2019, 5, 1)
_WEEKDAYS = "月火水木金土日"
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A mail's three texts."""

    subject: str
    text: str
    html: str


def render(template: str, content: Mapping[str, Any], language: str, site: Mapping[str, Any]) -> Rendered:
    """The mail: both languages, the recipient's first.

    `content` are the fields of the template's own model, `site` what every mail knows (`contact`, `public_url`,
    `card_office_address`). A field that a template asks for and nobody gave is an error, never an empty place.
    """
    order = ("ja", "en") if language == "ja" else ("en", "ja")
    values = {**site, **content}
    text, html = _Format("txt", values, template), _Format("html", values, template)
    return Rendered(
        subject=f"{PREFIX}{' / '.join(text.part(f'subject_{lang}') for lang in order)}",
        text=re.sub(r"\n{3,}", "\n\n", text.whole(order)),
        html=html.whole(order),
    )


class _Format:
    """One mail in one format."""

    def __init__(self, name: str, values: Mapping[str, Any], template: str) -> None:
        environment = _environment(html=name == "html")
        parts = environment.get_template(f"parts.{name}.jinja").module
        self._module: Any = environment.get_template(f"{template}.jinja").make_module({**values, "o": parts})
        self._layout = environment.get_template(f"layout.{name}.jinja")
        self._values = values

    def part(self, name: str) -> str:
        return " ".join(str(getattr(self._module, name)()).split())

    def whole(self, order: tuple[str, str]) -> str:
        bodies = [{"lang": lang, "body": getattr(self._module, lang)()} for lang in order]
        return self._layout.render(**self._values, bodies=bodies, title=self.part(f"subject_{order[0]}"))


@cache
def _environment(*, html: bool) -> Environment:
    environment = Environment(
        loader=PackageLoader("services.notification"),
        autoescape=html,  # noqa: S701 - the other one makes the text part, where there is nothing to escape
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
    )
    environment.filters |= {"day": day, "moment": moment, "yen": yen, "pairs": pairs}
    return environment


def day(value: date | datetime, lang: str) -> str:
    """A day in Japan: `2026年7月1日(令和8年・水)` or `1 July 2026`."""
    if isinstance(value, datetime):
        value = value.astimezone(JST).date()
    if lang == "en":
        return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"
    era = f"令和{'元' if value.year == 2019 else value.year - 2018}年・" if value >= _REIWA_BEGAN else ""
    return f"{value.year}年{value.month}月{value.day}日({era}{_WEEKDAYS[value.weekday()]})"


def moment(value: datetime, lang: str) -> str:
    """A moment as Japan's clocks show it."""
    local = value.astimezone(JST)
    return f"{day(value, lang)} {local:%H:%M}" if lang == "ja" else f"{day(value, lang)}, {local:%H:%M} (Japan time)"


def yen(amount: int, lang: str) -> str:
    """An amount of money."""
    return f"{amount:,}円" if lang == "ja" else f"{amount:,} yen"


def pairs(items: Iterable[Any], lang: str) -> list[tuple[str, str]]:
    """Listed things (with `name` in both languages and `words`) as name and words."""
    return [(getattr(item.name, lang), item.words) for item in items]
