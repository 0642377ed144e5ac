"""The bounded pool of checking processes: so many at a time, each with limits, replaced when it dies."""

import asyncio
import time
from contextlib import aclosing
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, BinaryIO, Protocol

import structlog
from prometheus_client import Counter, Histogram

from services.document.checks.crops import Part
from services.document.checks.queue import FairQueue, Place
from services.document.checks.verdict import Verdict
from shared.confined import child as confined
from shared.confined.child import Child

log = structlog.get_logger(__name__)

# JSON and bytes.
Piece = tuple[dict[str, Any], bytes]

CHECKED = Counter("zairyu_document_checks_total", "Files checked", ["kind", "outcome"])
SECONDS = Histogram("zairyu_document_check_seconds", "Time from the start of a check to its verdict", ["kind"])
CPU = Counter("zairyu_document_check_cpu_seconds_total", "CPU time of checks; of those ended early, time by the clock")
DROPPED = Counter("zairyu_document_checks_dropped_total", "Checks given up because nobody waited for them any more")
DIED = Counter("zairyu_document_check_processes_ended_total", "Checking processes that had to be replaced", ["why"])

# Beyond a worker's own needs: a file that wants more descriptors is not checked but attacked.
_DESCRIPTORS = 64


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one check: seconds of CPU, seconds by the clock on the wall, MB of address space."""

    cpu_seconds: int = 6
    wall_seconds: float = 20
    memory_mb: int = 1024
    # Parsers leak; a fresh process now and then costs a quarter of a second.
    checks_per_process: int = 500


@dataclass(frozen=True, slots=True)
class Job:
    """The check that is asked for: of a `photo` or a `pdf`, by the rules of `now`; of a photo, the `part` to keep.

    `joined` puts PDFs together that were made of pictures: their `sizes`, as they lie one behind the other, and the
    wanted `pages`, each with the number of its file, from 0, and its own in it, from 1. `improved` makes a copy of a
    usable PDF without what the findings `codes` say of the pages of `span`, from and to.
    """

    kind: str
    now: datetime
    part: Part | None = None
    sizes: tuple[int, ...] = ()
    pages: tuple[tuple[int, int], ...] = ()
    codes: tuple[str, ...] = ()
    span: tuple[int, int] = (1, 0)

    def described(self) -> dict[str, Any]:
        """The job in JSON's types."""
        return asdict(self) | {"now": self.now.isoformat()}


@dataclass(slots=True)
class Meter:
    """The cost of a check so far, in seconds of CPU; where it was ended early, in seconds by the clock."""

    seconds: float = 0


class Checker(Protocol):
    """A checker of files."""

    async def check(self, job: Job, source: BinaryIO, size: int, place: Place, meter: Meter) -> Verdict:
        """The verdict on `size` bytes, read from the start of `source`, when it is `place`'s turn. Raises `TooBusy`.

        `meter` says afterwards what it cost, also where the check was cancelled.
        """
        ...


class ProcessEnded(Exception):
    """The process died of a file, ran out of time, or answered nonsense."""


class CheckPool:
    """Keeps up to `size` processes, started when needed; `queue` more files may wait, `per_owner` of one owner.

    Where an owner who comes begins beside several checks of another, there are more for that moment.
    """

    def __init__(self, size: int, limits: Limits | None = None, queue: int = 64, per_owner: int = 20) -> None:
        self._size = size
        self._limits = limits or Limits()
        self._queue = FairQueue(size, queue, per_owner)
        self._idle: list[Child] = []
        self._closed = False

    async def check(self, job: Job, source: BinaryIO, size: int, place: Place, meter: Meter) -> Verdict:
        try:
            (described, _), *pieces = await self.ask(job.described(), source, size, place, meter)
            verdict = Verdict.of(described, b"".join(data for _, data in pieces) or None)
        except asyncio.CancelledError:
            DROPPED.inc()
            raise
        except (ProcessEnded, ValueError):
            verdict = Verdict.refused("file-not-checkable")
        outcome = "accepted" if verdict.accepted else verdict.problems[0]
        CHECKED.labels(job.kind, outcome).inc()
        return verdict

    async def ask(self, job: dict[str, Any], source: BinaryIO, size: int, place: Place, meter: Meter) -> list[Piece]:
        """The whole answer to a job about `size` bytes of `source`, when it is `place`'s turn. Raises `ProcessEnded`,
        and `TooBusy`."""
        try:
            async with self._queue.place(place):
                child = await self._child()
                with SECONDS.labels(job["kind"]).time():
                    return await self._answer(child, job, source, size, meter)
        finally:
            CPU.inc(meter.seconds)

    async def close(self) -> None:
        """End all processes."""
        self._closed = True
        while self._idle:
            await self._idle.pop().end()

    async def _child(self) -> Child:
        while self._idle:
            child = self._idle.pop()
            if child.alive:
                return child
        limits = confined.Limits(self._limits.cpu_seconds, self._limits.memory_mb, _DESCRIPTORS)
        return await Child.start("services.document.checks.worker", limits)

    async def _answer(
        self, child: Child, job: dict[str, Any], source: BinaryIO, size: int, meter: Meter
    ) -> list[Piece]:
        """The child is gone after any error."""
        keep, began = False, time.monotonic()
        try:
            async with asyncio.timeout(self._limits.wall_seconds):
                async with aclosing(child.ask(job, source, size)) as pieces:
                    answer = [piece async for piece in pieces]
                meter.seconds = child.cpu_seconds
            keep = child.asked < self._limits.checks_per_process and not self._closed
            if not answer:
                raise ProcessEnded()
            return answer
        except TimeoutError:
            DIED.labels("timeout").inc()
        except (EOFError, ConnectionError, ValueError):
            DIED.labels("crash").inc()
        finally:
            if keep and len(self._idle) < self._size:
                self._idle.append(child)
            else:
                meter.seconds = meter.seconds or time.monotonic() - began
                await child.end()
        log.warning("checks.process_ended", kind=job["kind"], size=size, exit_code=child.exit_code)
        raise ProcessEnded()
