"""The side of the service: starts a confined process, asks it, ends it."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncGenerator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, BinaryIO

from shared.confined import frames
from shared.files import pieces

# JSON and bytes of each piece of an answer.
Pieces = AsyncGenerator[tuple[dict[str, Any], bytes], None]

_CHUNK = 256 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one job: seconds of CPU, MB of address space, and file descriptors.

    With three descriptors, those of the pipes, a process can open neither file nor connection.
    """

    cpu_seconds: int
    memory_mb: int
    descriptors: int


class Child:
    """A confined process. `asked` are the jobs it was given, `cpu_seconds` what the last one took.

    Asking raises `EOFError`, `ConnectionError` or `ValueError` where it died or answered nonsense: then end it.
    """

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.asked = 0
        self.cpu_seconds = 0.0

    @classmethod
    async def start(cls, module: str, limits: Limits) -> "Child":
        """A process that runs `module`, whose body is `worker.main`."""
        # Neither secrets nor addresses of ours: only what Python needs to find the code.
        environment = {"PYTHONPATH": os.pathsep.join(path or "." for path in sys.path), "LC_ALL": "C.UTF-8"}
        bounds = (limits.cpu_seconds, limits.memory_mb, limits.descriptors)
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-B",
            "-m",
            module,
            *(str(bound) for bound in bounds),
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

    async def ask(self, job: dict[str, Any], source: BinaryIO, size: int) -> Pieces:
        """The pieces of the answer to a job about `size` bytes, read from the start of `source`."""
        self.asked += 1
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        stdin, stdout = self._process.stdin, self._process.stdout
        stdin.write(frames.head(job, size))
        async for chunk in pieces(source, _CHUNK):
            stdin.write(chunk)
            await stdin.drain()
        while True:
            text_size, data_size = frames.lengths(await stdout.readexactly(frames.LENGTHS_SIZE))
            if text_size + data_size > frames.LARGEST_ANSWER:
                raise ValueError("answer too large")
            fields = json.loads(await stdout.readexactly(text_size))
            data = await stdout.readexactly(data_size)
            if frames.END in fields:
                self.cpu_seconds = float(fields[frames.END])
                return
            yield fields, data

    async def end(self) -> None:
        """Kill the process, and wait until it is gone."""
        with suppress(ProcessLookupError):
            self._process.kill()
        await asyncio.shield(self._process.wait())
