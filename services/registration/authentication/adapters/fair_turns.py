"""Turns at a few threads, dealt out caller by caller: a caller with a long line waits behind its own, not others."""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from shared.errors import Unavailable

T = TypeVar("T")
_Ticket = asyncio.Future[None]


class FairTurns:
    """At most `places` work or wait. Where all are taken, the last one of the longest line gives its place up."""

    def __init__(self, threads: int, places: int, name: str) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._free = threads
        self._places = places
        self._taken = 0
        # The lines by caller, the one whose turn comes next first.
        self._lines: OrderedDict[str, deque[_Ticket]] = OrderedDict()

    @property
    def taken(self) -> int:
        """Number of those that work or wait."""
        return self._taken

    async def run(self, caller: str, work: Callable[..., T], *arguments: str) -> T:
        """Run `work` when it is the caller's turn. Raises `Unavailable` where too many wait."""
        if self._taken >= self._places:
            self._make_room(caller)
        self._taken += 1
        try:
            await self._turn(caller)
            running = asyncio.get_running_loop().run_in_executor(self._pool, work, *arguments)
            # The thread works on where the caller has gone: its turn ends with the work.
            running.add_done_callback(lambda _: self._pass_on())
            return await asyncio.shield(running)
        finally:
            self._taken -= 1

    def close(self) -> None:
        """Let the threads go."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _make_room(self, caller: str) -> None:
        longest = max(self._lines.values(), key=len, default=deque())
        if len(longest) <= len(self._lines.get(caller, ())) + 1:
            raise Unavailable()
        ticket = longest.pop()
        if not ticket.done():
            ticket.set_exception(Unavailable())

    async def _turn(self, caller: str) -> None:
        if self._free:
            self._free -= 1
            return
        ticket: _Ticket = asyncio.get_running_loop().create_future()
        self._lines.setdefault(caller, deque()).append(ticket)
        try:
            await ticket
        except asyncio.CancelledError:
            if ticket.cancelled():
                self._leave(caller, ticket)
            elif ticket.exception() is None:
                self._pass_on()
            raise

    def _leave(self, caller: str, ticket: _Ticket) -> None:
        """Take a ticket out of its line, where it still is in it."""
        line = self._lines.get(caller, deque())
        if ticket in line:
            line.remove(ticket)
            if not line:
                del self._lines[caller]

    def _pass_on(self) -> None:
        """Give a thread that is free to the first of the next line who still waits."""
        while self._lines:
            caller, line = next(iter(self._lines.items()))
            ticket = line.popleft()
            self._lines.move_to_end(caller)
            if not line:
                del self._lines[caller]
            if not ticket.done():
                ticket.set_result(None)
                return
        self._free += 1
