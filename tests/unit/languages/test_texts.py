"""Texts with values, in the official languages and in others."""

from collections.abc import Mapping
from datetime import date

import pytest

from shared import translations
from shared.catalogues import key_of
from shared.languages import Lang
from shared.texts import Text
from shared.translations import say

PAY = Text("「{label}」が{pay}円です", "{label}: {pay} yen")
VIETNAMESE = {
    "{label}: {pay} yen": "{pay} yên là {label}",
    "Pay": "Lương",
    "One": "Một",
    key_of("Doctor", "医師"): "Bác sĩ",
    key_of("Doctor", "大学院（博士）"): "Tiến sĩ",
}


@pytest.fixture(autouse=True)
def _catalogue(monkeypatch: pytest.MonkeyPatch) -> None:
    def messages(lang: Lang) -> Mapping[str, str]:
        return VIETNAMESE if lang == "vi" else {}

    monkeypatch.setattr(translations, "messages", messages)


def test_values_are_written_as_the_language_writes_them() -> None:
    text = PAY.with_values(label=Text("月額", "Pay"), pay=250000)
    assert (text.ja, text.en) == ("「月額」が250,000円です", "Pay: 250,000 yen")
    assert say(text, "vi") == "250.000 yên là Lương"


def test_english_that_means_two_things_is_kept_apart_by_its_japanese() -> None:
    assert [say(Text(ja, "Doctor"), "vi") for ja in ("医師", "大学院（博士）", "博士")] == [
        "Bác sĩ",
        "Tiến sĩ",
        "Doctor",
    ]


def test_what_is_not_translated_is_said_in_the_paired_language() -> None:
    text = PAY.with_values(label="X", pay=1)
    assert [say(text, lang) for lang in ("ko", "ja-simple")] == ["X: 1 yen", "「X」が1円です"]


def test_a_text_survives_a_table_with_its_values() -> None:
    several = Text("{day}に{names}", "{names} on {day}")
    text = several.with_values(day=date(2026, 4, 1), names=[Text("一", "One"), "B"])
    again = Text.read(text.stored())
    assert again == text
    assert (again.ja, again.en, again.key) == ("2026-04-01に一、B", "One, B on 2026-04-01", "{names} on {day}")
    assert say(again, "vi") == "Một và B on 1 tháng 4, 2026" or say(again, "vi") == text.en


def test_japanese_and_english_alone_are_read_as_a_text() -> None:
    assert say(Text.read({"ja": "一", "en": "One"}), "vi") == "Một"


def test_a_placeholder_without_a_value_is_refused() -> None:
    with pytest.raises(KeyError):
        PAY.with_values(label="X")
