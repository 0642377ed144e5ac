"""The sender of webhooks: claims what is due, hands it over, records many outcomes at a time; never returns."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache, partial
from typing import Any
from uuid import UUID

import structlog

from services.notification.delivery.presence import Missing, Presence
from services.notification.delivery.recording import Recording
from services.notification.delivery.store import LOCK_THE_DEAD, call_after_commit
from services.notification.webhooks.commands.outcomes import Attempt, record
from services.notification.webhooks.domain.answers import Answer, Outcome
from services.notification.webhooks.domain.signature import signature
from services.notification.webhooks.metrics import AGE, ATTEMPTS, GIVEN_BACK
from services.notification.webhooks.outgoing.client import SECONDS, WebhookClient
from services.notification.webhooks.store import claims
from shared.auth import Actor
from shared.tasks import contained, see_through
from shared.work import Commands, RequestIdentity, Work

log = structlog.get_logger(__name__)

_SHORTEST_PAUSE = 0.05
_LONGEST_PAUSE = 1.0
# A living sender tries to take its lock again at least once a second.
_PATIENCE = 5.0
# At the end of the process: for attempts that have begun, which take five seconds at most, and for their record.
_LAST_SECONDS = SECONDS + 1
# A database that takes longer to answer a claim is asked again in another session.
_CLAIM_SECONDS = 10.0
_AGENT = "Zairyu-Webhooks/1"


class WebhookSender:
    """Hands due messages to their receivers. Any number of processes may run one each.

    `places` is the number of messages under way at the same time, `each` how many of them may be for one receiver.
    `patience` is how many seconds another sender may be without its lock before it counts as dead.
    """

    def __init__(
        self, work: Commands, client: WebhookClient, *, places: int, each: int, patience: float = _PATIENCE
    ) -> None:
        assert work.sealer is not None, "notification holds the private key"
        self._commands = work
        self._client = client
        self._places = places
        self._each = each
        self._presence = Presence(work.db)
        self._missing = Missing(patience)
        self._attempts: dict[UUID, asyncio.Task[None]] = {}
        self._busy: Counter[UUID] = Counter()
        self._recording = Recording(self._write, _not_written, most=places)
        self._unsure = False
        self._looked_at = 0.0
        self._woken = asyncio.Event()
        self._actor = Actor.system(f"{work.keys.source}/webhooks")
        # To open a secret costs more than to sign with it.
        self._open = lru_cache(maxsize=4096)(work.sealer.open)

    def wake(self) -> None:
        """Look for due messages now; called after the commit that made one."""
        self._woken.set()

    def wake_after_commit(self, work: Work) -> None:
        """Wake up once the command is committed. Senders of other processes look after their pause."""
        call_after_commit(work.session, self.wake)

    async def run(self) -> None:
        """Send until cancelled; wait for an unreachable database. Attempts that have begun are finished first."""
        try:
            await self._keep_sending()
        finally:
            try:
                await see_through(self._finish(), seconds=2 * _LAST_SECONDS, name="last webhooks of the sender")
            finally:
                await self._presence.end()  # bounded: it cannot be cut off, and takes two seconds at most

    async def send_due(self) -> int:
        """Send what is due and has a place, and wait for its record. Returns the number. Not while `run` runs."""
        claimed = await self._claim_due()
        await self._give_back()
        while self._attempts:
            await asyncio.wait(self._attempts.values())
            await asyncio.sleep(0)
        await self._recording.over()
        await self._presence.end()
        return claimed

    async def _keep_sending(self) -> None:
        pause = _SHORTEST_PAUSE
        while True:
            self._woken.clear()
            try:
                with contained():
                    claimed = await self._claim_due()
                    await self._give_back()
            except Exception as error:  # the loop must outlive whatever happens to one round
                log.warning("webhooks.round_failed", error_type=type(error).__name__)
                self._unsure = True
                await self._presence.end()
                claimed = 0
            pause = _SHORTEST_PAUSE if claimed else min(pause * 2, _LONGEST_PAUSE)
            try:
                async with asyncio.timeout(pause * random.uniform(0.75, 1.25)):  # noqa: S311 - spreads replicas
                    await self._woken.wait()
                pause = _SHORTEST_PAUSE
            except TimeoutError:
                pass

    async def _claim_due(self) -> int:
        """Claim what is due for the free places, and begin the attempts. Returns their number.

        A claim is seen through also when the process is to end: the database may have committed one that was cut off,
        and nobody would know of it.
        """
        claimed: list[UUID] = []
        failed = await see_through(self._claim(claimed), seconds=_CLAIM_SECONDS, name="claim of the webhook sender")
        if failed is not None:
            raise failed
        return len(claimed)

    async def _claim(self, claimed: list[UUID]) -> None:
        """Claim many at a time, so that a claim serves several messages. Also with no place free the statement is sent:
        it notices that the session, and with it the lock, was lost."""
        session = await self._presence.session()
        if self._unsure:
            # Of a claim that failed it is not known whether it was committed: what was not begun is free again.
            await session.execute(claims.release(self._presence.key, self._in_hand()))
            self._unsure = False
        free = self._places - len(self._attempts)
        limit = free if 4 * free >= self._places else 0
        busy = {webhook_id: count for webhook_id, count in self._busy.items() if count}
        statement, values = claims.claim(
            self._presence.key, self._commands.clock.now(), limit=limit, each=self._each, busy=busy
        )
        for row in await session.execute(statement, values):
            self._begin(row)
            claimed.append(row.id)

    def _in_hand(self) -> list[UUID]:
        """The messages whose outcome this sender knows, or will."""
        return [*self._attempts, *(each.message_id for each in self._recording.waiting)]

    def _begin(self, row: Any) -> None:
        task = asyncio.create_task(self._attempt(row), name=f"webhook {row.id}")  # watched: by `_done`
        self._attempts[row.id] = task
        self._busy[row.webhook_id] += 1
        task.add_done_callback(partial(self._done, row.id, row.webhook_id))

    def _done(self, message_id: UUID, webhook_id: UUID, task: asyncio.Task[None]) -> None:
        del self._attempts[message_id]
        self._busy[webhook_id] -= 1
        if not self._busy[webhook_id]:
            del self._busy[webhook_id]
        if task.cancelled() or task.exception() is not None:
            log.error("webhooks.attempt_ended", message_id=str(message_id), cancelled=task.cancelled())
            self._unsure = True
        if 2 * len(self._attempts) <= self._places:
            self.wake()

    async def _attempt(self, row: Any) -> None:
        """Make one attempt, and have its outcome recorded. It ends once the outcome is recorded: until then the message
        holds its place."""
        now, began = self._commands.clock.now(), time.monotonic()
        timestamp = int(now.timestamp())
        headers = {
            "content-type": "application/json",
            "user-agent": _AGENT,
            "webhook-id": str(row.event_id),
            "webhook-timestamp": str(timestamp),
        }
        signed = signature(map(self._open, row.sealed_secrets), headers["webhook-id"], timestamp, row.body)
        try:
            sent = headers | {"webhook-signature": signed}
            answer = await self._client.post(row.url, sent, row.body, now, str(row.webhook_id))
        except Exception as error:
            log.error("webhooks.not_handed_over", error_type=type(error).__name__)
            answer = Answer(Outcome.NOT_REACHED)
        ATTEMPTS.labels(answer.outcome.value).inc()
        if answer.outcome is Outcome.ACCEPTED:
            AGE.observe((self._commands.clock.now() - row.created_at).total_seconds())
        else:
            log.info("webhooks.not_accepted", message_id=str(row.id), outcome=answer.outcome.value)
        taken = round((time.monotonic() - began) * 1000)
        chance = random.random()  # noqa: S311 - spreads the next attempts
        attempt = Attempt(row.id, row.webhook_id, row.attempts, now, taken, headers, answer, chance)
        await self._recording.record(attempt)

    async def _write(self, attempts: Sequence[Attempt]) -> None:
        identity = RequestIdentity(request_id=f"webhooks:{self._presence.key}")
        async with self._commands.work(self._actor, identity) as work:
            await record(work, self._presence.key, attempts)

    async def _give_back(self) -> None:
        """Give back the claims of dead senders. Looks once a second."""
        now = asyncio.get_running_loop().time()
        if now - self._looked_at < _LONGEST_PAUSE:
            return
        self._looked_at = now
        session = await self._presence.session()
        missed = set(await session.scalars(claims.MISSED, {"but": self._presence.key}))
        for key in self._missing.dead(missed):
            async with self._commands.work(self._actor, RequestIdentity(request_id=f"webhooks:{key}")) as work:
                if await work.session.scalar(LOCK_THE_DEAD, {"key": key}):
                    GIVEN_BACK.inc(await claims.give_back(work.session, key))

    async def _finish(self) -> None:
        """Wait for attempts that have begun, and give up what takes too long."""
        late = set(self._attempts.values())
        if late:
            _, late = await asyncio.wait(late, timeout=_LAST_SECONDS)
        for task in late:
            task.cancel()
        if late:
            log.warning("webhooks.given_up", count=len(late))
            await asyncio.wait(late)
        await self._recording.end(seconds=1)


def _not_written(count: int, error: Exception) -> None:
    log.warning("webhooks.not_written_down", count=count, error_type=type(error).__name__)
