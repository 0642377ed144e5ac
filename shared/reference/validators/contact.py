"""Postal codes and telephone numbers."""

import re

from shared.reference.validators.errors import BadValue
from shared.reference.validators.width import code_like

UNKNOWN_POSTAL_CODE = "0000000"


def postal_code(text: str) -> str:
    """郵便番号: 7 digits, without 〒 and hyphen. `0000000` is what the official form takes for "unknown"."""
    code = code_like(text).removeprefix("〒")
    if not re.fullmatch(r"[0-9]{7}", code):
        raise BadValue("postal-code", "郵便番号は7桁の数字です。", "A postal code has 7 digits.")
    return code


def phone(text: str) -> str:
    """電話番号: digits only, at most 12, beginning with 0; +81 is written as 0."""
    number = re.sub(r"[().]", "", code_like(text))
    number = re.sub(r"^(?:\+81|0081)0?", "0", number)
    if not re.fullmatch(r"0[0-9]{8,11}", number):
        raise BadValue(
            "phone",
            "電話番号は0から始まる9～12桁の日本国内の番号を入力してください。",
            "Give a telephone number in Japan: 9 to 12 digits that begin with 0.",
        )
    return number
