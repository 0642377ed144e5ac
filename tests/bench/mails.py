"""Mails: how many a second go through SMTP beside `aiosmtplib` alone, how soon after its event one is accepted, and the
memory of the process while a million wait.

`python -m tests.bench.mails [WAITING]` measures with so many waiting.
"""

import asyncio
import os
import pickle
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median

import aiosmtplib
import asyncpg
import psutil

from deploy.local.ports import Ports
from deploy.local.smtp import Mailbox
from deploy.local.stack import LocalStack
from services.notification.channels.mail.relay.compose import compose
from services.notification.channels.mail.relay.port import Mail
from shared.clock import SystemClock
from shared.events.fields import Recipient
from shared.events.registration import LoginIdReminded
from shared.ids import new_id
from shared.messaging import Envelope, Message, encode
from shared.sealing import Sealer
from tests.bench.line import Line
from tests.bench.processor import Processor
from tests.infra.databases import Databases, TestDatabase
from tests.support.keys import SEALING_KEY, environment, event_keys

MAILS = 1_000
ROUNDS = 3
WAITING = 1_000_000
_AT_ONCE = 8
_EVENTS = 40
# Mails of the process with a long queue, after which its memory is looked at.
_BESIDE_A_QUEUE = 1_000
_CONTENT = '{"login_id": "AB12345678"}'
_ADDRESS = "nguyen.thi.hoa@example.jp"
_NAME = "グエン ティ ホア"
# Contents of this length stand in a row, as in a real queue.
_FILL = """
WITH made AS (
    INSERT INTO notifications (id, cause_event_id, cause_event_type, template, party, account_id, language, state,
        round, attempts, created_at)
    SELECT gen_random_uuid(), gen_random_uuid(), 'zairyu.LoginIdReminded.v1', 'login_id_reminded', 'account',
        gen_random_uuid(), 'ja', 'created', 1, 0, now()
    FROM generate_series(1, $1) RETURNING id
)
INSERT INTO deliveries (notification_id, state, attempts, next_try_at, sealed_address, sealed_name, sealed_content)
SELECT id, 'waiting', 0, now(), $2, $3, $4 FROM made
"""
_OPEN = "SELECT EXISTS (SELECT FROM deliveries WHERE state IN ('waiting', 'sending'))"
_SENT = "SELECT count(*) FROM notifications WHERE state = 'sent'"
_SERVER = """
import asyncio, sys, time
class Server(asyncio.Protocol):
    # A mail server that costs as little as possible; with an argument, it says when each mail was accepted.
    def connection_made(self, transport):
        self.transport, self.read, self.in_data = transport, b"", False
        transport.write(b"220 ready\\r\\n")
    def data_received(self, data):
        self.read += data
        while True:
            end = b"\\r\\n.\\r\\n" if self.in_data else b"\\r\\n"
            said, found, rest = self.read.partition(end)
            if not found:
                return
            self.read = rest
            if self.in_data:
                self.in_data = False
                self.transport.write(b"250 taken\\r\\n")
                if len(sys.argv) > 1:
                    print(time.time(), flush=True)
                continue
            command = said[:4].upper()
            self.in_data = command == b"DATA"
            self.transport.write(b"354 go on\\r\\n" if self.in_data else b"250 ok\\r\\n")
async def main():
    server = await asyncio.get_running_loop().create_server(Server, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()
asyncio.run(main())
"""


def measure(waiting: int = WAITING) -> list[Line]:
    """Mails a second beside the client alone, milliseconds from event to acceptance, megabytes of the process."""
    with tempfile.TemporaryDirectory(prefix="zairyu-bench-") as made:
        folder = Path(made)
        folder.chmod(0o755)
        stack = LocalStack(folder, Ports.free(), durable=True, services=("notification",))
        stack.lock()
        stack.postgres.start()
        try:
            database = Databases(stack.postgres).create("notification")
            processor = Processor(stack.postgres.data / "postmaster.pid")
            stack.mailbox.start()
            return asyncio.run(_measured(database, processor, stack.mailbox, waiting))
        finally:
            stack.stop()


async def _measured(database: TestDatabase, processor: Processor, mailbox: Mailbox, waiting: int) -> list[Line]:
    connection = await asyncpg.connect(database.owner_url.replace("+asyncpg", ""), command_timeout=3600)
    try:
        async with _mail_server() as (bare, _):
            return [
                await _through_smtp(database, connection, processor, mailbox.port, "that keeps the mails", 0.7),
                await _through_smtp(database, connection, processor, bare, "that only answers"),
                await _from_event_to_acceptance(database),
                await _memory(database, connection, waiting),
            ]
    finally:
        await connection.close()


async def _through_smtp(
    database: TestDatabase,
    connection: asyncpg.Connection,
    processor: Processor,
    port: int,
    server: str,
    target: float | None = None,
) -> Line:
    """The client alone and the service in turns, so that both have the same machine."""
    async with _service(database, port) as service:
        alone, own, computed, beside = [], [], 0.0, 0.0
        process = psutil.Process(service.pid)
        await _sent(connection, MAILS // 10)  # statements are put together by the first ones
        for _ in range(ROUNDS):
            alone.append(MAILS / await _alone(port, MAILS))
            before = _computed(process)
            with processor.counting([]) as cost:
                own.append(MAILS / await _sent(connection, MAILS))
            computed += _computed(process) - before
            beside += cost.seconds
    ratios = sorted(mine / reference for mine, reference in zip(own, alone, strict=True))
    each = ROUNDS * MAILS / 1000
    note = (
        f"{median(own):,.0f}/s and {median(alone):,.0f}/s, {ROUNDS} rounds from {ratios[0]:.2f} to {ratios[-1]:.2f};"
        f" {computed / each:.2f} ms of computing each, and {beside / each:.2f} of PostgreSQL"
    )
    what = f"mails to a server {server}, one process, beside aiosmtplib alone"
    return Line(what, median(ratios), "times", target, note=note)


async def _alone(port: int, count: int) -> float:
    """Seconds in which the client hands over so many mails, made before, on as many connections as the service has."""
    content = _mail()
    left = iter(range(count))

    async def hand_over() -> None:
        async with aiosmtplib.SMTP(hostname="127.0.0.1", port=port, use_tls=False, start_tls=False) as client:
            for _ in left:
                await client.mail("no-reply@zairyu.local")
                await client.rcpt(_ADDRESS)
                await client.data(content)

    began = time.perf_counter()
    await asyncio.gather(*(hand_over() for _ in range(_AT_ONCE)))
    return time.perf_counter() - began


def _mail() -> bytes:
    """A mail as long as those of the service: both languages, as text and HTML."""
    text, html = "受付番号のお知らせ。" * 60, "<p>受付番号のお知らせ。</p>" * 150
    mail = Mail(
        message_id=f"{new_id()}.1@zairyu.local",
        recipient=_ADDRESS,
        subject="【在留申請】ログインIDのお知らせ / Your login ID",
        text=text,
        html=html,
        languages=("ja", "en"),
    )
    return compose(mail, "no-reply@zairyu.local", "在留申請オンライン", SystemClock().now())


async def _sent(connection: asyncpg.Connection, count: int) -> float:
    """Seconds in which the service sends so many mails, which are due from one moment on."""
    sealer = Sealer(SEALING_KEY)
    await connection.execute(_FILL, count, *map(sealer.seal, (_ADDRESS, _NAME, _CONTENT)))
    began = time.perf_counter()
    while await connection.fetchval(_OPEN):
        await asyncio.sleep(0.02)
    return time.perf_counter() - began


async def _from_event_to_acceptance(database: TestDatabase) -> Line:
    """Of events that come one by one, from the moment in which the broker gets one; the broker is in memory."""
    async with _mail_server("when") as (port, server), _service(database, port) as service:
        assert service.stdin is not None
        assert server.stdout is not None
        taken = []
        for number in range(_EVENTS + 3):
            message = _event()
            began = time.time()
            service.stdin.write(f"{pickle.dumps(message).hex()}\n")
            service.stdin.flush()
            accepted = float(await asyncio.to_thread(server.stdout.readline))
            if number >= 3:  # statements are put together by the first ones
                taken.append(1000 * (accepted - began))
            await asyncio.sleep(0.2)
    ordered = sorted(taken)
    note = f"95th percentile {ordered[int(_EVENTS * 0.95)]:.0f} ms; broker in memory, {_EVENTS} events one by one"
    return Line("idle: event → DATA accepted, median", median(ordered), "ms", 150.0, True, note)


def _event() -> Message:
    sealer, clock = Sealer(SEALING_KEY), SystemClock()
    event = LoginIdReminded.example(
        account_id=new_id(),
        recipient=Recipient.reading("ja", sealer.seal(_ADDRESS)),
        sealed_login_id=sealer.seal("AB12345678"),
    )
    envelope = Envelope.of(event, id=new_id(), source="/zairyu/registration", time=clock.now())
    return event_keys("registration").sign(encode(event, envelope))


async def _memory(database: TestDatabase, connection: asyncpg.Connection, waiting: int) -> Line:
    """Of the service in a process of its own, while it sends from a queue of so many."""
    sealer = Sealer(SEALING_KEY)
    await connection.execute(_FILL, waiting, *map(sealer.seal, (_ADDRESS, _NAME, _CONTENT)))
    await connection.execute("ANALYZE notifications, deliveries")
    before = await connection.fetchval(_SENT)
    async with _mail_server() as (port, _), _service(database, port) as service:
        process, most = psutil.Process(service.pid), 0.0
        while await connection.fetchval(_SENT) < before + min(_BESIDE_A_QUEUE, waiting):
            most = max(most, process.memory_info().rss / 2**20)
            await asyncio.sleep(0.2)
    note = f"while it sends {_BESIDE_A_QUEUE:,} of them"
    return Line(f"memory of notification while {waiting:,} mails wait", most, "MB", 150.0, True, note)


def _computed(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


@asynccontextmanager
async def _mail_server(*arguments: str) -> AsyncIterator[tuple[int, "subprocess.Popen[str]"]]:
    with _Process([sys.executable, "-c", _SERVER, *arguments], {}) as server:
        assert server.stdout is not None
        yield int(server.stdout.readline()), server


@asynccontextmanager
async def _service(database: TestDatabase, port: int) -> AsyncIterator["subprocess.Popen[str]"]:
    """The service with all its parts, but for its broker; ready when the block begins."""
    settings = {
        "DATABASE_URL": database.url,
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(port),
        "MAIL_CONCURRENCY": str(_AT_ONCE),
        "PARTS": "api,jobs",
    }
    own = {f"ZAIRYU_{name}": value for name, value in settings.items()}
    with _Process(
        [sys.executable, "-m", "tests.bench.mails_process"], {**environment("notification"), **own}
    ) as service:
        assert service.stdout is not None
        await asyncio.to_thread(service.stdout.readline)
        yield service


class _Process:
    """A process for the length of a block."""

    def __init__(self, command: Sequence[str], settings: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            command, env={**os.environ, **settings}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def __enter__(self) -> "subprocess.Popen[str]":
        return self._process

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()


if __name__ == "__main__":
    for line in measure(int(sys.argv[1].replace("_", "")) if len(sys.argv) > 1 else WAITING):
        print(" | ".join(line.cells()))  # noqa: T201
