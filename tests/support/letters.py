"""A service with dead letters: events that failed in it, and the orders of its operators."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import httpx
from sqlalchemy import text

from shared.auth import Actor, Role
from shared.clock import ManualClock
from shared.events.application import ApplicationSubmitted
from shared.ids import new_id
from shared.messaging import Envelope, Message, Received, deadletters, encode
from shared.messaging.handlers import Dispatch, Item
from shared.operations.letters.orders import STEP, step
from shared.operations.state.processes import keep
from shared.operations.state.schemas import CheckState, ProcessReport
from shared.timers import TimerWorker
from tests.support.keys import event_keys
from tests.support.service import RunningService
from tests.support.tokens import bearer, officer

LETTERS = "/v1/review/operations/letters"
ORDERS = "/v1/review/operations/letter-orders"
_offsets = count(1)


def fresh(actor: Actor, clock: ManualClock) -> Actor:
    """The same officer with a recent proof of who they are."""
    return replace(actor, fresh_until=clock.now() + timedelta(minutes=20))


@dataclass
class LetterBox:
    """The review service, with its operators' requests."""

    service: RunningService
    clock: ManualClock
    operator: Actor = field(default_factory=lambda: officer(Role.OPERATOR))

    async def park(self, error: Exception, *, waiting: int = 0, body: Mapping[str, Any] | None = None) -> UUID:
        """The id of a letter: an event that failed with `error`, with others of its key that wait behind it. `body`
        replaces fields of the event as it travelled."""
        key = new_id()
        async with self.service.db.transaction() as session:
            item = self._item(key, body or {})
            await deadletters.park(session, "review", item, item.error or error, self.clock.now(), 1)
            for _ in range(waiting):
                await deadletters.wait_behind(session, "review", self._item(key, {}), self.clock.now())
        (found,) = await self.rows(f"SELECT id FROM dead_letters WHERE status = 'parked' AND key = '{key}'")
        letter_id: UUID = found.id
        return letter_id

    def _item(self, key: UUID, body: Mapping[str, Any]) -> Item:
        event = ApplicationSubmitted.example(application_id=key, receipt_number=f"東オン{uuid4().hex[:8]}")
        keys = event_keys("application")
        envelope = Envelope.of(event, id=new_id(), source=keys.source, time=self.clock.now())
        message = encode(event, envelope)
        changed = json.dumps(json.loads(message.value) | dict(body)).encode()
        signed = keys.sign(Message(message.topic, message.key, changed, message.headers))
        received = Received(signed.topic, signed.key, signed.value, signed.headers, partition=0, offset=next(_offsets))
        item = Dispatch(self.service.app.state.handlers, event_keys("review")).open(received)
        assert item is not None
        return item

    async def get(self, path: str, actor: Actor | None = None) -> httpx.Response:
        return await self.service.client.get(path, headers=self._headers(actor))

    async def post(self, path: str, body: Any = None, actor: Actor | None = None) -> httpx.Response:
        headers = self._headers(actor) | {"Idempotency-Key": str(new_id())}
        return await self.service.client.post(path, json=body, headers=headers)

    def _headers(self, actor: Actor | None) -> dict[str, str]:
        return bearer(actor or fresh(self.operator, self.clock), self.clock) | {"Accept-Language": "en"}

    async def order(self, action: str, scope: str = "all", **more: Any) -> Any:
        """An order that must be taken."""
        answer = await self.post(ORDERS, {"action": action, "scope": scope, "reason": "release 1.4.2", **more})
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def carry_out(self) -> None:
        """Let the background do what was ordered."""
        state = self.service.app.state
        worker = TimerWorker(state.runtime.commands, {STEP: step(state.letters)})
        while await worker.work_one():
            pass

    async def report(self, parts: Sequence[str], **changes: Any) -> UUID:
        """The id of another process of the service, which has just reported."""
        process_id = new_id()
        values = {"memory_bytes": None, "open_files": None, "relay": None, "consumer": None, **changes}
        good = CheckState(name="database", is_good=True, reason=None, for_seconds=None)
        made = ProcessReport(host="b", pid=7, version="1.4.2", parts=list(parts), checks=[good], **values)
        async with self.service.db.transaction() as session:
            await keep(session, process_id, made)
        return process_id

    async def rows(self, query: str) -> list[Any]:
        async with self.service.db.read() as session:
            return list(await session.execute(text(query)))
