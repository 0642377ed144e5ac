"""Webhooks: messages a second through HTTP, and the claim beside a queue of a million for one receiver."""

import asyncio
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import asyncpg
import psutil

from deploy.local.ports import Ports
from deploy.local.stack import LocalStack
from services.notification.webhooks.store import claims
from shared.ids import new_id
from tests.bench.line import Line
from tests.bench.processor import Processor
from tests.infra.databases import Databases, TestDatabase
from tests.services.notification.hooks import Hooks, opened
from tests.support.parts import running

MESSAGES = 10_000
WAITING = 1_000_000
_WEBHOOKS = 8
_IDLE_WEBHOOKS = 1_000
_CLAIMS = 20
_FILL = """
INSERT INTO webhook_messages (id, webhook_id, event_id, type, subject, body, state, attempts, earlier_attempts,
    created_at, next_try_at)
SELECT gen_random_uuid(), ($1::uuid[])[1 + n % cardinality($1::uuid[])], gen_random_uuid(), 'review.started',
    md5((n / 4)::text)::uuid, $2, 'waiting', 0, 0, $3, $3
FROM generate_series(1, $4) AS n
"""
_IDLE = """
WITH made AS (
    INSERT INTO webhooks (id, owner_id, role, account_id, name, url, types, created_at, enabled_at, revision)
    SELECT gen_random_uuid(), gen_random_uuid(), 'org_staff', gen_random_uuid(), 'x', 'https://x.invalid/', '[]',
        now(), now(), 1
    FROM generate_series(1, $1) RETURNING id
)
INSERT INTO webhook_health (webhook_id, failures) SELECT id, 0 FROM made
"""
_OPEN = "SELECT EXISTS (SELECT FROM webhook_messages WHERE state IN ('waiting', 'sending'))"
_FAILING = "UPDATE webhook_health SET failing_since = $1, failures = 9 WHERE webhook_id = $2"
_BODY = (
    '{"type":"review.started","timestamp":"2026-07-01T01:23:45Z","data":{"application_id":"01a20911-fd7b-71e3-a6cc-'
    'c19546560fcd","receipt_number":"x","link":"https://zairyu.example/api/v1/applications/01a20911"}}'
)
# A receiver that costs as little as possible, in a process of its own.
_RECEIVER = """
import asyncio
class Receiver(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport, self.read = transport, b""
    def data_received(self, data):
        self.read += data
        while (end := self.read.find(b"\\r\\n\\r\\n")) >= 0:
            head = self.read[:end].lower()
            length = int(head.partition(b"content-length:")[2].split(b"\\r\\n")[0])
            if len(self.read) < end + 4 + length:
                return
            self.read = self.read[end + 4 + length:]
            self.transport.write(b"HTTP/1.1 204 No Content\\r\\n\\r\\n")
async def main():
    server = await asyncio.get_running_loop().create_server(Receiver, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()
asyncio.run(main())
"""


def measure(messages: int = MESSAGES, waiting: int = WAITING) -> list[Line]:
    """Messages a second of one process; milliseconds of a claim; megabytes of the process."""
    with tempfile.TemporaryDirectory(prefix="zairyu-bench-") as made:
        Path(made).chmod(0o755)
        stack = LocalStack(Path(made), Ports.free(), durable=False, services=("notification",))
        stack.lock()
        stack.postgres.start()
        receiver = subprocess.Popen([sys.executable, "-c", _RECEIVER], stdout=subprocess.PIPE, text=True)
        try:
            assert receiver.stdout is not None
            url = f"http://127.0.0.1:{int(receiver.stdout.readline())}/hook"
            database = Databases(stack.postgres).create("notification")
            processor = Processor(stack.postgres.data / "postmaster.pid")
            return asyncio.run(_measured(database, url, messages, waiting, processor, receiver.pid))
        finally:
            receiver.kill()
            receiver.wait()
            stack.stop()


async def _measured(
    database: TestDatabase, url: str, messages: int, waiting: int, processor: Processor, receiver: int
) -> list[Line]:
    connection = await asyncpg.connect(database.owner_url.replace("+asyncpg", ""))
    try:
        async with opened(database) as hooks:
            added = [(await hooks.add(url))["id"] for _ in range(_WEBHOOKS)]
            await connection.execute(_FILL, added, _BODY, hooks.clock.now(), messages)
            await connection.execute("ANALYZE")
            began, computed = time.monotonic(), time.process_time()
            with processor.counting([receiver]) as beside:
                async with running(hooks.sender.run()):
                    while await connection.fetchval(_OPEN):
                        await asyncio.sleep(0.05)
            taken, computed = time.monotonic() - began, time.process_time() - computed
            sent = (
                f"{1000 * computed / messages:.2f} ms of computing each, and {1000 * beside.seconds / messages:.2f} of"
                " PostgreSQL and receiver"
            )
            lines = [Line("webhooks sent, signed and recorded, one process", messages / taken, "/s", 500.0, note=sent)]
            return [*lines, *await _beside_a_queue(hooks, connection, added[0], waiting)]
    finally:
        await connection.close()


async def _beside_a_queue(hooks: Hooks, connection: asyncpg.Connection, webhook_id: str, waiting: int) -> list[Line]:
    """A receiver fails and has a long queue; the claim of the others, of whom there are a thousand."""
    await connection.execute(_IDLE, _IDLE_WEBHOOKS)
    await connection.execute(_FILL, [webhook_id], _BODY, hooks.clock.now(), waiting)
    await connection.execute(_FAILING, hooks.clock.now(), webhook_id)
    await connection.execute("ANALYZE")
    statement, values = claims.claim(1, hooks.clock.now(), limit=64, each=16, busy={new_id(): 1})
    taken = []
    async with hooks.service.app.state.runtime.db.engine.connect() as session:
        for _ in range(_CLAIMS):
            began = time.monotonic()
            await session.execute(statement, values)
            taken.append(time.monotonic() - began)
        await session.rollback()
    memory = psutil.Process().memory_info().rss / 1024 / 1024
    queue = f"{waiting:,} messages wait for a receiver that fails, {_IDLE_WEBHOOKS:,} webhooks beside it"
    return [
        Line("claim of webhooks' messages, median", 1000 * sorted(taken)[_CLAIMS // 2], "ms", 50.0, True, queue),
        Line("memory of the process that sends webhooks", memory, "MB", 150.0, True, "with all that the bench imports"),
    ]
