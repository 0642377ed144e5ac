"""An owner and a keeper of its facts, with the events between them handed over as a broker would."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text

from shared.auth import Actor
from shared.clock import ManualClock
from shared.events.base import Event
from shared.rebuilding import rebuilds, snapshots
from shared.timers import TimerWorker
from shared.work import RequestIdentity
from tests.support.service import RunningService

OPERATOR = "operator of the test"


async def partitions(topic: str) -> int:
    """As if the topic had so many."""
    return 12


@dataclass
class Pair:
    """An owner, a keeper, and how many of the owner's events the keeper has taken."""

    owner: RunningService
    keeper: RunningService
    clock: ManualClock
    taken: int = 0

    async def order(self, kind: str) -> UUID:
        """Order a snapshot."""
        source = self.owner.app.state.snapshot_sources[kind]
        commands = self.owner.app.state.runtime.commands
        async with commands.work(Actor.system("test"), RequestIdentity("test")) as work:
            row = await snapshots.order(work, source, "a row was spoiled", OPERATOR)
        return UUID(str(row.id))

    async def send(self) -> None:
        """Let the owner send everything, and hand it over."""
        await self.prepare()
        await self.hand_over()

    async def prepare(self) -> None:
        """Let the owner send everything."""
        steps = {snapshots.STEP: snapshots.step(self.owner.app.state.snapshot_sources, partitions)}
        await self._work(self.owner, steps)

    async def hand_over(self) -> None:
        """Hand the owner's events over that the keeper has not taken."""
        events = (await self.owner.events())[self.taken :]
        self.taken += len(events)
        await self.hand_over_again(*events)

    async def hand_over_again(self, *events: Event) -> None:
        """Hand events over, with ids of their own."""
        taken = self.keeper.app.state.handlers
        await self.keeper.deliver(*[event for event in events if type(event) in taken])

    async def rebuild(self) -> None:
        """Let the keeper do all steps of its rebuild that are due, and what becomes due within an hour."""
        for _ in range(3):
            await self._work(self.keeper, self.steps())
            self.clock.advance(timedelta(seconds=5))

    def steps(self) -> dict[str, Any]:
        """The timer of the keeper's rebuilds."""
        projections = {each.name: each for each in self.keeper.app.state.projections}
        return {rebuilds.STEP: rebuilds.step(projections)}

    async def last(self) -> Any:
        """The keeper's last rebuild."""
        async with self.keeper.db.read() as session:
            (row,) = await rebuilds.newest(session)
            return row

    async def rows(self) -> int:
        """Rows of rebuilds that are still there."""
        query = "SELECT (SELECT count(*) FROM rebuild_rows) + (SELECT count(*) FROM rebuild_seen)"
        async with self.keeper.db.read() as session:
            return int(await session.scalar(text(query)))

    async def spoil(self, statement: str) -> None:
        """Change rows of the keeper by hand."""
        async with self.keeper.db.transaction() as session:
            await session.execute(text(statement))

    async def state(self, query: str) -> Sequence[Any]:
        """Rows of the keeper."""
        async with self.keeper.db.read() as session:
            return (await session.execute(text(query))).all()

    async def _work(self, service: RunningService, steps: dict[str, Any]) -> None:
        worker = TimerWorker(service.app.state.runtime.commands, steps)
        while await worker.work_one():
            pass
