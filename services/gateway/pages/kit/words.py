"""Words that records and answers of services bring in several languages, in the reader's."""

from collections.abc import Mapping

from shared.errors import Text
from shared.http import say as say_text
from shared.languages import OFFICIAL, Lang

Words = Mapping[str, str]


def say(words: Text | Words, lang: Lang) -> str:
    """The words in one language; answers of services bring them as members by language, among others."""
    if isinstance(words, Text):
        return say_text(words, lang)
    return words.get(lang) or say_text(Text(words["ja"], words["en"]), lang)


def official_words(words: Text | Words, lang: Lang) -> str:
    """The Japanese by which the paper and the officer name it, beside a translation; "" where that is what is read."""
    japanese = say(words, "ja")
    return "" if lang in OFFICIAL or say(words, lang) == japanese else japanese
