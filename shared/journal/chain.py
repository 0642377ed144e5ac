"""The hash of a journal row, and the chain of the rows of one aggregate."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from shared.db.together import Written

GENESIS = bytes(32)
_LABEL = b"zairyu.journal.v1\n"


@dataclass(frozen=True, slots=True)
class Entry:
    """The values that the hash of a journal row covers: everything but its place in the table. `detail` and `changes`
    may be given as `written` made them."""

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
    detail: Mapping[str, Any] | Written
    changes: Sequence[Mapping[str, Any]] | Written


_NAMES = tuple(sorted(Entry.__slots__))
_canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode


def written(value: Any) -> Written:
    """The canonical JSON of a value, which is hashed and stored."""
    return Written(_canonical(value))


def entry_hash(entry: Entry, previous_hash: bytes) -> bytes:
    """SHA-256 over the label, the hash of the row before it, and the row's canonical JSON."""
    canonical = ",".join([f'"{name}":{_json(getattr(entry, name))}' for name in _NAMES])
    return hashlib.sha256(b"%s%s{%s}" % (_LABEL, previous_hash, canonical.encode())).digest()


def _json(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, Written):
        return value
    if isinstance(value, UUID):
        return f'"{value}"'
    if isinstance(value, datetime):
        value = value.astimezone(UTC).isoformat()
    elif isinstance(value, bytes):
        value = value.hex()
    return _canonical(value)
