"""The task of one program, its time by the clock and by the processor, and what all of them do alike."""

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import uvloop
from aiokafka import ConsumerRebalanceListener

# Rows of an outbox and messages of a log that are taken at once, by every program.
ROWS = 2_000
RECORDS = 500


@dataclass(frozen=True)
class Task:
    """The addresses of the servers, and the number of events."""

    url: str
    bootstrap: str
    idempotence: bool
    topic: str
    group: str
    events: int


class Stopwatch:
    """Runs from the first `begin` to `end`, which prints what it measured.

    A relay begins when its first batch is out: connections are made then, and statements prepared.
    """

    def __init__(self) -> None:
        self._began: tuple[float, float] | None = None
        self._before = 0
        self.ended = asyncio.Event()

    def begin(self, done: int = 0) -> None:
        """Begin, with so many events done before; later calls have no effect."""
        if self._began is None:
            self._began, self._before = (time.perf_counter(), time.process_time()), done

    def end(self, done: int) -> None:
        """Print seconds and events since the beginning."""
        assert self._began is not None
        seconds, cpu = time.perf_counter() - self._began[0], time.process_time() - self._began[1]
        sys.stdout.write(json.dumps({"seconds": seconds, "cpu": cpu, "events": done - self._before}) + "\n")
        sys.stdout.flush()
        self.ended.set()


class Assigned(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka publishes no types
    """Begins to measure when a consumer gets its partitions."""

    def __init__(self, watch: Stopwatch) -> None:
        self._watch = watch

    async def on_partitions_assigned(self, assigned: object) -> None:
        self._watch.begin()

    async def on_partitions_revoked(self, revoked: object) -> None:
        pass


Program = Callable[[Task, Stopwatch], Awaitable[None]]


def main(programs: Mapping[str, Program]) -> None:
    """Run the program that the command line names, on the loop that uvicorn and FastStream choose too."""
    name, task = sys.argv[1:]

    async def run() -> None:
        await programs[name](Task(**json.loads(task)), Stopwatch())

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(run())


async def take_effect(connection: Any, group: str, rows: Sequence[tuple[UUID, UUID, int]]) -> None:
    """The inbox as a hand writes it: ids that are fresh are recorded with their effects, each by one statement."""
    async with connection.transaction():
        found = await connection.fetch(
            "INSERT INTO inbox (consumer_group, event_id) SELECT $1, unnest($2::uuid[]) ON CONFLICT DO NOTHING "
            "RETURNING event_id",
            group,
            [row[0] for row in rows],
        )
        fresh = {row[0] for row in found}
        first = [row for row in rows if row[0] in fresh]
        await connection.execute(
            "INSERT INTO effects (id, aggregate, number) SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::int[])",
            *map(list, zip(*first, strict=True)),
        )
