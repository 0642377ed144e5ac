"""Frames in the pipe between the service and a checking process: lengths, a JSON head, bytes."""

import json
import struct
from typing import Any, BinaryIO

_LENGTHS = struct.Struct(">IQ")
LENGTHS_SIZE = _LENGTHS.size
# An answer is a few words and a photo of at most 500 KB; more is a child gone mad.
LARGEST_ANSWER = 4 * 1024 * 1024


def head(fields: dict[str, Any], size: int) -> bytes:
    """The beginning of a frame; `size` bytes have to follow it."""
    text = json.dumps(fields).encode()
    return _LENGTHS.pack(len(text), size) + text


def lengths(prefix: bytes) -> tuple[int, int]:
    """The length of the JSON head, and the number of bytes that follow it."""
    text, size = _LENGTHS.unpack(prefix)
    return text, size


def write(stream: BinaryIO, fields: dict[str, Any], data: bytes) -> None:
    """Write a frame."""
    stream.write(head(fields, len(data)) + data)
    stream.flush()


def read(stream: BinaryIO) -> tuple[dict[str, Any], bytes] | None:
    """Read a frame; None at the end of the stream."""
    prefix = stream.read(LENGTHS_SIZE)
    if len(prefix) < LENGTHS_SIZE:
        return None
    text, size = lengths(prefix)
    fields: dict[str, Any] = json.loads(stream.read(text))
    return fields, stream.read(size)
