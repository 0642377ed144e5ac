"""Redaction of log lines: personal data and secrets, recognised by their key, their type or their shape."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from pydantic import SecretBytes, SecretStr

REDACTED = "[redacted]"

# A key is sensitive when one of its words (split at "_", "-", ".") or the whole key is listed here.
_WORD_LIST = (
    "password passphrase secret secrets token tokens cookie authorization credential credentials otp totp csrf "
    "email mail address addresses phone tel telephone passport surname givenname birthdate birthday dob birthplace "
    "nationality sex gender kana kanji romaji pin mynumber payload body"
)
_KEY_LIST = (
    "name full_name first_name last_name family_name given_name given_names person_name applicant_name legal_name "
    "date_of_birth birth_date card_number residence_card_number passport_number my_number session_secret sealing_key "
    "event_key vault_key digest_key person_key "
    "private_key api_key draft_key x_draft_key set_cookie query query_string login_id"
)
_WORDS = frozenset(_WORD_LIST.split())
_KEYS = frozenset(_KEY_LIST.split())
_EMAIL = re.compile(r"[^\s@'\"<>(),;:]+@[^\s@'\"<>(),;:]+\.[^\s@'\"<>(),;:]+")
_BEARER = re.compile(r"(?i)\bbearer\s+[\w.~+/=-]+")
_JWT = re.compile(r"\beyJ[\w-]+\.[\w-]+\.[\w-]*")
# user:password@ inside a URL, as drivers like to print it
_URL_LOGIN = re.compile(r"(?<=://)[^/\s:@]*:[^/\s@]*(?=@)")
_CARD = re.compile(r"\b[A-Z]{2}\d{8}[A-Z]{2}\b")


@lru_cache(maxsize=1024)
def is_sensitive(key: str) -> bool:
    """Whether a value under this key is always hidden."""
    lowered = key.lower().replace("-", "_").replace(".", "_")
    return lowered in _KEYS or not _WORDS.isdisjoint(lowered.split("_"))


def redact(value: Any, depth: int = 0) -> Any:
    """`value` without what must not be logged. Nested containers are walked to a depth of six."""
    if isinstance(value, SecretStr | SecretBytes):
        return REDACTED
    if isinstance(value, str):
        return redact_text(value)
    if depth > 6:
        return REDACTED
    if isinstance(value, Mapping):
        return {
            key: REDACTED if is_sensitive(str(key)) and item is not None else redact(item, depth + 1)
            for key, item in value.items()
        }
    if isinstance(value, list | tuple | set | frozenset):
        return [redact(item, depth + 1) for item in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return redact_text(str(value))


def redact_text(text: str) -> str:
    """`text` without mail addresses, tokens, residence card numbers and passwords inside URLs."""
    # Looked for first: an expression tries every place of a text, and most texts are ids and words.
    if "@" in text:
        text = _EMAIL.sub(REDACTED, _URL_LOGIN.sub(REDACTED, text))
    text = _BEARER.sub(REDACTED, text)
    if "eyJ" in text:
        text = _JWT.sub(REDACTED, text)
    return _CARD.sub(REDACTED, text)
