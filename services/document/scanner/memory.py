"""A scanner in memory: for quick tests. `down` plays one that does not answer; `known` are its signatures."""

from typing import BinaryIO

from services.document.scanner.port import Finding, ScannerUnavailable


class MemoryScanner:
    """Finds the byte strings that it knows by name; a file longer than `most` bytes is beyond its limits."""

    def __init__(self, known: dict[bytes, str] | None = None, most: int = 26 * 1024 * 1024) -> None:
        self.known = known or {}
        self.most = most
        self.down = False
        self.scanned = 0

    async def scan(self, source: BinaryIO) -> Finding:
        self._reach()
        source.seek(0)
        content = source.read()
        self.scanned += 1
        if len(content) > self.most:
            return Finding("Limits.Exceeded", complete=False)
        return Finding(next((name for signature, name in self.known.items() if signature in content), None))

    async def version(self) -> str:
        self._reach()
        return f"memory {len(self.known)}"

    def _reach(self) -> None:
        if self.down:
            raise ScannerUnavailable("down")
