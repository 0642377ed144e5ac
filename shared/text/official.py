"""Characters that the official form takes (JIS X 0208 and ASCII), and what is sent instead of every other one.

What people typed is kept; only what is sent to the official form is written so. A hint shows it before.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from shared.errors import Text
from shared.text.variants import INSTEAD
from shared.texts import sentences

# Stands for a character that cannot be printed (下駄記号).
UNKNOWN = "〓"
# The first bytes in code page 932 of the rows that JIS X 0208 has (1 to 8, 16 to 84), without vendors' additions.
_JIS_ROWS = frozenset({*range(0x81, 0x85), *range(0x88, 0xA0), *range(0xE0, 0xEB)})
# Marks and joiners, which are not seen alone.
_UNSEEN = ("Mn", "Me", "Mc", "Cf")
# Most hints that one text is worth: further characters are counted.
_NAMED = 8


@dataclass(frozen=True, slots=True)
class Sent:
    """A text as it is sent. `instead` has each character that is replaced with what stands for it (empty: nothing
    does), `unknown` those that nothing can stand for."""

    text: str
    instead: dict[str, str]
    unknown: tuple[str, ...]


@lru_cache(maxsize=20_000)
def is_official(character: str) -> bool:
    """Whether the official form takes the character as it is, in full or half width."""
    if character.isascii():
        return True
    try:
        code = character.encode("cp932")
    except UnicodeEncodeError:
        return False
    return len(code) == 2 and code[0] in _JIS_ROWS


def official_text(text: str) -> Sent:
    """`text` with the official characters alone. Digits never run together: `10²` is sent as `10(2)`, `①` as `(1)`."""
    if text.isascii():
        return Sent(text, {}, ())
    written: list[str] = []
    instead: dict[str, str] = {}
    unknown: dict[str, None] = {}
    for place, character in enumerate(text):
        if is_official(character):
            written.append(character)
            continue
        sent = _instead_of(character)
        if sent == UNKNOWN:
            unknown[character] = None
        elif sent or unicodedata.category(character) not in _UNSEEN:
            instead[character] = sent
        if sent[:1].isdecimal() and _touch_a_digit("".join(written[-1:]), text[place + 1 : place + 2]):
            sent = f"({sent})"
            instead[character] = sent
        written.append(sent)
    return Sent("".join(written), instead, tuple(unknown))


def is_sendable(text: str) -> bool:
    """Whether anything of `text` can be read when it is sent: letters of another script alone cannot."""
    if text.isascii() or all(map(is_official, text)):
        return True
    return any(character.isalnum() for character in official_text(text).text)


def official_hint(text: str) -> Text | None:
    """The characters that are sent instead of those of `text`; None where it is sent as it is."""
    if all(map(is_official, text)):
        return None
    sent = official_text(text)
    hints: list[Text] = []
    if sent.instead:
        pairs = [(one, other or "") for one, other in sent.instead.items()][:_NAMED]
        listed = [_replaced(one, other) for one, other in pairs]
        if len(sent.instead) > _NAMED:
            listed.append(Text("など", "others"))
        hints.append(
            Text(
                "申請書に使えるのはJIS第1・第2水準の文字です。送信時には次のとおり置き換えます: {listed}。"
                "違う場合は、別の書き方で入力してください。",
                "The official form takes the characters of JIS levels 1 and 2 only. Sent instead: {listed}. Type it in "
                "another way if that is wrong.",
            ).with_values(listed=listed)
        )
    if sent.unknown:
        hints.append(
            Text(
                "「{named}」は申請書に使用できず、代わりの文字もありません（送信時は「{unknown}」）。"
                "漢字、かな又はローマ字で入力し直してください。",
                "The official form has no character for {named}: {unknown} is sent. Type it in Japanese or Latin "
                "letters.",
            ).with_values(named=" ".join(sent.unknown[:_NAMED]), unknown=UNKNOWN)
        )
    return sentences(*hints) if hints else None


def _replaced(one: str, other: str) -> Text:
    if not other:
        return Text("「{one}」→（削除）", "{one} as nothing").with_values(one=one)
    return Text("「{one}」→「{other}」", "{one} as {other}").with_values(one=one, other=other)


def _instead_of(character: str) -> str:
    if character in INSTEAD:
        return INSTEAD[character]
    if re.match("(DOUBLE |NEGATIVE |DINGBAT )*CIRCLED", unicodedata.name(character, "")):
        inner = unicodedata.normalize("NFKC", character)
        digit = inner if inner != character else _number_of(character)
        return f"({digit})" if digit and all(map(is_official, digit)) else ""
    plain = unicodedata.normalize("NFKC", character).replace("\u2044", "/").strip()
    base = "".join(one for one in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(one))
    for found in (plain, base):
        if found and all(map(is_official, found)):
            return found
    # Letters that nothing stands for leave a mark, pictures and signs nothing.
    return UNKNOWN if character.isalnum() else ""


def _number_of(character: str) -> str:
    value = unicodedata.numeric(character, None)
    return str(int(value)) if value is not None and value == int(value) else ""


def _touch_a_digit(before: str, after: str) -> bool:
    return before[-1:].isdecimal() or after.isdecimal()
