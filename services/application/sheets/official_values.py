"""Values of a form as the official bulk file has them in its columns, and back."""

import re
from collections.abc import Mapping
from functools import cache

from services.application.forms.field import Field, Kind
from services.application.forms.official import exported_value
from services.application.forms.options import tool_codes
from services.application.sheets.official_layout import municipalities, status_codes
from shared.reference.periods import Period
from shared.text import full_width

_PERIOD = re.compile(r"(\d\d)(\d\d)(\d{3})")
_DASHED = frozenset({Kind.DAY, Kind.PARTIAL_DAY, Kind.MONTH, Kind.PARTIAL_MONTH})
_WHOLE = {Kind.DAY: 10, Kind.PARTIAL_DAY: 10, Kind.MONTH: 7, Kind.PARTIAL_MONTH: 7}


def written(field: Field, value: object, part: str, status: str, *, flagged: bool = False) -> str:
    """A normalised value as it stands in a column for that part of it. Raises `KeyError` where the tool has no code.

    `flagged`: other columns have what is known of a date in part; else its unknown parts are zeros.
    """
    if part in ("area", "copy-area", "rest", "copy-rest"):
        area, rest = split_address(exported_value(field, value))
        return area if part.endswith("area") else rest
    if part == "unless":
        return ""
    if field.kind in _DASHED and part not in ("", "copy"):
        return _of_date(field, str(value), part, flagged)
    if field.kind is Kind.STATUS:
        return status_codes()[str(value)]
    if field.kind is Kind.PERIOD:
        digits = _period_digits(str(value))
        return f"{status_codes()[status]}{digits}" if part == "with-status" else digits
    # The file has neither quoting nor escapes.
    return re.sub("[\t\r\n]", "\u3000", exported_value(field, value))


def _of_date(field: Field, value: str, part: str, flagged: bool) -> str:
    known = len(value)
    if part == "flag-month":
        return "1" if known > 4 else "2"
    if part == "flag-day":
        return {10: "1", 7: "4", 4: "3"}[known]
    if part == "bare-year":
        return value if known == 4 else ""
    if part == "bare-month":
        return value.replace("-", "") if known == 7 else ""
    if flagged and known < _WHOLE[field.kind]:
        return ""
    return {"year": value[:4], "month": value[5:7] or "00", "day": value[8:10] or "00"}[part]


def _period_digits(code: str) -> str:
    period = Period.parse(code)
    if period.indefinite:
        raise KeyError(code)
    return f"{period.years:02}{period.months:02}{period.days:03}"


def read_back(field: Field, parts: Mapping[str, str]) -> str | None:
    """The value in these parts as `read_value` takes it; None where the cells say nothing.

    Raises `KeyError` where a code is none of the tool's.
    """
    if "rest" in parts or "area" in parts:
        return joined_address(parts.get("area", ""), parts.get("rest", "")) or None
    if any(part in parts for part in ("year", "bare-year", "bare-month")):
        return _date_of(parts)
    text = next((parts[part] for part in ("", "with-status") if part in parts), "")
    if not text:
        return None
    if field.kind is Kind.CHOICE:
        return _choices(field.listed)[text]
    if field.kind is Kind.STATUS:
        return _statuses()[text]
    if field.kind is Kind.PERIOD:
        return _period_of(text)
    if field.kind in (Kind.MONTH, Kind.PARTIAL_MONTH) and re.fullmatch("[0-9]{6}", text):
        return text[:4] if text.endswith("00") else f"{text[:4]}-{text[4:]}"
    if field.kind is Kind.ANY_PHONE and not text.startswith(("0", "+")):
        return f"+{text}"
    return text


def _date_of(parts: Mapping[str, str]) -> str | None:
    given = (parts.get(part, "").zfill(2) for part in ("year", "month", "day"))
    whole = [part for part in given if part != "00"]
    if whole:
        return "-".join(whole)
    month = parts.get("bare-month", "")
    return f"{month[:4]}-{month[4:6]}" if month else parts.get("bare-year") or None


def _period_of(text: str) -> str:
    found = _PERIOD.fullmatch(text[-7:])
    if found is None or len(text) not in (7, 10):
        raise KeyError(text)
    code = "".join(f"{unit}{int(number)}" for unit, number in zip("YMD", found.groups(), strict=True) if int(number))
    if not code:
        raise KeyError(text)
    return code


@cache
def _choices(listed: str) -> Mapping[str, str]:
    return {tool: code for code, tool in tool_codes(listed).items()}


@cache
def _statuses() -> Mapping[str, str]:
    return {tool: code for code, tool in status_codes().items()}


def status_of(tool_code: str) -> str | None:
    """The status of residence with that code of the tool."""
    return _statuses().get(tool_code)


def split_address(address: str) -> tuple[str, str]:
    """The code of the municipality, else of the prefecture, with which an address begins, and what follows."""
    for beginning, code in _beginnings():
        if address.startswith(beginning):
            return code, address[len(beginning) :]
    return "", address


def joined_address(code: str, rest: str) -> str:
    """The opposite of `split_address`. Raises `KeyError` for an unknown code."""
    if not code:
        return rest
    prefecture, city = municipalities()[code]
    return full_width(prefecture + city) + rest


@cache
def _beginnings() -> tuple[tuple[str, str], ...]:
    """The beginnings of addresses with their codes, the longest first."""
    found = [(full_width(prefecture + city), code) for code, (prefecture, city) in municipalities().items()]
    return tuple(sorted(found, key=lambda each: -len(each[0])))
