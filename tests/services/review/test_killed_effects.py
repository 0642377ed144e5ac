"""Processes are killed between the approval of decisions and their effect, while it happens, and after it."""

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from random import SystemRandom
from typing import Any

import pytest
from sqlalchemy import text

from services.review.cases.domain.states import State
from shared.events.review import ReviewCompleted
from tests.services.review.desk import RECALL_WITHIN, Desk
from tests.support.waiting import reached

DECISIONS = 12
IN_EFFECT = text("SELECT count(*) FROM proposals WHERE took_effect_at IS NOT NULL")
LINES = text("SELECT aggregate_id, count(*) FROM journal WHERE action = 'case:take_effect' GROUP BY aggregate_id")
FEES = text("SELECT state, fee_yen FROM cases")


@pytest.fixture
def spawn(desk: Desk) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """`spawn()` starts a process that lets decisions take effect that are due by now."""
    children: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "tests.services.review.effect_worker", desk.service.db.url]
        children.append(subprocess.Popen([*command, desk.clock.now().isoformat()]))
        return children[-1]

    yield start
    for child in children:
        child.kill()
        child.wait()


@pytest.mark.faults
async def test_each_decision_takes_effect_once_whatever_is_killed(
    desk: Desk, spawn: Callable[[], subprocess.Popen[bytes]]
) -> None:
    async def in_effect() -> int:
        async with desk.service.db.read() as session:
            return int(await session.scalar(IN_EFFECT))

    early = spawn()
    cases = [await desk.at(State.DECIDED) for _ in range(DECISIONS)]
    # After the approvals and before their moment.
    os.kill(early.pid, signal.SIGKILL)
    early.wait()
    assert await in_effect() == 0
    desk.clock.advance(RECALL_WITHIN + timedelta(seconds=1))
    # While it happens: two work at once, and both are killed.
    after = SystemRandom().randrange(1, DECISIONS)
    workers = [spawn(), spawn()]
    await reached(in_effect, after)
    for worker in workers:
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
    last = spawn()
    await reached(in_effect, DECISIONS)
    # After all of it.
    os.kill(last.pid, signal.SIGKILL)
    last.wait()
    completed = Counter(event.case_id for event in await desk.events(ReviewCompleted))
    assert completed == Counter({case.id: 1 for case in cases}), "each is announced once"
    async with desk.service.db.read() as session:
        lines: Sequence[Any] = (await session.execute(LINES)).all()
        fees: Sequence[Any] = (await session.execute(FEES)).all()
    assert {line[0]: line[1] for line in lines} == {case.id: 1 for case in cases}
    assert {(fee[0], fee[1]) for fee in fees} == {(State.AWAITING_FEE.value, 5500)}
    assert await desk.service.journal_problems() == []
