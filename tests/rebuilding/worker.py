"""An owner and a keeper at work in one process, which kills itself: `python -m tests.rebuilding.worker`.

What stands between them, relay, broker and consumer, is one loop: it delivers the rows of the owner's outbox in order
and deletes them behind their effect, so that a death in between delivers them again.
"""

import asyncio
import json
import os
import signal
from typing import Any

from sqlalchemy import delete, event, func, select

from services.application.audit import Tag
from services.application.changes.commands.snapshots import applications
from services.application.filing.commands.submission import filed_facts
from services.application.filing.domain.person_keys import PersonKeys
from services.application.forms.catalogue import form_of
from services.application.forms.field import Form
from services.application.settings import Settings as OwnerSettings
from services.application.tables import Application
from services.review.cases.commands.rebuilding import CASES
from services.review.handlers import handlers
from services.review.settings import Settings as KeeperSettings
from shared.auth import Actor
from shared.events.application import ApplicationCorrected
from shared.messaging.effects import Effects
from shared.messaging.limit import DeadLetterLimit
from shared.messaging.message import Received
from shared.messaging.tables import headers_from_json, outbox
from shared.rebuilding import rebuilds, snapshots
from shared.rebuilding.tables import rebuild_rows, rebuild_seen
from shared.service import Runtime
from shared.timers import TimerWorker
from shared.work import RequestIdentity
from tests.support.keys import secrets

_PAGE = 20
_KEYS = PersonKeys.of(secrets("application")["person_key"])
_BY = (Actor.system("test"), RequestIdentity("test"))


def _runtime(service: str, settings: Any) -> Runtime:
    """The parts of a service, on the database that the environment names."""
    url = os.environ[f"DATABASE_OF_{service.upper()}"]
    return Runtime(service, settings(database_url=url, **secrets(service), parts="api"))


class Worker:
    """Both services, as far as a rebuild needs them."""

    def __init__(self) -> None:
        self.owner, self.keeper = _runtime("application", OwnerSettings), _runtime("review", KeeperSettings)
        self._sources = {"applications": applications(_KEYS)}
        steps = rebuilds.step({CASES.name: CASES})
        self._timers = [
            TimerWorker(self.owner.commands, {snapshots.STEP: snapshots.step(self._sources, partitions)}),
            TimerWorker(self.keeper.commands, {rebuilds.STEP: steps}),
        ]
        taken, keys = handlers(self.keeper.commands), self.keeper.event_keys
        self._effects = Effects(self.keeper.db, "review", taken, keys, DeadLetterLimit(), self.keeper.clock)

    async def order(self) -> None:
        """Order a snapshot."""
        async with self.owner.commands.work(*_BY) as work:
            await snapshots.order(work, self._sources["applications"], "rows were spoiled", "test")

    async def correct(self, category: str) -> None:
        """Correct one application, so that a live event is under way."""
        async with self.owner.commands.work(*_BY) as work:
            query = select(Application).order_by(func.random()).limit(1).with_for_update()
            row = (await work.session.scalars(query)).one()
            row.category = category
            version, form = form_of(row.form_version, row.combined_with), Form(json.loads(row.form))
            facts = filed_facts(row, version, form, _KEYS)
            corrected = {"changed": ["org.category"], "corrected_at": work.now}
            work.emit(ApplicationCorrected.model_validate(facts | corrected))
            work.journal("application", row.id, Tag.CORRECT)

    async def run(self) -> None:
        """Work until the last rebuild is done and its rows are cleared away."""
        while not await self._is_over():
            for timers in self._timers:
                await timers.work_one()
            await self._hand_over()

    async def _hand_over(self) -> None:
        async with self.owner.db.read() as session:
            rows = (await session.execute(select(outbox).order_by(outbox.c.position).limit(_PAGE))).all()
        batch = [
            Received(
                row.aggregatetype,
                row.aggregateid,
                bytes(row.payload),
                headers_from_json(row.headers),
                partition=0,
                offset=row.position,
            )
            for row in rows
        ]
        if items := self._effects.open(batch):
            assert not await self._effects.apply_batch(items)
        async with self.owner.db.transaction() as session:
            await session.execute(delete(outbox).where(outbox.c.position.in_([row.position for row in rows])))

    async def _is_over(self) -> bool:
        async with self.owner.db.read() as session:
            (sent,) = await snapshots.newest(session)
        async with self.keeper.db.read() as session:
            last = await rebuilds.find(session, sent.id)
            left = [await session.scalar(select(each.c.subject).limit(1)) for each in (rebuild_rows, rebuild_seen)]
        return last is not None and last.state == "done" and left == [None, None]


async def partitions(topic: str) -> int:
    """As if the topic had so many, so that a step makes several pages."""
    return 3


def die_before(engines: list[Any], statements: int) -> None:
    """Kill this process before it sends so many statements."""
    left = statements

    def count(*_: Any) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    for engine in engines:
        event.listen(engine.sync_engine, "before_cursor_execute", count)
        event.listen(engine.sync_engine, "commit", count)


def main() -> None:
    snapshots._READ = _PAGE  # many steps with few records
    snapshots._STEP_SECONDS = 0.0
    rebuilds._WAIT *= 0
    rebuilds._WAIT_FOR_THE_LAST *= 0
    worker = Worker()
    asyncio.run(_work(worker))


async def _work(worker: Worker) -> None:
    if "ORDER" in os.environ:
        await worker.order()
    if category := os.environ.get("CATEGORY"):
        await worker.correct(category)
    if statements := int(os.environ.get("STATEMENTS", "0")):
        die_before([worker.owner.db.engine, worker.keeper.db.engine], statements)
    await worker.run()


if __name__ == "__main__":
    main()
