"""Export of a form as the official one takes it, and the hints that show it before."""

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.application.forms.catalogue import FORMS
from services.application.forms.extend.n import EXTEND_N
from services.application.forms.field import Field, Form, Kind, Rows
from services.application.forms.form import FormVersion, hints_of, read_form
from services.application.forms.official import export_form, exported_value
from services.application.forms.options import tool_codes
from services.application.forms.reading import read_value
from shared.errors import Text
from shared.text import BadValue, is_official

each_form = pytest.mark.parametrize("form", FORMS, ids=lambda form: form.version)
WIDE = Field("wide", Text("文", "Text"), Kind.WIDE, most=20)
TEXT = Field("text", Text("文", "Text"), Kind.TEXT, most=20)
HALF = Field("half", Text("文", "Text"), Kind.HALF, most=20)


def fields_of(form: FormVersion) -> list[Field]:
    return [field for item in form.items for field in (item.fields if isinstance(item, Rows) else (item,))]


@each_form
def test_every_option_has_the_code_of_the_tool(form: FormVersion) -> None:
    for field in fields_of(form):
        if field.kind is Kind.CHOICE:
            written = [exported_value(field, code) for code in field.options]
            assert all(re.fullmatch(r"[0-9A-Z]{1,12}", code) for code in written), field.code
            assert len(set(written)) == len(written), field.code


@each_form
def test_the_example_is_exported_whole(form: FormVersion) -> None:
    values, _ = read_form(form, form.example)
    exported = export_form(form, Form(values))
    assert exported.problems == []
    kinds = {field.code: field.kind for field in fields_of(form)}
    for code, written in exported.values.items():
        assert written
        assert all(map(is_official, written)), code
        kind = kinds.get(code) or kinds[re.sub(r"^.*\.\d+\.", "", code)]
        if kind in (Kind.DAY, Kind.PARTIAL_DAY):
            assert re.fullmatch(r"\d{8}", written)
        if kind is Kind.WIDE:
            assert not any(character.isascii() for character in written)


@pytest.mark.parametrize(
    ("kind", "value", "written"),
    [
        (Kind.TEXT, "髙橋① ABC", "高橋(1) ABC"),
        (Kind.LINES, "一行目\n二行目", "一行目　二行目"),
        (Kind.WIDE, "ハノイ市１２－３　é", "ハノイ市１２－３　ｅ"),
        (Kind.HALF, "Café Co., Ltd.", "Cafe Co., Ltd."),
        (Kind.LETTERS, "ABCD", "ABCD"),
        (Kind.DIGITS, "0012345", "0012345"),
        (Kind.NAME, "NGUYEN VAN AN", "NGUYEN VAN AN"),
        (Kind.DAY, "2026-01-05", "20260105"),
        (Kind.PARTIAL_DAY, "1980-05-03", "19800503"),
        (Kind.PARTIAL_DAY, "1980-05", "19800500"),
        (Kind.PARTIAL_DAY, "1980", "19800000"),
        (Kind.MONTH, "2026-04", "202604"),
        (Kind.PARTIAL_MONTH, "2017-08", "201708"),
        (Kind.PARTIAL_MONTH, "2017", "201700"),
        (Kind.YES_NO, True, "1"),
        (Kind.YES_NO, False, "0"),
        (Kind.NUMBER, 30_000_000, "30000000"),
        (Kind.CHOICE, "VNM", "283"),
        (Kind.STATUS, "ENG_HUM_INT", "技術・人文知識・国際業務"),
        (Kind.PERIOD, "Y3", "3年"),
        (Kind.PERIOD, "Y4M3", "4年3月"),
        (Kind.PERIOD, "INF", "無期限"),
        (Kind.RESIDENCE_CARD, "AB12345678CD", "AB12345678CD"),
        (Kind.PASSPORT, "C1234567", "C1234567"),
        (Kind.CORPORATE_NUMBER, "4011001098993", "4011001098993"),
        (Kind.EMPLOYMENT_INSURANCE, "13011234567", "13011234567"),
        (Kind.POSTAL_CODE, "1000013", "1000013"),
        (Kind.PHONE, "0312345678", "0312345678"),
        (Kind.ANY_PHONE, "+842438251234", "842438251234"),
    ],
)
def test_each_kind_has_its_official_writing(kind: Kind, value: Any, written: str) -> None:
    field = Field("f", Text("欄", "Field"), kind, listed="nationality", options={"VNM": Text("ベトナム", "Viet Nam")})
    assert exported_value(field, value) == written


def test_every_kind_can_be_exported() -> None:
    tried = test_each_kind_has_its_official_writing.pytestmark[0].args[1]
    assert {kind for kind, _, _ in tried} == set(Kind)


def test_japan_has_a_code_where_a_field_adds_it() -> None:
    assert tool_codes("nationality")["JPN"]


@given(st.text(max_size=20))
def test_what_a_field_takes_can_be_exported(typed: str) -> None:
    """Wide fields in full width, half ones in half width, and only characters that the official form has."""
    for field in (TEXT, WIDE, HALF):
        try:
            value = read_value(field, typed)
        except BadValue:
            continue
        written = exported_value(field, value)
        assert all(map(is_official, written))
        assert read_value(field, value) == value
        if field is WIDE:
            assert not any(character.isascii() for character in written)
        if field is HALF:
            assert written.isascii()


def test_a_text_that_becomes_too_long_is_a_problem_with_both_lengths() -> None:
    version = replace(EXTEND_N, items=(replace(TEXT, most=3),))
    exported = export_form(version, Form({"text": "㈱東京"}))
    (problem,) = exported.problems
    assert (problem.pointer, problem.code) == ("/form/text", "too-long")
    assert "5 characters" in problem.message.en
    assert "3文字以内" in problem.message.ja


def test_hints_show_what_is_sent_and_what_to_compare() -> None:
    raw = {"occupation": "髙校教師", "tel": "03-1234-567", "name_roman": "Nguyễn Văn An", "home_address": "ハノイ"}
    values, _ = read_form(EXTEND_N, raw)
    hints = {hint.pointer: hint for hint in hints_of(EXTEND_N, raw, values)}
    assert set(hints) == {"/form/occupation", "/form/tel", "/form/name_roman"}
    assert "「髙」→「高」" in hints["/form/occupation"].message.ja
    assert hints["/form/tel"].code == "compare"
    assert "NGUYEN VAN AN" in hints["/form/name_roman"].message.ja


def test_a_hint_about_a_row_names_row_and_field_and_stands_at_the_table() -> None:
    table = next(item for item in EXTEND_N.items if isinstance(item, Rows))
    column = next(field for field in table.fields if field.kind in (Kind.TEXT, Kind.WIDE))
    raw = {table.code: [{}, {column.code: "山﨑"}]}
    (hint,) = hints_of(EXTEND_N, raw, read_form(EXTEND_N, raw)[0])
    assert hint.pointer == table.pointer
    assert "2行目" in hint.message.ja
    assert column.label.en in hint.message.en


@pytest.mark.parametrize("field", [TEXT, WIDE])
def test_another_script_alone_is_refused_with_the_way_out(field: Field) -> None:
    with pytest.raises(BadValue) as refused:
        read_value(field, "สมชาย")
    assert refused.value.code == "no-official-character"
    assert "SOMCHAI" in refused.value.message.en


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        (Kind.LETTERS, "ａｂ-ｃｄ", "ABCD"),
        (Kind.DIGITS, "１２-3 4", "1234"),
        (Kind.YES_NO, "あり", True),
        (Kind.YES_NO, "Ｎ", False),
        (Kind.CHOICE, "男", "M"),
        (Kind.CHOICE, "female", "F"),
        (Kind.CHOICE, "ｍ", "M"),
    ],
)
def test_codes_and_labels_are_read_however_they_are_written(kind: Kind, typed: str, value: Any) -> None:
    options = {"M": Text("男", "Male"), "F": Text("女", "Female")}
    assert read_value(Field("f", Text("欄", "Field"), kind, most=4, options=options), typed) == value
