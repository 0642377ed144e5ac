"""Residence cards and the mail they travel in."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from services.review.domain.refusal import Wrong
from shared.text import BadValue, code_like, residence_card_number

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

    Read as everywhere; raises `Wrong`, which never repeats the number.
    """
    try:
        return residence_card_number(entered)
    except BadValue as bad:
        raise Wrong("card-number", bad.message.ja, bad.message.en, "/card_number") from bad


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
    number = code_like(entered)
    if not _TRACKING_NUMBER.fullmatch(number):
        raise Wrong(
            "tracking-number",
            "お問い合わせ番号は11〜13桁の数字で入力してください（例：1234-5678-9012）",
            "Enter a tracking number of 11 to 13 digits, like 1234-5678-9012",
            "/tracking_number",
        )
    return number
