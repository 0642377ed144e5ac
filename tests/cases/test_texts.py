"""Typed text: what keyboards, clipboards and other systems bring along is put right, or refused with its place."""

import unicodedata
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.application.forms.extend.n import EXTEND_N
from services.application.forms.field import Field, Rows
from services.application.forms.form import read_form
from services.document.files.domain import clean_name
from shared.text import BadValue, half_width, is_blank, one_line, several_lines, unfinished
from shared.text.width import full_width

LINE_ENDS = ("\r\n", "\r", "\n", "\x0b", "\x0c", "\x85", "\u2028", "\u2029")
BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
INVISIBLE = (*BIDI, *"\u00ad\u034f\u180e\u200b\u2060\u2063\ufeff\u3164\uffa0\u115f\U000e0041\ufff9")
READERS = (one_line, several_lines, half_width, full_width)


def fields() -> Iterator[Field]:
    """Every field of every form, those of tables in their first row."""
    for item in EXTEND_N.items:
        if isinstance(item, Rows):
            yield from (item.field_at(0, field) for field in item.fields)
        else:
            yield item


def entered(code: str, value: Any) -> dict[str, Any]:
    """A form in which one field is filled in."""
    *groups, last = code.split(".")
    form: Any = {last: value}
    for group in reversed(groups):
        form = [form] if group.isdecimal() else {group: form}
    filled: dict[str, Any] = form
    return filled


@pytest.mark.parametrize("end", LINE_ENDS, ids=ascii)
def test_every_line_end_is_one_character(end: str) -> None:
    """[faults 2] As LF where lines are kept, as a space where they are not, and nothing at the end."""
    assert several_lines(f"設計{end}開発{end}") == "設計\n開発"
    assert one_line(f"設計{end}開発{end}") == "設計 開発"
    values, problems = read_form(EXTEND_N, {"job": {"detail": f"設計{end}開発"}, "tel": f"03-1234-5678{end}"})
    assert (values, problems) == ({"job": {"detail": "設計\n開発"}, "tel": "0312345678"}, [])
    assert read_form(EXTEND_N, {"job": {"detail": f"{'x' * 299}{end}{'y' * 300}"}})[1] == []


@pytest.mark.parametrize("mark", INVISIBLE, ids=ascii)
def test_what_cannot_be_seen_is_dropped(mark: str) -> None:
    """[faults 11, faults 12] In codes and in free text alike; a text of nothing else is empty."""
    form = {
        "tel": f"{mark}03-12{mark}34-5678{mark}",
        "jp_postal": f"100-0013{mark}",
        "jp_address": f"{mark}東京都港区芝1-2-3",
        "residence_card_no": f"AB12345678{mark}CD",
        "passport_no": f"C{mark}1234567",
        "name_roman": f"NGUYEN{mark} VAN AN",
        "org": {"corp_no": f"4011001098993{mark}", "capital": f"{mark}1,000"},
        "occupation": f"engineer {mark}gnp.exe",
        "birth_date": f"1995-04{mark}-12",
        "free": mark,
    }
    values, problems = read_form(EXTEND_N, form)
    assert problems == []
    assert values == {
        "tel": "0312345678",
        "jp_postal": "1000013",
        "jp_address": "東京都港区芝１－２－３",
        "residence_card_no": "AB12345678CD",
        "passport_no": "C1234567",
        "name_roman": "NGUYEN VAN AN",
        "org": {"corp_no": "4011001098993", "capital": 1000},
        "occupation": "engineer gnp.exe",
        "birth_date": "1995-04-12",
    }
    assert is_blank(f" {mark}\u3000")


@pytest.mark.parametrize(
    "kept",
    [
        "葛\U000e0100城",  # the variant that a name is registered with
        "می\u200cخواهم",  # Persian
        "क्\u200dष",  # Hindi
        "𠮷野家 髙﨑",
        "神\ufa19",  # a compatibility ideograph of the list of characters for names
        "Ⅲ ㈱ ①",
        "東京都　港区",
    ],
    ids=ascii,
)
def test_what_belongs_to_a_text_stays(kept: str) -> None:
    """[faults 11, faults 29] Joiners and variation selectors stay where a script or a registered name needs them."""
    assert one_line(kept) == kept
    assert unfinished(kept) == kept


@pytest.mark.parametrize(
    ("typed", "code", "place"),
    [
        ("eng\ud800ineer", "bad-text", "4"),
        ("\udc00", "bad-text", "1"),
        ("a\ufdd0", "bad-text", "2"),
        ("a\U0002ffff", "bad-text", "2"),
        ("Jos\ufffd", "bad-text", "4"),
        ("佐\ue000花子", "private-use-character", "2"),
        ("\U000f0000", "private-use-character", "1"),
        ("\U0010fffd", "private-use-character", "1"),
        ("a\x00b", "control-character", "2"),
        ("O\x92NEIL", "control-character", "2"),
        ("\x7f", "control-character", "1"),
        ("a\x1bb", "control-character", "2"),
    ],
    ids=ascii,
)
def test_what_nobody_can_read_is_refused_with_its_place(typed: str, code: str, place: str) -> None:
    """[faults 4, faults 29] By every reader, and at the field's pointer in every text field of the form."""
    for read in READERS:
        with pytest.raises(BadValue) as refused:
            read(typed)
        assert refused.value.code == code
        assert f"{place}文字目" in refused.value.message.ja
        assert f"Character {place} " in refused.value.message.en
    for field in fields():
        values, problems = read_form(EXTEND_N, entered(field.code, typed))
        assert [problem.pointer for problem in problems] == [field.pointer], field.code
        assert not [value for value in values.values() if value not in ({}, [{}])]


def test_the_place_in_a_text_of_several_lines_names_the_line() -> None:
    """[faults 29] A 外字 in the third line is found by the person who has to change it."""
    with pytest.raises(BadValue) as refused:
        several_lines("一\r\n二\r\n三\ue123")
    assert "3行目の2文字目" in refused.value.message.ja
    assert "Character 2 of line 3" in refused.value.message.en
    assert "computer" in refused.value.message.en
    assert "外字" in refused.value.message.ja


@pytest.mark.parametrize("field", list(fields()), ids=lambda field: field.code)
def test_a_problem_names_its_field_in_both_languages(field: Field) -> None:
    """[faults 14, faults 30] Whatever is wrong: the label of the field, and what to do."""
    (problem,) = read_form(EXTEND_N, entered(field.code, {"no": "text"}))[1]
    assert field.label.ja in problem.message.ja
    assert field.label.en in problem.message.en


@given(st.text())
def test_reading_twice_changes_nothing(typed: str) -> None:
    """[faults 2, faults 11, faults 12] A value that was read is in normal form, and safe to show."""
    for read in READERS:
        try:
            once = read(typed)
        except BadValue:
            continue
        assert read(once) == once
        assert not set(once) & {*BIDI, "\r", "\u200b", "\ufeff", "\u2028"}
        assert once == once.strip()
        assert "\n" not in once or read is several_lines
        once.encode()


@given(st.text(st.characters(exclude_categories=("Cc", "Cf", "Co", "Cn", "Cs", "Zl", "Zp"), max_codepoint=0xF8FF)))
@example("a\u1680b")
def test_nothing_that_can_be_seen_is_lost(typed: str) -> None:
    """[faults 11] The same characters come out, composed; only those that show nothing are gone. A space is a space."""
    typed = "".join(c for c in typed if not unicodedata.name(c, "").startswith(("VARIATION", "MONGOLIAN")))
    nothing = {*INVISIBLE, "\u1160", "\u17b4", "\u17b5", "\u2800"}
    seen = "".join(c for c in typed if c not in nothing)
    assert _without_spaces(one_line(typed)) == _without_spaces(seen)


def _without_spaces(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Zs")


@given(st.text())
def test_an_unfinished_text_is_kept_and_a_file_name_never_refused(typed: str) -> None:
    """[faults 29, newcomers S1-7] But for NUL and half characters, which nothing keeps."""
    name = clean_name(typed)
    assert len(name) <= 120
    name.encode()
    assert not set(name) & {*BIDI, "\n", "\x00", "/", "\\"}
    if not any(c == "\x00" or "\ud800" <= c <= "\udfff" for c in typed):
        assert unfinished(unfinished(typed)) == unfinished(typed)
