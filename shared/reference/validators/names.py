"""Names as on the passport and the residence card."""

import re
import unicodedata

from shared.reference.validators.errors import BadValue
from shared.reference.validators.width import half_width

MAX_LENGTH = 104
# Letters that do not come apart into a base letter and a mark. Source: ICAO Doc 9303 part 3, section 6.
_LETTERS = str.maketrans(
    {"ß": "SS", "Æ": "AE", "Œ": "OE", "Ø": "OE", "Đ": "D", "Ð": "D", "Þ": "TH", "Ł": "L", "Ħ": "H", "Ŋ": "N", "ı": "I"}
)
_QUOTES = str.maketrans({"‘": "'", "’": "'", "`": "'", "´": "'", "ʻ": "'", "‐": "-", "–": "-", "−": "-"})


def roman_name(text: str) -> str:
    """氏名: upper-case Latin letters with single spaces, at most 104 characters, e.g. `NGUYEN THI ANH`.

    Full width, lower case, accents and double spaces are mended: marks fall off (É becomes E, Đ becomes D), a few
    letters become two (Ø becomes OE). Other scripts are refused. Only people can tell whether it is as on the passport.
    """
    name = half_width(text.translate(_QUOTES)).translate(_LETTERS).upper().translate(_LETTERS)
    name = "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c))
    name = " ".join(name.split())
    if not re.fullmatch(r"[A-Z](?:[A-Z '.,-]*[A-Z.])?", name):
        raise BadValue(
            "roman-name",
            "氏名は旅券・在留カードのとおりローマ字で入力してください（例：NGUYEN THI ANH）。",
            "Write the name in Latin letters as on the passport, e.g. NGUYEN THI ANH.",
        )
    if len(name) > MAX_LENGTH:
        raise BadValue("too-long", f"氏名は{MAX_LENGTH}文字以内です。", f"A name has at most {MAX_LENGTH} characters.")
    return name
