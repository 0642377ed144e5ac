"""Mail addresses, telephone and corporate numbers, amounts: put right where clear, else refused with a hint."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.application.filing.schemas import NotifyBody
from services.application.forms.extend.n import EXTEND_N
from services.application.forms.form import read_form
from services.registration.usage_registration.api.draft_form import DraftContent
from services.registration.usage_registration.api.draft_form import read_form as read_registration
from services.registration.usage_registration.api.drafts import LinkInput
from shared.text import BadValue, corporate_number, email_address, meant_address, phone, postal_code, whole_number
from tests.services.registration.site import submission


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("ｈａｎａｋｏ＠ｅｘａｍｐｌｅ．ｃｏ．ｊｐ", "hanako@example.co.jp"),
        ("\u202ahanako@example.co.jp\u202c", "hanako@example.co.jp"),
        (" hanako@EXAMPLE.co.jp\r\n", "hanako@example.co.jp"),
        ("hanako@日本.example", "hanako@xn--wgv71a.example"),
    ],
)
def test_an_address_is_read_alike_everywhere(typed: str, read: str) -> None:
    """[faults 27] By the application's notify and by usage registration."""
    assert email_address(typed) == read
    assert NotifyBody.model_validate({"email": typed}).email == read
    assert LinkInput.model_validate({"email": typed}).email == read


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("hanako@gmail.con", "hanako@gmail.com"),
        ("hanako@yaho.co.jp", "hanako@yahoo.co.jp"),
        ("hanako@docomo.ne.jo", "hanako@docomo.ne.jp"),
        ("ｈａｎａｋｏ＠ＧＭＩＡＬ．ＣＯＭ", "hanako@gmail.com"),
        ("hanako@gmaill.com", "hanako@gmail.com"),
        ("hanako@gmail.co.jp", "hanako@gmail.com"),
        ("hanako@gmail.com", None),
        ("hanako@HOTMAIL.COM", None),
        ("hanako@mail.com", None),
        ("hanako@softbank.co.jp", None),
        ("hanako@example.co.jp", None),
        ("hanako", None),
        ("", None),
    ],
)
def test_a_probable_slip_in_a_well_known_domain_is_found(typed: str, meant: str | None) -> None:
    assert meant_address(typed) == meant


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("hanako..s.@docomo.ne.jp", "dots in a row"),
        ("hanako.@docomo.ne.jp", "directly before @"),
        ("h" * 65 + "@example.co.jp", "Enter an email address"),
        ("hanako..s@docomo.ne.jp", "dots in a row"),
        (".hanako@docomo.ne.jp", "dot first"),
        ("グエン@example.jp", "Latin letters"),
        ("nguyễn@example.jp", "Latin letters"),
        ("hanako", "like name@example.com"),
        ("hanako@localhost", "like name@example.com"),
        ("Hanako <hanako@example.jp>", "like name@example.com"),
        ("a@example.jp, b@example.jp", "like name@example.com"),
        ("hanako@example.jp\r\nBcc: all@example.jp", "like name@example.com"),
        (f"{'a' * 250}@example.jp", "like name@example.com"),
    ],
)
def test_an_address_to_which_no_mail_can_go_is_refused_alike_everywhere(typed: str, hint: str) -> None:
    """[faults 8, faults 26] With the reason, in both languages and in both services."""
    with pytest.raises(BadValue) as refused:
        email_address(typed)
    assert hint in refused.value.message.en
    for model in (NotifyBody, LinkInput):
        with pytest.raises(ValueError, match="email") as raised:
            model.model_validate({"email": typed})
        assert refused.value.message.en in str(raised.value)


@pytest.mark.parametrize(
    "typed",
    [
        *("\u202a03-1234-5678\u202c", "０３ー１２３４ー５６７８", "03‑1234‑5678", "(03)1234-5678", "03 1234 5678"),
        *("+81-3-1234-5678", "+81(0)3-1234-5678", "0081 3 1234 5678", "TEL:03-1234-5678", "03-1234-5678\r\n"),
    ],
    ids=ascii,
)  # fmt: skip
def test_a_telephone_number_is_read_however_it_is_written(typed: str) -> None:
    """[faults 2, faults 11, faults 30] With any hyphen, country code, invisible characters, or line end."""
    assert phone(typed) == "0312345678"


@pytest.mark.parametrize(
    ("typed", "ja", "en"),
    [
        *((f"03-1234-5678{more}", "内線", "extension") for more in (" 内線123", "（内123）", " ext.12", "x12", "#12")),
        *((f"03-1234-5678{more}", "代", "代表") for more in ("（代）", "(代)", "（代表）", " 代表")),
        *(
            (f"03-1234-5678{more}", "1つだけ", "one")
            for more in ("/03-1234-5679", "、090-1234-5678", " 又は03-1234-5679")
        ),
        ("03-1234-5678 090-1234-5678", "1つだけ", "one"),
        ("81-3-1234-5678", "81", "+81"),
        ("813 1234 5678", "81", "+81"),
        ("+1 202 555 0100", "日本国内", "in Japan"),
        ("1234", "0から", "begins with 0"),
    ],
)
def test_what_to_leave_out_of_a_telephone_number_is_told(typed: str, ja: str, en: str) -> None:
    """[faults 30] Extensions, 代表, a second number, 81 without +."""
    with pytest.raises(BadValue) as refused:
        phone(typed)
    assert ja in refused.value.message.ja
    assert en in refused.value.message.en
    assert "03-1234-5678" in refused.value.message.en


@pytest.mark.parametrize("typed", ["312345678", "9012345678", 312345678])
def test_a_telephone_number_that_a_spreadsheet_took_for_a_number_is_said_to_lack_its_0(typed: object) -> None:
    with pytest.raises(BadValue) as refused:
        phone(str(typed))
    assert "先頭の0" in refused.value.message.ja and "0 at the beginning" in refused.value.message.en


def test_a_postal_code_that_a_spreadsheet_took_for_a_number_is_said_to_lack_its_0() -> None:
    with pytest.raises(BadValue) as refused:
        postal_code("600001")
    assert "060-0001" in refused.value.message.ja and "060-0001" in refused.value.message.en


def test_a_corporate_number_is_known_by_its_thirteen_digits() -> None:
    """[faults 28] The T of an invoice number falls off; the number of the register is distinguished from it."""
    for typed in (
        "T4011001098993",
        "t4011001098993",
        "Ｔ４０１１００１０９８９９３",
        "T-4011-0010-98993",
        "T 4011001098993",
    ):
        assert corporate_number(typed) == "4011001098993"
    for typed in ("011001098993", "0110-01-098993"):
        with pytest.raises(BadValue, match="register"):
            corporate_number(typed)
    with pytest.raises(BadValue) as refused:
        corporate_number("T4011001098994")
    assert refused.value.code == "corporate-number-check-digit"


@pytest.mark.parametrize(
    ("typed", "unit", "number"),
    [
        *((typed, "yen", 30_000_000) for typed in ("¥30,000,000", "￥３０，０００，０００", "\\30000000", "3,000万円")),
        *((typed, "yen", 30_000_000) for typed in ("30000000円", "3千万円", "3000 万", "0.3億円", 3e7)),
        ("金30,000,000円也", "yen", 30_000_000),
        ("1億2,000万円", "yen", 120_000_000),
        ("1兆", "yen", 10**12),
        ("1,000万", "yen", 10_000_000),
        *((typed, "people", 85) for typed in ("８５名", "85人", "85 名", "８５", 85)),
        ("36か月", "months", 36),
        ("3年", "years", 3),
    ],
)  # fmt: skip
def test_an_amount_is_read_with_its_unit(typed: Any, unit: str, number: int) -> None:
    """[faults 31, newcomers S1-7] ¥, 円, 名, 人, 万, 億, full width and thousands."""
    assert whole_number(typed, 10**15, unit=unit) == number


@pytest.mark.parametrize(
    "typed",
    ["", "abc", "約100", "$500", "500ドル", "1.2.3", "1e3", "85円と少し", "-5", "△5", "1.5", 1.5, True, None, 10**40,
     "9" * 5000, float("nan"), float("inf"), "万", "1万2億", "1,0"],
)  # fmt: skip
def test_what_is_no_amount_is_refused_with_an_example(typed: Any) -> None:
    """[faults 31] And never another error, whatever the size."""
    with pytest.raises(BadValue) as refused:
        whole_number(typed, 10**15, unit="yen")
    assert refused.value.code in ("not-a-number", "out-of-range")
    assert "Enter " in refused.value.message.en


def test_the_amounts_of_a_form_take_their_units() -> None:
    """[faults 31] The application's form as the draft of a usage registration."""
    form = {
        "org": {"capital": "1,000万円", "staff": "８５名"},
        "job": {"salary": "￥320,000", "experience_m": "36ヶ月"},
    }
    assert read_form(EXTEND_N, form) == (
        {"org": {"capital": 10_000_000, "staff": 85}, "job": {"salary": 320_000, "experience_m": 36}},
        [],
    )
    kept = DraftContent.model_validate({"organisation": {"capital_yen": "1,000万", "employees": "８５名"}})
    assert kept.organisation is not None
    assert (kept.organisation.capital_yen, kept.organisation.employees) == (10_000_000, 85)


@pytest.mark.parametrize(
    ("prefecture", "address", "asked"),
    [
        ("13", "大阪府大阪市北区1", True),
        ("13", "大阪市北区1", True),
        ("27", "東京都千代田区霞が関1-1-1", True),
        ("13", "〒530-0001 大阪府大阪市北区1", True),
        ("13", "\u200b大阪府大阪市北区1", True),
        ("13", "東京都千代田区霞が関1-1-1", False),
        ("27", "大阪市北区1", False),
        ("13", "千代田区霞が関1-1-1", False),
        ("26", "京都府京都市左京区", False),
    ],
)
def test_an_address_in_another_prefecture_is_asked_about(prefecture: str, address: str, asked: bool) -> None:
    """[faults 32] The office follows the prefecture: which of the two is right, only the applicant knows."""
    found = read_registration(submission(organisation={"prefecture": prefecture, "address": address}))[1]
    assert [(p.pointer, p.code) for p in found] == [("/organisation/address", "prefecture-differs")] * asked


def test_a_prefecture_is_chosen() -> None:
    """[newcomers S2-14, faults 32] In any width; other input is refused as no prefecture, and not as a wrong format."""
    assert read_registration(submission(organisation={"prefecture": "１３"}))[1] == []
    for typed in ("", "48", "3", "東京"):
        (problem,) = read_registration(submission(organisation={"prefecture": typed}))[1]
        assert problem.message.en == "Choose a prefecture, like 13 for Tokyo"


@given(st.text())
def test_whatever_is_typed_is_read_or_refused_with_a_reason(typed: str) -> None:
    """[faults 11, faults 26, faults 28, faults 30] A value that was read is read alike again."""
    for read in (email_address, phone, postal_code, corporate_number):
        try:
            once = read(typed)
        except BadValue:
            continue
        assert read(once) == once
