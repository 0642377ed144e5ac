"""The kit: words and states that it shares with the services, the menu, dates and numbers in the reader's way."""

from datetime import UTC, datetime

import pytest

from services.application.progress.domain import WORDS, Progress
from services.gateway.pages.kit.formats import as_typed, day, listed, moment, number, size
from services.gateway.pages.kit.frame import _ENVIRONMENTS
from services.gateway.texts import PAGES
from shared.http import Lang, say


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("progress", Progress)
def test_a_status_tag_has_the_words_of_the_application_service(progress: Progress, lang: Lang) -> None:
    parts = _ENVIRONMENTS[lang].get_template("kit/parts.html").module
    shown = str(parts.status(progress.value))  # type: ignore[attr-defined]
    assert f">{say(WORDS[progress], lang)}</span>" in shown
    assert PAGES[lang]["progress"][progress] == say(WORDS[progress], lang)


@pytest.mark.parametrize(
    ("lang", "expected"),
    [
        ("ja", ("2026年1月5日", "2026年1月5日 21:30", "1,234,567", "本人、親族、弁護士")),
        ("en", ("5 January 2026", "5 January 2026 21:30 (Japan)", "1,234,567", "本人, 親族 and 弁護士")),
    ],
)
def test_dates_numbers_and_lists_are_in_the_readers_way(lang: Lang, expected: tuple[str, ...]) -> None:
    at = datetime(2026, 1, 5, 12, 30, tzinfo=UTC)
    said = (day("2026-01-05", lang), moment(at, lang), number(1234567, lang), listed(["本人", "親族", "弁護士"], lang))
    assert said == expected
    assert (size(1), size(1024 * 1024 * 3 // 2)) == ("1 KB", "1.5 MB")


def test_japanese_words_on_an_english_page_say_so() -> None:
    assert as_typed("見本 <b>", "en") == '<span lang="ja">見本 &lt;b&gt;</span>'
    assert as_typed("見本\n花子", "ja") == "見本<br>花子"
