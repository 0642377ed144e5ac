"""The Merkle tree over journal rows (RFC 6962 §2.1): leaves and nodes are hashed with different prefixes."""

import hashlib
from collections.abc import Sequence


def merkle_root(leaves: Sequence[bytes]) -> bytes:
    """Root over one or more leaf values."""
    if not leaves:
        raise ValueError("a tree needs a leaf")
    level = [hashlib.sha256(b"\x00" + leaf).digest() for leaf in leaves]
    while len(level) > 1:
        paired = [hashlib.sha256(b"\x01" + level[i] + level[i + 1]).digest() for i in range(0, len(level) - 1, 2)]
        # An odd node out moves up unchanged; hashing it with itself would let two different lists share a root.
        level = paired + ([level[-1]] if len(level) % 2 else [])
    return level[0]
