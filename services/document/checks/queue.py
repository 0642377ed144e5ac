"""The queue before the checking processes: owners take turns, and one alone has every place that is free.

Who waits is named by a path, from the widest group to the owner. At each level the one goes first whose last check
began longest ago, so ten files of one owner delay another owner by the check in progress, and a thousand drafts that
one address has begun count as that address.

An owner holds one place. Further checks of the same owner begin while there are fewer checks than places and nobody
waits who could begin, and they hold no place: another owner who comes begins as if they were not there.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from prometheus_client import Gauge

from shared.errors import Text, TooMany

WAITING = Gauge("zairyu_document_checks_waiting", "Files that wait for a free checking process", ["lane"])

Path = tuple[str, ...]

# Two lanes: people who are signed in, and strangers whose token came with a mail address (drafts).
ACCOUNTS, STRANGERS = "accounts", "strangers"
_ALL: Path = ()


@dataclass(frozen=True, slots=True)
class Place:
    """The owner for whom a file is checked, with the groups it belongs to."""

    path: Path

    @classmethod
    def of_account(cls, owner: str) -> "Place":
        return cls((ACCOUNTS, owner))

    @classmethod
    def of_stranger(cls, address: str, record: str) -> "Place":
        return cls((STRANGERS, address, record))

    @property
    def lane(self) -> str:
        return self.path[0]

    def levels(self) -> list[Path]:
        """The groups it belongs to, widest first, itself last."""
        return [self.path[:length] for length in range(1, len(self.path) + 1)]


class TooBusy(TooMany):
    """More files wait to be checked than will be reached in reasonable time."""

    code = "checks-busy"
    headers: Mapping[str, str] = {"Retry-After": "5"}
    title = Text(
        "ただいま確認が混み合っています。少し待ってから再度お試しください",
        "Checks are busy; wait a moment and try again",
    )


@dataclass(eq=False, slots=True)
class _Waiter:
    place: Place
    since: int  # how many checks had begun when it came
    begin: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class FairQueue:
    """Hands out `places`. At most `longest` files wait, half of them strangers', `per_owner` of one owner or address.

    Strangers never hold the last place that is free, where there are several. There are never as many as twice
    `places` checks: those of one owner fill all places, and then others come.
    """

    def __init__(self, places: int, longest: int, per_owner: int) -> None:
        self._places = places
        self._strangers = max(places - 1, 1)
        self._longest = longest
        self._per_owner = per_owner
        self._waiting: list[_Waiter] = []
        # Of each group, and of all together: the checks that run, and the owners of whom one runs.
        self._checks: Counter[Path] = Counter()
        self._owners: Counter[Path] = Counter()
        self._begun = 0
        self._last: dict[Path, int] = {}  # when a check of that group last began, while the group is known here

    @asynccontextmanager
    async def place(self, place: Place) -> AsyncIterator[None]:
        """One of the places, when it is this one's turn. Raises `TooBusy`; leaving early gives up the wait."""
        self._admit(place)
        waiter = _Waiter(place, self._begun)
        self._waiting.append(waiter)
        self._next()
        try:
            await waiter.begin
        except asyncio.CancelledError:
            if waiter in self._waiting:
                self._waiting.remove(waiter)
                self._forget(place)
            else:
                self._leave(place)
            raise
        try:
            yield
        finally:
            self._leave(place)

    def _admit(self, place: Place) -> None:
        if self._may_begin(place):
            return
        counts = Counter(level for waiter in self._waiting for level in waiter.place.levels())
        if len(self._waiting) >= self._longest or (
            place.lane == STRANGERS and counts[place.path[:1]] >= max(self._longest // 2, 1)
        ):
            raise TooBusy()
        if any(counts[level] >= self._per_owner for level in place.levels()[1:]):
            raise TooBusy(
                Text(
                    "先に送信されたファイルの確認が終わっていません。終わってから続きを送信してください。",
                    "Files that you sent before are still being checked. Send the next ones when that is done.",
                )
            )

    def _may_begin(self, place: Place) -> bool:
        # The first check of an owner looks at who holds a place, a further one at all that runs.
        taken = self._checks if self._checks[place.path] else self._owners
        if taken[_ALL] >= self._places:
            return False
        return place.lane != STRANGERS or taken[place.path[:1]] < self._strangers

    def _turn(self, waiter: _Waiter) -> tuple[int, list[tuple[int, bool]]]:
        """Sorts by the checks that the owner has already, then by who has waited longest for a turn; of equals, who had
        none."""
        levels = waiter.place.levels()
        turns = [(self._last.get(level, waiter.since), level in self._last) for level in levels]
        return self._checks[waiter.place.path], turns

    def _next(self) -> None:
        while ready := [waiter for waiter in self._waiting if self._may_begin(waiter.place)]:
            waiter = min(ready, key=self._turn)
            self._waiting.remove(waiter)
            self._begun += 1
            self._count(waiter.place, 1)
            for level in waiter.place.levels():
                self._last[level] = self._begun
            waiter.begin.set_result(None)
        for lane in (ACCOUNTS, STRANGERS):
            WAITING.labels(lane).set(sum(waiter.place.lane == lane for waiter in self._waiting))

    def _count(self, place: Place, change: int) -> None:
        """A check of `place` more or less."""
        alone = not self._checks[place.path] + min(change, 0)
        for level in (_ALL, *place.levels()):
            self._checks[level] += change
            self._owners[level] += change if alone else 0

    def _leave(self, place: Place) -> None:
        self._count(place, -1)
        self._next()
        self._forget(place)

    def _forget(self, place: Place) -> None:
        """Drop the history of an owner that neither waits nor is checked: coming back, it counts as new."""
        known = {level for waiter in self._waiting for level in waiter.place.levels()}
        for level in place.levels():
            if level not in known and not self._checks[level]:
                self._checks.pop(level, None)
                self._owners.pop(level, None)
                self._last.pop(level, None)
        self._next()
