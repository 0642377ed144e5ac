"""The cost to the gateway of a request that it passes on, and of an attack that it refuses."""

import asyncio
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import psutil

from deploy.local.process import plain_environment
from tests.bench.line import Line
from tests.support.raw import answer_of, connect, request
from tests.support.waiting import eventually
from tests.support.web import free_port

_REQUESTS = 3000
_CLIENTS = 16
_ROUNDS = 3
_ROOT = Path(__file__).resolve().parents[2]
_BODY = b'{"name": "' + b"x" * 500 + b'"}'
_ANSWER = (
    b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nx-request-id: 0198f0c2-0000\r\ncache-control: no-store\r\n"
    b'etag: "1"\r\nvary: Accept-Language\r\nx-content-type-options: nosniff\r\ncontent-length: %d\r\n\r\n%s'
    % (len(_BODY), _BODY)
)
_HEADERS = {
    "Accept": b"application/json",
    "Accept-Language": b"en",
    "User-Agent": b"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "Authorization": b"Bearer " + b"e" * 400,
    "Idempotency-Key": b"018f0c2e-0000-7000-8000-000000000000",
}


def measure() -> list[Line]:
    """Processor time of the gateway's process alone; clients and the service behind it are in this one."""
    return asyncio.run(_measure(_ROOT))


async def _measure(root: Path) -> list[Line]:
    server = await asyncio.start_server(_service, "127.0.0.1", 0)
    behind = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    names = ("registration", "application", "document", "review", "notification")
    settings = {f"ZAIRYU_{name.upper()}_URL": behind for name in names} | {
        "ZAIRYU_PORT": str(port),
        "ZAIRYU_OPERATIONS_PORT": str(free_port()),
        "ZAIRYU_REQUESTS_PER_MINUTE": "1000000000",
        "ZAIRYU_LOG_LEVEL": "INFO",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    with Path(os.devnull).open("w") as nobody:
        child = subprocess.Popen(
            [sys.executable, "-m", "services.gateway"],
            cwd=root,
            env=plain_environment() | settings,
            stdout=nobody,
            stderr=nobody,
        )
    try:
        await eventually(lambda: _listens(url), 60)
        process = psutil.Process(child.pid)
        bare = await _best(process, url, request("GET", "/healthz", _HEADERS))
        passed = await _best(process, url, request("GET", "/api/v1/applications/1", _HEADERS))
        posted = await _best(process, url, request("POST", "/api/v1/applications", _HEADERS, _BODY))
        attack = b"GET /api/v1/user-classes HTTP/1.1\r\nHost: a\r\n" + b"".join(b"X-%d: 1\r\n" % n for n in range(2000))
        many = await _once(process, url, attack + b"\r\n", 200, 1)
        documents = await _once(process, url, request("GET", "/openapi.json"), 200, 1)
    finally:
        child.terminate()
        child.wait()
        server.close()
    return [
        Line("request that the gateway answers itself (`/healthz`)", bare, "µs CPU"),
        Line("request passed on, without a body", passed, "µs CPU", note=f"{passed / bare:.1f} × `/healthz`"),
        Line("request passed on, 512 bytes of JSON", posted, "µs CPU", note=f"{posted / bare:.1f} × `/healthz`"),
        Line("request with 2,000 headers", many, "µs CPU", note=f"{many / bare:.1f} × `/healthz`"),
        Line("`/openapi.json`", documents, "µs CPU", note=f"{documents / bare:.1f} × `/healthz`"),
    ]


async def _service(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
        while head := await reader.readuntil(b"\r\n\r\n"):
            _, found, rest = head.lower().partition(b"content-length: ")
            if found:
                await reader.readexactly(int(rest.partition(b"\r\n")[0]))
            writer.write(_ANSWER)
    writer.close()


async def _listens(url: str) -> bool:
    with suppress(OSError):
        _, writer = await connect(url)
        writer.close()
        return True
    return False


async def _best(process: psutil.Process, url: str, sent: bytes) -> float:
    return min([await _once(process, url, sent, _REQUESTS, _CLIENTS) for _ in range(_ROUNDS)])


async def _once(process: psutil.Process, url: str, sent: bytes, count: int, clients: int) -> float:
    """Processor time for each of `count` requests, in µs."""
    left = iter(range(count))

    async def client() -> None:
        reader, writer = await connect(url)
        for _ in left:
            writer.write(sent)
            answer = await answer_of(reader)
            if answer.headers.get("connection") == "close":
                writer.close()
                reader, writer = await connect(url)
        writer.close()

    before = sum(process.cpu_times()[:2])
    await asyncio.gather(*(client() for _ in range(clients)))
    return (sum(process.cpu_times()[:2]) - before) / count * 1e6
