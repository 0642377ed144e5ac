"""How typed values are read: what is clear is put into normal form, the rest is refused with a reason."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from services.application.domain.field import Read, Unreadable
from shared import text as texts
from shared.errors import Text
from shared.reference import Period
from shared.reference.statuses import STATUSES
from shared.text import BadValue, full_width, half_width

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_DAY = re.compile(r"(\d{4})[-/.年]?(\d{2}|\d(?=[-/.月]))[-/.月]?(\d{1,2})日?")
_MONTH = re.compile(r"(\d{4})[-/.年]?(\d{1,2})月?")
_YEAR = re.compile(r"(\d{4})年?")
_YES = frozenset({"true", "yes", "有", "はい", "1"})
_NO = frozenset({"false", "no", "無", "いいえ", "0"})


def text(most: int, *, lines: bool = False) -> Read:
    """Text in any width, at most `most` characters; `lines` allows line breaks."""

    def read(raw: Any) -> str:
        value = _text_of(raw).replace("\r\n", "\n").replace("\r", "\n").strip()
        return _short_enough(value if lines else " ".join(value.split("\n")), most)

    return read


def wide_text(most: int) -> Read:
    """Text that the official form wants full-width: ASCII and half-width katakana are widened."""

    def read(raw: Any) -> str:
        return _short_enough(full_width(" ".join(_text_of(raw).split("\n")).strip()), most)

    return read


def number(figures: int, most: int | None = None) -> Read:
    """A whole number of at most `figures` digits; separators, 円 and full-width digits are taken."""
    largest = 10**figures - 1 if most is None else most

    def read(raw: Any) -> int:
        if isinstance(raw, int) and not isinstance(raw, bool):
            value = raw
        elif isinstance(raw, str) and re.fullmatch(r"\d+", plain := re.sub(r"[,\s円¥]", "", half_width(raw))):
            value = int(plain) if len(plain) <= 30 else largest + 1
        else:
            raise Unreadable("not-a-number", Text("数字で入力してください", "Give a whole number"))
        if not 0 <= value <= largest:
            raise Unreadable("out-of-range", Text(f"0～{largest:,}で入力してください", f"Give 0 to {largest:,}"))
        return value

    return read


def yes_or_no(raw: Any) -> bool:
    """true or false; 有/無 and yes/no are taken."""
    if isinstance(raw, bool):
        return raw
    word = half_width(raw).lower() if isinstance(raw, str) else ""
    if word in _YES or word in _NO:
        return word in _YES
    raise Unreadable("not-yes-or-no", Text("有・無のどちらかを選択してください", "Give true or false"))


def day(raw: Any) -> str:
    """A calendar day as `YYYY-MM-DD`; `YYYYMMDD`, slashes and 年月日 are taken."""
    found = _DAY.fullmatch(half_width(_text_of(raw)))
    if found is None:
        raise _bad_day()
    try:
        return date(int(found[1]), int(found[2]), int(found[3])).isoformat()
    except ValueError as error:
        raise _bad_day() from error


def partial_day(raw: Any) -> str:
    """A day of which the month or the day may be unknown: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`."""
    plain = half_width(_text_of(raw))
    if _YEAR.fullmatch(plain):
        return plain[:4]
    if (found := _MONTH.fullmatch(plain)) and 1 <= int(found[2]) <= 12:
        return f"{found[1]}-{int(found[2]):02}"
    return day(raw)


def status(raw: Any) -> str:
    """The code of a status of residence."""
    code = half_width(_text_of(raw)).upper()
    if not any(row.code == code for row in STATUSES.rows):
        raise Unreadable("not-in-list", Text("在留資格を一覧から選択してください", "Choose a status of residence"))
    return code


def period(raw: Any) -> str:
    """The code of a period of stay: `Y3`, `M6`, `D90`, `INF`."""
    code = half_width(_text_of(raw)).upper()
    try:
        Period.parse(code)
    except ValueError as error:
        message = Text("在留期間を選択してください（例：Y3は3年）", "Give a period of stay, e.g. Y3 for 3 years")
        raise Unreadable("not-a-period", message) from error
    return code


def _checked(validate: Callable[[str], str]) -> Read:
    def read(raw: Any) -> str:
        try:
            return validate(_text_of(raw))
        except BadValue as error:
            raise Unreadable(error.code, error.message) from error

    return read


name_in_latin = _checked(texts.roman_name)
card_number = _checked(texts.residence_card_number)
passport_number = _checked(texts.passport_number)
corporate_number = _checked(texts.corporate_number)
insurance_number = _checked(texts.employment_insurance_number)
postal_code = _checked(texts.postal_code)
phone = _checked(texts.phone)


def _text_of(raw: Any) -> str:
    # A number typed into a spreadsheet arrives as one; a phone or card number never fits that, so only ints are taken.
    if isinstance(raw, int) and not isinstance(raw, bool):
        raw = str(raw)
    if not isinstance(raw, str):
        raise Unreadable("not-text", Text("文字列で入力してください", "Give a text"))
    if _CONTROL.search(raw):
        raise Unreadable(
            "control-character", Text("使用できない文字が含まれています", "It holds characters we cannot keep")
        )
    return raw


def _short_enough(value: str, most: int) -> str:
    if len(value) > most:
        message = Text(
            f"{most}文字以内で入力してください（現在{len(value)}文字）",
            f"At most {most} characters (now {len(value)})",
        )
        raise Unreadable("too-long", message)
    return value


def _bad_day() -> Unreadable:
    return Unreadable("not-a-day", Text("日付はYYYY-MM-DDで入力してください", "Give a date as YYYY-MM-DD"))
