"""Names as on the passport: letters as the machine-readable zone writes them, and told which sign to leave out."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.application.forms.extend.n import EXTEND_N
from services.application.forms.form import hints_of, read_form
from shared.text import BadValue, roman_name, roman_name_hint

# ICAO Doc 9303 part 3, section 6.A, the letters that become others than their base letter.
TABLE = {
    "Ä": "AE", "Å": "AA", "Æ": "AE", "Ð": "D", "Đ": "D", "Ħ": "H", "ı": "I", "İ": "I", "Ĳ": "IJ", "Ł": "L", "Ŋ": "N",
    "Ñ": "N", "Ö": "OE", "Ø": "OE", "Œ": "OE", "Þ": "TH", "ß": "SS", "ẞ": "SS", "Ŧ": "T", "Ü": "UE",
}  # fmt: skip
BASE = "ÁÀÂÃĂĀĄĆĈČĊÇĎÉÈÊËĚĖĒĘĔĜĞĠĢĤÍÌÎÏĨĪĮĬĴĶĹĽĻŃŇŅÓÒÔÕŐŌŎŔŘŖŚŜŠŞŤŢÚÙÛŨŬŰŮŪŲŴÝŶŸŹŽŻ"
PLAIN = "AAAAAAACCCCCDEEEEEEEEEGGGGHIIIIIIIIJKLLLNNNOOOOOOORRRSSSSTTUUUUUUUUUWYYYZZZ"


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Müller Jürgen", "MUELLER JUERGEN"),
        ("Mu\u0308ller", "MUELLER"),
        ("Björk", "BJOERK"),
        ("Ødegård Åse", "OEDEGAARD AASE"),
        ("Weiß", "WEISS"),
        ("Muñoz", "MUNOZ"),
        ("Þór", "THOR"),
        ("Noël", "NOEL"),
        ("Nguyễn Thị Ánh", "NGUYEN THI ANH"),
        ("ＭÜＬＬＥＲ", "MUELLER"),
    ],
)
def test_letters_become_those_of_the_machine_readable_zone(typed: str, read: str) -> None:
    """[faults 15] The form says what is sent, and asks to compare where countries write them in more than one way."""
    assert roman_name(typed) == read
    assert read_form(EXTEND_N, {"name_roman": typed}) == ({"name_roman": read}, [])
    hints = hints_of(EXTEND_N, {"name_roman": typed}, {"name_roman": read})
    several = re.search("[äåöøüñßþ]|\u0308|Ü|Ø|Å|Þ", typed.replace("ë", ""))
    (hint,) = hints
    assert (hint.pointer, hint.code) == ("/form/name_roman", "compare" if several else "sent-instead")
    assert read in hint.message.en
    assert read in hint.message.ja
    assert ("passport" if several else "residence card") in hint.message.en


def test_the_table_of_the_standard_is_followed() -> None:
    """[faults 15] Letter by letter, in both cases."""
    for letter, written in [*TABLE.items(), *zip(BASE, PLAIN, strict=True)]:
        assert roman_name(f"A{letter}B") == f"A{written}B", letter
        assert roman_name(f"a{letter.lower()}b") == f"A{written}B", letter


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("'T HOOFT JAN", "'T HOOFT JAN"),
        *((f"{sign}s-GRAVESANDE", "'S-GRAVESANDE") for sign in "’‘`´ʻʼʹ′＇"),
        *((f"JEAN{hyphen}PAUL MARTIN", "JEAN-PAUL MARTIN") for hyphen in "-\u2010\u2011\u2012\u2013\u2212ー－﹣"),
        ("ＪＥＡＮーＰＡＵＬ", "JEAN-PAUL"),
        ("NICOLO'", "NICOLO'"),
        ("O’NEIL", "O'NEIL"),
        ("JOHN SMITH JR.", "JOHN SMITH JR."),
    ],
    ids=ascii,
)
def test_apostrophes_and_hyphens_of_any_kind_are_taken(typed: str, read: str) -> None:
    """[faults 13] Also at the beginning, where Dutch names have one."""
    assert roman_name(typed) == read


@pytest.mark.parametrize(
    ("typed", "signs"),
    [
        ("MUTHU A/L RAJAN", "/"),
        ("KUMAR S/O RAJAN", "/"),
        ("LIM AH KOW @ LIM BENG", "@"),
        ("SILVA (TANAKA) MARIA", "()"),
        ("SMITH-", "-"),
        ("-SMITH", "-"),
        ("SMITH,", ","),
        ("MARIA・SILVA", "・"),
        ('JOHN "JACK" SMITH', '"'),
        ("A_B", "_"),
        ("A*B+C", "*+"),
    ],
)
def test_a_sign_that_the_card_does_not_have_is_named(typed: str, signs: str) -> None:
    """[faults 14] In both languages, with what to do."""
    with pytest.raises(BadValue) as refused:
        roman_name(typed)
    assert refused.value.code == "roman-name"
    for sign in signs:
        assert f"「{sign}」" in refused.value.message.ja
        assert sign in refused.value.message.en
    assert refused.value.message.en.startswith("Leave out")


@pytest.mark.parametrize("typed", ["JOHN SMITH 3RD", "JOHN ３", "X Æ A-12", "HENRY ①"])
def test_digits_are_refused_and_never_lost(typed: str) -> None:
    """[faults 14] Told to leave them out, as the card does."""
    with pytest.raises(BadValue) as refused:
        roman_name(typed)
    assert "digits" in refused.value.message.en
    assert "数字" in refused.value.message.ja


@pytest.mark.parametrize("typed", ["A¸", "A ¸ B", "A¨"])
def test_a_mark_that_stands_alone_leaves_no_space_at_the_end(typed: str) -> None:
    assert roman_name(typed) == roman_name(typed).strip() == roman_name(roman_name(typed))
    assert "  " not in roman_name(typed)


@given(st.text())
def test_what_comes_out_is_of_the_card_s_characters(typed: str) -> None:
    """[faults 13, faults 14, faults 15] Reading it again changes nothing, and no digit is dropped on the way."""
    try:
        name = roman_name(typed)
    except BadValue:
        return
    assert re.fullmatch(r"[A-Z '.,-]*[A-Z][A-Z '.,-]*", name)
    assert roman_name(name) == name
    assert roman_name_hint(name) is None
    assert not any(character.isdigit() for character in typed)


@given(st.text("ABCÄÅÖØÜÑßéñü '-.", min_size=1))
def test_no_letter_is_lost(typed: str) -> None:
    """[faults 15] Every letter becomes at least one."""
    try:
        name = roman_name(typed)
    except BadValue:
        return
    assert sum(c.isalpha() for c in name) >= sum(c.isalpha() for c in typed)
