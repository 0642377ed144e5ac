"""A MaxMind DB file (MMDB) of a few networks, as a provider of country data makes it."""

from collections.abc import Mapping
from datetime import datetime
from ipaddress import IPv4Network, ip_network
from pathlib import Path
from typing import Any

_BYTES_OF = {5: 2, 6: 4, 9: 8}  # uint16, uint32, uint64
_MARKER = b"\xab\xcd\xefMaxMind.com"


def write_mmdb(path: Path, records: Mapping[str, Any], built_at: datetime) -> None:
    """Write the record of each network. Networks may not lie in each other."""
    nodes: list[list[int | bytes | None]] = [[None, None]]
    for name, record in records.items():
        bits = _bits(name)
        node = nodes[0]
        for bit in bits[:-1]:
            if node[bit] is None:
                nodes.append([None, None])
                node[bit] = len(nodes) - 1
            below = node[bit]
            assert isinstance(below, int)
            node = nodes[below]
        node[bits[-1]] = _encoded(record)
    tree, data = b"", b""
    for node in nodes:
        for child in node:
            if isinstance(child, bytes):
                tree += (len(nodes) + 16 + len(data)).to_bytes(4)
                data += child
            else:
                tree += (len(nodes) if child is None else child).to_bytes(4)
    about = {
        "node_count": (6, len(nodes)),
        "record_size": (5, 32),
        "ip_version": (5, 6),
        "database_type": "Test-Country",
        "languages": ["en"],
        "binary_format_major_version": (5, 2),
        "binary_format_minor_version": (5, 0),
        "build_epoch": (9, int(built_at.timestamp())),
        "description": {"en": "written by a test"},
    }
    path.write_bytes(tree + bytes(16) + data + _MARKER + _encoded(about))


def _bits(name: str) -> list[int]:
    """The way to a network in the tree, in which IPv4 stands below `::/96`."""
    network = ip_network(name)
    length = network.prefixlen + (96 if isinstance(network, IPv4Network) else 0)
    return [int(network.network_address) >> (127 - place) & 1 for place in range(length)]


def _encoded(value: Any) -> bytes:
    if isinstance(value, str):
        return _control(2, len(value.encode())) + value.encode()
    if isinstance(value, dict):
        return _control(7, len(value)) + b"".join(_encoded(key) + _encoded(each) for key, each in value.items())
    if isinstance(value, list):
        return _control(11, len(value)) + b"".join(map(_encoded, value))
    kind, number = value
    assert isinstance(kind, int)
    assert isinstance(number, int)
    return _control(kind, _BYTES_OF[kind]) + number.to_bytes(_BYTES_OF[kind])


def _control(kind: int, size: int) -> bytes:
    assert size < 29, "longer sizes have another form"
    return bytes([kind << 5 | size]) if kind < 8 else bytes([size, kind - 7])
