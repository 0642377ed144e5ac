"""Findings: the catalogue of their sentences, and their way through process, store and answers."""

import string

import pytest

from services.document.checks.catalogue import CATALOGUE, Severity, sentence
from services.document.checks.verdict import Finding, Verdict


@pytest.mark.parametrize("code", CATALOGUE)
def test_finding_is_told_in_both_languages_with_its_numbers_and_says_what_to_do(code: str) -> None:
    entry = CATALOGUE[code]
    for text, end in ((entry.text.ja, "。"), (entry.text.en, ".")):
        assert text.endswith(end)
        named = {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
        assert named == entry.values
    assert entry.text.ja != entry.text.en


def test_sentence_has_page_and_numbers_and_a_question_mark_for_what_was_not_measured() -> None:
    shown = sentence("pdf-too-long", 3, {"measured": 1200, "allowed": 1000})
    assert shown.ja.startswith("3ページ：") and "1,200" in shown.ja
    assert shown.en.startswith("Page 3: ") and "1,200" in shown.en
    assert "(?; at most ?)" in sentence("pdf-too-long", None, {}).en


def test_finding_asks_for_the_numbers_of_its_sentence() -> None:
    with pytest.raises(AssertionError, match="allowed"):
        Finding.of("pdf-too-long", measured=1200)


def test_verdict_comes_back_whole_and_advice_alone_refuses_nothing() -> None:
    refused = Verdict((Finding.of("pdf-too-long", 2, measured=1200, allowed=1000), Finding.of("photo-dark")))
    assert Verdict.of(refused.described(), None) == refused
    assert (refused.accepted, refused.problems, refused.advice) == (False, ("pdf-too-long",), ("photo-dark",))
    assert Verdict((Finding.of("photo-dark"),)).accepted
    assert Finding.of("photo-dark").severity is Severity.ADVICE
