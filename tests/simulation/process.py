"""Processes of the simulation: each can be killed or paused at any of its calls to a server."""

import asyncio
from collections.abc import Coroutine
from contextvars import ContextVar, copy_context
from datetime import UTC, datetime, timedelta
from typing import Any

CURRENT: ContextVar["Process | None"] = ContextVar("process", default=None)
START = datetime(2026, 4, 1, tzinfo=UTC)


class Process:
    """A process: its tasks know it by their context. Killed, none of its code reaches a server again.

    Between two calls to a server nothing is seen from outside: to stop it at its calls is to stop it anywhere.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.alive = True
        self.calls = 0
        self.kill_at: int | None = None
        self.offset = timedelta(0)
        self._going = asyncio.Event()
        self._going.set()
        self.main: asyncio.Task[Any] | None = None

    @property
    def running(self) -> bool:
        return self.alive and self.main is not None and not self.main.done()

    def now(self) -> datetime:
        """The time on this process's clock."""
        return START + timedelta(seconds=asyncio.get_running_loop().time()) + self.offset

    def begin(self, work: Coroutine[Any, Any, Any], name: str = "") -> asyncio.Task[Any]:
        """Run `work` in this process."""
        context = copy_context()
        context.run(CURRENT.set, self)
        return asyncio.get_running_loop().create_task(work, name=name or self.name, context=context)

    def kill(self) -> None:
        self.alive = False
        self._going.clear()

    def pause(self) -> None:
        self._going.clear()

    def resume(self) -> None:
        if self.alive:
            self._going.set()

    async def gate(self) -> None:
        """Return at once in a process that runs, later in a paused one, and never in a killed one."""
        self.calls += 1
        if self.calls == self.kill_at:
            self.kill()
        await self._going.wait()


class Clock:
    """The clock of the process that asks."""

    def now(self) -> datetime:
        process = CURRENT.get()
        if process is not None:
            return process.now()
        return START + timedelta(seconds=asyncio.get_running_loop().time())
