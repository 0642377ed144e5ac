"""The bounded pool of checking processes: so many at a time, each with limits, replaced when it dies."""

import asyncio
import json
import os
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Protocol

import structlog
from prometheus_client import Counter, Histogram

from services.document.checks import frames
from services.document.checks.queue import FairQueue, Place
from services.document.checks.verdict import Verdict

log = structlog.get_logger(__name__)

CHECKED = Counter("zairyu_document_checks_total", "Files checked", ["kind", "outcome"])
SECONDS = Histogram("zairyu_document_check_seconds", "Time from the start of a check to its verdict", ["kind"])
CPU = Counter("zairyu_document_check_cpu_seconds_total", "CPU time of checks; of those ended early, time by the clock")
DROPPED = Counter("zairyu_document_checks_dropped_total", "Checks given up because nobody waited for them any more")
DIED = Counter("zairyu_document_check_processes_ended_total", "Checking processes that had to be replaced", ["why"])

_CHUNK = 256 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one check: seconds of CPU, seconds by the clock on the wall, MB of address space."""

    cpu_seconds: int = 6
    wall_seconds: float = 20
    memory_mb: int = 1024
    # Parsers leak; a fresh process now and then costs a quarter of a second.
    checks_per_process: int = 500


@dataclass(slots=True)
class Meter:
    """The cost of a check so far, in seconds of CPU; where it was ended early, in seconds by the clock."""

    seconds: float = 0


class Checker(Protocol):
    """A checker of files."""

    async def check(self, kind: str, source: BinaryIO, size: int, now: datetime, place: Place, meter: Meter) -> Verdict:
        """The verdict on `size` bytes, read from the start of `source`, when it is `place`'s turn. Raises `TooBusy`.

        `meter` says afterwards what it cost, also where the check was cancelled.
        """
        ...


class CheckPool:
    """Keeps up to `size` processes, started when needed; `queue` more files may wait, `per_owner` of one owner."""

    def __init__(self, size: int, limits: Limits | None = None, queue: int = 64, per_owner: int = 20) -> None:
        self._limits = limits or Limits()
        self._queue = FairQueue(size, queue, per_owner)
        self._idle: list[_Child] = []
        self._closed = False

    async def check(self, kind: str, source: BinaryIO, size: int, now: datetime, place: Place, meter: Meter) -> Verdict:
        try:
            async with self._queue.place(place):
                child = await self._child()
                with SECONDS.labels(kind).time():
                    verdict = await self._ask(child, kind, source, size, now, meter)
        except asyncio.CancelledError:
            DROPPED.inc()
            raise
        finally:
            CPU.inc(meter.seconds)
        outcome = "accepted" if verdict.accepted else verdict.problems[0]
        CHECKED.labels(kind, outcome).inc()
        return verdict

    async def close(self) -> None:
        """End all processes."""
        self._closed = True
        while self._idle:
            await self._idle.pop().end()

    async def _child(self) -> "_Child":
        while self._idle:
            child = self._idle.pop()
            if child.alive:
                return child
        return await _Child.start(self._limits)

    async def _ask(
        self, child: "_Child", kind: str, source: BinaryIO, size: int, now: datetime, meter: Meter
    ) -> Verdict:
        """The child is gone after any error, and the file counts as one that cannot be checked."""
        keep, began = False, time.monotonic()
        try:
            async with asyncio.timeout(self._limits.wall_seconds):
                verdict, meter.seconds = await child.ask({"kind": kind, "now": now.isoformat()}, source, size)
            keep = child.asked < self._limits.checks_per_process and not self._closed
            return verdict
        except TimeoutError:
            DIED.labels("timeout").inc()
        except (EOFError, ConnectionError, ValueError):
            DIED.labels("crash").inc()
        finally:
            if keep:
                self._idle.append(child)
            else:
                meter.seconds = meter.seconds or time.monotonic() - began
                await child.end()
        log.warning("checks.process_ended", kind=kind, size=size, exit_code=child.exit_code)
        return Verdict.refused("file-not-checkable")


class _Child:
    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.asked = 0

    @classmethod
    async def start(cls, limits: Limits) -> "_Child":
        # Neither secrets nor addresses of ours: only what Python needs to find the code.
        environment = {"PYTHONPATH": os.pathsep.join(path or "." for path in sys.path), "LC_ALL": "C.UTF-8"}
        module = "services.document.checks.worker"
        arguments = ["-B", "-m", module, str(limits.cpu_seconds), str(limits.memory_mb)]
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *arguments,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env=environment,
        )
        return cls(process)

    @property
    def alive(self) -> bool:
        return self._process.returncode is None

    @property
    def exit_code(self) -> int | None:
        return self._process.returncode

    async def ask(self, job: dict[str, str], source: BinaryIO, size: int) -> tuple[Verdict, float]:
        """The verdict, and the seconds of CPU that it took."""
        self.asked += 1
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        stdin, stdout = self._process.stdin, self._process.stdout
        stdin.write(frames.head(job, size))
        await asyncio.to_thread(source.seek, 0)
        while chunk := await asyncio.to_thread(source.read, _CHUNK):
            stdin.write(chunk)
            await stdin.drain()
        text_size, data_size = frames.lengths(await stdout.readexactly(frames.LENGTHS_SIZE))
        if text_size + data_size > frames.LARGEST_ANSWER:
            raise ValueError("answer too large")
        fields = json.loads(await stdout.readexactly(text_size))
        data = await stdout.readexactly(data_size)
        return Verdict.of(fields, data or None), float(fields["cpu_seconds"])

    async def end(self) -> None:
        with suppress(ProcessLookupError):
            self._process.kill()
        await asyncio.shield(self._process.wait())
