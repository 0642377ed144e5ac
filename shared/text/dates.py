"""Calendar days as people write them, and as residence cards and passports print them."""

import re
from datetime import date
from typing import Any, NamedTuple, NoReturn

from shared.errors import Text
from shared.text.eras import Era, split_era
from shared.text.errors import BadValue
from shared.text.width import hyphened

# Nobody who lives was born before; nothing that is filed ends later.
EARLIEST = date(1900, 1, 1)
LATEST = date(2199, 12, 31)
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_NAMED = rf"({'|'.join(_MONTHS)})[A-Z]*\.?"
# A day as programs write it, which is most of what comes: nothing of it has to be put in order.
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ISO_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")
# Spreadsheets and programs add midnight to a day.
_MIDNIGHT = re.compile(r"[T ]+0{1,2}:00(:00(\.0+)?)?$")
_WEEKDAY = re.compile(r"\([月火水木金土日](曜日?)?\)$")
# Words around a date that say nothing more, and a full stop at its end.
_AROUND = re.compile(r"^西暦|生(?:まれ)?$|(?<=\d)\.$")
# 1980年(月日不明), 1980年5月日不詳: what is unknown is left out.
_SAID_UNKNOWN = re.compile(r"(?:(?<=年)\(?(?:月日?)?|(?<=\d月)\(?日?)(?:不明|不詳)\)?$")
_SPACED = re.compile(r"(\d{4})\s+(\d{1,2})\s+(\d{1,2})")
_ORDINAL = re.compile(r"(?<=\d)(?:ST|ND|RD|TH)(?=[^A-Z]|[A-Z]{3})")
_KANJI_DIGITS = {sign: str(value) for value, sign in enumerate("〇一二三四五六七八九")} | {"零": "0"}
_KANJI_NUMBER = re.compile("[〇零一二三四五六七八九十]+(?=[年月日])")
_RUN_TOGETHER = re.compile(r"([MTSHR明大昭平令])(\d{2})(\d{2})(\d{2})")
_UNKNOWN = ("0", "00", "X", "XX", "*", "**")
_PART = r"(\d{1,2}|X{1,2}|\*{1,2})"
_REST = re.compile(rf"(?:[-/.年]{_PART}(?:[-/.月]{_PART}日?|月)?)?年?")


class _Parts(NamedTuple):
    """The parts of a date as written: month and day are None where they are missing, 0 where the card prints them as
    unknown."""

    year: int
    month: int | None
    day: int | None
    era: Era | None


def day(typed: Any) -> date:
    """A calendar day: `2021-04-01`, `20210401`, `2021/4/1`, `2021年4月1日`, `令和3年4月1日`, `R3.4.1`, `1 APR 2021`.

    Any width, spaces and hyphen-like signs are taken. Raises `BadValue`: for what cannot be read, can be read in two
    ways, is no day, is no day of the era that is named, or cannot be true (before 1900, after 2199).
    """
    parts = _read(typed)
    if not parts.month or not parts.day:
        raise _refused(Text("年・月・日のすべてを入力してください", "Enter year, month and day"))
    return _whole(parts)


def partial_day(typed: Any) -> str:
    """A day of which the month or the day may be unknown: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.

    Unknown parts are left out, or written as cards and passports print them: `1980-00-00`, `1980年00月00日`,
    `1980-05-00`. Raises `BadValue` as `day`.
    """
    parts = _read(typed)
    if not parts.month:
        if parts.day:
            raise _refused(
                Text("月が不明な場合は、年だけを入力してください", "Enter the year alone where the month is unknown"),
                "1980",
            )
        _check_year(parts.year, parts.era is None or parts.era.has_year(parts.year), parts.era)
        return f"{parts.year:04}"
    if not parts.day:
        if not 1 <= parts.month <= 12:
            raise _no_such_day()
        _check_year(parts.year, parts.era is None or parts.era.has_month(parts.year, parts.month), parts.era)
        return f"{parts.year:04}-{parts.month:02}"
    return _whole(parts).isoformat()


def is_believable(value: date) -> bool:
    """Whether a form can mean this day: from 1900 to 2199."""
    return EARLIEST <= value <= LATEST


def _read(typed: Any) -> _Parts:
    if isinstance(typed, bool) or not isinstance(typed, int | str):
        raise _refused(Text("日付を入力してください", "Enter a date"))
    if isinstance(typed, int):
        typed = str(typed) if 0 <= typed < 10**9 else ""
    if _ISO.fullmatch(typed):
        return _Parts(int(typed[:4]), int(typed[5:7]), int(typed[8:]), None)
    if _ISO_MONTH.fullmatch(typed):
        return _Parts(int(typed[:4]), int(typed[5:]), None, None)
    written = _plain(typed)
    if found := split_era(written):
        era, number, rest = found
        if number == 0:
            raise _refused(Text("元号の年は元年(1年)からです", "The first year of an era is 1"))
        return _parts(era.year(number), rest, era)
    if named := _named_month(written):
        return named
    if re.fullmatch(r"\d{8}", written):
        return _Parts(int(written[:4]), int(written[4:6]), int(written[6:]), None)
    if re.fullmatch(r"\d{4}(?!\d).*", written):
        return _parts(int(written[:4]), written[4:], None)
    raise _not_read(written)


def _plain(typed: str) -> str:
    """The date in half width and upper case, without spaces and words around it, its numbers in digits."""
    written = _SPACED.sub(r"\1-\2-\3", _MIDNIGHT.sub("", hyphened(typed)))
    written = re.sub(r"\s", "", _WEEKDAY.sub("", written)).upper().replace("·", ".").replace("・", ".")
    written = _KANJI_NUMBER.sub(_in_digits, _AROUND.sub("", written))
    written = _SAID_UNKNOWN.sub("", written)
    return _RUN_TOGETHER.sub(r"\1\2.\3.\4", written) if _RUN_TOGETHER.fullmatch(written) else written


def _in_digits(number: re.Match[str]) -> str:
    """`二〇二六` as 2026, `三十一` as 31: years are written either way, months and days by tens."""
    tens, ten, ones = number[0].rpartition("十")
    if not ten:
        return "".join(_KANJI_DIGITS[sign] for sign in ones)
    if len(tens) > 1 or len(ones) > 1:
        return number[0]
    return (_KANJI_DIGITS[tens] if tens else "1") + (_KANJI_DIGITS[ones] if ones else "0")


def _named_month(written: str) -> _Parts | None:
    """A date that names its month in English; without a day the day is unknown."""
    plain = _ORDINAL.sub("", written)
    if found := re.fullmatch(rf"(?:(\d{{1,2}})[-/.]?)?{_NAMED}[-/]?,?(\d{{4}})", plain):
        return _Parts(int(found[3]), _MONTHS.index(found[2]) + 1, _number(found[1]), None)
    if found := re.fullmatch(rf"{_NAMED}(\d{{1,2}}),(\d{{4}})", plain):
        return _Parts(int(found[3]), _MONTHS.index(found[1]) + 1, int(found[2]), None)
    return None


def _parts(year: int, rest: str, era: Era | None) -> _Parts:
    found = _REST.fullmatch(rest)
    if found is None:
        raise _refused(Text("日付を読み取れません。年月日を入力してください", "Enter a date"))
    return _Parts(year, _number(found[1]), _number(found[2]), era)


def _number(part: str | None) -> int | None:
    if part is None:
        return None
    return 0 if part in _UNKNOWN else int(part)


def _not_read(written: str) -> BadValue:
    if re.fullmatch(r"\d{5}(\.0*)?", written):
        return _refused(
            Text(
                "表計算ソフトの日付の通し番号です。セルの表示形式を日付にし、年月日で入力してください",
                "This is a spreadsheet's serial number for a day. Format the cell as a date, and enter it",
            ),
            code="serial-number",
        )
    if re.fullmatch(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{1,4}", written) or re.fullmatch(r"\d{6}", written):
        return _refused(
            Text(
                "年・月・日の順が分かりません。西暦4桁の年から入力してください",
                "This date can be read in more than one way. Enter the year with 4 digits first",
            ),
            code="ambiguous-day",
        )
    return _refused(Text("日付を読み取れません。年月日を入力してください", "Enter a date"))


def _whole(parts: _Parts) -> date:
    assert parts.month is not None
    assert parts.day is not None
    try:
        value = date(parts.year, parts.month, parts.day)
    except ValueError:
        if parts.year == 0:
            _cannot_be_true()
        raise _no_such_day() from None
    _check_year(parts.year, parts.era is None or parts.era.has(value), parts.era)
    if not is_believable(value):
        _cannot_be_true()
    return value


def _check_year(year: int, in_era: bool, era: Era | None) -> None:
    if era is not None and not in_era:
        text = Text(
            "{era}は{first}からです。西暦で入力してください", "{era} began on {first}. Enter the Western year"
        ).with_values(era=era.name, first=era.first)
        if era.last:
            text = Text(
                "{era}は{first}から{last}までです。西暦で入力してください",
                "{era} began on {first} and ended on {last}. Enter the Western year",
            ).with_values(era=era.name, first=era.first, last=era.last)
        raise _refused(text, code="not-in-era")
    if not EARLIEST.year <= year <= LATEST.year:
        _cannot_be_true()


def _cannot_be_true() -> NoReturn:
    raise _refused(
        Text(
            "あり得ない日付です。旅券のとおり西暦の年を入力してください。仏暦の場合は543を引いた年です",
            "This date cannot be true. Enter the Western year as on the passport (543 less than a Buddhist year)",
        ),
        code="cannot-be-true",
    )


def _no_such_day() -> BadValue:
    return _refused(
        Text("暦にない日付です。年月日を確認してください", "There is no such day. Enter a date of the calendar")
    )


def _refused(reason: Text, example: str = "2026-04-01", *, code: str = "not-a-day") -> BadValue:
    text = Text("{reason}（例：{example}）", "{reason}, like {example}")
    return BadValue(code, text.with_values(reason=reason, example=example))
