"""The loop that delivers: claims what is due in each channel, attempts it, and records the outcome.

It is apart from the handlers, so that a slow receiver holds up no event. A claim is committed before the attempt
begins, and carries the sender's key: a sender that dies afterwards leaves a row that says so. A sender that lives keeps
an outcome until the database has it, however long that takes (docs/decisions/0140).
"""

import asyncio
import random
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import timedelta
from functools import partial
from uuid import UUID

import structlog
from opentelemetry.trace import SpanKind

from services.notification.channels.protocol import Accepted, Channel, Claimed, Failure, NotTried, Outcome
from services.notification.delivery import commands, store
from services.notification.delivery.lanes import Lane
from services.notification.delivery.metrics import AGE, ATTEMPTS, RECLAIMED
from services.notification.delivery.presence import Missing, Presence
from services.notification.delivery.recording import Recording
from services.notification.delivery.turns import Turns
from shared import tracing
from shared.auth import Actor
from shared.tasks import contained, see_through
from shared.work import Commands, RequestIdentity, Work

log = structlog.get_logger(__name__)

_SHORTEST_PAUSE = 0.05
_LONGEST_PAUSE = 1.0
# A living sender tries to take its lock again at least once a second.
_PATIENCE = 5.0
_TRY_FOR = timedelta(days=3)
# At the end of the process: for attempts that have begun, and for recording their outcomes.
_LAST_SECONDS = 5.0
# Outcomes of one transaction.
_MOST_RECORDED = 100
# A database that takes longer to answer a claim is asked again in another session.
_CLAIM_SECONDS = 10.0
# The reason of a message that was not attempted, because mails to its address came back.
UNDELIVERABLE = "address-undeliverable"


class Sender:
    """Delivers due messages of `channels` (by name). Any number of processes may run one each.

    It claims what each channel delivers at once, and ahead of that what it delivers within a quarter of a second; a
    channel that is slow takes no place of another.
    A message is given up `try_for` after its first failure. `patience` is how many seconds another sender may be
    without its lock before it counts as dead, and its claims as free. What goes to an address from which mails came
    back is not attempted, except for the templates `tried_anyway`.
    """

    def __init__(
        self,
        work: Commands,
        channels: Mapping[str, Channel],
        *,
        try_for: timedelta = _TRY_FOR,
        patience: float = _PATIENCE,
        tried_anyway: Collection[str] = (),
    ) -> None:
        self._commands = work
        self._channels = dict(channels)
        self._presence = Presence(work.db)
        self._turns = Turns(work.db, self._channels, work.clock)
        self._try_for = try_for
        self._missing = Missing(patience)
        self._tried_anyway = frozenset(tried_anyway)
        self._attempts: dict[UUID, asyncio.Task[None]] = {}
        self._lanes = {name: Lane(channel) for name, channel in self._channels.items()}
        self._recording = Recording(self._write, _not_written, most=_MOST_RECORDED)
        self._unsure = False
        self._looked_at = 0.0
        self._woken = asyncio.Event()
        self._actor = Actor.system(f"{work.keys.source}/sender")

    def wake(self) -> None:
        """Look for due messages now; called after the commit that made one."""
        self._woken.set()

    def wake_after_commit(self, work: Work) -> None:
        """Wake up once the command is committed. Senders of other processes look after their pause."""
        store.call_after_commit(work.session, self.wake)

    async def run(self) -> None:
        """Deliver until cancelled; wait for an unreachable database. Attempts that have begun are finished first."""
        try:
            await self._keep_delivering()
        finally:
            try:
                await see_through(self._finish(), seconds=2 * _LAST_SECONDS, name="last mails of the sender")
            finally:
                await self._presence.end()  # bounded: it cannot be cut off, and takes two seconds at most

    async def _keep_delivering(self) -> None:
        pause = _SHORTEST_PAUSE
        while True:
            self._woken.clear()
            try:
                with contained():
                    claimed = await self._claim_due()
                    await self._reclaim()
            except Exception as error:  # the loop must outlive whatever happens to one round
                log.warning("sender.round_failed", error_type=type(error).__name__)
                self._forget()
                await self._presence.end()
                claimed = 0
            pause = _SHORTEST_PAUSE if claimed else min(pause * 2, _LONGEST_PAUSE)
            try:
                async with asyncio.timeout(pause * random.uniform(0.75, 1.25)):  # noqa: S311 - spreads replicas
                    await self._woken.wait()
                pause = _SHORTEST_PAUSE
            except TimeoutError:
                pass

    async def send_due(self) -> int:
        """Deliver what is due and has a place, and wait for it. Returns the number. Not while `run` runs."""
        claimed = await self._claim_due()
        await self._reclaim()
        while self._attempts:
            await asyncio.wait(self._attempts.values())
        await self._recording.over()
        await self._presence.end()
        return claimed

    async def _claim_due(self) -> int:
        """Claim what is due for the free places, and begin the attempts. Returns their number.

        A claim is seen through also when the process is to end: the database may have committed one that was cut off,
        and nobody would know of it.
        """
        claimed: list[UUID] = []
        failed = await see_through(self._claim(claimed), seconds=_CLAIM_SECONDS, name="claim of the sender")
        if failed is not None:
            raise failed
        return len(claimed)

    async def _claim(self, claimed: list[UUID]) -> None:
        """Claim in every channel; `claimed` receives the ids.

        Also where nothing is wanted the statement is sent: it notices that the session, and with it the lock, was lost.
        """
        session = await self._presence.session()
        if self._unsure:
            # Of a claim that failed it is not known whether it was committed: what was not begun is free again.
            await self._release()
            self._unsure = False
        for name, lane in self._lanes.items():
            limit = lane.wanted()
            given = {"sender": self._presence.key, "moment": self._commands.clock.now(), "places": limit}
            found = [Claimed(*row) for row in await session.execute(store.claim(name), given)]
            claimed += [each.id for each in found]
            lane.claimed.extend(found)
            lane.is_dry = len(found) < limit
            self._begin_next(name)

    async def _release(self) -> None:
        """Release all claims but those whose attempts have begun."""
        session = await self._presence.session()
        await session.execute(store.release(self._presence.key, list(self._attempts)))

    def _forget(self) -> None:
        """Forget the messages that were claimed and not begun: their claims are released before the next one."""
        self._unsure = True
        for lane in self._lanes.values():
            lane.claimed.clear()

    def _begin_next(self, name: str) -> None:
        """Begin the attempts that may begin, and claim more where they are few."""
        lane = self._lanes[name]
        while claimed := lane.next():
            task = asyncio.create_task(self._deliver(name, claimed), name=f"mail {claimed.id}")  # watched: by `_ended`
            self._attempts[claimed.id] = task
            task.add_done_callback(partial(self._ended, name, claimed.id))
        if lane.wanted() and not lane.is_dry:
            self.wake()

    def _ended(self, name: str, notification_id: UUID, task: asyncio.Task[None]) -> None:
        del self._attempts[notification_id]
        self._lanes[name].unrecorded -= 1
        if task.cancelled() or task.exception() is not None:
            log.error("sender.attempt_ended", notification_id=str(notification_id), cancelled=task.cancelled())
            self._forget()
        self._begin_next(name)

    async def _reclaim(self) -> None:
        """Put back the claims of dead senders. Looks once a second."""
        now = asyncio.get_running_loop().time()
        if now - self._looked_at < _LONGEST_PAUSE:
            return
        self._looked_at = now
        session = await self._presence.session()
        await self._turns.look(session)
        missed = set(await session.scalars(store.MISSED, {"but": self._presence.key}))
        for key in self._missing.dead(missed):
            async with self._commands.work(self._actor, RequestIdentity(request_id=f"sender:{key}")) as work:
                if await work.session.scalar(store.LOCK_THE_DEAD, {"key": key}):
                    for delivery in await store.claimed_by(work.session, key):
                        await commands.reclaim(work, delivery)
                        RECLAIMED.inc()

    async def _finish(self) -> None:
        """Release what was not begun, wait for attempts that have begun, and give up what takes too long."""
        if any(lane.claimed for lane in self._lanes.values()):
            self._forget()
            try:
                with contained():
                    await self._release()
            except Exception as error:
                # Another sender takes them over once this one is missed.
                log.warning("sender.not_released", error_type=type(error).__name__)
        late = set(self._attempts.values())
        if late:
            _, late = await asyncio.wait(late, timeout=_LAST_SECONDS)
        for task in late:
            task.cancel()
        if late:
            log.warning("sender.given_up", count=len(late))
            await asyncio.wait(late)
        await self._recording.end(seconds=1)

    async def _deliver(self, channel: str, claimed: Claimed) -> None:
        with tracing.follow(self._steps(channel, claimed)) as spans:
            try:
                outcome = await self._attempt(channel, claimed)
            finally:
                self._lanes[channel].ended()
            self._begin_next(channel)
            label = _label(outcome)
            for span in spans:
                span.set_attribute("zairyu.outcome", label)
        ATTEMPTS.labels(claimed.template, label).inc()
        await self._record(claimed, outcome)
        if isinstance(outcome, Accepted):
            AGE.observe((self._commands.clock.now() - claimed.created_at).total_seconds())
        else:
            log.info("sender.not_accepted", notification_id=str(claimed.id), reason=outcome.reason, outcome=label)

    def _steps(self, channel: str, claimed: Claimed) -> Iterator[tracing.Step]:
        waited = (self._commands.clock.now() - claimed.created_at).total_seconds()
        about = {"zairyu.notification_id": str(claimed.id), "zairyu.template": claimed.template}
        yield tracing.Step(f"{channel} {claimed.template}", SpanKind.CLIENT, claimed.traceparent, waited, about)

    async def _attempt(self, channel: str, claimed: Claimed) -> Outcome:
        if claimed.valid_until is not None and self._commands.clock.now() >= claimed.valid_until:
            return Failure("no-longer-valid", permanent=True)
        if claimed.undeliverable and claimed.template not in self._tried_anyway:
            return Failure(UNDELIVERABLE, permanent=True)
        try:
            with contained():
                waits = await self._turns.take(channel, claimed)
        except Exception as error:
            log.warning("sender.turn_unknown", notification_id=str(claimed.id), error_type=type(error).__name__)
            return NotTried("turn-unknown")
        if waits is not None:
            return waits
        try:
            with contained():
                outcome = await self._channels[channel].deliver(claimed)
        except Exception as error:
            log.error("sender.not_handed_over", template=claimed.template, error_type=type(error).__name__)
            return Failure("not-handed-over", permanent=False)
        if isinstance(outcome, Failure) and outcome.throttled:
            await self._turns.slow_down(channel, claimed)
        return outcome

    async def _record(self, claimed: Claimed, outcome: Outcome) -> None:
        """Have the outcome recorded."""
        attempt = commands.Attempt(claimed.id, claimed.round, self._presence.key)
        chance = random.random()  # noqa: S311 - spreads the next attempts
        await self._recording.record(commands.Ended(attempt, outcome, chance))

    async def _write(self, ended: Sequence[commands.Ended]) -> None:
        identity = RequestIdentity(request_id=f"sender:{self._presence.key}")
        async with self._commands.work(self._actor, identity) as work:
            await commands.record(work, ended, try_for=self._try_for)


def _not_written(count: int, error: Exception) -> None:
    log.warning("sender.not_written_down", count=count, error_type=type(error).__name__)


def _label(outcome: Outcome) -> str:
    match outcome:
        case Accepted():
            return "accepted"
        case NotTried():
            return "not-tried"
        case Failure():
            return "refused" if outcome.permanent else "put-off"
