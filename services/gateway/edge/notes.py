"""Sealed notes that a page shows after a redirect, in a cookie that lasts some minutes.

A page that was answered to a form is lost with the next reload, or asks to send the form again. So the form's answer is
kept in the browser, readable by the gateway alone, and the page that shows it is an ordinary one. Seals
are made with the key of the CSRF tokens: gateways that share it open each other's.
"""

import base64
import json
import zlib
from datetime import datetime
from hashlib import sha256
from typing import Any

from cryptography.fernet import Fernet, InvalidToken

# Browsers take cookies of 4,096 bytes, name and attributes included.
LONGEST = 3800
# Long enough to print, or to write down ten codes.
SECONDS = 600


class TooLong(ValueError):
    """More than a cookie holds."""


class Notes:
    """Seals and opens notes. `subject` is whom a note is for: it opens for no other."""

    def __init__(self, key: str) -> None:
        self._fernet = Fernet(base64.urlsafe_b64encode(sha256(b"notes:" + key.encode()).digest()))

    def seal(self, subject: str, note: Any, now: datetime) -> str:
        """A note as a cookie's value. Raises `TooLong`."""
        plain = json.dumps([subject, note], ensure_ascii=False, separators=(",", ":")).encode()
        sealed = self._fernet.encrypt_at_time(zlib.compress(plain, 9), int(now.timestamp())).decode()
        if len(sealed) > LONGEST:
            raise TooLong()
        return sealed

    def open(self, subject: str, sealed: str, now: datetime, seconds: int = SECONDS) -> Any:
        """The note; None for what is none, is older than `seconds`, or was sealed for somebody else."""
        try:
            opened = self._fernet.decrypt_at_time(sealed.encode(), seconds, int(now.timestamp()))
        except (InvalidToken, UnicodeEncodeError):
            return None
        whose, note = json.loads(zlib.decompress(opened))
        return note if whose == subject else None
