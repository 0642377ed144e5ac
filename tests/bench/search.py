"""Search, lists, counts, the calendar and the export over many applications.

`python -m tests.bench.search [APPLICATIONS]` measures with so many; 10,000,000 take 25 GB of disk and an hour.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import psutil

from deploy.local.ports import Ports
from deploy.local.stack import LocalStack
from shared.auth import Role
from shared.clock import ManualClock
from tests.bench.crowd import DAY, Crowd, name_of, write
from tests.bench.line import Line
from tests.bench.processor import Processor
from tests.infra.databases import Databases, TestDatabase
from tests.services.application.people import Filer
from tests.support.service import RunningService, running
from tests.support.tokens import bearer, person
from tests.support.web import serving

APPLICATIONS = 200_000
_REQUESTS = 200
_WARM_UP = 20
_MOST_MS = 50.0
# As many as one request takes.
_SELECTED = 500
# What is exported of the largest owner: about a twelfth, and everything.
_PARTS = {"those under review of": "&status=under_review", "all": ""}
_INDEXES = """
SELECT indexname, indexdef FROM pg_indexes JOIN pg_class ON relname = indexname JOIN pg_index ON indexrelid = oid
WHERE tablename = 'applications' AND NOT indisunique
"""


def measure(applications: int = APPLICATIONS) -> list[Line]:
    """Milliseconds of requests over HTTP in one process, the database beside it."""
    with served(applications) as (database, crowd, processor):
        return asyncio.run(_measured(database, crowd, processor))


@contextmanager
def served(applications: int, folder: Path | None = None) -> Iterator[tuple[TestDatabase, Crowd, Processor]]:
    """A database with so many applications, whose they are, and its processor time; removed at the end."""
    with tempfile.TemporaryDirectory(prefix="zairyu-bench-", dir=folder) as made:
        Path(made).chmod(0o755)
        stack = LocalStack(Path(made), Ports.free(), durable=False, services=("application",))
        stack.lock()
        stack.postgres.start()
        try:
            database, crowd = Databases(stack.postgres).create("application"), Crowd.of(applications)
            asyncio.run(_fill(database, crowd))
            yield database, crowd, Processor(Path(made) / "postgres" / "postmaster.pid")
        finally:
            stack.stop()


async def _fill(database: TestDatabase, crowd: Crowd) -> None:
    connection = await asyncpg.connect(database.owner_url.replace("+asyncpg", ""), command_timeout=7200)
    # Indexes that are made at the end take a tenth of the time.
    indexes = await connection.fetch(_INDEXES)
    for index in indexes:
        await connection.execute(f"DROP INDEX {index['indexname']}")
    await write(connection, crowd)
    await connection.execute("SET maintenance_work_mem = '1GB'")
    for index in indexes:
        await connection.execute(index["indexdef"])
    await connection.execute("VACUUM ANALYZE applications")
    await connection.execute("VACUUM ANALYZE progress")
    await connection.close()


async def _measured(database: TestDatabase, crowd: Crowd, processor: Processor) -> list[Line]:
    clock = ManualClock(moment(DAY))
    async with running("application", database, clock=clock) as service:
        lines = []
        largest, drawn = [crowd.owners[0]], crowd.owners
        for whose, owners in (("largest owner", largest), ("any owner", drawn)):
            for what, paths in ASKED.items():
                lines.append(await _timed(service, processor, f"{what}, {whose}", paths, owners))
        async with serving(service.app, lifespan="off") as url:
            # A part first: what all of them take more is seen in what the process has then.
            for part, query in _PARTS.items():
                for kind in ("csv", "xlsx"):
                    what = f"memory of an export of {part} {crowd.owners[0][1]:,} as {kind}"
                    lines.append(await _exported(service, url, crowd.owners[0], what, f"format={kind}{query}"))
        return [*lines, await _withdrawn(service, processor, crowd.owners[0][0])]


_STAYS = "/../stays"
# What people ask, by kind; NAME is a name that some have, MISTYPED one with a letter wrong.
ASKED = {
    "first page": ("?limit=20&counts=true",),
    "list narrowed and in another order": (
        "?limit=20&status=under_review&office=OSA&sort=stay_end",
        "?limit=20&status=draft",
        "?limit=20&procedure=CHANGE&stay_from=2027-01-01&stay_to=2027-03-31&sort=edited",
    ),
    "name": ("?limit=20&q={name}", "?limit=20&q={family}&sort=stay_end", "?limit=20&q={name}&status=under_review"),
    "name with counts": ("?limit=20&counts=true&q={family}",),
    "number": ("?limit=20&q={number}",),
    "name with a letter wrong": ("?limit=20&q={mistyped}",),
    "calendar by day": (f"{_STAYS}?limit=50", f"{_STAYS}?stay_from=2027-06-01&stay_to=2027-06-30&renewal=none"),
    "calendar by month": (f"{_STAYS}/counts",),
}


async def _timed(service: RunningService, processor: Processor, what: str, paths: tuple[str, ...], owners: Any) -> Line:
    random, sizes = Random(1), [size for _, size in owners]

    async def ask(number: int) -> float:
        filer = filer_of(service, random.choices(owners, sizes)[0][0])
        path = path_of(random, paths[number % len(paths)])
        began = time.perf_counter()
        answer = await filer.request("GET", path)
        assert answer.status_code == 200, answer.text
        return (time.perf_counter() - began) * 1000

    # The first ones are slower: statements are prepared, pages are read.
    for number in range(_WARM_UP):
        await ask(number)
    own = time.process_time()
    with processor.counting([]) as cost:
        taken = sorted([await ask(number) for number in range(_REQUESTS)])
    own = time.process_time() - own
    in_service, in_database = (seconds / _REQUESTS * 1000 for seconds in (own, cost.seconds))
    note = (
        f"median {taken[_REQUESTS // 2]:.0f}; mean CPU {in_service:.0f} ms in the service and the client,"
        f" {in_database:.0f} in PostgreSQL"
    )
    return Line(what, taken[int(_REQUESTS * 0.95)], "ms p95", _MOST_MS, at_most=True, note=note)


async def _exported(service: RunningService, url: str, owner: tuple[UUID, int], what: str, query: str) -> Line:
    filer, process = filer_of(service, owner[0]), psutil.Process()
    before, most, size, began, first = process.memory_info().rss, 0, 0, time.perf_counter(), 0.0
    headers = bearer(filer.actor, filer.clock)
    async with (
        httpx.AsyncClient(base_url=url, timeout=600) as client,
        client.stream("GET", f"/v1/applications/export?{query}", headers=headers) as answer,
    ):
        assert answer.status_code == 200
        async for piece in answer.aiter_bytes():
            first = first or time.perf_counter() - began
            size += len(piece)
            most = max(most, process.memory_info().rss - before)
    note = f"{size / 1e6:.1f} MB in {time.perf_counter() - began:.1f} s, first bytes after {first:.1f} s"
    return Line(what, most / 1e6, "MB more", 50.0, at_most=True, note=note)


async def _withdrawn(service: RunningService, processor: Processor, owner_id: UUID) -> Line:
    """As many as one request takes: each is locked, withdrawn, journalled and made an event by itself."""
    filer, ids, cursor = filer_of(service, owner_id), list[str](), ""
    while len(ids) < _SELECTED:
        page = await filer.get(f"?status=received&limit={min(200, _SELECTED - len(ids))}{cursor}")
        ids += [item["id"] for item in page["items"]]
        cursor = f"&cursor={page['next']}"
    own, began = time.process_time(), time.perf_counter()
    with processor.counting([]) as cost:
        answer = await filer.post("/selection", {"action": "withdraw", "application_ids": ids, "reason": "moved"})
    seconds, own = time.perf_counter() - began, time.process_time() - own
    assert answer.json()["done"] == _SELECTED, answer.text
    note = f"{own:.1f} s CPU in the service, {cost.seconds:.1f} in PostgreSQL"
    return Line(f"{_SELECTED} applications withdrawn by one request", seconds, "s", 10.0, at_most=True, note=note)


def moment(day: date) -> datetime:
    """Noon of a day in Japan."""
    return datetime(day.year, day.month, day.day, 3, tzinfo=UTC)


def filer_of(service: RunningService, owner_id: UUID) -> Filer:
    """One who files for the owner."""
    return Filer(service, replace(person(Role.ORG_STAFF, organisation=True), organisation_id=owner_id))


def path_of(random: Random, path: str) -> str:
    """A path with a name, a part of it or a number that some have."""
    _, name = name_of(random)
    family = max(name.split(), key=len)
    place = random.randrange(1, len(family))
    return path.format(
        name=name,
        family=family,
        mistyped=family[:place] + random.choice("xyqz") + family[place + 1 :],
        number=f"{random.randrange(10**6):06}",
    )


if __name__ == "__main__":
    asked = int(sys.argv[1]) if len(sys.argv) > 1 else APPLICATIONS
    sys.stdout.writelines(" | ".join(line.cells()) + "\n" for line in measure(asked))
