"""Links by which a reader leaves a kind of mails with one click (RFC 8058): each names its message, and is signed."""

import base64
import hmac
import re
from uuid import UUID

from shared.sealing import Sealer

_HASH_BYTES = 10
_FORM = re.compile(r"([a-z2-7]{26})-([a-z2-7]{16})")


class LeavingLinks:
    """Links to pages below `public_url`. A stranger makes none up, and one says nothing about its reader."""

    def __init__(self, sealer: Sealer, public_url: str) -> None:
        self._sealer = sealer
        self._public_url = public_url

    def of(self, message_id: UUID) -> str:
        """The link in a message."""
        return f"{self._public_url}/unsubscribe/{_text(message_id.bytes)}-{self._hashes(message_id)[0]}"

    def read(self, secret: str) -> UUID | None:
        """The message whose link has this last segment; None where its hash is wrong."""
        found = _FORM.fullmatch(secret)
        if found is None:
            return None
        message_id = UUID(bytes=base64.b32decode(found[1].upper() + "======")[:16])
        known = self._hashes(message_id)
        return message_id if any(hmac.compare_digest(found[2], one) for one in known) else None

    def _hashes(self, message_id: UUID) -> list[str]:
        return [_text(one[:_HASH_BYTES]) for one in self._sealer.hashes(f"leaving {message_id}")]


def _text(raw: bytes) -> str:
    return base64.b32encode(raw).decode().rstrip("=").lower()
