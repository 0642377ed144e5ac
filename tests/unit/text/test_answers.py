"""Yes and no are read in the words in which pages and templates show them."""

import pytest

from services.gateway.texts import PAGES
from shared.languages import OFFERED, Lang
from shared.text import yes_or_no
from shared.texts import Text
from shared.translations import say


@pytest.mark.parametrize("lang", OFFERED)
def test_what_is_shown_is_understood(lang: Lang) -> None:
    for ja, en, meant in (("はい", "Yes", True), ("有", "Yes", True), ("いいえ", "No", False), ("無", "No", False)):
        assert yes_or_no(say(Text(ja, en), lang)) is meant
    parts = PAGES[lang]["form_answers"]
    assert (yes_or_no(parts["yes"]), yes_or_no(parts["no"])) == (True, False)


@pytest.mark.parametrize(
    ("typed", "meant"), [("ＹＥＳ", True), (" Có ", True), ("×", False), ("", None), ("たぶん", None)]
)
def test_spelling_does_not_matter_and_other_words_are_neither(typed: str, meant: bool | None) -> None:
    assert yes_or_no(typed) is meant
