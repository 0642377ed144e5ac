"""A TCP line to a server on 127.0.0.1 that breaks when so much has been sent over it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from deploy.local.ports import HOST

_PIECE = 64 * 1024


@dataclass
class Line:
    """The line at `url`. `sent` counts bytes towards the server; at each of `breaks` every connection ends."""

    url: str = ""
    sent: int = 0
    breaks: list[int] = field(default_factory=list)
    broken: int = 0
    _open: set[asyncio.StreamWriter] = field(default_factory=set)

    def count(self, size: int) -> None:
        """Count what is about to be sent, and break where it is time."""
        self.sent += size
        if self.breaks and self.sent >= self.breaks[0]:
            self.breaks.pop(0)
            self.broken += 1
            for writer in self._open:
                writer.transport.abort()

    async def carry(self, port: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry one connection in both directions until either side ends it."""
        ours = {writer}
        self._open |= ours
        try:
            with suppress(OSError):
                back, there = await asyncio.open_connection(HOST, port)
                ours.add(there)
                self._open |= ours
                towards, backwards = self._pump(reader, there, counted=True), self._pump(back, writer)
                await asyncio.gather(towards, backwards)
        finally:
            self._open -= ours
            for each in ours:
                each.transport.abort()

    async def _pump(self, source: asyncio.StreamReader, target: asyncio.StreamWriter, *, counted: bool = False) -> None:
        while piece := await source.read(_PIECE):
            if counted:
                self.count(len(piece))
            target.write(piece)
            await target.drain()
        target.transport.abort()


@asynccontextmanager
async def line_to(endpoint: str) -> AsyncIterator[Line]:
    """A line to the server at `endpoint`, until the block ends."""
    line, port = Line(), urlsplit(endpoint).port
    assert port is not None

    async def carried(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await line.carry(port, reader, writer)

    server = await asyncio.start_server(carried, HOST, 0)
    line.url = f"http://{HOST}:{server.sockets[0].getsockname()[1]}"
    try:
        yield line
    finally:
        server.close()
