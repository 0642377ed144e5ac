"""Words of a search: of any width, case and mark; and patterns for a letter that is wrong."""

import re

from hypothesis import example, given
from hypothesis import strategies as st

from services.application.finding.domain.words import Similar, as_typed, similar
from shared.text import BadValue
from shared.text.names import roman_name
from shared.text.search import search_key, search_words

WORD = st.text("abcdefghijklmnopqrstuvwxyz", min_size=4, max_size=12)


def is_in_a_name(letter: str) -> bool:
    try:
        return bool(roman_name(f"A{letter}B"))
    except BadValue:
        return False


# Each character that a name may be typed with: letters with marks, signs, spaces, and invisible ones.
NAME = st.text(st.sampled_from([c for c in map(chr, range(0x20, 0xD800)) if is_in_a_name(c)]), min_size=1, max_size=40)


def fits(pattern: str, key: str) -> bool:
    """Whether an SQL pattern fits."""
    regular = "".join({"%": ".*", "_": "."}.get(letter, re.escape(letter)) for letter in pattern)
    return re.fullmatch(regular, key, re.DOTALL) is not None


def is_found(typed: str, key: str) -> bool:
    return all(any(fits(pattern, key) for pattern in as_typed(word)) for word in search_words(typed))


def is_similar(found: Similar, key: str) -> bool:
    return any(fits(part, key) for part in found.parts) and any(fits(pattern, key) for pattern in found.patterns)


def test_words_are_those_of_any_width_case_and_mark() -> None:
    assert search_words("Ｎｇｕｙễn-Văn") == (("nguyen",), ("van",))
    assert search_words("ガ ﾊﾟ") == (("ガ",), ("パ",))
    assert search_words("Müller Đặng") == (("muller", "mueller"), ("dang",))
    assert search_key("NGUYEN VAN", "東オンＥＮ26000001", None) == " nguyen van 東オンen26000001"
    assert search_words("葛\U000e0100城 A\xadB a\u200bc 가\u3164나") == (("葛城",), ("ab",), ("ac",), ("가나",))
    assert search_words("らーめん A\u30fcB") == (("らーめん",), ("a",), ("b",))
    assert (search_key(""), search_words("--- %_")) == ("", ())


@given(NAME)
@example("Jürgen Müller")
@example("Łukasz Øster-gaard")
@example("d'Artagnan Ñuñez")
@example("ĳ ŉ İ")
@example("A\xadB")
@example("A\u02b9 A\ua78c B\u30fcC")
def test_a_name_is_found_by_what_was_typed_in_any_order(typed: str) -> None:
    try:
        kept = roman_name(typed)
    except BadValue:
        return  # signs alone, or at an end
    key = search_key(kept, "東オンＥＮ26000001")
    words = kept.split()
    for again in (typed, typed.upper(), typed.lower(), kept, " ".join(reversed(words))):
        assert is_found(again, key), (again, key)


@given(WORD, st.data())
def test_a_word_with_one_mistake_is_similar(word: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(word) - 1))
    letter = data.draw(st.sampled_from("abcdefghijklmnopqrstuvwxyz"))
    mistyped = {
        "another letter": word[:place] + letter + word[place + 1 :],
        "one too many": word[:place] + letter + word[place:],
        "one too few": word[:place] + word[place + 1 :],
        "two exchanged": word[:place] + word[place : place + 2][::-1] + word[place + 2 :],
    }
    for what, typed in mistyped.items():
        found = similar((typed,))
        if found is None:
            assert len(typed) < 4
        elif len(typed) > 4 or what != "one too many":
            key = f" first {word} last"
            assert is_similar(found, key) or is_found(typed, key), (what, typed)


def test_numbers_and_short_words_are_found_as_they_are_alone() -> None:
    assert [similar((word,)) for word in ("26000001", "en26", "kim", "a")] == [None] * 4
    assert as_typed(("an",)) == ("% an%",)
    assert as_typed(("王",)) == ("%王%",)
