"""A day of the card office: cases decided, paid, scanned, printed, mailed, delivered, over HTTP in one process.

`python -m tests.bench.cards [CASES]` measures with so many; the plan names 6,000 a day.
"""

import asyncio
import base64
import csv
import io
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

from deploy.local.ports import Ports
from deploy.local.stack import LocalStack
from services.review.card_desk.domain.batches import MOST_IN_BATCH
from services.review.cases.store import Case
from shared.ids import new_id
from tests.bench.line import Line
from tests.infra.databases import Databases, TestDatabase
from tests.services.review.paying import FILED, PayingDesk, paying
from tests.support import tokens

CASES = 6_000
_AT_ONCE = 8
# Minutes for a whole day of 6,000.
_MOST_MINUTES = 30.0


def measure(cases: int = CASES) -> list[Line]:
    """Seconds of each step for so many cases."""
    with tempfile.TemporaryDirectory(prefix="zairyu-bench-") as made:
        Path(made).chmod(0o755)
        stack = LocalStack(Path(made), Ports.free(), durable=True, services=("review",))
        stack.lock()
        stack.postgres.start()
        try:
            return asyncio.run(_measured(Databases(stack.postgres).create("review"), cases))
        finally:
            stack.stop()


async def _measured(database: TestDatabase, count: int) -> list[Line]:
    lines: list[Line] = []
    total = 0.0

    async def timed(what: str, work: Awaitable[Any]) -> Any:
        nonlocal total
        begun, cpu = time.perf_counter(), time.process_time()
        result = await work
        seconds = time.perf_counter() - begun
        total += seconds
        note = f"{count / seconds:,.0f}/s, {(time.process_time() - cpu) * 1000 / count:.1f} ms CPU of the service each"
        lines.append(Line(f"{count:,} cases: {what}", seconds, "s", note=note))
        return result

    async with paying(database) as desk:
        # Numbers in a row: of 6,000 drawn at random, two would be the same in every fifth run.
        cases = [await desk.open(**FILED, receipt_number=f"東オンＥＮ{number:08d}") for number in range(count)]
        await timed("decided one by one (start, proposal, decision)", _each(cases, lambda case: _decide(desk, case)))
        orders = dict(zip((case.id for case in cases), await _each(cases, desk.ordered), strict=True))
        await timed("paid online, one notice each", _each(cases, lambda case: desk.notice(orders[case.id]["id"])))
        await timed("envelopes scanned, 500 at a time", _scan(desk, cases))
        await timed("cards printed in batches", _batches(desk, "print"))
        await timed("cards mailed in batches", _batches(desk, "mail"))
        await timed("delivered by the carrier's report", _report(desk, count))
        state = {case.state for case in [await desk.case(case.id) for case in cases[:: max(1, count // 50)]]}
        assert state == {"DELIVERED"}, state
    minutes = total / 60 * CASES / count
    lines.append(Line("a day of 6,000 cases, all of it", minutes, "min", _MOST_MINUTES, at_most=True))
    return lines


async def _each(cases: Sequence[Case], step: Callable[[Case], Awaitable[Any]]) -> list[Any]:
    """The results of a step on every case, some at once."""
    found: list[Any] = []
    for at in range(0, len(cases), _AT_ONCE):
        found += await asyncio.gather(*(step(case) for case in cases[at : at + _AT_ONCE]))
    return found


async def _decide(desk: PayingDesk, case: Case) -> None:
    await desk.done(desk.examiner, case.id, "start")
    await desk.done(desk.examiner, case.id, "proposal", {"outcome": "grant", "period_of_stay": "Y3"})
    await desk.done(desk.chief, case.id, "decision", {"approve": True})


async def _post(desk: PayingDesk, path: str, body: Any) -> Any:
    headers = tokens.bearer(desk.card_office, desk.clock) | {"Idempotency-Key": str(new_id())}
    answer = await desk.service.client.post(f"/v1/card-desk{path}", json=body, headers=headers, timeout=300)
    assert answer.is_success, answer.text
    return answer.json()


async def _get(desk: PayingDesk, path: str) -> bytes:
    headers = tokens.bearer(desk.card_office, desk.clock)
    answer = await desk.service.client.get(f"/v1/card-desk{path}", headers=headers, timeout=300)
    assert answer.is_success, answer.text
    return answer.content


async def _scan(desk: PayingDesk, cases: Sequence[Case]) -> None:
    for at in range(0, len(cases), 500):
        numbers = [case.receipt_number for case in cases[at : at + 500]]
        assert (await _post(desk, "/scans", {"numbers": numbers}))["done"] == len(numbers)


async def _batches(desk: PayingDesk, kind: str) -> None:
    made = 0
    while True:
        headers = tokens.bearer(desk.card_office, desk.clock) | {"Idempotency-Key": str(new_id())}
        answer = await desk.service.client.post("/v1/card-desk/batches", json={"kind": kind}, headers=headers)
        if answer.status_code == 409:
            return
        batch = answer.json()
        out = (await _get(desk, f"/batches/{batch['id']}/file")).decode("utf-8-sig")
        codes = [row["receipt_number"] for row in csv.DictReader(io.StringIO(out))]
        rows: list[tuple[str, ...]]
        if kind == "print":
            rows = [("receipt_number", "card_number")]
            rows += [(code, f"AB{made + at:08d}CD") for at, code in enumerate(codes)]
        else:
            rows = [("receipt_number", "tracking_number", "carrier")]
            rows += [(code, f"{made + at:012d}", "letter_pack_plus") for at, code in enumerate(codes)]
        made += len(codes)
        found = await _post(desk, f"/batches/{batch['id']}/returned-file", _file(*rows))
        assert found["done"] == len(codes), found


async def _report(desk: PayingDesk, count: int) -> None:
    for start in range(0, count, MOST_IN_BATCH):
        rows = [(f"{at:012d}", "delivered") for at in range(start, min(count, start + MOST_IN_BATCH))]
        found = await _post(desk, "/carrier-reports", _file(("tracking_number", "result"), *rows))
        assert found["done"] == len(rows), found


def _file(*rows: tuple[str, ...]) -> dict[str, str]:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return {"file": base64.b64encode(out.getvalue().encode()).decode()}


if __name__ == "__main__":
    for line in measure(int(sys.argv[1]) if len(sys.argv) > 1 else CASES):
        print(" | ".join(line.cells()))  # noqa: T201
