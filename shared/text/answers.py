"""Yes and no, as people write them in the languages of the system."""

import re

from shared.text.width import half_width

_WORDS = {
    True: (
        *("true", "1", "○", "yes", "y"),
        *("はい", "有", "有り", "あり", "ある", "同じ"),
        *("是", "예", "네", "있음", "sí", "si", "có", "oo", "mayroon"),
    ),
    False: (
        *("false", "0", "×", "no", "n"),
        *("いいえ", "無", "無し", "なし", "ない"),
        *("否", "无", "아니요", "없음", "không", "hindi", "wala"),
    ),
}
_MEANING = {half_width(word).casefold(): meaning for meaning, words in _WORDS.items() for word in words}


def yes_or_no(typed: str) -> bool | None:
    """True or False by the word that was typed; None for a word that is neither.

    Pages show some answers as two words, 有（はい）: both have to mean the same. Raises `BadValue` as `one_line`."""
    words = [word.strip() for word in re.split(r"[()]", half_width(typed).casefold())]
    meanings = {_MEANING.get(word) for word in words if word}
    return meanings.pop() if len(meanings) == 1 else None
