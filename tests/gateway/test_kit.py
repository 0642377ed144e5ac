"""The kit: words and states that it shares with the services, the menu, dates and numbers in the reader's way."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

import services.gateway
from services.application.progress.domain import Progress
from services.gateway.pages.kit.formats import as_typed, day, listed, moment, number, size
from services.gateway.pages.kit.frame import environment_of
from services.gateway.texts import areas_of
from shared.http import Lang, say
from shared.reference.case_states import applicants_state
from shared.reference.codes import Procedure


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("progress", Progress)
def test_a_status_tag_names_the_progress_by_its_procedure(progress: Progress, lang: Lang) -> None:
    parts = environment_of(lang).get_template("kit/parts.html").module
    for procedure in ("", *Procedure):
        shown = str(parts.status(progress.value, procedure))  # type: ignore[attr-defined]
        assert f">{say(applicants_state(progress, procedure), lang)}</span>" in shown


@pytest.mark.parametrize(
    ("lang", "expected"),
    [
        ("ja", ("2026年1月5日", "2026年1月5日 21:30", "1,234,567", "a、b、c", "1.5 MB")),
        ("ja-simple", ("2026年1月5日", "2026年1月5日 21:30", "1,234,567", "a、b、c", "1.5 MB")),
        ("en", ("5 January 2026", "5 January 2026 21:30 (Japan)", "1,234,567", "a, b and c", "1.5 MB")),
        ("zh-Hans", ("2026年1月5日", "2026年1月5日 21:30（日本时间）", "1,234,567", "a、b和c", "1.5 MB")),
        ("zh-Hant", ("2026年1月5日", "2026年1月5日 21:30（日本時間）", "1,234,567", "a、b和c", "1.5 MB")),
        ("ko", ("2026년 1월 5일", "2026년 1월 5일 21:30(일본 시간)", "1,234,567", "a, b 및 c", "1.5 MB")),
        ("es", ("5 de enero de 2026", "5 de enero de 2026, 21:30 (hora de Japón)", "1.234.567", "a, b y c", "1,5 MB")),
        ("vi", ("5 tháng 1, 2026", "21:30, 5 tháng 1, 2026 (giờ Nhật Bản)", "1.234.567", "a, b và c", "1,5 MB")),
        ("tl", ("Enero 5, 2026", "Enero 5, 2026, 21:30 (oras sa Japan)", "1,234,567", "a, b, at c", "1.5 MB")),
    ],
)
def test_dates_numbers_and_lists_are_in_the_readers_way(lang: Lang, expected: tuple[str, ...]) -> None:
    at = datetime(2026, 1, 5, 12, 30, tzinfo=UTC)
    if "kit" not in areas_of(lang):
        pytest.skip("there is no catalogue yet")
    said = day("2026-01-05", lang), moment(at, lang), number(1234567, lang), listed(["a", "b", "c"], lang)
    assert (*said, size(1024 * 1024 * 3 // 2, lang)) == expected
    assert size(1, lang) == "1 KB"


def test_every_address_that_is_typed_has_the_advice_and_the_question() -> None:
    folder = Path(services.gateway.__file__).parent / "templates"
    typed = {
        f"{file.relative_to(folder)}"
        for file in folder.rglob("*.html")
        for field in re.findall(r"parts\.field\((.*)", file.read_text())
        if 'type="email"' in field and not field.startswith('"email_again"')
    }
    assert typed == {"kit/address.html"}


def test_japanese_words_on_a_page_of_another_language_say_so() -> None:
    assert as_typed("見本 <b>", "en") == '<span lang="ja">見本 &lt;b&gt;</span>'
    assert as_typed("見本\n花子", "ja") == "見本<br>花子"
    assert as_typed("見本", "ja-simple") == "見本"
    # A name in characters may be Chinese.
    assert (as_typed("見本", "zh-Hant"), as_typed("霞が関", "zh-Hant")) == ("見本", '<span lang="ja">霞が関</span>')
