"""A mail server on this machine that fails at a stage where it is asked to: answers, says nothing, or hangs up."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

# Stages of a conversation, in their order; `END` is the dot after the content.
STAGES = ("CONNECT", "EHLO", "MAIL", "RCPT", "DATA", "END")
# What may happen at a stage beside an answer.
DROP = "drop"
SILENCE = "silence"
# It hangs up after it has taken the mail over, before it says so.
TAKE_AND_DROP = "take and drop"

_GOOD = {"CONNECT": "220 ready", "MAIL": "250 ok", "RCPT": "250 ok", "DATA": "354 go on", "END": "250 taken"}


@dataclass
class FaultyServer:
    """A server that accepts, but for its `faults`: an answer or another thing that happens, by stage."""

    faults: dict[str, str] = field(default_factory=dict)
    accepted: list[EmailMessage] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    connections: int = 0
    conversations: list[asyncio.StreamWriter] = field(default_factory=list)
    port: int = 0
    tls: ssl.SSLContext | None = None
    # TLS from the first byte; else the server offers STARTTLS.
    implicit: bool = False
    extensions: tuple[str, ...] = ()
    # Called with each mail that was taken over.
    on_mail: Callable[[EmailMessage], None] = lambda _: None
    _server: asyncio.Server | None = None

    async def start(self) -> None:
        """Listen; again on the same port where it did before."""
        self._server = await asyncio.start_server(
            self._talk, "127.0.0.1", self.port, limit=2**24, ssl=self.tls if self.implicit else None
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Go away, with everything that is being said."""
        if self._server is not None:
            self._server.close()
            self._server = None
        for writer in self.conversations:
            writer.transport.abort()
        self.conversations.clear()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.conversations.append(writer)
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            if await self._say(writer, "CONNECT"):
                while line := await reader.readline():
                    if not await self._hear(line.decode().strip(), reader, writer):
                        break
        writer.close()

    async def _hear(self, line: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Answer a line; False where the conversation is over."""
        command = line.split(" ")[0].split(":")[0].upper()
        match command:
            case "EHLO":
                offered = ["STARTTLS"] if self.tls and not self.implicit else []
                *before, last = "localhost", *offered, *self.extensions
                good = "".join(f"250-{each}\r\n" for each in before) + f"250 {last}"
                return await self._say(writer, command, good)
            case "MAIL" | "RCPT":
                return await self._say(writer, command)
            case "DATA":
                if not await self._say(writer, command):
                    return False
                return "DATA" in self.faults or await self._take(reader, writer)
            case "STARTTLS" if self.tls:
                writer.write(b"220 go on\r\n")
                await writer.drain()
                await writer.start_tls(self.tls)
                return True
            case "AUTH":
                return await self._say(writer, command, "235 ok")
            case "RSET":
                return await self._say(writer, command, "250 ok")
            case _:
                writer.write(b"221 bye\r\n" if command == "QUIT" else b"500 what\r\n")
                await writer.drain()
                return command != "QUIT"

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        content = await reader.readuntil(b"\r\n.\r\n")
        fault = self.faults.get("END")
        if fault is None or fault == TAKE_AND_DROP:
            content = content[:-3].replace(b"\r\n..", b"\r\n.")
            self.raw.append(content)
            mail = message_from_bytes(content, policy=policy.default)
            assert isinstance(mail, EmailMessage)
            self.accepted.append(mail)
            self.on_mail(mail)
        return await self._say(writer, "END")

    async def _say(self, writer: asyncio.StreamWriter, stage: str, good: str | None = None) -> bool:
        fault = self.faults.get(stage)
        if fault in (DROP, TAKE_AND_DROP):
            writer.transport.abort()
            return False
        if fault == SILENCE:
            await asyncio.Event().wait()
        writer.write(f"{fault or good or _GOOD[stage]}\r\n".encode())
        await writer.drain()
        return not (fault or "").startswith("421")


@contextlib.asynccontextmanager
async def faulty_server(**options: object) -> AsyncIterator[FaultyServer]:
    """A server that listens for the length of a block."""
    server = FaultyServer(**options)  # type: ignore[arg-type]
    await server.start()
    try:
        yield server
    finally:
        await server.stop()
