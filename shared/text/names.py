"""Names as on the passport and the residence card."""

import re
import unicodedata

from shared.errors import Text
from shared.text.errors import BadValue
from shared.text.width import HYPHENS, half_width

MAX_LENGTH = 104
# Letters that do not come apart into a base letter and marks. Source: ICAO Doc 9303 part 3, section 6.A.
_LETTERS = str.maketrans(
    {"ß": "SS", "ẞ": "SS", "Æ": "AE", "Œ": "OE", "Ø": "OE", "Þ": "TH", "Ĳ": "IJ"}
    | {"Đ": "D", "Ð": "D", "Ł": "L", "Ħ": "H", "Ŋ": "N", "Ŧ": "T", "ĸ": "K", "ı": "I", "ĳ": "IJ"}
)
# Letters of two in the machine-readable zone: the base letter, the mark among its marks, the letters. Same source.
_TWO_LETTERS = (("AOU", "\u0308", "E"), ("A", "\u030a", "A"))
APOSTROPHES = re.compile("[\u0060\u00b4\u02b9\u02bb-\u02bf\u02c8\u2018-\u201b\u2032\u2035\ua78b\ua78c\uff07]")
# Letters for which the standard or the countries know more than one way.
_SEVERAL_WAYS = re.compile("[ÄÅÖØÜÑẞÆŒÞÐ]")


def roman_name(typed: str) -> str:
    """氏名: upper-case Latin letters with single spaces, at most 104 characters, e.g. `NGUYEN THI ANH`.

    Letters with marks become what the machine-readable zone writes (ICAO Doc 9303 part 3, section 6.A): É is E, Ä is
    AE, Å is AA, Ø is OE, ß is SS. Apostrophes and hyphens of any kind become ' and -. Raises `BadValue` for other
    scripts, digits and signs, with the one to leave out. Only people can check it against the passport.
    """
    name = _without_marks(unicodedata.normalize("NFD", _marked(typed).translate(_LETTERS)))
    # Last: a mark that stands alone, like the cedilla in `A¸`, has become a space.
    name = " ".join(name.split())
    if not name:
        raise _not_latin()
    if wrong := re.sub("[A-Z '.,-]", "", name):
        raise _refused(wrong)
    if not re.search("[A-Z]", name):
        raise _not_latin()
    if name[0] in "-.," or name[-1] in "-,":
        raise _sign(name[0] if name[0] in "-.," else name[-1], at_the_end=True)
    if len(name) > MAX_LENGTH:
        raise BadValue(
            "too-long",
            Text(
                "氏名は{max_length}文字以内で入力してください。", "Enter a name of {max_length} letters or fewer."
            ).with_values(max_length=MAX_LENGTH),
        )
    return name


def roman_name_hint(typed: object) -> Text | None:
    """The name that is sent instead, where `typed` has letters that a name cannot have (Ễ, Ş, Ö); else None.

    `typed` is a name that `roman_name` takes. Letters that passports write in more than one way are to be compared.
    """
    if not isinstance(typed, str):
        return None
    marked = unicodedata.normalize("NFC", _marked(typed))
    found = list(dict.fromkeys(letter for letter in marked if letter.isalpha() and not letter.isascii()))
    if not found:
        return None
    letters, name = Text("・".join(found), ", ".join(found)), roman_name(typed)
    if is_written_in_several_ways(typed):
        return Text(
            "「{letters}」をローマ字の規則に従い「{name}」としました。旅券の機械読取部分（下部"
            "の2行）又は在留カードの表記と異なる場合は、そのとおりに入力し直してください。",
            "{letters} became {name}. Compare it with the machine-readable lines of the passport "
            "or with the residence card, and type it as it is there if it differs.",
        ).with_values(letters=letters, name=name)
    return Text(
        "氏名は英字のみのため、「{letters}」の記号を除いた「{name}」を送信します。在留カードの表記と同じかご確認ください。",
        "Names have plain Latin letters only, so {name} is sent ({letters}). Compare it with the residence card.",
    ).with_values(letters=letters, name=name)


def passport_letters(text: str) -> str:
    """`text` in upper case, with its letters as the machine-readable zone writes them (Ö is OE); the rest stays."""
    return _without_marks(unicodedata.normalize("NFD", text.upper().translate(_LETTERS)))


def is_written_in_several_ways(typed: str) -> bool:
    """Whether the name has letters for which passports of different countries have different ones."""
    return bool(_SEVERAL_WAYS.search(unicodedata.normalize("NFC", _marked(typed))))


def _marked(typed: str) -> str:
    """In half width and upper case, its signs unified, its letters still with their marks."""
    # Before the width: compatibility decomposition would make a space and a mark of the acute accent.
    name = half_width(HYPHENS.sub("-", APOSTROPHES.sub("'", typed)))
    return name.replace("ı", "I").replace("ß", "ẞ").upper()


def _without_marks(decomposed: str) -> str:
    written: list[str] = []
    for base, marks in re.findall(r"(.)([\u0300-\u036f]*)", decomposed):
        more = next((more for letters, mark, more in _TWO_LETTERS if base in letters and mark in marks), "")
        written.append(base + more)
    return "".join(written)


def _not_latin() -> BadValue:
    return BadValue(
        "roman-name",
        Text(
            "氏名は旅券・在留カードのとおりローマ字で入力してください（例：NGUYEN THI ANH）。",
            "Enter the name in Latin letters as on the passport, like NGUYEN THI ANH.",
        ),
    )


def _refused(wrong: str) -> BadValue:
    if any(character.isalpha() or unicodedata.combining(character) for character in wrong):
        return _not_latin()
    if any(character.isdigit() for character in wrong):
        return BadValue(
            "roman-name",
            Text(
                "氏名に数字は使えません。在留カードのとおり、数字を除いて入力してください（例：JOHN SMITH）。",
                "Leave out the digits: the residence card writes the name without them, like JOHN SMITH.",
            ),
        )
    return _sign(wrong)


def _sign(signs: str, *, at_the_end: bool = False) -> BadValue:
    each = list(dict.fromkeys(signs))[:5]
    named = Text("」「".join(each), " and ".join(each))
    text = Text(
        "氏名に「{signs}」は使えません。在留カードのとおり、その記号を除いて入力してください（例：NGUYEN THI ANH）。",
        "Leave out {signs}: the residence card writes the name without, like NGUYEN THI ANH.",
    )
    if at_the_end:
        text = Text(
            "氏名に先頭・末尾の「{signs}」は使えません。在留カードのとおり、その記号を除いて"
            "入力してください（例：NGUYEN THI ANH）。",
            "Leave out {signs} at the end or the beginning: the residence card writes the name without, like"
            " NGUYEN THI ANH.",
        )
    return BadValue("roman-name", text.with_values(signs=named))
