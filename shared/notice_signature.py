"""The signature of notices that outside providers send: HMAC-SHA256 over time and body, by a key with an id (kid).

The header reads `t=1790000000,kid=k1,v1=HEX`. Two keys side by side let the provider change over without a gap.
"""

import hmac
import re
from collections.abc import Mapping
from datetime import datetime, timedelta

# How far the provider's clock may be off, and how long a notice may be under way; a repeated one is signed again.
TOLERANCE = timedelta(minutes=5)
_FORM = re.compile(r"t=([0-9]{1,12}),kid=([A-Za-z0-9_-]{1,40}),v1=([0-9a-f]{64})")


class BadSignature(Exception):
    """A notice that its signature does not cover; the text is the reason, for the log."""


def sign(body: bytes, at: datetime, kid: str, key: str) -> str:
    """The header of a notice with that body."""
    seconds = int(at.timestamp())
    return f"t={seconds},kid={kid},v1={_digest(body, seconds, key)}"


def check(header: str | None, body: bytes, keys: Mapping[str, str], now: datetime) -> None:
    """Raise `BadSignature` where `header` does not show that the owner of one of `keys` has just sent `body`."""
    found = _FORM.fullmatch(header or "")
    if found is None:
        raise BadSignature("no signature" if not header else "malformed")
    seconds, kid, digest = int(found[1]), found[2], found[3]
    if kid not in keys:
        raise BadSignature("unknown kid")
    # Compared before the time is looked at: who cannot sign learns nothing of our clock.
    if not hmac.compare_digest(digest, _digest(body, seconds, keys[kid])):
        raise BadSignature("wrong")
    if abs(now.timestamp() - seconds) > TOLERANCE.total_seconds():
        raise BadSignature("too old")


def _digest(body: bytes, seconds: int, key: str) -> str:
    return hmac.digest(key.encode(), str(seconds).encode() + b"." + body, "sha256").hex()


def read_keys(text: str) -> dict[str, str]:
    """The keys of a setting, `kid=KEY kid=KEY`. Raises ValueError for another form, and for a key below 32
    characters."""
    keys = {}
    for pair in text.split():
        kid, separator, key = pair.partition("=")
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,40}", kid) or not separator or len(key) < 32:
            raise ValueError("write `kid=KEY kid=KEY`, each key with at least 32 characters")
        keys[kid] = key
    return keys
