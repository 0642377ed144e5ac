"""The hash of a journal row, and the chain of the rows of one aggregate."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

GENESIS = bytes(32)
_LABEL = b"zairyu.journal.v1\n"


@dataclass(frozen=True, slots=True)
class Entry:
    """The values that the hash of a journal row covers: everything but its place in the table."""

    aggregate: str
    aggregate_id: UUID
    version: int
    action: str
    actor_kind: str
    actor_id: UUID | None
    actor_organisation_id: UUID | None
    actor_name: str | None
    at: datetime
    request_id: str
    cause_event_id: UUID | None
    idempotency_scope: str | None
    idempotency_key: str | None
    fingerprint: bytes | None
    answer: Any
    detail: Mapping[str, Any]
    changes: Sequence[Mapping[str, Any]]


def entry_hash(entry: Entry, previous_hash: bytes) -> bytes:
    """SHA-256 over the label, the hash of the row before it, and the row's canonical JSON."""
    body = {
        name: _plain(getattr(entry, name))
        for name in Entry.__slots__  # every field, in no particular order
    }
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(_LABEL + previous_hash + canonical.encode()).digest()


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, bytes):
        return value.hex()
    return value
