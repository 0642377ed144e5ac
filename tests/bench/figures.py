"""Figures over many closed cases: counting them by month, and asking for them.

`python -m tests.bench.figures [CASES]` measures with so many; 3,000,000 take 4 GB of disk and some minutes.
"""

import asyncio
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import asyncpg

from deploy.local.ports import Ports
from deploy.local.stack import LocalStack
from services.review.figures.commands import count_figures
from shared.auth import Actor, Role
from shared.clock import ManualClock
from shared.work import RequestIdentity
from tests.bench.line import Line
from tests.bench.processor import Processor
from tests.infra.databases import Databases, TestDatabase
from tests.support.service import RunningService, running
from tests.support.tokens import bearer, officer

CASES = 200_000
_NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)
_REQUESTS = 20
_MOST_SECONDS = 2.0
# Five years of cases, unevenly over offices and statuses as the published figures have them; one in forty is open.
_CASES = """
INSERT INTO cases (id, application_id, receipt_number, account_id, owner_id, procedure, combined_with,
    status_of_residence, form_section, form_version, nationality, office, submitted_at, legal_date, document_ids, state,
    state_since, examiner_id, started_at, fee_yen, fee_paid, materials_received, waited_seconds, decided_at)
SELECT gen_random_uuid(), gen_random_uuid(), 'B' || n, gen_random_uuid(), gen_random_uuid(),
    (ARRAY['EXTEND', 'EXTEND', 'EXTEND', 'CHANGE', 'COE', 'WORKCERT'])[1 + (a * 6)::int % 6], '[]',
    (ARRAY['ENG_HUM_INT', 'STUDENT', 'DEPENDENT', 'SSW1', 'SPOUSE_JP', 'LONG_TERM', 'SKILLED', 'MANAGER', 'NURSING',
        'PROFESSOR', 'ARTIST', 'CULTURAL'])[1 + (b * b * 12)::int % 12],
    'N', '2026-02-27', 'VNM',
    (ARRAY['TYO', 'TYO', 'TYO', 'OSA', 'OSA', 'NGY', 'YOK', 'FUK', 'SPK', 'SDJ', 'HIJ', 'KOB', 'TAK', 'NAH'])
        [1 + (c * 14)::int % 14],
    received, received::date, '[]',
    CASE WHEN n % 40 = 0 THEN 'UNDER_REVIEW' WHEN n % 17 = 0 THEN 'DECIDED_REFUSE' ELSE 'DELIVERED' END,
    received, gen_random_uuid(), received, CASE WHEN n % 40 <> 0 AND n % 17 <> 0 THEN 5500 END,
    n % 40 <> 0 AND n % 17 <> 0, n % 40 <> 0 AND n % 17 <> 0, (b * 20 * 86400)::int,
    CASE WHEN n % 40 = 0 THEN NULL ELSE received + make_interval(days => (5 + 90 * b * b)::int) END
FROM (
    SELECT n, random() AS a, random() AS b, random() AS c,
        $1::timestamptz - make_interval(days => 100, mins => (5 * 365 * 1440 * random())::int) AS received
    FROM generate_series(1, $2) AS n
) AS drawn
"""
_STATES = """
INSERT INTO case_states (id, case_id, state, since, until)
SELECT gen_random_uuid(), cases.id, steps.state,
    submitted_at + (decided_at - submitted_at) * place, submitted_at + (decided_at - submitted_at) * (place + 0.33)
FROM cases CROSS JOIN (VALUES ('RECEIVED', 0.0), ('UNDER_REVIEW', 0.33), ('PROPOSED', 0.66)) AS steps (state, place)
WHERE decided_at IS NOT NULL
"""
_OF_A_CASE = "fk_case_states_case_id_cases"
_INDEXES = """
SELECT indexname, indexdef FROM pg_indexes JOIN pg_class ON relname = indexname JOIN pg_index ON indexrelid = oid
WHERE tablename IN ('cases', 'case_states') AND NOT indisunique
"""
_ASKED = {
    "a year by month": "?",
    "five years by status of residence": "?first=2022-01-01&by=status_of_residence",
    "five years by month, office and procedure": "?first=2022-01-01&by=month&by=office&by=procedure",
    "five years of one office by status": "?first=2022-01-01&office=TYO&by=status_of_residence",
    "five years of steps": "/steps?first=2022-01-01",
    "queues": "/queues",
    "published": "/published",
}


def measure(cases: int = CASES) -> list[Line]:
    """Seconds of counting, and of requests in one process, the database beside it."""
    with tempfile.TemporaryDirectory(prefix="zairyu-bench-") as made:
        Path(made).chmod(0o755)
        stack = LocalStack(Path(made), Ports.free(), durable=False, services=("review",))
        stack.lock()
        stack.postgres.start()
        try:
            database = Databases(stack.postgres).create("review")
            asyncio.run(_fill(database, cases))
            processor = Processor(Path(made) / "postgres" / "postmaster.pid")
            return asyncio.run(_measured(database, cases, processor))
        finally:
            stack.stop()


async def _fill(database: TestDatabase, cases: int) -> None:
    connection = await asyncpg.connect(database.owner_url.replace("+asyncpg", ""), command_timeout=7200)
    # Indexes that are made at the end take a tenth of the time; that two officers decided is not what is measured.
    indexes = await connection.fetch(_INDEXES)
    for index in indexes:
        await connection.execute(f"DROP INDEX {index['indexname']}")
    # So does a foreign key of states that are made of their cases.
    await connection.execute(f"ALTER TABLE case_states DROP CONSTRAINT {_OF_A_CASE}")
    await connection.execute("ALTER TABLE cases DISABLE TRIGGER USER")
    await connection.execute(_CASES, _NOW, cases)
    await connection.execute(_STATES)
    await connection.execute("ALTER TABLE cases ENABLE TRIGGER USER")
    await connection.execute("SET maintenance_work_mem = '512MB'")
    for index in indexes:
        await connection.execute(index["indexdef"])
    await connection.execute("VACUUM ANALYZE cases")
    await connection.execute("VACUUM ANALYZE case_states")
    await connection.close()


async def _measured(database: TestDatabase, cases: int, processor: Processor) -> list[Line]:
    async with running("review", database, clock=ManualClock(_NOW)) as service:
        lines = [await _first_count(service, processor, cases), await _next_count(service, processor)]
        connection = await asyncpg.connect(database.owner_url.replace("+asyncpg", ""), command_timeout=600)
        for table in ("figure_counts", "figure_durations", "figure_steps"):
            await connection.execute(f"VACUUM ANALYZE {table}")
        rows = await connection.fetchval("SELECT count(*) FROM figure_durations")
        await connection.close()
        for what, query in _ASKED.items():
            lines.append(await _timed(service, processor, f"{what}, of {cases:,} cases", query, rows))
        return lines


async def _first_count(service: RunningService, processor: Processor, cases: int) -> Line:
    began, rounds = time.perf_counter(), 1
    with processor.counting([]) as cost:
        while await _count(service):
            rounds += 1
    seconds = time.perf_counter() - began
    note = f"{rounds} rounds of six months; {cost.seconds:.1f} s CPU in PostgreSQL"
    return Line(f"all months of {cases:,} cases counted for the first time", seconds, "s", note=note)


async def _next_count(service: RunningService, processor: Processor) -> Line:
    began = time.perf_counter()
    with processor.counting([]) as cost:
        await _count(service)
    note = f"{cost.seconds:.1f} s CPU in PostgreSQL"
    return Line("the hourly round: this month, and what is open", time.perf_counter() - began, "s", note=note)


async def _count(service: RunningService) -> int:
    commands = service.app.state.runtime.commands
    async with service.db.transaction() as session:
        work = commands.begin(session, Actor.system("bench"), RequestIdentity(request_id="bench"))
        left = await count_figures(work)
        await work.finish()
    return left


async def _timed(service: RunningService, processor: Processor, what: str, query: str, rows: int) -> Line:
    headers = bearer(officer(Role.CHIEF_EXAMINER), service.clock)

    async def ask() -> float:
        began = time.perf_counter()
        answer = await service.client.get(f"/v1/figures{query}", headers=headers)
        assert answer.status_code == 200, answer.text
        return time.perf_counter() - began

    await ask()
    own = time.process_time()
    with processor.counting([]) as cost:
        taken = sorted([await ask() for _ in range(_REQUESTS)])
    own = (time.process_time() - own) / _REQUESTS
    note = (
        f"median {taken[_REQUESTS // 2] * 1000:.0f} ms; mean CPU {own * 1000:.0f} ms in the service and the client,"
        f" {cost.seconds / _REQUESTS * 1000:.0f} in PostgreSQL; {rows:,} rows of durations"
    )
    return Line(what, taken[int(_REQUESTS * 0.95)], "s p95", _MOST_SECONDS, at_most=True, note=note)


if __name__ == "__main__":
    for line in measure(int(sys.argv[1].replace("_", "")) if len(sys.argv) > 1 else CASES):
        print(*line.cells(), sep=" | ")  # noqa: T201
