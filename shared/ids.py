"""Identifiers: UUIDv7, which sort by the time they were made and so keep indexes compact."""

from datetime import datetime
from hashlib import sha256
from uuid import UUID

import uuid_utils


def new_id() -> UUID:
    """A fresh UUIDv7 (RFC 9562)."""
    return UUID(int=uuid_utils.uuid7().int)


def derived_id(origin: UUID, number: int, *parts: object) -> UUID:
    """The id of what follows from `origin`, once for these `parts`: the same each time that it is made, also after a
    restore. It sorts as `origin` does, and by `number` (up to 4095) among those that follow from it."""
    digest = sha256("\0".join(map(str, (origin, *parts))).encode()).digest()
    low = int.from_bytes(digest[:8]) >> 2
    return UUID(int=origin.int >> 80 << 80 | 7 << 76 | (number & 0xFFF) << 64 | 2 << 62 | low)


def first_id(moment: datetime) -> UUID:
    """The lowest UUIDv7 that can be made at `moment`: ids below it were made before."""
    return UUID(int=int(moment.timestamp() * 1000) << 80)
