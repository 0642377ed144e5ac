"""Characters of the official form: what is sent instead of others, shown before and never silent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.text import is_official, is_sendable, official_hint, official_text
from shared.text.official import UNKNOWN
from shared.text.variants import INSTEAD


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("髙橋", "高橋"),
        ("山﨑", "山崎"),
        ("𠮷田", "吉田"),
        ("神田", "神田"),
        ("张伟", "張偉"),
        ("葛\U000e0100飾区", "葛飾区"),
        ("①住所", "(1)住所"),
        ("第1⑫号", "第1(12)号"),
        ("10²", "10(2)"),
        ("m²", "m2"),
        ("1½", "1(1/2)"),
        ("㈱田中 Ⅲ ㍻", "(株)田中 III 平成"),
        ("Café Ørsted", "Cafe Orsted"),
        ("3–5", "3-5"),
        ("うれしい😀", "うれしい"),
        ("Привет Ω", "Привет Ω"),
        ("สมชาย", UNKNOWN * 5),
    ],
)
def test_what_is_sent_instead(typed: str, sent: str) -> None:
    found = official_text(typed)
    assert found.text == sent
    hint = official_hint(typed)
    for character, other in found.instead.items():
        assert hint
        assert character in hint.ja
        assert other in hint.en
    for character in found.unknown:
        assert hint
        assert character in hint.ja
        assert UNKNOWN in hint.en


@pytest.mark.parametrize(
    "typed", ["東京都港区港南５－５－３０", "ＡＢＣ　ｱ〜～－−‖", "Tokyo 1-2", "日本語\n二行目", "凜熙"]
)
def test_official_characters_are_sent_as_they_are(typed: str) -> None:
    typed = typed.replace("ｱ", "ア")
    assert official_text(typed).text == typed
    assert official_hint(typed) is None


def test_a_text_of_nothing_but_another_script_cannot_be_sent_and_one_with_a_name_in_it_can() -> None:
    assert not is_sendable("สมชาย")
    assert not is_sendable("😀")
    assert is_sendable("สมชาย (ソムチャイ)")
    assert is_sendable("-")


def test_the_table_replaces_what_the_form_does_not_take_with_what_it_takes() -> None:
    for character, other in INSTEAD.items():
        assert not is_official(character), character
        assert all(map(is_official, other)), character


@given(st.text())
def test_what_is_sent_is_official_and_sending_it_again_changes_nothing(typed: str) -> None:
    sent = official_text(typed)
    assert all(map(is_official, sent.text))
    assert official_text(sent.text) == type(sent)(sent.text, {}, ())
    assert (official_hint(typed) is None) == (not sent.instead and not sent.unknown)


@given(st.text("0123456789０１２３①②③⑳²³½髙東A"))
def test_no_digit_is_lost_and_none_runs_into_another(typed: str) -> None:
    sent = official_text(typed).text
    for digit in "0123456789０１２３":
        assert sent.count(digit) >= typed.count(digit)
    for place, character in enumerate(typed[:-1]):
        if character.isdecimal() and typed[place + 1] in "²³½":
            assert f"{character}(" in sent
