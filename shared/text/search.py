"""Words by which a record is found: of names and numbers, whatever their width and case."""

import unicodedata
from collections.abc import Iterator

# More words narrow a search no further.
_MOST_WORDS = 6
_KANA_MARKS = "\u3099\u309a"


def search_words(text: str) -> tuple[str, ...]:
    """The words of a text that somebody searches for: letters and digits only, in one width and case."""
    return tuple(_words(text))[:_MOST_WORDS]


def search_key(*texts: str | None) -> str:
    """The words of a record's names and numbers, each after a space: a search finds the beginning of each of them.

    The digits at the end of a number are a word as well: people read out `26000001` of `東オンＥＮ26000001`.
    """
    found: dict[str, None] = {}
    for text in texts:
        for word in _words(text or ""):
            found[word] = None
            digits = word[len(word.rstrip("0123456789")) :]
            if digits:
                found[digits] = None
    return "".join(f" {word}" for word in found)


def _words(text: str) -> Iterator[str]:
    plain = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold())
    # Marks of Latin letters are left out; those of kana make another letter.
    kept = (c for c in plain if not unicodedata.combining(c) or c in _KANA_MARKS)
    spaced = "".join(c if c.isalnum() or c in _KANA_MARKS else " " for c in kept)
    return iter(unicodedata.normalize("NFC", spaced).split())
