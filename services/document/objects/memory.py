"""The object store in memory: for quick tests. `down` plays a store that does not answer, `encrypts` = False
one that keeps files as they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import BinaryIO
from urllib.parse import parse_qs, quote, urlsplit

from services.document.objects.port import LONGEST_LINK, NoSuchObject, StoreUnavailable
from shared.clock import Clock, SystemClock


@dataclass(frozen=True, slots=True)
class Download:
    """The answer to following a link."""

    status: int
    headers: dict[str, str]
    content: bytes


class MemoryObjects:
    """Durable as the process."""

    def __init__(self, clock: Clock | None = None) -> None:
        self.down = False
        self.encrypts = True
        self._clock = clock or SystemClock()
        self._objects: dict[str, tuple[bytes, str]] = {}

    async def put(self, key: str, source: BinaryIO, size: int, content_type: str) -> None:
        self._reach()
        source.seek(0)
        self._objects[key] = (source.read(size), content_type)

    async def get(self, key: str) -> bytes:
        self._reach()
        if key not in self._objects:
            raise NoSuchObject(key)
        return self._objects[key][0]

    async def digest(self, key: str, most: int) -> tuple[int, str]:
        content = (await self.get(key))[: most + 1]
        return len(content), sha256(content).hexdigest()

    async def delete(self, key: str) -> None:
        self._reach()
        self._objects.pop(key, None)

    async def keys(self, prefix: str) -> Sequence[str]:
        self._reach()
        return sorted(key for key in self._objects if key.startswith(prefix))

    async def sizes(self, prefix: str) -> Mapping[str, int]:
        return {key: len(self._objects[key][0]) for key in await self.keys(prefix)}

    @property
    def address(self) -> str:
        return "memory://objects"

    async def ticket(self, key: str, size: int, lifetime: timedelta) -> dict[str, str]:
        return {"key": key, "size": str(size), "until": (self._clock.now() + lifetime).isoformat()}

    def post(self, fields: Mapping[str, str], content: bytes) -> int:
        """The status that a browser would get for a form that it posts."""
        if self._clock.now() >= datetime.fromisoformat(fields["until"]):
            return 403
        if len(content) != int(fields["size"]):
            return 400
        self._objects[fields["key"]] = (content, "application/octet-stream")
        return 204

    async def link(self, key: str, file_name: str, content_type: str, lifetime: timedelta) -> str:
        until = self._clock.now() + min(lifetime, LONGEST_LINK)
        query = f"until={quote(until.isoformat())}&name={quote(file_name)}&type={quote(content_type)}"
        return f"memory://objects/{quote(key)}?{query}"

    def follow(self, link: str) -> Download:
        """The answer that a browser would get for `link`."""
        parts = urlsplit(link)
        asked = parse_qs(parts.query)
        if self._clock.now() >= datetime.fromisoformat(asked["until"][0]):
            return Download(403, {}, b"")
        stored = self._objects.get(parts.path.lstrip("/"))
        if stored is None:
            return Download(404, {}, b"")
        disposition = f'attachment; filename="{asked["name"][0]}"'
        return Download(200, {"content-disposition": disposition, "content-type": asked["type"][0]}, stored[0])

    async def encrypt(self) -> bool:
        self._reach()
        return self.encrypts

    async def check(self) -> None:
        self._reach()

    def _reach(self) -> None:
        if self.down:
            raise StoreUnavailable()
