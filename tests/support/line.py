"""A TCP line to a server on 127.0.0.1: it can be cut, silent or slow, break by itself, and lead elsewhere."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from deploy.local.ports import HOST

_PIECE = 64 * 1024


@dataclass
class Line:
    """The line at `url`, to the port `to`; another one counts for connections from then on.

    `sent` counts bytes towards the server; at each of `breaks` every connection ends. `delay` is how many seconds each
    piece towards the server takes.
    """

    to: int = 0
    url: str = ""
    sent: int = 0
    breaks: list[int] = field(default_factory=list)
    broken: int = 0
    delay: float = 0.0
    _is_cut: bool = False
    _flows: asyncio.Event = field(default_factory=asyncio.Event)
    _open: set[asyncio.StreamWriter] = field(default_factory=set)
    _ways: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._flows.set()

    @property
    def port(self) -> int:
        """The port at which it listens."""
        return urlsplit(self.url).port or 0

    def carries(self, to: int) -> bool:
        """Whether any connection leads to that port."""
        return to in self._ways

    def count(self, size: int) -> None:
        """Count what is about to be sent, and break where it is time."""
        self.sent += size
        if self.breaks and self.sent >= self.breaks[0]:
            self.breaks.pop(0)
            self.broken += 1
            self._abort()

    def cut(self) -> None:
        """End all connections, and every new one at once."""
        self._is_cut = True
        self._abort()

    def silence(self) -> None:
        """Carry nothing more, and end no connection: a partition of the network."""
        self._flows.clear()

    def restore(self) -> None:
        """Be whole and quick again; what was held back arrives now."""
        self._is_cut, self.delay = False, 0.0
        self._flows.set()

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry one connection in both directions until either side ends it."""
        ours, to = {writer}, self.to
        self._open |= ours
        self._ways.append(to)
        try:
            with suppress(OSError):
                if not self._is_cut:
                    back, there = await asyncio.open_connection(HOST, to)
                    ours.add(there)
                    self._open |= ours
                    towards, backwards = self._pump(reader, there, towards=True), self._pump(back, writer)
                    await asyncio.gather(towards, backwards)
        finally:
            self._ways.remove(to)
            self._open -= ours
            for each in ours:
                each.transport.abort()

    async def _pump(self, source: asyncio.StreamReader, target: asyncio.StreamWriter, *, towards: bool = False) -> None:
        while piece := await source.read(_PIECE):
            await self._flows.wait()
            if towards:
                if self.delay:
                    await asyncio.sleep(self.delay)
                self.count(len(piece))
            target.write(piece)
            await target.drain()
        target.transport.abort()

    def _abort(self) -> None:
        for writer in self._open:
            writer.transport.abort()


@asynccontextmanager
async def line_to(endpoint: str | int, at: int = 0) -> AsyncIterator[Line]:
    """A line to the server at `endpoint`, a URL or a port, until the block ends. `at` is the line's own port."""
    line = Line(endpoint if isinstance(endpoint, int) else urlsplit(endpoint).port or 0)
    server = await asyncio.start_server(line.carry, HOST, at)
    line.url = f"http://{HOST}:{server.sockets[0].getsockname()[1]}"
    try:
        yield line
    finally:
        server.close()
