"""Numbers of residence cards and passports."""

import re

from shared.errors import Text
from shared.text.errors import BadValue
from shared.text.width import code_like

_WEIGHTS = (7, 3, 1)


def residence_card_number(text: str) -> str:
    """在留カード番号 (also 特別永住者証明書番号): two letters, eight digits, two letters. No check digit is public."""
    number = code_like(text)
    if not re.fullmatch(r"[A-Z]{2}[0-9]{8}[A-Z]{2}", number):
        raise BadValue(
            "residence-card-number",
            Text(
                "在留カード番号は「AB12345678CD」のように英字2、数字8、英字2の12文字です。カードの右上をご確認ください。",
                "Enter the residence card number, like AB12345678CD: 2 letters, 8 digits, 2 letters, at its top right.",
            ),
        )
    return number


def passport_number(text: str) -> str:
    """旅券番号: 5 to 12 letters and digits. Most have 9; national formats differ, so nothing more is asked."""
    number = code_like(text)
    if not re.fullmatch(r"[A-Z0-9]{5,12}", number) or not re.search(r"[0-9]", number):
        raise BadValue(
            "passport-number",
            Text(
                "旅券番号は英数字5～12文字です。旅券の顔写真のページのとおりに入力してください（例：C1234567）。",
                "Enter the passport number as on the page with the photo, like C1234567: 5 to 12 letters and digits.",
            ),
        )
    return number


def icao_check_digit(field: str) -> int:
    """Check digit of a field of the machine-readable zone: weights 7, 3, 1; A = 10 ... Z = 35; `<` = 0.

    Source: ICAO Doc 9303 part 3, 4.9. Raises ValueError for other characters.
    """
    if not re.fullmatch(r"[A-Z0-9<]*", field):
        raise ValueError("only A-Z, 0-9 and < stand in a machine-readable zone")
    values = (0 if c == "<" else int(c, 36) for c in field)
    return sum(value * _WEIGHTS[place % 3] for place, value in enumerate(values)) % 10
