"""Words by which a record is found: of names and numbers, whatever their width, case and marks."""

import re
import unicodedata
from collections.abc import Iterator

from shared.text.characters import bare
from shared.text.names import APOSTROPHES, passport_letters

# More words narrow a search no further.
_MOST_WORDS = 6
_KANA_MARKS = "\u3099\u309a"
# Letters that do not come apart into a base letter and marks, as people write them who know no rule for them.
_PLAIN = str.maketrans(
    {"đ": "d", "ð": "d", "ł": "l", "ħ": "h", "ŧ": "t", "ø": "o", "æ": "ae", "œ": "oe", "þ": "th", "ŋ": "n", "ı": "i"}
)

# The long vowel mark, which keyboards give for a hyphen: a letter only behind kana.
_NO_LONG_VOWEL = re.compile("(?<![\u3041-\u30fa\u30fc])\u30fc+")

_ASCII_WORDS = re.compile("[a-z0-9]+")

# A word as it was typed, in each of the spellings that a name may have for it.
Spellings = tuple[str, ...]


def search_words(text: str) -> tuple[Spellings, ...]:
    """The words of a text that somebody searches for: letters and digits only, in one width and case.

    `Müller` is both `muller` and `mueller`, as the passport has it.
    """
    words = (_spellings(word) for word in _words(text))
    return tuple(dict.fromkeys(words))[:_MOST_WORDS]


def search_key(*texts: str | None) -> str:
    """The words of a record's names and numbers, each after a space and once."""
    found = dict.fromkeys(_plain(word) for text in texts for word in _words(text or ""))
    return "".join(f" {word}" for word in found)


def _words(text: str) -> Iterator[str]:
    """The words of a text with their marks, in one width and case."""
    typed = bare(text)
    if typed.isascii():
        # Names in passports and receipt numbers: nothing of them comes apart.
        return iter(_ASCII_WORDS.findall(typed.lower()))
    # Some signs that are typed for an apostrophe count as letters.
    typed = APOSTROPHES.sub("'", typed)
    composed = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", typed).casefold())
    composed = _NO_LONG_VOWEL.sub(" ", composed)
    kept = "".join(c if c.isalnum() or unicodedata.combining(c) else " " for c in composed)
    return (word for word in kept.split() if any(map(str.isalnum, word)))


def _spellings(word: str) -> Spellings:
    return tuple(dict.fromkeys((_plain(word), _plain(passport_letters(word).casefold()))))


def _plain(word: str) -> str:
    if word.isascii():
        return word
    # Marks of Latin letters are left out; those of kana make another letter.
    apart = unicodedata.normalize("NFD", word)
    kept = "".join(c for c in apart if not unicodedata.combining(c) or c in _KANA_MARKS)
    return unicodedata.normalize("NFC", kept).translate(_PLAIN)
