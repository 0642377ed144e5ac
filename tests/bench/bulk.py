"""Rows of an import: read from what the reader gives, checked into new drafts, and filed; rules and database alone."""

import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psutil
from sqlalchemy import update

from deploy.local.ports import Ports
from deploy.local.stack import LocalStack
from services.application.tables import Application
from shared.clock import SystemClock
from shared.http.server import exempt_what_stays
from tests.bench.line import Line
from tests.infra.databases import Databases, TestDatabase
from tests.services.application.people import CAT3_DOCUMENTS
from tests.services.application.sheet import Office, packed, row
from tests.support.service import running

ROWS = 2000


def measure(rows: int = ROWS) -> list[Line]:
    """Rows each second of one process, on a PostgreSQL of our own with fsync; and the memory of the process."""
    with tempfile.TemporaryDirectory(prefix="zairyu-bench-") as folder:
        Path(folder).chmod(0o755)
        stack = LocalStack(Path(folder), Ports.free(), durable=True, services=("application",))
        stack.lock()
        stack.postgres.start()
        try:
            return asyncio.run(_measured(Databases(stack.postgres).create("application"), rows))
        finally:
            stack.stop()


async def _measured(database: TestDatabase, rows: int) -> list[Line]:
    async with running("application", database, clock=SystemClock()) as service:
        office = Office(service)
        await office.activate()
        exempt_what_stays()
        sent = await office.send(packed([row(number, office.today) for number in range(3, 3 + rows)]))
        lines = [await _timed(office, rows, "read and kept", steps=1)]
        lines.append(await _timed(office, rows, "checked, each a new draft"))
        await _attach(office)
        answer = await office.press(sent.json()["id"])
        assert answer.status_code == 202, answer.text
        lines.append(await _timed(office, rows, "filed (rules and database)", target=2000))
        filed = (await office.look(sent.json()["id"]))["counts"]["filed"]
        assert filed == rows, f"{filed} of {rows} rows were filed"
        lines.append(await _by_two(office, database, rows))
    return lines


async def _by_two(office: Office, database: TestDatabase, rows: int) -> Line:
    """The same, filed by two processes at once, which share the ranges of the import."""
    # Their clock stands still, a little ahead, so that everything is due that is set here.
    ahead = (office.clock.now() + timedelta(hours=1)).isoformat()
    command = [sys.executable, "-m", "tests.services.application.import_worker", database.url, ahead]
    workers = [subprocess.Popen(command) for _ in range(2)]
    try:
        sent = await office.send(packed([row(number, office.today) for number in range(3 + rows, 3 + 2 * rows)]))
        # They check it as well, so that both have started when they file it.
        await _until(office, sent.json()["id"], "checked")
        await _attach(office)
        before = _computed(workers), _of_postgres()
        began = time.perf_counter()
        assert (await office.press(sent.json()["id"])).status_code == 202
        seen = await _until(office, sent.json()["id"], "finished")
        seconds = time.perf_counter() - began
        assert seen["counts"]["filed"] == rows, seen
        own, postgres = _computed(workers) - before[0], _of_postgres() - before[1]
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()
    note = f"{own / rows * 1000:.2f} ms CPU a row, and {postgres / rows * 1000:.2f} of PostgreSQL"
    return Line("bulk: rows of one import filed by two processes", rows / seconds, "rows/s", 2000, note=note)


async def _until(office: Office, import_id: str, state: str) -> Any:
    """The import, once it is in a state."""
    while (seen := await office.look(import_id))["state"] != state:
        await asyncio.sleep(0.1)
    return seen


def _computed(workers: Sequence[subprocess.Popen[bytes]]) -> float:
    """Seconds of CPU that processes have taken."""
    return sum(sum(psutil.Process(worker.pid).cpu_times()[:2]) for worker in workers)


def _of_postgres() -> float:
    """Seconds of CPU of the server that this process has started."""
    started = (each for each in psutil.Process().children(recursive=True) if each.name().startswith("postgres"))
    return sum(sum(each.cpu_times()[:2]) for each in started)


async def _timed(office: Office, rows: int, what: str, steps: int = 10_000, target: float | None = None) -> Line:
    began, computed = time.perf_counter(), time.process_time()
    await office.work(steps)
    rate = rows / (time.perf_counter() - began)
    cpu = (time.process_time() - computed) / rows * 1000
    memory = psutil.Process().memory_info().rss // 2**20
    return Line(f"bulk: rows {what}", rate, "rows/s", target, note=f"{cpu:.1f} ms CPU a row, {memory} MB resident")


async def _attach(office: Office) -> None:
    """The same photo and document for every draft: uploads are not what is measured."""
    photo, pdf = await office.file("photo"), await office.file()
    attached = [{"document_id": pdf, "codes": list(CAT3_DOCUMENTS)}]
    files = {"photo_id": UUID(photo), "attachments": attached, "file_ids": [UUID(photo), UUID(pdf)]}
    async with office.service.db.transaction() as session:
        await (await session.connection()).execute(update(Application.__table__).values(files))  # type: ignore[arg-type]
