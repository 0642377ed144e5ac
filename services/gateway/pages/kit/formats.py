"""Dates, numbers, sizes and names in the reader's way: the filters of templates."""

import re
from collections.abc import Sequence
from datetime import date, datetime

from babel.dates import format_date, format_skeleton
from babel.lists import format_list
from babel.numbers import format_decimal
from babel.units import format_unit
from markupsafe import Markup

from services.gateway.texts import PAGES
from shared.clock import JST
from shared.languages import LANGUAGES, Lang, official

_JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))
_KANA = re.compile(r"[\u3040-\u30ff]")


def locale_of(lang: Lang) -> str:
    """The CLDR locale of a language."""
    # British English: the day comes before the month, as on the English pages of the authorities of Japan.
    return "en_GB" if lang == "en" else LANGUAGES[lang].locale


def day(value: date | str, lang: Lang) -> str:
    """A day, written out."""
    on = date.fromisoformat(value) if isinstance(value, str) else value
    return format_date(on, "long", locale=locale_of(lang))


def month(value: str, lang: Lang) -> str:
    """A month of a year, from `YYYY-MM`."""
    return format_skeleton("yMMMM", date.fromisoformat(f"{value}-01"), locale=locale_of(lang))


def moment(value: datetime | str, lang: Lang) -> str:
    """A point in time, to the minute, as it is in Japan."""
    local = (datetime.fromisoformat(value) if isinstance(value, str) else value).astimezone(JST)
    return PAGES[lang]["formats"]["moment"].format(day=day(local.date(), lang), time=f"{local:%H:%M}")


def number(value: float, lang: Lang) -> str:
    """A number, with the separators that the reader knows."""
    return format_decimal(value, locale=locale_of(lang))


def duration(seconds: float, lang: Lang) -> str:
    """A length of time in its two largest units: somebody who is woken does not divide by 3,600."""
    left = max(round(seconds), 0)
    found: list[str] = []
    for unit, length in _UNITS:
        count, left = divmod(left, length)
        if count or (unit == "second" and not found):
            found.append(format_unit(count, f"duration-{unit}", length="long", locale=locale_of(lang)))
        elif found:
            break
    words = " ".join(found[:2])
    return words.replace(" ", "") if lang.startswith(("ja", "zh")) else words


def size(value: int, lang: Lang) -> str:
    """The size of a file, in the unit that people know."""
    mega = 1024 * 1024
    if value >= mega:
        return f"{format_decimal(value / mega, '0.0', locale=locale_of(lang))} MB"
    return f"{number(-(-value // 1024), lang)} KB"


def listed(values: Sequence[str], lang: Lang) -> str:
    """Several things in one sentence."""
    return format_list(values, "standard", locale_of(lang))


def as_typed(value: str, lang: Lang) -> str:
    """Words of a person. Japanese ones on a page of another language say so to a screen reader (WCAG 3.1.2); lines
    stay lines."""
    lines = Markup("<br>").join(value.splitlines())
    return Markup('<span lang="ja">{}</span>').format(lines) if _is_foreign(value, lang) else lines


def _is_foreign(value: str, lang: Lang) -> bool:
    """Whether words are Japanese and the page is not. On a Chinese page characters alone may be Chinese."""
    if official(lang) == "ja":
        return False
    return bool((_KANA if lang in ("zh-Hans", "zh-Hant") else _JAPANESE).search(value))


FILTERS = {
    "day": day,
    "moment": moment,
    "number": number,
    "duration": duration,
    "size": size,
    "listed": listed,
    "as_typed": as_typed,
}
