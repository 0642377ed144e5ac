"""Identifiers: UUIDv7, which sort by the time they were made and so keep indexes compact."""

from uuid import UUID

import uuid_utils


def new_id() -> UUID:
    """A fresh UUIDv7 (RFC 9562)."""
    return UUID(int=uuid_utils.uuid7().int)
