"""The next case and the list of cases at a million open cases.

`python -m tests.bench.desk [CASES]` measures with so many; a tenth as many closed ones stand beside them.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import httpx

from deploy.local.ports import Ports
from deploy.local.stack import LocalStack
from services.review.cases.store import Case
from shared.auth import Actor, Role
from shared.clock import ManualClock
from shared.ids import new_id
from tests.bench.line import Line
from tests.bench.processor import Processor
from tests.infra.databases import Databases, TestDatabase
from tests.services.review.desk import filed
from tests.support.service import RunningService, running
from tests.support.tokens import bearer, officer

CASES = 200_000
_REQUESTS = 60
_WARM_UP = 10
_MOST_MS = 50.0
_NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)
_EXAMINERS = 400
_INDEXES = """
SELECT indexname, indexdef FROM pg_indexes JOIN pg_class ON relname = indexname JOIN pg_index ON indexrelid = oid
WHERE tablename = 'cases' AND NOT indisunique
"""
# Of 20 open cases: six that nobody has, ten in examination, one that waits for the second officer, three at the card
# office. Half of all are Tokyo's.
_STATES = (
    *("RECEIVED",) * 6,
    *("UNDER_REVIEW",) * 6,
    *("DOCS_REQUESTED",) * 2,
    *("DOCS_SUBMITTED", "ON_HOLD_INTERVIEW", "PROPOSED", "AWAITING_FEE", "CARD_PRODUCTION", "CARD_ISSUED"),
)
_OFFICES = (*("TYO",) * 5, *("NGY",) * 2, *("OSA",) * 2, "FUK")
_STATUSES = (*("ENG_HUM_INT",) * 5, *("SSW1",) * 3, "STUDENT", "DEPENDENT")
_PROCEDURES = (*("EXTEND",) * 6, *("CHANGE",) * 2, *("COE",) * 2)


def measure(cases: int = CASES) -> list[Line]:
    """Milliseconds of requests over HTTP in one process, the database beside it."""
    with _served(cases) as (database, processor):
        return asyncio.run(_measured(database, processor, cases))


@contextmanager
def _served(cases: int) -> Iterator[tuple[TestDatabase, Processor]]:
    with tempfile.TemporaryDirectory(prefix="zairyu-bench-") as made:
        Path(made).chmod(0o755)
        stack = LocalStack(Path(made), Ports.free(), durable=False, services=("review",))
        stack.lock()
        stack.postgres.start()
        try:
            yield Databases(stack.postgres).create("review"), Processor(Path(made) / "postgres" / "postmaster.pid")
        finally:
            stack.stop()


async def _measured(database: TestDatabase, processor: Processor, cases: int) -> list[Line]:
    async with running("review", database, clock=ManualClock(_NOW)) as service:
        await service.deliver(filed())
        await _fill(database, cases)
        chief = officer(Role.CHIEF_EXAMINER)
        skilled = officer(Role.EXAMINER)
        await _send(
            service, chief, "PUT", f"/v1/examiners/{skilled.id}/skill", {"procedures": [], "statuses": ["STUDENT"]}
        )
        lines = [await _timed(service, processor, "desk: next case", _next(lambda _: officer(Role.EXAMINER)))]
        lines.append(await _timed(service, processor, "desk: next case, of one status", _next(lambda _: skilled), 30))
        for what, path in _LISTS.items():
            lines.append(await _timed(service, processor, f"desk: {what}", _read(path)))
        return lines


_LISTS = {
    "open cases, first page": "/v1/cases?limit=50&{open}",
    "cases not started": "/v1/cases?limit=50&wait=not_started",
    "cases in examination": "/v1/cases?limit=50&wait=examination",
    "own cases": "/v1/cases?limit=50&mine=true&{open}",
    "standard period exceeded": "/v1/cases?limit=50&concern=standard_exceeded",
    "special period ends within 7 days": "/v1/cases?limit=50&concern=special_7",
    "flagged as urgent": "/v1/cases?limit=50&flag=urgent",
    "counts of the first page": "/v1/cases/counts",
    "own counts": "/v1/cases/counts?mine=true",
}
_OPEN = "&".join(
    f"state={state}" for state in dict.fromkeys((*_STATES, "DECIDED_GRANT", "COUNTER_VISIT", "DISPATCHED"))
)
_OWN = UUID(int=7)

Ask = Callable[[RunningService, int], Awaitable[None]]


def _next(who: Callable[[int], Actor]) -> Ask:
    async def ask(service: RunningService, number: int) -> None:
        answer = await _send(service, who(number), "POST", "/v1/cases/next")
        assert answer.status_code == 200, answer.text

    return ask


def _read(path: str) -> Ask:
    reader = Actor(kind="officer", id=_OWN, roles=frozenset({Role.EXAMINER}), office="TYO", session_id=new_id())

    async def ask(service: RunningService, number: int) -> None:
        answer = await _send(service, reader, "GET", path.format(open=_OPEN))
        assert answer.status_code == 200, answer.text

    return ask


async def _send(service: RunningService, who: Actor, method: str, path: str, body: Any = None) -> httpx.Response:
    headers = bearer(who, ManualClock(_NOW)) | {"Idempotency-Key": str(new_id())}
    return await service.client.request(method, path, json=body, headers=headers)


async def _timed(service: RunningService, processor: Processor, what: str, ask: Ask, requests: int = _REQUESTS) -> Line:
    # The first ones are slower: statements are prepared, pages are read.
    for number in range(_WARM_UP):
        await ask(service, number)
    taken, own = [], time.process_time()
    with processor.counting([]) as cost:
        for number in range(requests):
            began = time.perf_counter()
            await ask(service, number)
            taken.append((time.perf_counter() - began) * 1000)
    own = time.process_time() - own
    taken.sort()
    in_service, in_database = (seconds / requests * 1000 for seconds in (own, cost.seconds))
    note = (
        f"median {taken[requests // 2]:.0f}; mean CPU {in_service:.1f} ms in the service and the client,"
        f" {in_database:.1f} in PostgreSQL"
    )
    return Line(what, taken[int(requests * 0.95)], "ms p95", _MOST_MS, at_most=True, note=note)


def _one_of(values: tuple[str, ...], by: int) -> str:
    listed = ", ".join(f"'{value}'" for value in values)
    return f"(ARRAY[{listed}])[1 + (hashint4(i + {by}) & 65535) % {len(values)}]"


async def _fill(database: TestDatabase, cases: int) -> None:
    """Open and closed cases like the one that is there, of offices, states, dates and examiners of their own."""
    connection = await asyncpg.connect(database.owner_url.replace("+asyncpg", ""), command_timeout=7200)
    day = f"(DATE '{_NOW.date()}' - (hashint4(i) & 65535) % 60)"
    state = f"CASE WHEN i <= {cases} THEN {_one_of(_STATES, 1)} ELSE 'WITHDRAWN' END"
    other = {
        "id": "gen_random_uuid()",
        "application_id": "gen_random_uuid()",
        "receipt_number": "'n' || i",
        "office": _one_of(_OFFICES, 2),
        "status_of_residence": _one_of(_STATUSES, 3),
        "procedure": _one_of(_PROCEDURES, 4),
        "person_keys": "NULL",
        "submitted_at": f"{day} + (hashint4(i + 5) & 65535) * interval '1 second'",
        "legal_date": day,
        "state": "s.state",
        "state_since": f"TIMESTAMPTZ '{_NOW.isoformat()}' - (hashint4(i + 6) & 65535) % 20 * interval '1 day'",
        "examiner_id": "CASE WHEN s.state <> 'RECEIVED' THEN"
        f" lpad(to_hex(1 + (hashint4(i + 7) & 65535) % {_EXAMINERS}), 32, '0')::uuid END",
        "started_at": f"CASE WHEN s.state <> 'RECEIVED' THEN TIMESTAMPTZ '{_NOW.isoformat()}' END",
        "documents_due": "CASE WHEN s.state = 'DOCS_REQUESTED' THEN"
        f" DATE '{_NOW.date()}' + (hashint4(i + 8) & 65535) % 20 - 3 END",
        "fee_yen": "CASE WHEN s.state IN ('AWAITING_FEE', 'CARD_PRODUCTION', 'CARD_ISSUED') THEN 5500 END",
        "fee_paid": "s.state IN ('CARD_PRODUCTION', 'CARD_ISSUED')",
        "materials_received": "s.state IN ('CARD_PRODUCTION', 'CARD_ISSUED')",
        "standard_end": f"{day} + 30",
        "special_period_end": f"({day} + 30 + (hashint4(i + 9) & 65535) % 90) + interval '14 hours 59 minutes'",
        "act_by": f"{day} + 30",
        "priority": "CASE WHEN i % 500 = 0 THEN 0 ELSE 9 END",
    }
    columns = [column.name for column in Case.__table__.columns]
    values = ", ".join(other.get(name, f"c.{name}") for name in columns)
    indexes = await connection.fetch(_INDEXES)
    # Indexes that are made at the end take a tenth of the time; rules of the decision are of no interest here.
    for index in indexes:
        await connection.execute(f"DROP INDEX {index['indexname']}")
    await connection.execute("ALTER TABLE cases DISABLE TRIGGER USER")
    await connection.execute(
        f"INSERT INTO cases ({', '.join(columns)}) SELECT {values} FROM (SELECT * FROM cases LIMIT 1) c,"
        f" generate_series(1, {cases * 11 // 10}) AS i, LATERAL (SELECT {state} AS state) s"
    )
    await connection.execute("ALTER TABLE cases ENABLE TRIGGER USER")
    await connection.execute(
        "INSERT INTO case_flags (id, case_id, code, reason, set_by, set_at)"
        f" SELECT gen_random_uuid(), id, 'urgent', 'x', id, TIMESTAMPTZ '{_NOW.isoformat()}' FROM cases"
        " WHERE priority = 0"
    )
    await connection.execute("SET maintenance_work_mem = '1GB'")
    for index in indexes:
        await connection.execute(index["indexdef"])
    await connection.execute("VACUUM ANALYZE cases")
    await connection.execute("VACUUM ANALYZE case_flags")
    await connection.close()


if __name__ == "__main__":
    for line in measure(int(sys.argv[1]) if len(sys.argv) > 1 else CASES):
        print(" | ".join(line.cells()), flush=True)  # noqa: T201
