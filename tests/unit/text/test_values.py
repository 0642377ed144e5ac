"""Typed values: normalised where clear, refused with a reason where not."""

from collections.abc import Callable

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from shared.text import (
    BadValue,
    corporate_number,
    employment_insurance_number,
    full_width,
    half_width,
    icao_check_digit,
    passport_number,
    phone,
    postal_code,
    residence_card_number,
    roman_name,
    support_organisation_number,
)
from shared.text.organisation import corporate_check_digit


@pytest.mark.parametrize(
    ("validate", "typed", "normal"),
    [
        (residence_card_number, "AB12345678CD", "AB12345678CD"),
        (residence_card_number, "ab12345678cd", "AB12345678CD"),
        (residence_card_number, "ＡＢ１２３４５６７８ＣＤ", "AB12345678CD"),
        (residence_card_number, " AB 1234-5678 CD ", "AB12345678CD"),
        (passport_number, "l898902c3", "L898902C3"),
        (passport_number, "ＡＢ１２３４５６７", "AB1234567"),
        (corporate_number, "4011001098993", "4011001098993"),
        (corporate_number, "7123456789012", "7123456789012"),
        (corporate_number, "２１２０９０１００７４０２", "2120901007402"),
        (employment_insurance_number, "1301-123456-7", "13011234567"),
        (support_organisation_number, "１９登－000123", "19登-000123"),
        (support_organisation_number, "19登000123", "19登-000123"),
        (postal_code, "〒135-0064", "1350064"),
        (postal_code, "１３５ー００６４", "1350064"),
        (postal_code, "0000000", "0000000"),
        (phone, "03-1234-5678", "0312345678"),
        (phone, "+81 90 1234 5678", "09012345678"),
        (phone, "+81(0)90-1234-5678", "09012345678"),
        (phone, "０９０（１２３４）５６７８", "09012345678"),
        (roman_name, "NGUYEN THI ANH", "NGUYEN THI ANH"),
        (roman_name, "  Nguyễn  Thị Ánh ", "NGUYEN THI ANH"),
        (roman_name, "Đặng Văn Đức", "DANG VAN DUC"),
        (roman_name, "Søren Kierkegård", "SOEREN KIERKEGAARD"),
        (roman_name, "Weiß", "WEISS"),
        (roman_name, "O’Brien-Smith", "O'BRIEN-SMITH"),
        (roman_name, "ＨＯＵＭＵ　ＴＡＲＯ", "HOUMU TARO"),
    ],
)
def test_a_value_is_normalised_and_not_refused(validate: Callable[[str], str], typed: str, normal: str) -> None:
    assert validate(typed) == normal
    assert validate(normal) == normal


@pytest.mark.parametrize(
    ("validate", "typed", "code"),
    [
        (residence_card_number, "A12345678CD", "residence-card-number"),
        (residence_card_number, "AB12345678C1", "residence-card-number"),
        (residence_card_number, "", "residence-card-number"),
        (passport_number, "AB12", "passport-number"),
        (passport_number, "ABCDEFGHI", "passport-number"),
        (corporate_number, "4011001098994", "corporate-number-check-digit"),
        (corporate_number, "501100109899", "corporate-number"),
        (employment_insurance_number, "1302-123456", "employment-insurance-number"),
        (support_organisation_number, "19-000123", "support-organisation-number"),
        (postal_code, "135006", "postal-code"),
        (phone, "12345678", "phone"),
        (phone, "+1 202 555 0100", "phone"),
        (roman_name, "法務太郎", "roman-name"),
        (roman_name, "X Æ A-12", "roman-name"),
        (roman_name, "", "roman-name"),
        (roman_name, "A" * 105, "too-long"),
    ],
)
def test_a_wrong_value_is_refused_with_a_reason_in_both_languages(
    validate: Callable[[str], str], typed: str, code: str
) -> None:
    with pytest.raises(BadValue) as refused:
        validate(typed)
    assert refused.value.code == code
    assert refused.value.message.ja
    assert refused.value.message.en
    if len(typed) > 3:
        assert typed not in str(refused.value)


@pytest.mark.parametrize(
    ("field", "digit"), [("L898902C3", 6), ("D23145890", 7), ("740812", 2), ("120415", 9), ("", 0)]
)
def test_the_check_digit_of_machine_readable_fields(field: str, digit: int) -> None:
    assert icao_check_digit(field) == digit


@given(field=st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=1, max_size=9))
def test_filling_up_with_fillers_keeps_the_check_digit(field: str) -> None:
    assert icao_check_digit(field.ljust(9, "<")) == icao_check_digit(field)


@given(field=st.text("0123456789", min_size=1, max_size=9), data=st.data())
def test_one_wrong_digit_changes_the_check_digit_of_a_passport(field: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(field) - 1))
    other = data.draw(st.sampled_from("0123456789"))
    assume(field[place] != other)
    assert icao_check_digit(field[:place] + other + field[place + 1 :]) != icao_check_digit(field)


@given(base=st.text("0123456789", min_size=12, max_size=12))
def test_a_corporate_number_with_its_digit_is_right_and_with_another_wrong(base: str) -> None:
    digit = corporate_check_digit(base)
    assert 1 <= digit <= 9
    assert corporate_number(f"{digit}{base}") == f"{digit}{base}"
    for other in set(range(10)) - {digit}:
        with pytest.raises(BadValue):
            corporate_number(f"{other}{base}")


@given(text=st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=40))
def test_ascii_becomes_full_width_and_back(text: str) -> None:
    wide = full_width(text)
    assert len(wide) == len(text.strip())
    assert not any(c.isascii() for c in wide)
    assert half_width(wide) == text.strip()


def test_full_width_composes_half_width_katakana_and_leaves_the_rest() -> None:
    assert full_width("ﾊﾞﾝｸﾞﾗﾃﾞｼｭ Dhaka 12-3") == "バングラデシュ　Ｄｈａｋａ　１２－３"
    assert full_width("東京都é") == "東京都é"


@given(text=st.text(max_size=60))
def test_no_validator_fails_in_any_other_way(text: str) -> None:
    for validate in (residence_card_number, passport_number, corporate_number, postal_code, phone, roman_name):
        try:
            normal = validate(text)
        except BadValue:
            continue
        assert validate(normal) == normal
