"""Plain text: one line, several lines, and text that is not finished yet."""

import re

from shared.errors import Text
from shared.text.characters import cleaned
from shared.text.errors import BadValue

_BREAKS = re.compile("[ \u3000]*[\n\t][ \u3000\n\t]*")


def one_line(typed: str) -> str:
    """A text of one line: line breaks and tabs become a space, spaces at the ends (U+3000 too) are dropped.

    Raises `BadValue` for characters that nobody else can read; see `cleaned`.
    """
    text = cleaned(typed).strip()
    return text if text.isprintable() else _BREAKS.sub(" ", text)


def several_lines(typed: str) -> str:
    """A text with line breaks (LF) and tabs, without empty space around it. Raises `BadValue` as `one_line`."""
    return cleaned(typed).strip()


def unfinished(typed: str) -> str:
    """A text as far as it was written: what `one_line` refuses is kept, so that a later check can report it.

    Raises `BadValue` only for what no database keeps: NUL and half a character.
    """
    return _BREAKS.sub(" ", cleaned(typed, unfinished=True).strip())


def is_blank(typed: str) -> bool:
    """Whether nothing that can be seen was typed."""
    if "!" <= typed[:1] <= "~":
        return False  # a visible character of ASCII
    try:
        return not cleaned(typed, unfinished=True).strip()
    except BadValue:
        return False


def short_enough(text: str, most: int) -> str:
    """`text`, where it has at most `most` characters; a line break is one. Raises `BadValue`."""
    if len(text) > most:
        raise BadValue(
            "too-long",
            Text(
                "{most}文字以内で入力してください（現在{count}文字）",
                "Enter {most} characters or fewer (you have {count})",
            ).with_values(most=most, count=len(text)),
        )
    return text
