"""Identifiers: UUIDv7, which sort by the time they were made and so keep indexes compact."""

from datetime import datetime
from uuid import UUID

import uuid_utils


def new_id() -> UUID:
    """A fresh UUIDv7 (RFC 9562)."""
    return UUID(int=uuid_utils.uuid7().int)


def first_id(moment: datetime) -> UUID:
    """The lowest UUIDv7 that can be made at `moment`: ids below it were made before."""
    return UUID(int=int(moment.timestamp() * 1000) << 80)
