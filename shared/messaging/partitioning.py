"""The partition of a key, as Kafka's own clients choose it: whichever of them sends, a key is in one partition."""

from struct import unpack

_SEED = 0x9747B28C
_FACTOR = 0x5BD1E995
_WORD = 0xFFFFFFFF


def index_of(key: bytes, count: int) -> int:
    """The place of the key's partition among `count` in order of their numbers."""
    return (_murmur2(key) & 0x7FFFFFFF) % count


def _murmur2(key: bytes) -> int:
    """MurmurHash2 as Kafka has it; a word at a time, where the client's own takes the bytes one by one."""
    whole = len(key) & ~3
    found = _SEED ^ len(key)
    for word in unpack(f"<{whole >> 2}I", key[:whole]):
        mixed = word * _FACTOR & _WORD
        found = (found * _FACTOR & _WORD) ^ ((mixed ^ mixed >> 24) * _FACTOR & _WORD)
    if rest := key[whole:]:
        found = (found ^ int.from_bytes(rest, "little")) * _FACTOR & _WORD
    found = (found ^ found >> 13) * _FACTOR & _WORD
    return found ^ found >> 15
