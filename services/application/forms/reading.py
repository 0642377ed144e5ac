"""One typed value in normal form, by the kind of its field; the readers themselves are those of `shared.text`."""

import re
from collections.abc import Callable
from functools import cache
from itertools import islice
from typing import Any

from services.application.forms.field import Field, Kind
from shared import text as texts
from shared.errors import Text
from shared.reference.periods import is_period, period_code
from shared.reference.statuses import STATUSES
from shared.text import (
    BadValue,
    code_like,
    full_width,
    half_width,
    is_sendable,
    official_text,
    one_line,
    several_lines,
    short_enough,
    whole_number,
)

# Lists no longer than this are named in the refusal.
_SHOWN = 12


def read_value(field: Field, raw: Any) -> Any:
    """`raw` in the normal form of `field`. Raises `BadValue` where it cannot be read."""
    return _READERS[field.kind](field, raw)


def _text(field: Field, raw: Any) -> str:
    return _sendable(_within(field, one_line(_text_of(raw))))


def _lines(field: Field, raw: Any) -> str:
    return _sendable(_within(field, several_lines(_text_of(raw))))


def _wide(field: Field, raw: Any) -> str:
    return _sendable(_within(field, full_width(_text_of(raw))))


def _half(field: Field, raw: Any) -> str:
    text = _within(field, half_width(_text_of(raw)))
    if not half_width(official_text(text).text).isascii():
        raise BadValue(
            "not-half-width",
            Text(
                "英字・数字・記号で入力してください。日本語などの文字は使えません（例：ABC Co., Ltd. 2）",
                "Use Latin letters, digits and signs only, like ABC Co., Ltd. 2",
            ),
        )
    return text


def _within(field: Field, text: str) -> str:
    return text if field.most is None else short_enough(text, field.most)


def _sendable(text: str) -> str:
    """`text`, where something of it is left in the characters of the official form. Raises `BadValue`."""
    if not is_sendable(text):
        raise BadValue(
            "no-official-character",
            Text(
                "申請書に使用できる文字がありません。日本語又はローマ字で入力してください（例：ソムチャイ、SOMCHAI）",
                "The official form has none of these characters. Type it in Japanese or in Latin letters, like SOMCHAI",
            ),
        )
    return text


def _letters(field: Field, raw: Any) -> str:
    code = code_like(_text_of(raw))
    if not re.fullmatch(f"[A-Z]{{{field.most}}}", code):
        example = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[: field.most]
        raise BadValue(
            "not-letters",
            Text(
                "英字{most}文字で入力してください（例：{example}）", "Enter {most} Latin letters, like {example}"
            ).with_values(most=field.most, example=example),
        )
    return code


def _digits(field: Field, raw: Any) -> str:
    code = code_like(_text_of(raw))
    if not re.fullmatch(f"[0-9]{{{field.most}}}", code):
        example = ("1234567890" * 10)[: field.most]
        raise BadValue(
            "not-digits",
            Text("数字{most}桁で入力してください（例：{example}）", "Enter {most} digits, like {example}").with_values(
                most=field.most, example=example
            ),
        )
    return code


def _number(field: Field, raw: Any) -> int:
    assert field.most is not None, "a number says how great it may be"
    return whole_number(raw, field.most, unit=field.unit)


def _yes_or_no(_field: Field, raw: Any) -> bool:
    """true or false; 有/無 and the words for yes and no of every language are taken."""
    meant = texts.yes_or_no(raw) if isinstance(raw, str) else raw
    if isinstance(meant, bool):
        return meant
    raise BadValue("not-yes-or-no", Text("有・無のどちらかを選択してください（例：有）", "Choose yes or no, like yes"))


def _choice(field: Field, raw: Any) -> str:
    """One of the codes of the field, or its label in either language; full width and lower case are taken."""
    typed = half_width(_text_of(raw))
    if (code := typed.upper()) in field.options:
        return code
    labelled = [code for code, label in field.options.items() if _same(typed, label.ja) or _same(typed, label.en)]
    if len(labelled) == 1:
        return labelled[0]
    option = Text("{label}（{code}）", "{label} ({code})")
    choices = [option.with_values(label=label, code=code) for code, label in islice(field.options.items(), _SHOWN)]
    if len(field.options) <= _SHOWN:
        message = Text("次から選択してください：{choices}", "Choose one of: {choices}")
        raise BadValue("not-in-list", message.with_values(choices=choices))
    message = Text(
        "一覧にある語句又はコードを入力してください（例：{choice}）",
        "Enter the words or the code of the list, like {choice}",
    )
    raise BadValue("not-in-list", message.with_values(choice=choices[0]))


def _same(typed: str, label: str) -> bool:
    return bool(typed) and typed.casefold() == _folded(label)


@cache
def _folded(label: str) -> str:
    """A label for comparing; there are as many as the forms have."""
    return half_width(label).casefold()


def _status(_field: Field, raw: Any) -> str:
    """The code of a status of residence; its name in either language is taken."""
    typed = half_width(_text_of(raw))
    for row in STATUSES.rows:
        if row.code == typed.upper() or _same(typed, row.name.ja) or _same(typed, row.name.en):
            return row.code
    raise BadValue(
        "not-in-list",
        Text("在留資格を一覧から選択してください（例：ENG_HUM_INT）", "Choose a status of residence, like ENG_HUM_INT"),
    )


def _period(_field: Field, raw: Any) -> str:
    """The code of a period of stay: `Y3`, `M6`, `D90`, `INF`; its words in either language are taken."""
    typed = half_width(_text_of(raw))
    code = typed.upper()
    if is_period(code):
        return code
    if (named := period_code(typed)) is None or not is_period(named):
        raise BadValue(
            "not-a-period",
            Text("在留期間を選択してください（例：Y3は3年）", "Choose a period of stay, like Y3 for 3 years"),
        )
    return named


def _day(_field: Field, raw: Any) -> str:
    """A calendar day as `YYYY-MM-DD`; see `shared.text.day`."""
    return texts.day(raw).isoformat()


def _partial_day(_field: Field, raw: Any) -> str:
    return texts.partial_day(raw)


def _month(_field: Field, raw: Any) -> str:
    """A month as `YYYY-MM`; of a whole day the month is kept."""
    month = texts.partial_day(raw)[:7]
    if len(month) < len("2026-04"):
        raise BadValue(
            "month-missing", Text("年と月を入力してください（例：2026-04）", "Enter year and month, like 2026-04")
        )
    return month


def _partial_month(_field: Field, raw: Any) -> str:
    """A month as `YYYY-MM`, or the year alone; of a whole day the month is kept, as spreadsheets give days."""
    return texts.partial_day(raw)[:7]


def _by(read: Callable[[str], str]) -> Callable[[Field, Any], str]:
    return lambda field, raw: read(_text_of(raw))


_READERS: dict[Kind, Callable[[Field, Any], Any]] = {
    Kind.TEXT: _text,
    Kind.LINES: _lines,
    Kind.WIDE: _wide,
    Kind.HALF: _half,
    Kind.LETTERS: _letters,
    Kind.DIGITS: _digits,
    Kind.NAME: _by(texts.roman_name),
    Kind.DAY: _day,
    Kind.PARTIAL_DAY: _partial_day,
    Kind.MONTH: _month,
    Kind.PARTIAL_MONTH: _partial_month,
    Kind.YES_NO: _yes_or_no,
    Kind.NUMBER: _number,
    Kind.CHOICE: _choice,
    Kind.STATUS: _status,
    Kind.PERIOD: _period,
    Kind.RESIDENCE_CARD: _by(texts.residence_card_number),
    Kind.PASSPORT: _by(texts.passport_number),
    Kind.CORPORATE_NUMBER: _by(texts.corporate_number),
    Kind.EMPLOYMENT_INSURANCE: _by(texts.employment_insurance_number),
    Kind.POSTAL_CODE: _by(texts.postal_code),
    Kind.PHONE: _by(texts.phone),
    Kind.ANY_PHONE: _by(lambda typed: texts.phone(typed, abroad=True)),
}


def _text_of(raw: Any) -> str:
    # A number typed into a spreadsheet arrives as one; a phone or card number never fits that, so only ints are taken.
    if isinstance(raw, int) and not isinstance(raw, bool):
        raw = str(raw)
    if not isinstance(raw, str):
        raise BadValue("not-text", Text("文字列で入力してください（例：東京都）", "Enter a text, like Tokyo"))
    return raw
