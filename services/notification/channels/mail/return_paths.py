"""Return paths: an envelope sender of its own for each mail, by which a report about it is recognised (VERP).

The local part names the message and its round, and carries a keyed hash: a report that strangers make up names no mail.
"""

import base64
import hmac
import re
from collections.abc import Iterator
from uuid import UUID

from shared.sealing import Sealer

# 10 bytes of the hash: 16 characters, which fit into the 64 of a local part beside a name of 16 characters.
_HASH_BYTES = 10
_ID = r"([a-z2-7]{26})"
_ROUND = r"([1-9][0-9]{0,3})"
_HASH = r"([a-z2-7]{16})"
# Addresses that are tried in one text: a report has two or three, and each costs a hash.
_MOST_TRIED = 10


class ReturnPaths:
    """Return paths below `address`: of `bounce@example.jp`, `bounce+MESSAGE.ROUND.HASH@example.jp`."""

    def __init__(self, sealer: Sealer, address: str) -> None:
        self._sealer = sealer
        self._name, _, self._domain = address.casefold().rpartition("@")
        self._form = re.compile(
            rf"{re.escape(self._name)}\+{_ID}\.{_ROUND}\.{_HASH}@{re.escape(self._domain)}(?![a-z0-9.-])"
        )

    def of(self, message_id: UUID, round: int) -> str:
        """The return path of one round of a message."""
        return f"{self._name}+{_text(message_id.bytes)}.{round}.{self._hashes(message_id, round)[0]}@{self._domain}"

    def find(self, text: str) -> tuple[UUID, int] | None:
        """Message and round of the first return path in `text` whose hash is right. Systems change its capitals."""
        for match in self._found(text.casefold()):
            message_id, sent = UUID(bytes=_bytes(match[1])[:16]), int(match[2])
            if any(hmac.compare_digest(match[3], known) for known in self._hashes(message_id, sent)):
                return message_id, sent
        return None

    def _found(self, text: str) -> Iterator[re.Match[str]]:
        seen: set[str] = set()
        for match in self._form.finditer(text):
            if match[0] not in seen:
                seen.add(match[0])
                yield match
            if len(seen) == _MOST_TRIED:
                return

    def _hashes(self, message_id: UUID, round: int) -> list[str]:
        made = self._sealer.hashes(f"return path {message_id} {round}")
        return [_text(one[:_HASH_BYTES]) for one in made]


def _text(raw: bytes) -> str:
    return base64.b32encode(raw).decode().rstrip("=").lower()


def _bytes(text: str) -> bytes:
    return base64.b32decode(text.upper() + "=" * (-len(text) % 8))
