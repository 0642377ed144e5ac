"""Numbers of residence cards and passports."""

import re

from shared.reference.validators.errors import BadValue
from shared.reference.validators.width import code_like

_WEIGHTS = (7, 3, 1)


def residence_card_number(text: str) -> str:
    """在留カード番号 (also 特別永住者証明書番号): two letters, eight digits, two letters. No check digit is public."""
    number = code_like(text)
    if not re.fullmatch(r"[A-Z]{2}[0-9]{8}[A-Z]{2}", number):
        raise BadValue(
            "residence-card-number",
            "在留カード番号は「AB12345678CD」のように英字2、数字8、英字2の12文字です。カードの右上をご確認ください。",
            "A residence card number has 2 letters, 8 digits, 2 letters, like AB12345678CD: see the card's top right.",
        )
    return number


def passport_number(text: str) -> str:
    """旅券番号: 5 to 12 letters and digits. Most have 9; national formats differ, so nothing more is asked."""
    number = code_like(text)
    if not re.fullmatch(r"[A-Z0-9]{5,12}", number) or not re.search(r"[0-9]", number):
        raise BadValue(
            "passport-number",
            "旅券番号は英数字5～12文字です。旅券の顔写真のページのとおりに入力してください。",
            "A passport number has 5 to 12 letters and digits: copy it from the page with the photo.",
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
