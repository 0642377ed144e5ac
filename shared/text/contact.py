"""Postal codes and telephone numbers."""

import re
from functools import lru_cache

import phonenumbers

from shared.errors import Text
from shared.text.errors import BadValue
from shared.text.width import code_like, half_width

UNKNOWN_POSTAL_CODE = "0000000"
_EXTENSION = re.compile(r"内線|内\)|\(内|EXT|[0-9]X[0-9]|#", re.IGNORECASE)
_MAIN_LINE = re.compile(r"代表|\(代\)|代$")
_SEVERAL = re.compile(r"[,、;/／]|又は|または|\bOR\b|[0-9]\s+0[0-9]{1,4}-[0-9]", re.IGNORECASE)
_BEFORE = re.compile(r"^(?:TEL|電話番号|電話|携帯電話|携帯|☎|☏|📞|📱)[.:]?", re.IGNORECASE)


def postal_code(typed: str) -> str:
    """郵便番号: 7 digits, without 〒 and hyphen. `0000000` is what the official form takes for "unknown"."""
    code = code_like(typed).removeprefix("〒")
    if re.fullmatch(r"[1-9][0-9]{5}", code):
        # A spreadsheet has taken it for a number.
        raise BadValue(
            "postal-code",
            Text(
                "先頭の0を付けて、7桁で入力してください（例：{example}）。",
                "Enter all 7 digits, with the 0 at the beginning, like {example}.",
            ).with_values(example=f"0{code[:2]}-{code[2:]}"),
        )
    if not re.fullmatch(r"[0-9]{7}", code):
        raise BadValue(
            "postal-code",
            Text(
                "郵便番号は7桁の数字で入力してください（例：100-0013）。",
                "Enter a postal code of 7 digits, like 100-0013.",
            ),
        )
    return code


def phone(typed: str, *, abroad: bool = False) -> str:
    """電話番号 in Japan: digits only, at most 12, beginning with 0; +81 is written as 0.

    With `abroad` a number of another country is taken too, as `+` with its country code (E.164). Raises `BadValue` with
    what to leave out: neither extensions nor a second number can be dialled from the record.
    """
    plain = half_width(typed)
    number = re.sub(r"[().\[\]]", "", code_like(_BEFORE.sub("", plain)))
    number = re.sub(r"^(?:\+81|0081|01081|010\+81)0?", "0", number)
    if re.fullmatch(r"0[0-9]{8,11}", number) and not number.startswith(("00", "010")):
        return number
    if abroad and (found := _abroad(plain)):
        return found
    raise _why(plain, number, abroad=abroad)


# An office's number stands in every row of its file.
@lru_cache(maxsize=1_000)
def phone_hint(number: str) -> Text | None:
    """Something to compare, where no such number is in use by the numbering plan; `number` as `phone` returns it."""
    try:
        found = phonenumbers.parse(number, "JP")
    except phonenumbers.NumberParseException:
        return None
    if phonenumbers.is_valid_number(found):
        return None
    shown = phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    return Text(
        "「{shown}」は現在使われている番号の形ではありません。桁数と市外局番をご確認ください（例：03-1234-5678）。",
        "{shown} is not of a form that is in use. Check the number of digits and the area code, like 03-1234-5678.",
    ).with_values(shown=shown)


def _abroad(plain: str) -> str | None:
    """A number with its country code in E.164; None where it is none."""
    if _EXTENSION.search(plain) or _SEVERAL.search(plain):
        return None
    dialled = re.sub(r"^(?:00|010(?=[1-9]))", "+", re.sub(r"[^0-9+]", "", _BEFORE.sub("", plain)))
    try:
        found = phonenumbers.parse(dialled, None)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(found):
        return None
    return phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164)


def _why(plain: str, number: str, *, abroad: bool) -> BadValue:
    if _EXTENSION.search(plain):
        return _phone(
            Text(
                "内線番号は入力できません。内線を除いた番号を入力してください",
                "Leave out the extension. Enter the number alone",
            ),
        )
    if _MAIN_LINE.search(plain):
        return _phone(
            Text("「代」「代表」を除いた番号を入力してください", "Leave out 代 or 代表. Enter the number alone")
        )
    if _SEVERAL.search(plain) or re.fullmatch(r"0[0-9]{9,10}0[0-9]{8,10}", number):
        return _phone(Text("電話番号は1つだけ入力してください", "Enter one telephone number only"))
    if re.fullmatch(r"81[0-9]{8,11}", number):
        return _phone(
            Text(
                "国番号の81は「+81」とするか、除いて0から入力してください",
                "Write the country code as +81, or leave out 81 and begin with 0",
            ),
        )
    if not abroad and re.fullmatch(r"[1-9][0-9]{8,9}", number):
        # A spreadsheet has taken it for a number.
        return _phone(Text("先頭の0を付けて入力してください", "Enter the number with the 0 at the beginning"))
    if abroad:
        return BadValue(
            "phone",
            Text(
                "電話番号を入力してください。外国の番号は「+」と国番号から始めてください"
                "（例：03-1234-5678、+84 24 3825 1234）。",
                "Enter a telephone number. Begin a number abroad with + and the country code, like +84 24 3825 1234.",
            ),
        )
    if re.match(r"\+|00|010", number):
        return _phone(Text("日本国内の電話番号を入力してください", "Enter a telephone number in Japan"))
    return _phone(
        Text(
            "電話番号は0から始まる9～12桁の日本国内の番号を入力してください",
            "Enter a telephone number in Japan of 9 to 12 digits that begins with 0",
        ),
    )


def _phone(reason: Text) -> BadValue:
    return BadValue(
        "phone", Text("{reason}（例：03-1234-5678）。", "{reason}, like 03-1234-5678.").with_values(reason=reason)
    )
