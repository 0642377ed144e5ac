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
            "{count}文字あります。1つのセルは{most_characters_of_a_cell}文字までです。",
            "This cell has {count} characters. It can have {most_characters_of_a_cell}.",
        ).with_values(count=len(text), most_characters_of_a_cell=MOST_CHARACTERS_OF_A_CELL)
    if _IMPOSSIBLE.search(text):
        return "impossible-character", Text(
            "使用できない文字（制御文字）が含まれています。入力し直してください。",
            "This cell has a character that cannot be used (a control character). Type it again.",
        )
    return None
