"""Texts that no cell may have, whatever it stands for."""

import re

from shared.errors import Text
from shared.reference.files import MOST_CHARACTERS_OF_A_CELL

# NUL and the halves of surrogate pairs, which no database keeps.
_IMPOSSIBLE = re.compile("[\x00\ud800-\udfff]")


def misread(text: str) -> tuple[str, Text] | None:
    """The reason why the text of a cell cannot be taken, as a code and a sentence; None where it can."""
    if len(text) > MOST_CHARACTERS_OF_A_CELL:
        return "cell-too-long", Text(
            f"{len(text):,}文字あります。1つのセルは{MOST_CHARACTERS_OF_A_CELL:,}文字までです。",
            f"This cell has {len(text):,} characters. It can have {MOST_CHARACTERS_OF_A_CELL:,}.",
        )
    if _IMPOSSIBLE.search(text):
        return "impossible-character", Text(
            "使用できない文字（制御文字）が含まれています。入力し直してください。",
            "This cell has a character that cannot be used (a control character). Type it again.",
        )
    return None
