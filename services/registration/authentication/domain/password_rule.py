"""The password rule: long, and not one that everybody tries first. No rule about kinds of characters.

Source: NIST SP 800-63B-4 §3.1.1 (length, blocklist, no composition rules, Unicode normalisation).
"""

import re
import unicodedata
from collections.abc import Set
from dataclasses import dataclass
from enum import StrEnum

_LEET = str.maketrans("013457@$!", "oieastasi")
_WALKS = (
    "01234567890123456789",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
)


class Flaw(StrEnum):
    """Reasons for which a password is refused."""

    TOO_SHORT = "password-too-short"
    TOO_LONG = "password-too-long"
    COMMON = "password-common"
    CONTAINS_LOGIN_ID = "password-contains-login-id"


@dataclass(frozen=True, slots=True)
class PasswordRule:
    """The rule: lengths in characters, and the words that everybody tries (`common`, lower-case)."""

    shortest: int
    longest: int
    common: Set[str]

    def flaws(self, password: str, login_id: str) -> tuple[Flaw, ...]:
        """Flaws of a normalised password; empty when it may be used."""
        found = []
        if len(password) < self.shortest:
            found.append(Flaw.TOO_SHORT)
        if len(password) > self.longest:
            found.append(Flaw.TOO_LONG)
        elif self._is_common(password.casefold()):
            found.append(Flaw.COMMON)
        if _letters_and_digits(login_id.removeprefix("ZR-")) in _letters_and_digits(password):
            found.append(Flaw.CONTAINS_LOGIN_ID)
        return tuple(found)

    def _is_common(self, password: str) -> bool:
        """Whether everybody tries it: a word, one repeated, two in a row, or a walk over keys, with or without digits
        and signs around it and in place of letters."""
        if len(_unit(password)) <= 4:
            return bool(password)
        bare = _bare(password)
        return any(self._is_known(text) for text in {password, bare, password.translate(_LEET), bare.translate(_LEET)})

    def _is_known(self, text: str) -> bool:
        unit = _unit(text)
        if text in self.common or unit in self.common or _is_walk(unit):
            return True
        return any(text[:n] in self.common and text[n:] in self.common for n in range(3, len(text) - 2))


def normalise(password: str) -> str:
    """The form in which passwords are compared: the same characters typed on another keyboard are the same (NFKC)."""
    return unicodedata.normalize("NFKC", password)


def _letters_and_digits(text: str) -> str:
    return re.sub(r"[^0-9a-z]", "", text.casefold())


def _bare(text: str) -> str:
    """Without the digits and signs at both ends; the whole text where it has nothing else."""
    return re.sub(r"^[\W\d_]+|[\W\d_]+$", "", text) or text


def _unit(text: str) -> str:
    """The shortest piece that `text` is a repetition of."""
    return text[: (text + text).index(text, 1)] if text else text


def _is_walk(text: str) -> bool:
    return len(text) > 2 and any(text in walk or text in walk[::-1] for walk in _WALKS)
