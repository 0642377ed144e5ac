"""Short codes that people read aloud and type: an alphabet without look-alikes, and a check character.

The alphabet has 31 characters (no 0, 1, I, L, O), which is a prime number. A weighted sum modulo a prime finds every
single wrong character and every swap of two characters, anywhere in a code of up to 30 characters.
"""

import unicodedata

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_VALUE = {character: value for value, character in enumerate(ALPHABET)}
_HYPHENS = dict.fromkeys(map(ord, "-‐‑‒–—―−ー_ \t　"))


def check_character(text: str) -> str:
    """The character that makes `text` a valid code when it is appended. KeyError outside the alphabet."""
    total = sum((position + 2) * _VALUE[character] for position, character in enumerate(text))
    return ALPHABET[-total % len(ALPHABET)]


def is_valid(text: str) -> bool:
    """Whether the last character of `text` is the check character of the rest."""
    return len(text) > 1 and all(c in _VALUE for c in text) and check_character(text[:-1]) == text[-1]


def compact(text: str) -> str:
    """`text` as typed, in the form in which codes are compared: half-width, upper-case, without hyphens or spaces."""
    return unicodedata.normalize("NFKC", text).translate(_HYPHENS).upper()


def from_random(random: bytes, length: int) -> str:
    """`length` characters of the alphabet, each from 64 random bits (the bias is below 2**-59)."""
    if len(random) < 8 * length:
        raise ValueError(f"{length} characters need {8 * length} random bytes")
    parts = (int.from_bytes(random[8 * n : 8 * n + 8], "big") for n in range(length))
    return "".join(ALPHABET[part % len(ALPHABET)] for part in parts)
