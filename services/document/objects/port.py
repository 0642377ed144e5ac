"""The object store as the service needs it. `s3.py` and `memory.py` implement it; one test-suite runs on both."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import BinaryIO, Protocol

from shared.errors import Text, Unavailable

LONGEST_LINK = timedelta(minutes=5)


class StoreUnavailable(Unavailable):
    """The store does not answer or refuses us; trying again later is right."""

    code = "object-store-unavailable"
    title = Text("ファイルの保管先が一時的に利用できません", "The file store is not available for the moment")


class NotEncrypted(Unavailable):
    """The store does not encrypt what is put into it, and the settings ask for it."""

    code = "object-store-not-encrypted"
    title = Text("ファイルの保管先が暗号化されていません", "The file store is not encrypted")


class NoSuchObject(LookupError):
    """Nothing lies under that key."""


class ObjectStore(Protocol):
    """Every method raises `StoreUnavailable` where the store cannot be used."""

    async def put(self, key: str, source: BinaryIO, size: int, content_type: str) -> None:
        """Store `size` bytes read from the start of `source`; what lay under `key` is replaced."""
        ...

    async def get(self, key: str) -> bytes:
        """The whole content. Raises `NoSuchObject`."""
        ...

    async def digest(self, key: str, most: int) -> tuple[int, str]:
        """Size and SHA-256 (hex) of the content, read in pieces; reading ends soon after `most` bytes.

        Raises `NoSuchObject`.
        """
        ...

    async def delete(self, key: str) -> None:
        """Remove what lies under `key`; nothing happens where there is nothing."""
        ...

    async def keys(self, prefix: str) -> Sequence[str]:
        """Every key that begins with `prefix`."""
        ...

    async def sizes(self, prefix: str) -> Mapping[str, int]:
        """The size of what lies under every key that begins with `prefix`."""
        ...

    @property
    def address(self) -> str:
        """The URL that browsers post forms to."""
        ...

    async def ticket(self, key: str, size: int, lifetime: timedelta) -> dict[str, str]:
        """The fields of a form that anybody may post to `address` for `lifetime`, followed by a field `file` of exactly
        `size` bytes, which is then stored under `key`. Made without asking the store."""
        ...

    async def link(self, key: str, file_name: str, content_type: str, lifetime: timedelta) -> str:
        """A URL that anybody may fetch for `lifetime` (at most five minutes), saved as `file_name`, never shown inline.

        Made without asking the store, so it may lead to nothing.
        """
        ...

    async def encrypt(self) -> bool:
        """Have the store encrypt what is put into it and posted to it, where it can and our key may ask for it. Whether
        it does: what it says of an object that was just put, and of one that was just posted."""
        ...

    async def check(self) -> None:
        """The readiness check."""
        ...
