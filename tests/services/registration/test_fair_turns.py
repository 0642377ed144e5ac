"""Turns at a few threads: a caller with a long line keeps nobody else waiting, and who goes gives the place back."""

import asyncio
import threading
from collections.abc import Iterator

import pytest

from services.registration.authentication.adapters.fair_turns import FairTurns
from shared.errors import Unavailable
from tests.support.waiting import eventually


class Work:
    """Work that takes until its gate opens, in the order in which it was done."""

    def __init__(self, turns: FairTurns) -> None:
        self.turns = turns
        self.gate = threading.Event()
        self.done: list[str] = []

    def _do(self, name: str) -> str:
        self.gate.wait()
        self.done.append(name)
        return name

    async def begin(self, *names: str) -> list[asyncio.Task[str]]:
        """One task for each name, `caller` and a number, all of them in line."""
        tasks = [
            asyncio.create_task(self.turns.run(name[0], self._do, name))  # ended: each is awaited by its test
            for name in names
        ]
        await asyncio.sleep(0)
        return tasks


@pytest.fixture
def work() -> Iterator[Work]:
    turns = FairTurns(1, 6, "test")
    made = Work(turns)
    yield made
    made.gate.set()
    turns.close()


async def test_callers_take_turns_however_long_their_lines_are(work: Work) -> None:
    tasks = await work.begin("a1", "a2", "a3", "a4", "b1", "c1")
    work.gate.set()
    await asyncio.gather(*tasks)
    assert work.done == ["a1", "a2", "b1", "c1", "a3", "a4"]
    assert work.turns.taken == 0


async def test_where_all_places_are_taken_the_longest_line_gives_its_last_one_up(work: Work) -> None:
    first = await work.begin("a1", "a2", "a3", "a4", "a5", "b1")
    (other,) = await work.begin("c1")
    with pytest.raises(Unavailable):
        await first[4]
    (again,) = await work.begin("a6")
    with pytest.raises(Unavailable):
        await again
    work.gate.set()
    assert await other == "c1"
    await asyncio.gather(*first[:4], first[5])
    assert work.turns.taken == 0


async def test_with_one_of_each_caller_the_next_is_asked_to_come_back(work: Work) -> None:
    await work.begin("a1", "b1", "c1", "d1", "e1", "f1")
    (late,) = await work.begin("g1")
    with pytest.raises(Unavailable):
        await late


async def test_who_goes_gives_the_place_back_and_a_thread_that_works_stays_taken(work: Work) -> None:
    tasks = await work.begin("a1", "b1", "b2", "c1")
    for gone in (tasks[0], tasks[1]):
        gone.cancel()
    with pytest.raises(asyncio.CancelledError):
        await tasks[0]
    assert work.done == []
    work.gate.set()
    assert [await tasks[2], await tasks[3]] == ["b2", "c1"]
    assert work.done == ["a1", "b2", "c1"], "what a thread has begun it ends"
    await eventually(lambda: work.turns.taken == 0)
    assert await work.turns.run("d", work._do, "d1") == "d1"
