"""Words that records and answers of services bring in several languages, in the reader's."""

from collections.abc import Mapping

from shared.errors import Text
from shared.http import Lang
from shared.http import say as say_text

Words = Mapping[str, str]


def say(words: Text | Words, lang: Lang) -> str:
    """The words in one language; answers of services bring them as members by language, among others."""
    return say_text(words if isinstance(words, Text) else Text(words["ja"], words["en"]), lang)


def say_member(row: Words, name: str, lang: Lang) -> str:
    """A text of a row that has further ones: its members are `NAME_ja` and `NAME_en`."""
    return say({official: row[f"{name}_{official}"] for official in ("ja", "en")}, lang)
