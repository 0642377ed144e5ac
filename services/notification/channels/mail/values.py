"""Values in mails as a language writes them: days, amounts, names, lists, and what somebody typed."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from babel.dates import format_date, format_time, get_datetime_format
from babel.lists import format_list
from babel.numbers import format_decimal
from markupsafe import Markup

from services.notification.channels.mail.content.facts import Name
from services.notification.channels.mail.texts import FRAME, texts
from shared.clock import JST
from shared.languages import LANGUAGES, OFFICIAL, Lang
from shared.translations import say

# Languages that are written in wide characters: their colon is wide, and sentences follow one another without a space.
WIDE: frozenset[Lang] = frozenset({"ja", "ja-simple", "zh-Hans", "zh-Hant"})
_JAPANESE_READER: frozenset[Lang] = frozenset({"ja", "ja-simple"})
_REIWA_BEGAN = date(2019, 5, 1)
_WEEKDAYS = "月火水木金土日"
# From a Japanese character to the last one before the next Latin letter, with the figures and stops behind it.
_JA = r"[\u3040-\u30ff\u3400-\u9fff\uff10-\uff5a]"
_JAPANESE = re.compile(rf"({_JA}(?:[^A-Za-z]*{_JA})?[0-9。、！？）]*)")
_KANA = re.compile(r"[\u3040-\u30ff]")


def day(value: date | datetime | None, lang: Lang) -> str:
    """A day in Japan: `2026年（令和8年）7月1日（水）`, `Wednesday 1 July 2026`, or as CLDR says; empty for none."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = value.astimezone(JST).date()
    if lang == "en":
        # Without the commas of CLDR, as offices of other countries write it.
        return format_date(value, "EEEE d MMMM y", "en")
    if lang != "ja":
        return format_date(value, "full", LANGUAGES[lang].locale)
    era = f"（令和{'元' if value.year == 2019 else value.year - 2018}年）" if value >= _REIWA_BEGAN else ""
    return f"{value.year}年{era}{value.month}月{value.day}日（{_WEEKDAYS[value.weekday()]}）"


def moment(value: datetime | None, lang: Lang) -> str:
    """A moment as Japan's clocks show it: the day, and `15時05分` or `3:05pm (Japan time)`; empty for none."""
    if value is None:
        return ""
    local = value.astimezone(JST)
    if lang == "ja":
        shown = f"{day(value, lang)}{local.hour}時{local:%M}分"
    elif lang == "en":
        shown = f"{day(value, lang)}, {local.hour % 12 or 12}:{local:%M}{'am' if local.hour < 12 else 'pm'}"
    else:
        locale = LANGUAGES[lang].locale
        # The clock of Japan without its zone, which the sentence names.
        time = format_time(local.replace(tzinfo=None), "short", locale=locale)
        shown = str(get_datetime_format("medium", locale=locale)).replace("{0}", time).replace("{1}", day(value, lang))
    return texts(lang)[FRAME]["moment"].format(moment=shown)


def yen(amount: int, lang: Lang) -> str:
    """An amount of money."""
    return texts(lang)[FRAME]["yen"].format(amount=format_decimal(amount, locale=LANGUAGES[lang].locale))


def named(name: Name, lang: Lang) -> str:
    """The name of a thing."""
    return say(name.text, lang)


def listed(names: Sequence[Name], lang: Lang) -> str:
    """Names in a row."""
    said = [named(name, lang) for name in names]
    if lang in OFFICIAL:
        return ("、" if lang == "ja" else ", ").join(said)
    return format_list(said, "standard", LANGUAGES[lang].locale)


def sentences(parts: Iterable[str], lang: Lang) -> str:
    """Sentences one after the other, without those that are empty."""
    return ("" if lang in WIDE else " ").join(part for part in parts if part)


def pairs(items: Iterable[Any], lang: Lang) -> list[tuple[str, str]]:
    """Listed things (with `name`, `texts` and `words`) as name and words."""
    return [
        (named(item.name, lang), "\n".join([*(named(text, lang) for text in item.texts), item.words]).strip())
        for item in items
    ]


def import_rows(rows: Iterable[Any]) -> list[tuple[str, str, str]]:
    """Rows of a bulk import that were filed, as cells."""
    return [(row.place, row.name, row.receipt_number) for row in rows]


def summary_lines(lines: Iterable[Any], lang: Lang) -> list[tuple[str, str]]:
    """Messages that a summary names: subject, and number with moment. A table would have no room on a telephone."""
    comma = "、" if lang in WIDE else ", "
    return [
        (line.subject_in(lang), comma.join(part for part in (line.number, moment(line.at, lang)) if part))
        for line in lines
    ]


def as_written(value: Any, lang: Lang) -> Any:
    """Text as somebody typed it; what is Japanese of it is marked as such in a mail of another language (WCAG 3.1.2).

    Chinese has the same characters: there only a text with kana is Japanese.
    """
    if lang in _JAPANESE_READER or (lang in WIDE and not _KANA.search(str(value))):
        return value
    parts = _JAPANESE.split(str(value))
    marked = Markup('<span lang="ja">{}</span>')
    return Markup().join(marked.format(part) if number % 2 else part for number, part in enumerate(parts))
