"""Programs beside each other, and their rounds: they run in turns, every other round in the opposite order."""

import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from tests.peers.ground import Ground, Run

Kafka = Literal["tansu", "apache"]
# A relay that sends one row after the other gets a tenth of the rows.
_SLOW = 10


@dataclass(slots=True)
class Measured:
    """A program, and its runs."""

    what: str
    program: str
    kind: str
    share: int = 1  # it gets so small a part of the events
    runs: list[Run] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Ours in relation to another, round by round; `least` is what is to hold."""

    ours: Measured
    other: Measured
    least: float

    @property
    def what(self) -> str:
        return f"{self.ours.what} : {self.other.what}"

    def by_clock(self) -> list[float]:
        """Rates in relation."""
        return [mine.rate / other.rate for mine, other in zip(self.ours.runs, self.other.runs, strict=True)]

    def by_cpu(self) -> list[float]:
        """Events for the same processor time of the process, in relation."""
        return [other.own / mine.own for mine, other in zip(self.ours.runs, self.other.runs, strict=True)]


Result = tuple[Sequence[Measured], Sequence[Comparison]]


async def relays(kafka: Kafka, rounds: int, events: int) -> Result:
    """From an outbox to the broker."""
    ours, bare = Measured("relay", "ours", "relay"), Measured("bare loop, same headers", "bare", "relay")
    ordered = Measured("faststream-outbox, in order", "faststreams", "relay-in-order", _SLOW)
    workers = Measured("faststream-outbox, 16 workers without order", "faststreams", "relay", _SLOW)
    contest = [ours, bare, ordered, workers]
    async with Ground.laid(kafka) as ground:
        await ground.fill_topic(1)

        async def prepare(each: Measured, count: int) -> None:
            await ground.fill_outbox(count, faststream=each.program == "faststreams")

        async def left(each: Measured) -> int:
            return await ground.count("faststream_rows" if each.program == "faststreams" else "outbox")

        await _play(ground, contest, rounds, events, prepare, left)
    return contest, [Comparison(ours, bare, 0.8), Comparison(ours, ordered, 1.0), Comparison(ours, workers, 1.0)]


async def consumers(kafka: Kafka, rounds: int, events: int) -> Result:
    """From the broker to one row an event, each once."""
    batch = Measured("consumer, batch handler", "ours", "batch")
    plain = Measured("plain handler, a statement an event", "ours", "plain")
    added = Measured("plain handler, a row added to the session", "ours", "added")
    peer = Measured("FastStream batch, inbox by hand", "faststreams", "consume")
    bare = Measured("bare loop with inbox", "bare", "consume")
    contest = [batch, plain, added, peer, bare]
    async with Ground.laid(kafka) as ground:
        await ground.fill_topic(events)

        async def prepare(_: Measured, _count: int) -> None:
            await ground.empty_inbox()

        async def left(_: Measured) -> int:
            return events - await ground.count("effects")

        await _play(ground, contest, rounds, events, prepare, left)
    plains = [Comparison(plain, batch, 0.6), Comparison(added, batch, 0.6)]
    return contest, [Comparison(batch, peer, 1.2), Comparison(batch, bare, 0.75), *plains]


async def _play(
    ground: Ground,
    contest: Sequence[Measured],
    rounds: int,
    events: int,
    prepare: Callable[[Measured, int], Awaitable[None]],
    left: Callable[[Measured], Awaitable[int]],
) -> None:
    for number in range(rounds):
        for each in contest if number % 2 == 0 else reversed(contest):
            count = events // each.share
            await prepare(each, count)
            each.runs.append(ground.run(each.program, each.kind, count))
            if missing := await left(each):
                raise RuntimeError(f"{each.what}: {missing} events were lost or doubled")
            sys.stderr.write(f"round {number + 1}, {each.what}: {each.runs[-1]}\n")
