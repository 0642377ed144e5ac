"""Full width and half width: the official form wants the one or the other; people may type either."""

import re
import unicodedata

_TO_FULL = {code: chr(code + 0xFEE0) for code in range(0x21, 0x7F)} | {0x20: "\u3000"}
_KATAKANA = re.compile("[\uff61-\uff9f]+")
# What a Japanese keyboard and copied text give for the hyphen.
_HYPHENS = re.compile("[\u2010-\u2015\u2212\uff0d\u30fc\uff70]")


def full_width(text: str) -> str:
    """`text` with ASCII, spaces and half-width katakana in full width, as the official form and its export want it.

    What has no full-width form (accented Latin letters, Chinese characters) stays.
    """
    composed = unicodedata.normalize("NFC", text)
    composed = _KATAKANA.sub(lambda found: unicodedata.normalize("NFKC", found[0]), composed)
    return composed.translate(_TO_FULL)


def half_width(text: str) -> str:
    """`text` with full-width ASCII in half width and half-width katakana in full width (Unicode NFKC), trimmed."""
    return unicodedata.normalize("NFKC", text).strip()


def code_like(text: str) -> str:
    """A typed number or code without spaces, hyphens and case, in half width."""
    return re.sub(r"[\s-]", "", _HYPHENS.sub("-", half_width(text))).upper()
