"""Dates, numbers, sizes and names in the reader's way: the filters of templates."""

import re
from collections.abc import Sequence
from datetime import date, datetime

from babel.dates import format_date, format_skeleton
from babel.lists import format_list
from babel.numbers import format_decimal
from markupsafe import Markup

from shared.clock import JST
from shared.http import Lang

# British English: the day comes before the month, as on the English pages of the authorities of Japan.
LOCALES: dict[Lang, str] = {"ja": "ja_JP", "en": "en_GB"}
_JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


def day(value: date | str, lang: Lang) -> str:
    """A day, written out."""
    on = date.fromisoformat(value) if isinstance(value, str) else value
    return format_date(on, "long", locale=LOCALES[lang])


def month(value: str, lang: Lang) -> str:
    """A month of a year, from `YYYY-MM`."""
    return format_skeleton("yMMMM", date.fromisoformat(f"{value}-01"), locale=LOCALES[lang])


def moment(value: datetime | str, lang: Lang) -> str:
    """A point in time, to the minute, as it is in Japan."""
    local = (datetime.fromisoformat(value) if isinstance(value, str) else value).astimezone(JST)
    return f"{day(local.date(), lang)} {local:%H:%M}" + ("" if lang == "ja" else " (Japan)")


def number(value: float, lang: Lang) -> str:
    """A number, with the separators that the reader knows."""
    return format_decimal(value, locale=LOCALES[lang])


def size(value: int) -> str:
    """The size of a file, in the unit that people know."""
    return f"{value / 1024 / 1024:.1f} MB" if value >= 1024 * 1024 else f"{-(-value // 1024)} KB"


def listed(values: Sequence[str], lang: Lang) -> str:
    """Several things in one sentence."""
    return format_list(values, "standard", LOCALES[lang])


def as_typed(value: str, lang: Lang) -> str:
    """Words of a person. Japanese ones on an English page say so to a screen reader (WCAG 3.1.2); lines stay lines."""
    lines = Markup("<br>").join(value.splitlines())
    return Markup('<span lang="ja">{}</span>').format(lines) if lang != "ja" and _JAPANESE.search(value) else lines


FILTERS = {
    "day": day,
    "moment": moment,
    "number": number,
    "size": size,
    "listed": listed,
    "as_typed": as_typed,
}
