"""The servers that all are measured on, the rows and messages they get, and the run of one program."""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import psutil

from deploy.local.ports import Ports
from deploy.local.stack import LocalStack
from shared.db import Database
from shared.ids import new_id
from shared.messaging import KafkaProducer, KafkaSettings, outbox
from tests.bench.messaging import Measured, sample
from tests.bench.processor import Processor
from tests.infra.databases import Databases
from tests.messaging.support import create_tables
from tests.peers.programs.stopwatch import Task

_ROOT = Path(__file__).resolve().parents[2]
PEERS = _ROOT / ".venv-peers" / "bin" / "python"
_SECONDS = 600
# As `faststream_outbox.make_outbox_table` declares it; the peer's package is not among those of this program.
_FASTSTREAM = (
    """
CREATE TABLE faststream_rows (
    id bigserial PRIMARY KEY, queue varchar(255) NOT NULL, payload bytea NOT NULL, headers jsonb,
    attempts_count bigint NOT NULL DEFAULT 0, deliveries_count bigint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(), next_attempt_at timestamptz NOT NULL DEFAULT now(),
    first_attempt_at timestamptz, last_attempt_at timestamptz, acquired_at timestamptz, acquired_token uuid,
    timer_id varchar(255),
    CONSTRAINT faststream_rows_lease_ck CHECK ((acquired_token IS NULL) = (acquired_at IS NULL))
)""",
    "CREATE INDEX faststream_rows_pending_idx ON faststream_rows (queue, next_attempt_at, id)"
    " WHERE acquired_token IS NULL",
    "CREATE INDEX faststream_rows_leased_idx ON faststream_rows (queue, next_attempt_at, id)"
    " WHERE acquired_token IS NOT NULL",
    "CREATE UNIQUE INDEX faststream_rows_timer_id_uq ON faststream_rows (queue, timer_id) WHERE timer_id IS NOT NULL",
    "GRANT ALL ON faststream_rows, faststream_rows_id_seq, inbox, outbox, effects TO {role}",
)
_TO_FASTSTREAM = """
INSERT INTO faststream_rows (queue, payload, headers)
SELECT 'rows', payload, (SELECT jsonb_object_agg(each->>0, each->>1) FROM jsonb_array_elements(headers) AS each)
FROM outbox ORDER BY position
"""
_EMPTIED = ("outbox", "sent_events", "recent_events", "inbox", "effects", "faststream_rows")


@dataclass(frozen=True, slots=True)
class Run:
    """One run of one program: events a second, and microseconds of processor time an event by who spent them."""

    rate: float
    own: float
    postgres: float
    broker: float


@dataclass(slots=True)
class Ground:
    """A database with an outbox, a broker with a topic, and the processor time of both."""

    stack: LocalStack
    url: str
    kafka: KafkaSettings
    processor: Processor

    @classmethod
    @asynccontextmanager
    async def laid(cls, kafka: Literal["tansu", "apache"]) -> AsyncIterator["Ground"]:
        """Start both in a folder of their own; end and remove them."""
        with tempfile.TemporaryDirectory(prefix="zairyu-peers-") as folder:
            Path(folder).chmod(0o755)
            stack = LocalStack(Path(folder), Ports.free(), services=(), kafka=kafka)
            stack.lock()
            try:
                for server in (stack.postgres, *([stack.object_store] if kafka == "tansu" else []), stack.broker):
                    server.start_seconds = _SECONDS
                    await asyncio.to_thread(server.start)
                database = Databases(stack.postgres).bare()
                await create_tables(database, *(each.format(role=database.role) for each in _FASTSTREAM))
                settings = KafkaSettings(stack.broker.bootstrap, idempotence=stack.broker.idempotence, partitions=12)
                pids = Path(folder) / "postgres" / "postmaster.pid"
                yield cls(stack, database.url, settings, Processor(pids))
            finally:
                await asyncio.to_thread(stack.stop)

    async def fill_outbox(self, events: int, *, faststream: bool = False) -> None:
        """Rows that wait for a relay, in the outbox of ours or of faststream-outbox."""
        await self._empty()
        db = Database(self.url)
        messages = sample(events)
        for start in range(0, events, 5_000):
            async with db.transaction() as session:
                await outbox.put(session, messages[start : start + 5_000])
        await db.close()
        if faststream:
            await self._execute(_TO_FASTSTREAM, "TRUNCATE outbox")
        await self._execute("VACUUM ANALYZE outbox", "VACUUM ANALYZE faststream_rows", "CHECKPOINT")

    async def fill_topic(self, events: int) -> None:
        """Messages that wait for consumers, the same for each group."""
        producer, messages = KafkaProducer(self.kafka), sample(events)
        for start in range(0, events, 2_000):
            await producer.send(messages[start : start + 2_000])
        await producer.stop()

    async def empty_inbox(self) -> None:
        await self._empty()
        await self._execute("CHECKPOINT")

    def run(self, program: str, kind: str, events: int) -> Run:
        """Run it to its end in a process of its own."""
        url = self.url.replace("+asyncpg", "")
        task = Task(url, self.kafka.bootstrap, self.kafka.idempotence, Measured.topic, f"g{new_id().hex}", events)
        python = Path(sys.executable) if program == "ours" else PEERS
        command = [str(python), "-m", f"tests.peers.programs.{program}", kind, json.dumps(vars(task))]
        broker = self._broker_seconds()
        with self.processor.counting([]) as cost:
            ran = subprocess.run(
                command, cwd=_ROOT, env=dict(os.environ), capture_output=True, text=True, timeout=_SECONDS, check=False
            )
        broker = self._broker_seconds() - broker
        if ran.returncode != 0:
            raise RuntimeError(f"{program} {kind} failed: {ran.stderr[-3000:]}")
        # FastStream writes what it logs to the same place.
        found = json.loads(next(line for line in ran.stdout.splitlines() if line.startswith('{"seconds"')))
        measured, each = found["events"], 1e6 / events
        own = found["cpu"] / measured * 1e6
        return Run(measured / found["seconds"], own, cost.seconds * each, broker * each)

    def _broker_seconds(self) -> float:
        """Of the broker and of the store that holds its log, where it has one."""
        total = 0.0
        for server in (self.stack.broker, self.stack.object_store):
            if server.process.pid is not None:
                times = psutil.Process(server.process.pid).cpu_times()
                total += times.user + times.system
        return total

    async def count(self, table: str) -> int:
        """The number of its rows."""
        connection = await self._connect()
        try:
            return int(await connection.fetchval(f"SELECT count(*) FROM {table}"))
        finally:
            await connection.close()

    async def _connect(self) -> Any:
        return await self.stack.postgres.connect(self.url.rpartition("/")[2])

    async def _empty(self) -> None:
        await self._execute(f"TRUNCATE {', '.join(_EMPTIED)}")

    async def _execute(self, *statements: str) -> None:
        connection = await self._connect()
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()
