"""Texts in cells of CSV files, which Excel must not take for formulas.

Excel runs what begins with one of these characters. An apostrophe before it makes it a text, and reading takes that
apostrophe away again.
"""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def quoted(text: str) -> str:
    """`text` as it is written into a CSV."""
    return f"'{text}" if text.lstrip("'").startswith(_FORMULA) else text


def unquoted(text: str) -> str:
    """The opposite of `quoted`."""
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(_FORMULA) else text
