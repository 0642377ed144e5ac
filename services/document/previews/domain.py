"""The rule of a search in a file's text: what counts as the same, and where on the page it is."""

import unicodedata
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

# A preview keeps so many matches; there is always a number of all.
MOST_MATCHES = 200
_AROUND = 40
_SIDES = 4


@dataclass(frozen=True, slots=True)
class PageText:
    """The text of a page, and the place of each character: left, top, right, bottom."""

    page: int
    text: str
    places: "array[int]"


@dataclass(frozen=True, slots=True)
class Match:
    """A place where a text was found: its page, the words around it, and a rectangle for each line it stands on."""

    page: int
    before: str
    found: str
    after: str
    boxes: Sequence[tuple[int, int, int, int]]


def plain(text: str) -> tuple[str, list[int]]:
    """The text that is compared, and from which character of `text` each of its characters comes.

    It has no spaces and ends of lines, which PDFs put anywhere, and one form for half and full width, and for capital
    and small letters.
    """
    letters: list[str] = []
    origins: list[int] = []
    for index, letter in enumerate(text):
        for each in unicodedata.normalize("NFKC", letter).casefold():
            if not each.isspace() and each.isprintable():
                letters.append(each)
                origins.append(index)
    return "".join(letters), origins


def search(pages: Sequence[PageText], wanted: str) -> Iterator[Match]:
    """Every place of `wanted`, in order."""
    asked, _ = plain(wanted)
    if not asked:
        return
    for page in pages:
        text, origins = plain(page.text)
        start = text.find(asked)
        while start >= 0:
            first, last = origins[start], origins[start + len(asked) - 1]
            yield Match(
                page.page,
                _line(page.text[max(0, first - _AROUND) : first]),
                _line(page.text[first : last + 1]),
                _line(page.text[last + 1 : last + 1 + _AROUND]),
                _boxes(page.places, first, last),
            )
            start = text.find(asked, start + len(asked))


def _line(text: str) -> str:
    """A piece of text on one line, with a space where lines end."""
    kept = " ".join(text.split())
    return (" " if text[:1].isspace() else "") + kept + (" " if kept and text[-1:].isspace() else "")


def _boxes(places: "array[int]", first: int, last: int) -> Sequence[tuple[int, int, int, int]]:
    """A rectangle for each line, written across or downwards: letters that follow each other beside or right below."""
    boxes: list[tuple[int, int, int, int]] = []
    before = None
    for index in range(first, last + 1):
        letter = (left, top, right, bottom) = tuple(places[index * _SIDES : index * _SIDES + _SIDES])
        if left == right and top == bottom:
            continue
        if before and _on_one_line(before, letter):
            box = boxes[-1]
            boxes[-1] = (min(box[0], left), min(box[1], top), max(box[2], right), max(box[3], bottom))
        else:
            boxes.append((left, top, right, bottom))
        before = letter
    return boxes


def _on_one_line(before: tuple[int, ...], letter: tuple[int, ...]) -> bool:
    beside = letter[1] < before[3] and before[1] < letter[3]
    below = letter[0] < before[2] and before[0] < letter[2]
    return beside or below
