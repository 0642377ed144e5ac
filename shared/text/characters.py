"""The characters of typed text: line ends and normal form made one, invisible ones dropped, unreadable ones refused.

Everything that people type or paste goes through `cleaned`, for every kind of value. Sources: Unicode Standard
Annex 15 (normal forms), Unicode Technical Standard 39 section 3.1.1 and RFC 5892 appendix A (joiners).
"""

import re
import unicodedata

from shared.errors import Text
from shared.text.errors import BadValue

# CR LF is one line end; the rest is what Windows, old Macs, word processors (U+000B), mainframes and Unicode write.
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# Soft hyphens, zero-width spaces, marks that turn the direction of writing, fillers that look like a space, tags.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0"
    "\ufff9-\ufffc\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e00ff\U000e01f0-\U000e0fff]"
)
_JOINERS = "\u200c\u200d"
_SOMETIMES_INVISIBLE = re.compile("[\u180b-\u180d\u180f\u200c\u200d\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_IDEOGRAPH = re.compile("[\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
# Scripts in which a joiner or a non-joiner changes what is read (Persian, the scripts of India, and others).
_JOINING = (
    *("ARABIC", "SYRIAC", "MONGOLIAN", "DEVANAGARI", "BENGALI", "GURMUKHI", "GUJARATI", "ORIYA", "TAMIL", "TELUGU"),
    *("KANNADA", "MALAYALAM", "SINHALA", "KHMER", "MYANMAR", "TIBETAN"),
)
_NO_CHARACTER = "\ud800-\udfff\ufdd0-\ufdef\ufffd\ufffe\uffff" + "".join(
    f"{chr(plane * 0x10000 + 0xFFFE)}{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(1, 17)
)
_CONTROL = "\x00-\x08\x0e-\x1f\x7f-\x9f"
_PRIVATE = "\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd"
_UNREADABLE = re.compile(f"[{_CONTROL}{_NO_CHARACTER}{_PRIVATE}]")
# Characters that no database stores.
_UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")
_HALF_WIDTH_KATAKANA = re.compile("[\uff61-\uff9f]+")
# NFC would turn the compatibility ideographs, which names are registered with, into other ones: they stay.
_COMPOSABLE = re.compile("[^\uf900-\ufaff\U0002f800-\U0002fa1f]+")
# ASCII, kana, the usual ideographs and full-width forms: by far the most of what is typed, and nothing of it changes.
# Not the marks that are composed with what is before them.
_PLAIN = re.compile("[ -~\u3000-\u3029\u3030-\u303d\u3041-\u3096\u309d-\u30ff\u4e00-\u9fff\uff01-\uff5e]*")
_SPACES = re.compile("[\xa0\u1680\u2000-\u200a\u202f\u205f\u2800]")


def cleaned(text: str, *, unfinished: bool = False) -> str:
    """`text` with LF as its line end, without invisible characters, composed (NFC), with katakana in full width.

    Variation selectors stay behind ideographs and emoji, joiners in the scripts that need them; every odd space but
    the ideographic one (U+3000) becomes a space. Raises `BadValue` for control characters, private-use characters
    (外字), halves of a character and what is no character, with the place; of an `unfinished` text only for what cannot
    be kept.
    """
    if _PLAIN.fullmatch(text):
        return text
    text = _without_invisible(_LINE_ENDS.sub("\n", text))
    if found := (_UNKEEPABLE if unfinished else _UNREADABLE).search(text):
        raise _refused(text, found.start())
    text = _HALF_WIDTH_KATAKANA.sub(lambda run: unicodedata.normalize("NFKC", run[0]), text)
    text = _COMPOSABLE.sub(lambda run: unicodedata.normalize("NFC", run[0]), text)
    return _SPACES.sub(" ", text)


def readable(text: str) -> str:
    """`text` with an underscore for each character that `cleaned` refuses: for names that are shown and never asked."""
    return _UNREADABLE.sub("_", _LINE_ENDS.sub("\n", text))


def bare(text: str) -> str:
    """`text` without any invisible character, joiners and variation selectors included: for comparing and searching."""
    return _SOMETIMES_INVISIBLE.sub("", _INVISIBLE.sub("", text))


def _without_invisible(text: str) -> str:
    text = _INVISIBLE.sub("", text)
    if not _SOMETIMES_INVISIBLE.search(text):
        return text
    kept: list[str] = []
    for place, character in enumerate(text):
        before, after = (kept[-1] if kept else ""), text[place + 1 : place + 2]
        if not _SOMETIMES_INVISIBLE.match(character) or _has_effect(character, before, after):
            kept.append(character)
    return "".join(kept)


def _has_effect(character: str, before: str, after: str) -> bool:
    """Whether an invisible character changes how its neighbours look."""
    if not before:
        return False
    if character in _JOINERS:
        return bool(after) and ((_joins(before) and _joins(after)) or (_is_emoji(before) and _is_emoji(after)))
    if "\u180b" <= character <= "\u180f":
        return unicodedata.name(before, "").startswith("MONGOLIAN")
    return bool(_IDEOGRAPH.match(before)) or (character in "\ufe0e\ufe0f" and unicodedata.category(before) == "So")


def _joins(character: str) -> bool:
    return unicodedata.name(character, "").startswith(_JOINING)


def _is_emoji(character: str) -> bool:
    return unicodedata.category(character) in ("So", "Sk") or character == "\ufe0f"


def _refused(text: str, place: int) -> BadValue:
    character = text[place]
    line = text.count("\n", 0, place) + 1
    column = place - text.rfind("\n", 0, place)
    where = Text("{column}文字目", "Character {column}").with_values(column=column)
    if "\n" in text:
        where = Text("{line}行目の{column}文字目", "Character {column} of line {line}").with_values(
            line=line, column=column
        )
    number = f"U+{ord(character):04X}"
    if re.match(f"[{_CONTROL}]", character):
        return BadValue(
            "control-character",
            Text(
                "{where}に使用できない制御文字（{number}）があります。その文字を削除して、入力し直してください。",
                "{where} is a control character ({number}). Delete it and type the text again.",
            ).with_values(where=where, number=number),
        )
    if re.match(f"[{_PRIVATE}]", character):
        return BadValue(
            "private-use-character",
            Text(
                "{where}は外字（{number}）です。外字はお使いのパソコンでのみ表示され、ほかのパソ"
                "コンでは表示されません。在留カードなどに記載された文字、又は常用の字体で入力してください。",
                "{where} exists only on your own computer ({number}, a private-use character): nobody "
                "else can see it. Use a standard character instead, as on the residence card.",
            ).with_values(where=where, number=number),
        )
    return BadValue(
        "bad-text",
        Text(
            "{where}が文字化けしています（{number}）。その文字を入力し直してください。",
            "{where} is not a whole character ({number}). Type it again.",
        ).with_values(where=where, number=number),
    )
