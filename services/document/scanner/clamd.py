"""ClamAV's daemon, by its own protocol: one connection for each command, content in pieces (`INSTREAM`)."""

import asyncio
import struct
from collections.abc import AsyncIterator
from typing import BinaryIO

from services.document.scanner.port import Finding, ScannerUnavailable
from shared.files import pieces

_PIECE = 512 * 1024
# Longer than `MaxScanTime` of its configuration (docs/document.md): what takes too long is then its finding, not ours.
_SECONDS = 30.0
_CONNECT_SECONDS = 2.0
# Of the finding that it reports where it gave up, with `AlertExceedsMax`.
_LIMITS = "Heuristics.Limits.Exceeded"
_TOO_LONG = "INSTREAM size limit exceeded. ERROR"


class Clamd:
    """clamd at `host:port`. Raises `ValueError` for another form of address."""

    def __init__(self, address: str) -> None:
        host, colon, port = address.rpartition(":")
        if not (colon and host and port.isdigit()):
            raise ValueError(f"the address of a scanner is host:port, not {address!r}")
        self._host, self._port = host.strip("[]"), int(port)

    async def scan(self, source: BinaryIO) -> Finding:
        answer = await self._ask(b"zINSTREAM\0", _pieces(source))
        if answer == _TOO_LONG:
            return Finding(_TOO_LONG, complete=False)
        result = answer.removeprefix("stream: ")
        if result == "OK":
            return Finding()
        name, space, word = result.rpartition(" ")
        if not space or word != "FOUND":
            raise ScannerUnavailable(answer[:200])
        return Finding(name, complete=not name.startswith(_LIMITS))

    async def version(self) -> str:
        answer = await self._ask(b"zVERSION\0", None)
        if not answer.startswith("ClamAV "):
            raise ScannerUnavailable(answer[:200])
        return answer

    async def _ask(self, command: bytes, content: AsyncIterator[bytes] | None) -> str:
        """The answer to one command."""
        try:
            async with asyncio.timeout(_CONNECT_SECONDS):
                reader, writer = await asyncio.open_connection(self._host, self._port)
            try:
                async with asyncio.timeout(_SECONDS):
                    writer.write(command)
                    try:
                        if content is not None:
                            async for piece in content:
                                writer.write(piece)
                                await writer.drain()
                    except ConnectionError:
                        # It stops reading at its limit of length, and has said so before.
                        pass
                    answer = (await reader.readuntil(b"\0"))[:-1].decode("utf-8", "replace").strip()
            finally:
                writer.transport.abort()
        # Also an answer that breaks off, or that does not end.
        except (OSError, TimeoutError, EOFError, asyncio.LimitOverrunError) as error:
            raise ScannerUnavailable(type(error).__name__) from error
        return answer


async def _pieces(source: BinaryIO) -> AsyncIterator[bytes]:
    """The content as the protocol wants it: pieces with their length before them, and an empty one."""
    async for piece in pieces(source, _PIECE):
        yield struct.pack("!L", len(piece)) + piece
    yield struct.pack("!L", 0)
