"""Patterns (SQL LIKE) by which the words of a name are found, as typed and with one letter wrong.

Words are letters and digits alone, so that nothing in them has a meaning in a pattern.
"""

from dataclasses import dataclass

from shared.text.search import Spellings

# One or two letters are in too many names: they are the beginning of a word.
_SHORTEST_PART = 3
# A shorter word with one letter wrong is another word.
_SHORTEST_MISTYPED = 4
_SHORTEST_WITH_ONE_TOO_MANY = 5


@dataclass(frozen=True, slots=True)
class Similar:
    """The patterns of a word with one mistake.

    Of two halves, one has no mistake: what has none of `parts` has none of `patterns`, and is quickly passed over.
    """

    parts: tuple[str, ...]
    patterns: tuple[str, ...]


def as_typed(word: Spellings) -> tuple[str, ...]:
    """The patterns of which one fits a key that has the word: anywhere in a word of it, if it is not very short."""
    return tuple(_within(each) if _may_be_within(each) else f"% {each}%" for each in word)


def similar(word: Spellings) -> Similar | None:
    """The patterns for one letter too many, too few or another one, or two in the wrong order; a space is a letter.

    None for a short word, and for a number: another number is another application.
    """
    found = [each for each in word if len(each) >= _SHORTEST_MISTYPED and each.isalpha()]
    if not found:
        return None
    parts = dict.fromkeys(part for each in found for part in _parts(each))
    patterns = dict.fromkeys(_within(mistyped) for each in found for mistyped in _mistyped(each))
    return Similar(tuple(parts), tuple(patterns))


def _may_be_within(word: str) -> bool:
    return len(word) >= _SHORTEST_PART or not (word.isascii() and word.isalpha())


def _within(word: str) -> str:
    return f"%{word}%"


def _parts(word: str) -> list[str]:
    middle = len(word) // 2
    # Two letters that changed places across the middle are in neither half.
    return [_within(part) for part in (word[:middle], word[middle:], _exchanged(word, middle - 1))]


def _mistyped(word: str) -> list[str]:
    places = range(len(word))
    other = [f"{word[:place]}_{word[place + 1 :]}" for place in places]
    missing = [f"{word[:place]}_{word[place:]}" for place in places if place]
    exchanged = [_exchanged(word, place) for place in places[:-1]]
    too_many = [word[:place] + word[place + 1 :] for place in places]
    return other + missing + exchanged + (too_many if len(word) >= _SHORTEST_WITH_ONE_TOO_MANY else [])


def _exchanged(word: str, place: int) -> str:
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
