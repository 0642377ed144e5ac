"""Links of one message, each for one purpose: they name the message, and are signed."""

import base64
import hmac
import re
from uuid import UUID

from shared.sealing import Sealer

_HASH_BYTES = 10
_FORM = re.compile(r"([a-z2-7]{26})-([a-z2-7]{16})")


class MessageLinks:
    """Links to the page `page` of `public_url`, for one `purpose`. A stranger makes none up, and one says nothing about
    its reader."""

    def __init__(self, sealer: Sealer, public_url: str, *, page: str, purpose: str) -> None:
        self._sealer = sealer
        self._page = f"{public_url.rstrip('/')}{page}"
        self._purpose = purpose

    def of(self, message_id: UUID) -> str:
        """The link in a message."""
        return f"{self._page}/{_text(message_id.bytes)}-{self._hashes(message_id)[0]}"

    def read(self, secret: str) -> UUID | None:
        """The message whose link has this last segment; None where its hash is wrong."""
        found = _FORM.fullmatch(secret)
        if found is None:
            return None
        message_id = UUID(bytes=base64.b32decode(found[1].upper() + "======")[:16])
        known = self._hashes(message_id)
        return message_id if any(hmac.compare_digest(found[2], one) for one in known) else None

    def _hashes(self, message_id: UUID) -> list[str]:
        return [_text(one[:_HASH_BYTES]) for one in self._sealer.hashes(f"{self._purpose} {message_id}")]


def _text(raw: bytes) -> str:
    return base64.b32encode(raw).decode().rstrip("=").lower()


def leaving_links(sealer: Sealer, public_url: str) -> MessageLinks:
    """Links by which a reader leaves a kind of mails with one click (RFC 8058)."""
    return MessageLinks(sealer, public_url, page="/unsubscribe", purpose="leaving")


def contact_links(sealer: Sealer, public_url: str) -> MessageLinks:
    """Links by which the reader of an applicant's address confirms that mails arrive there."""
    return MessageLinks(sealer, public_url, page="/mail-address", purpose="contact")
