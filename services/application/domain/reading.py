"""Readers of a form's values: those of `shared.text`, with the lengths and lists of the form's fields."""

from collections.abc import Callable
from typing import Any

from services.application.domain.field import Read
from shared import text as texts
from shared.reference.periods import Period
from shared.reference.statuses import STATUSES
from shared.text import BadValue, full_width, half_width, one_line, several_lines, short_enough, whole_number

_YES = frozenset({"true", "yes", "有", "はい", "1"})
_NO = frozenset({"false", "no", "無", "いいえ", "0"})


def text(most: int, *, lines: bool = False) -> Read:
    """Text in any width, at most `most` characters; `lines` allows line breaks, each of which is one character."""
    read = several_lines if lines else one_line
    return lambda raw: short_enough(read(_text_of(raw)), most)


def wide_text(most: int) -> Read:
    """Text that the official form wants full-width: ASCII and half-width katakana are widened."""
    return lambda raw: short_enough(full_width(_text_of(raw)), most)


def number(figures: int, most: int | None = None, *, unit: str = "") -> Read:
    """A whole number of at most `figures` digits; `unit` as in `shared.text.whole_number`."""
    largest = 10**figures - 1 if most is None else most
    return lambda raw: whole_number(raw, largest, unit=unit)


def yes_or_no(raw: Any) -> bool:
    """true or false; 有/無 and yes/no are taken."""
    if isinstance(raw, bool):
        return raw
    word = half_width(raw).lower() if isinstance(raw, str) else ""
    if word in _YES or word in _NO:
        return word in _YES
    raise BadValue("not-yes-or-no", "有・無のどちらかを選択してください", "Choose yes or no")


def day(raw: Any) -> str:
    """A calendar day as `YYYY-MM-DD`; see `shared.text.day`."""
    return texts.day(raw).isoformat()


def status(raw: Any) -> str:
    """The code of a status of residence."""
    code = half_width(_text_of(raw)).upper()
    if not any(row.code == code for row in STATUSES.rows):
        raise BadValue("not-in-list", "在留資格を一覧から選択してください", "Choose a status of residence")
    return code


def period(raw: Any) -> str:
    """The code of a period of stay: `Y3`, `M6`, `D90`, `INF`."""
    code = half_width(_text_of(raw)).upper()
    try:
        Period.parse(code)
    except ValueError as error:
        raise BadValue(
            "not-a-period", "在留期間を選択してください（例：Y3は3年）", "Choose a period of stay, like Y3 for 3 years"
        ) from error
    return code


def _of_text(read: Callable[[str], str]) -> Read:
    return lambda raw: read(_text_of(raw))


partial_day = texts.partial_day
name_in_latin = _of_text(texts.roman_name)
card_number = _of_text(texts.residence_card_number)
passport_number = _of_text(texts.passport_number)
corporate_number = _of_text(texts.corporate_number)
insurance_number = _of_text(texts.employment_insurance_number)
postal_code = _of_text(texts.postal_code)
phone = _of_text(texts.phone)


def _text_of(raw: Any) -> str:
    # A number typed into a spreadsheet arrives as one; a phone or card number never fits that, so only ints are taken.
    if isinstance(raw, int) and not isinstance(raw, bool):
        raw = str(raw)
    if not isinstance(raw, str):
        raise BadValue("not-text", "文字列で入力してください", "Enter a text")
    return raw
