"""Whole numbers and amounts, as people write them."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from shared.errors import Text
from shared.text.errors import BadValue
from shared.text.width import half_width

_SCALES = {"千": 10**3, "万": 10**4, "億": 10**8, "兆": 10**12}
_PART = re.compile(r"(\d+(?:\.\d+)?)(千?[万億兆]|千)?")
# Signs that may stand around a number of each kind, in half width and without spaces.
_UNITS: Mapping[str, tuple[str, str]] = {
    "": ("", ""),
    "yen": (r"(?:¥|\\|JPY|金)?", r"(?:円|圓|YEN|JPY|¥)?(?:也|-)?"),
    "people": ("", r"(?:名|人|NIN|PEOPLE|PERSONS)?"),
    "years": ("", r"(?:年間?|YEARS?)?"),
    "months": ("", r"(?:か月|ヶ月|ケ月|カ月|ヵ月|箇月|月)?(?:間)?"),
    "hours": ("", r"(?:時間|HOURS?)?"),
    "percent": ("", r"(?:%|パーセント|PERCENT)?"),
    "m2": ("", r"(?:㎡|M2|M²|平方メートル|平米)?"),
}
_EXAMPLES: Mapping[str, tuple[Text, str]] = {
    "": (Text("数字", "a whole number"), "12"),
    "yen": (Text("金額（円）", "an amount in yen"), "30000000"),
    "people": (Text("人数", "a number of people"), "85"),
    "years": (Text("年数", "a number of years"), "3"),
    "months": (Text("月数", "a number of months"), "36"),
    "hours": (Text("時間数", "a number of hours"), "28"),
    "percent": (Text("割合（％）", "a percentage"), "95"),
    "m2": (Text("面積（㎡）", "an area in m²"), "45"),
}


def whole_number(typed: Any, most: int, *, unit: str = "") -> int:
    """A whole number from 0 to `most`: an int, or a text in any width with separators, 万, 億 and its `unit`.

    `unit` is "yen", "people", "years", "months", "hours", "percent", "m2" or "". `1,000万円` is 10000000, `８５名` is
    85. Raises `BadValue`.
    """
    value = _value(typed, unit)
    what, example = _EXAMPLES[unit]
    if value is None:
        raise BadValue(
            "not-a-number",
            Text("{what}を数字で入力してください（例：{example}）", "Enter {what}, like {example}").with_values(
                what=what, example=example
            ),
        )
    if value < 0:
        raise BadValue("out-of-range", Text("0以上の数字で入力してください", "Enter a number of 0 or more"))
    if value > most:
        raise BadValue(
            "out-of-range",
            Text("0～{most}の数字で入力してください", "Enter a number from 0 to {most}").with_values(most=most),
        )
    if value != int(value):
        raise BadValue(
            "not-a-number",
            Text(
                "小数は使えません。{what}を整数で入力してください（例：{example}）",
                "Enter {what} without decimals, like {example}",
            ).with_values(what=what, example=example),
        )
    return int(value)


def _value(typed: Any, unit: str) -> Decimal | None:
    """The number that is meant, or None where it is none."""
    if isinstance(typed, bool):
        return None
    if isinstance(typed, int):
        # Beyond any limit; an int of thousands of digits is not worth the conversion.
        return Decimal(typed) if typed.bit_length() < 200 else Decimal((typed > 0) - (typed < 0)) * 10**60
    if isinstance(typed, float):
        return Decimal(typed) if typed == typed and abs(typed) < 2**53 else None
    if not isinstance(typed, str):
        return None
    before, after = _UNITS[unit]
    plain = re.sub(r"[\s_']", "", half_width(typed)).upper()
    found = re.fullmatch(rf"{before}([-−△▲]?)([0-9.,、，千万億兆]+){after}", plain)
    if found is None or len(found[2]) > 40:
        return None
    amount = _amount(re.sub("[、，]", ",", found[2]))
    return -amount if amount is not None and found[1] else amount


def _amount(written: str) -> Decimal | None:
    """`1億2,000万`, `3,000`, `1.5億`."""
    # A comma separates thousands (or, in India, hundreds): behind it are at least two digits.
    if re.search(r",(?!\d{2})|^,", written):
        return None
    total, last, place = Decimal(0), None, 0
    written = written.replace(",", "")
    for part in _PART.finditer(written):
        scale = 1
        for sign in part[2] or "":
            scale *= _SCALES[sign]
        if part.start() != place or (last is not None and scale >= last):
            return None
        total, last, place = total + Decimal(part[1]) * scale, scale, part.end()
    return total if place == len(written) and last is not None else None
