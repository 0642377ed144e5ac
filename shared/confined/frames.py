"""Frames in the pipe between a service and its confined process: lengths, a JSON head, bytes."""

import json
import struct
from typing import Any, BinaryIO

_LENGTHS = struct.Struct(">IQ")
LENGTHS_SIZE = _LENGTHS.size
# The member of the last frame of an answer: the seconds of CPU that it took.
END = "cpu_seconds"
# An answer comes in pieces: a few words, a photo of at most 500 KB, some rows of a sheet. A larger one is a fault.
LARGEST_ANSWER = 4 * 1024 * 1024


def head(fields: dict[str, Any], size: int) -> bytes:
    """The beginning of a frame; `size` bytes have to follow it."""
    text = json.dumps(fields, ensure_ascii=False).encode()
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
