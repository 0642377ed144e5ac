"""Full width and half width: the official form wants the one or the other; people may type either."""

import re
import unicodedata

from shared.text.characters import bare
from shared.text.lines import one_line

_TO_FULL = {code: chr(code + 0xFEE0) for code in range(0x21, 0x7F)} | {0x20: "\u3000"}
# Signs that keyboards, spreadsheets and copied text give for the hyphen, beside the hyphen itself.
HYPHENS = re.compile(
    "[\u02d7\u058a\u1806\u2010-\u2015\u2043\u207b\u208b\u2212\u2500\u2501\u2e3a\u2e3b\u30a0\u30fc\ufe58\ufe63"
    "\uff0d\uff70]"
)


def full_width(typed: str) -> str:
    """`typed` as one line with ASCII, spaces and half-width katakana in full width, as the official form wants it.

    What has no full-width form (accented Latin letters, Chinese characters) stays. Raises `BadValue` as `one_line`.
    """
    return one_line(typed).translate(_TO_FULL)


def half_width(typed: str) -> str:
    """`typed` as one line with full-width ASCII in half width (NFKC), without anything invisible.

    Raises `BadValue` as `one_line`.
    """
    if typed.isascii() and typed.isprintable():
        return typed.strip()  # nothing of it is wide or invisible
    return bare(unicodedata.normalize("NFKC", one_line(typed))).strip()


def hyphened(typed: str) -> str:
    """`typed` in half width, with every sign that looks like a hyphen as one. Raises `BadValue` as `one_line`."""
    return HYPHENS.sub("-", half_width(typed))


def code_like(typed: str) -> str:
    """A typed number or code without spaces, hyphens and case, in half width. Raises `BadValue` as `one_line`."""
    return re.sub(r"[\s-]", "", hyphened(typed)).upper()
