"""The choice of a language by a browser's wishes, and what a language brings with it."""

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from shared.languages import DEFAULT, LANGUAGES, Lang, negotiate, official
from shared.reference.lists import code_list
from shared.translations import say

EVERY = tuple(LANGUAGES)


@pytest.mark.parametrize(
    ("header", "lang"),
    [
        (None, "ja"),
        ("", "ja"),
        ("*", "ja"),
        ("fr", "ja"),
        ("en-GB", "en"),
        ("en,ja", "ja"),
        ("vi,en", "vi"),
        ("en,vi", "en"),
        ("zh", "zh-Hans"),
        ("zh-CN", "zh-Hans"),
        ("zh-SG", "zh-Hans"),
        ("zh-Hans-HK", "zh-Hans"),
        ("zh-TW", "zh-Hant"),
        ("zh-HK", "zh-Hant"),
        ("zh-MO", "zh-Hant"),
        ("zh-Hant-TW", "zh-Hant"),
        ("fil-PH,fil;q=0.9,en;q=0.8", "tl"),
        ("tl", "tl"),
        ("es-419", "es"),
        ("ko-KR", "ko"),
        ("ja-simple", "ja-simple"),
        ("fr-FR,fr;q=0.9,vi;q=0.5,en;q=0.4", "vi"),
        ("ja;q=0, *", "en"),
        ("ja;q=0.2, en;q=x, ko;q=0.1", "ja"),
    ],
)
def test_a_browser_gets_the_language_it_asks_for(header: str | None, lang: Lang) -> None:
    assert negotiate(header, EVERY) == lang


@pytest.mark.parametrize("header", ["vi", "vi,en;q=0.8", "zh-TW,zh;q=0.9,en;q=0.5"])
def test_a_language_that_is_not_offered_is_passed_over(header: str) -> None:
    assert negotiate(header, ("ja", "en")) == ("en" if "en" in header else "ja")


@given(st.dictionaries(st.sampled_from(EVERY), st.integers(0, 1000), max_size=9), st.sets(st.sampled_from(EVERY)))
def test_no_offered_language_has_more_weight_than_the_chosen_one(weights: dict[Lang, int], offered: set[Lang]) -> None:
    header = ", ".join(f"{lang};q={weight / 1000}" for lang, weight in weights.items())
    chosen = negotiate(header, offered)
    assert weights.get(chosen, 0) == max((weights.get(lang, 0) for lang in offered), default=0) or chosen == DEFAULT
    assert chosen in offered or chosen == DEFAULT


@given(st.text(max_size=80))
def test_any_header_gives_a_language(header: str) -> None:
    assert negotiate(header, EVERY) in LANGUAGES


def test_every_language_has_a_locale_and_an_official_one_beside_it() -> None:
    for lang, row in LANGUAGES.items():
        assert Locale.parse(row.locale).language == {"tl": "fil"}.get(lang, lang.split("-")[0])
        assert row.name and official(lang) == ("ja" if lang.startswith("ja") else "en")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_country_has_the_name_or_the_code_of_another(lang: Lang) -> None:
    """Both are read where people type: Vietnamese calls Russia Nga, and NGA is Nigeria."""
    said = {code: say(label, lang).casefold() for code, label in code_list("nationality").labels.items()}
    assert len(set(said.values())) == len(said)
    assert {code: name for code, name in said.items() if name.upper() in said.keys() - {code}} == {}
