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
    restore. It sorts as `origin` does, and by `number` (up to 255) among those that follow from it.
    """
    digest = int.from_bytes(sha256("\0".join(map(str, (origin, *parts))).encode()).digest())
    # Our ids of one millisecond count upwards here (RFC 9562, 6.2).
    counted = origin.int >> 32 & 0xFFFFF
    high, low = origin.int >> 80 << 80 | 7 << 76 | counted >> 8 << 64, 2 << 62 | (counted & 0xFF) << 54
    return UUID(int=high | low | (number & 0xFF) << 46 | digest >> 210)


def first_id(moment: datetime) -> UUID:
    """The lowest UUIDv7 that can be made at `moment`: ids below it were made before."""
    return UUID(int=int(moment.timestamp() * 1000) << 80)
