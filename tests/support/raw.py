"""Requests written by hand: unlike those of any HTTP client."""

import asyncio
import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class RawAnswer:
    """The answer of a server, and whether it closed the connection after it."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def code(self) -> str:
        """The code of a problem."""
        return str(json.loads(self.body)["code"])

    def json(self) -> Any:
        return json.loads(self.body)


async def connect(url: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """An open connection to a server."""
    return await asyncio.open_connection("127.0.0.1", int(url.rsplit(":", 1)[1].split("/")[0]))


async def answer_of(reader: asyncio.StreamReader) -> RawAnswer:
    """The next answer on a connection. Raises `IncompleteReadError` where it is closed without one."""
    async with asyncio.timeout(30):
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = head.strip().split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        if headers.get("transfer-encoding") == "chunked":
            body = b""
            while size := int(await reader.readline(), 16):
                body += (await reader.readexactly(size + 2))[:-2]
            await reader.readline()
        else:
            body = await reader.readexactly(int(headers.get("content-length", 0)))
    return RawAnswer(int(first.split()[1]), headers, body)


async def sent(url: str, request: bytes) -> RawAnswer:
    """The answer to a request on a connection of its own. One that is refused while it is sent is answered too."""
    reader, writer = await connect(url)
    writer.write(request)
    try:
        return await answer_of(reader)
    finally:
        writer.close()


def request(method: str, path: str, headers: dict[str, bytes] | None = None, body: bytes = b"") -> bytes:
    """A request with headers as bytes; Host and Content-Length are added."""
    lines = {"Host": b"t", **(headers or {})}
    if body:
        lines["Content-Length"] = str(len(body)).encode()
    head = b"".join(name.encode() + b": " + value + b"\r\n" for name, value in lines.items())
    return f"{method} {path} HTTP/1.1\r\n".encode() + head + b"\r\n" + body
