"""Residence cards and the mail they travel in."""

import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType

from services.review.domain.refusal import Wrong

_CARD_NUMBER = re.compile(r"[A-Z]{2}[0-9]{8}[A-Z]{2}")
_TRACKING_NUMBER = re.compile(r"[0-9]{11,13}")

# Tracked mail that the card office accepts for return envelopes.
CARRIERS: Mapping[str, str] = MappingProxyType(
    {
        "letter_pack_plus": "レターパックプラス",
        "registered_mail": "書留",
        "simplified_registered_mail": "簡易書留",
    }
)


def card_number(entered: str) -> str:
    """`entered` in its stored form: two letters, eight digits, two letters, e.g. `AB12345678CD`.

    Full-width, lower-case and spaced input is put right. Raises `Wrong`, which never repeats the number.
    """
    number = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", entered)).upper()
    if not _CARD_NUMBER.fullmatch(number):
        raise Wrong(
            "card-number",
            "在留カード番号は英字2文字・数字8桁・英字2文字です（例: AB12345678CD）",
            "A card number is two letters, eight digits and two letters, e.g. AB12345678CD",
            "/card_number",
        )
    return number


def masked(number: str) -> str:
    """A card number that may be shown: its ends only."""
    return f"{number[:2]}********{number[-2:]}"


def carrier(entered: str) -> str:
    """A carrier of the list; raises `Wrong`."""
    if entered not in CARRIERS:
        raise Wrong(
            "carrier",
            f"配送方法は {', '.join(CARRIERS)} のいずれかです",
            f"Use one of {', '.join(CARRIERS)}",
            "/carrier",
        )
    return entered


def tracking_number(entered: str) -> str:
    """The digits of a tracking number (お問い合わせ番号; 11 to 13), without spaces and hyphens; raises `Wrong`."""
    number = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", entered))
    if not _TRACKING_NUMBER.fullmatch(number):
        raise Wrong(
            "tracking-number",
            "お問い合わせ番号は11〜13桁の数字です",
            "A tracking number has 11 to 13 digits",
            "/tracking_number",
        )
    return number
