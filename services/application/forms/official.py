"""A form as the official one takes it: full width, official characters, codes of the tool, dates in digits.

People type and read the normal form; this encoding is made of it when it leaves. Source: ISA bulk-input tools of 2026.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from services.application.forms.field import Field, Form, Kind, pointer_of
from services.application.forms.form import FormVersion, entered_fields
from services.application.forms.options import tool_codes
from shared.errors import FieldProblem, Text
from shared.reference.periods import Period
from shared.reference.statuses import STATUSES
from shared.text import full_width, half_width, official_text


@dataclass(frozen=True, slots=True)
class Exported:
    """The values by dotted code (in a table with the row), and the problems of those that the official form cannot
    hold."""

    values: dict[str, str]
    problems: list[FieldProblem]


def export_form(version: FormVersion, form: Form) -> Exported:
    """Every field that is filled in, as the official form takes it."""
    exported = Exported({}, [])
    for entry in entered_fields(version, form):
        written = exported_value(entry.field, entry.value)
        exported.values[entry.code] = written
        most = _most(entry.field)
        if most is not None and len(written) > most:
            message = Text(
                "送信用の文字に置き換えると{count}文字になります。{most}文字以内にしてください（例：略称を使う）",
                "In the characters of the official form this has {count} characters. Enter {most} "
                "or fewer, like an abbreviation",
            ).with_values(count=len(written), most=most)
            exported.problems.append(FieldProblem(pointer_of(entry.code), "too-long", message))
    return exported


def exported_value(field: Field, value: Any) -> str:
    """One value in normal form, as the official form takes it."""
    return _WRITERS[field.kind](field, value)


def _most(field: Field) -> int | None:
    """The number of characters that the official field has; None where the kind or the list decides it."""
    if field.kind in (Kind.PHONE, Kind.ANY_PHONE):
        return 12
    return field.most if field.kind in (Kind.TEXT, Kind.LINES, Kind.WIDE, Kind.HALF) else None


def _text(_field: Field, value: str) -> str:
    return official_text(value).text


def _lines(_field: Field, value: str) -> str:
    return official_text(value).text.replace("\n", "\u3000")


# Widened, these two leave JIS X 0208.
_QUOTES = str.maketrans({"\uff07": "\u2019", "\uff02": "\u201d"})


def _wide(_field: Field, value: str) -> str:
    return full_width(official_text(value).text).translate(_QUOTES)


def _half(_field: Field, value: str) -> str:
    return half_width(official_text(value).text)


def _as_it_is(_field: Field, value: Any) -> str:
    return str(value)


def _day(_field: Field, value: str) -> str:
    """YYYYMMDD; parts that are not known are zeros."""
    return value.replace("-", "").ljust(8, "0")


def _month(_field: Field, value: str) -> str:
    """YYYYMM; a month that is not known is zeros."""
    return value.replace("-", "").ljust(6, "0")


def _yes_or_no(_field: Field, value: bool) -> str:
    return "1" if value else "0"


def _choice(field: Field, value: str) -> str:
    return tool_codes(field.listed)[value]


def _status(_field: Field, value: str) -> str:
    return next(row.name.ja for row in STATUSES.rows if row.code == value)


def _period(_field: Field, value: str) -> str:
    """As the list of periods says it: 3年, 1年6月, 90日."""
    period = Period.parse(value)
    if period.indefinite:
        return "無期限" if value == "INF" else "活動を行う期間"
    parts = ((period.years, "年"), (period.months, "月"), (period.days, "日"))
    return "".join(f"{number}{unit}" for number, unit in parts if number)


def _phone(_field: Field, value: str) -> str:
    """The digits; a number abroad begins with its country code."""
    return value.removeprefix("+")


_WRITERS: dict[Kind, Callable[[Field, Any], str]] = {
    Kind.TEXT: _text,
    Kind.LINES: _lines,
    Kind.WIDE: _wide,
    Kind.HALF: _half,
    Kind.LETTERS: _as_it_is,
    Kind.DIGITS: _as_it_is,
    Kind.NAME: _as_it_is,
    Kind.DAY: _day,
    Kind.PARTIAL_DAY: _day,
    Kind.MONTH: _month,
    Kind.PARTIAL_MONTH: _month,
    Kind.YES_NO: _yes_or_no,
    Kind.NUMBER: _as_it_is,
    Kind.CHOICE: _choice,
    Kind.STATUS: _status,
    Kind.PERIOD: _period,
    Kind.RESIDENCE_CARD: _as_it_is,
    Kind.PASSPORT: _as_it_is,
    Kind.CORPORATE_NUMBER: _as_it_is,
    Kind.EMPLOYMENT_INSURANCE: _as_it_is,
    Kind.POSTAL_CODE: _as_it_is,
    Kind.PHONE: _phone,
    Kind.ANY_PHONE: _phone,
}
