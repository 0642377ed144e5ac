"""Texts in a language: the two official ones from the text itself, the others from gettext catalogues.

The catalogues are `locale/LANG/LC_MESSAGES/*.po`, one for each package in which the texts stand. The id of a message is
the English text; where one stands for several in Japanese ("Doctor" is a profession and a degree), the Japanese is its
context. So a text is translated where it is shown, also when it came through an event or a database as Japanese and
English.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from babel import Locale
from babel.core import get_global
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal

from shared.catalogues import key_of, read_catalogue
from shared.languages import LANGUAGES, OFFICIAL, Lang, official
from shared.reference.lists import code_list
from shared.texts import NOT_KNOWN, Text, Value

_PLACEHOLDER = re.compile(r"\{\w*\}")


@cache
def messages(lang: Lang) -> Mapping[str, str]:
    """Every translated text of a language by the key of its message; easy Japanese calls countries as Japanese does."""
    found = {} if official(lang) == "ja" else dict(countries(lang))
    folder = files("shared").joinpath("locale", lang, "LC_MESSAGES")
    if folder.is_dir():
        for file in sorted(folder.iterdir(), key=lambda each: each.name):
            if file.name.endswith(".po"):
                found |= {message.key: message.text for message in read_catalogue(file.read_bytes()) if message.text}
    return MappingProxyType(found)


# A name that is the code of another country, for those who type one or the other: Nga is Russia, and NGA is Nigeria.
_OTHER_NAMES: Mapping[tuple[Lang, str], str] = {("vi", "RUS"): "Liên bang Nga"}


@cache
def countries(lang: Lang) -> Mapping[str, str]:
    """The names of countries by their English, as CLDR has them. Codes of no country are not there."""
    aliases, names = get_global("territory_aliases"), Locale.parse(LANGUAGES[lang].locale).territories
    found: dict[str, str] = {}
    for code, label in code_list("nationality").labels.items():
        for territory in aliases.get(code, ()):
            if territory in names:
                found[label.en] = _OTHER_NAMES.get((lang, code), names[territory])
    return MappingProxyType(found)


def say(text: Text, lang: Lang) -> str:
    """The text in a language; in the official language that is paired with it where it is not translated."""
    if lang == "ja":
        return text.ja
    if lang == "en" or text.ja == text.en:
        return text.en
    catalogue = messages(lang)
    translated = catalogue.get(key_of(text.key, text.ja)) or catalogue.get(text.key)
    if translated is None and text.template and not any(map(str.isalpha, _PLACEHOLDER.sub("", text.template))):
        translated = text.template  # nothing but values
    if translated is None:
        return say(text, official(lang))
    if not text.template:
        return translated
    return translated.format_map({name: written(value, lang) for name, value in text.values.items()})


def language_of(texts: Iterable[Text], lang: Lang) -> Lang:
    """The language in which texts are shown that belong together: `lang` where each of them is translated, else the
    official language that is paired with it, so that none is half in one and half in the other."""
    if lang in OFFICIAL:
        return lang
    catalogue = messages(lang)
    is_whole = all(key_of(text.key, text.ja) in catalogue or text.key in catalogue for text in texts)
    return lang if is_whole else official(lang)


def words(text: Text, lang: Lang) -> dict[str, str]:
    """The text in both official languages, and in `lang` under its code where that is another one."""
    both = {"ja": text.ja, "en": text.en}
    return both if lang in OFFICIAL else both | {lang: say(text, lang)}


def written(value: Value, lang: Lang) -> str:
    """A value of a text as the language writes it (CLDR)."""
    locale = LANGUAGES[lang].locale
    if value is None:
        return NOT_KNOWN
    if isinstance(value, str):
        return value
    if isinstance(value, Text):
        return say(value, lang)
    if isinstance(value, int | float):
        return format_decimal(value, locale=locale)
    if isinstance(value, date):
        return format_date(value, "long", locale)
    return format_list([written(each, lang) for each in value], "standard", locale)
