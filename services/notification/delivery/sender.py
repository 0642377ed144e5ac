"""The loop that sends: claims what is due, hands it over, writes down how it went.

It is apart from the handlers, so that a slow mail server holds up no event. A claim is committed before the mail is
handed over, and carries the sender's key: whatever dies afterwards leaves a row that says so. A sender that lives keeps
what it knows until the database has it, however long that takes (docs/decisions/0140).
"""

import asyncio
import random
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

import structlog
from prometheus_client import Counter, Histogram

from services.notification.channels.mail.relay import Mail, MailRelay, NotNow, Refused
from services.notification.channels.mail.rendering import Site, render
from services.notification.delivery import commands, store
from services.notification.delivery.commands import Failure
from services.notification.delivery.presence import Missing, Presence
from services.notification.messages.catalogue import by_template
from shared.auth import Actor
from shared.backoff import backoff
from shared.sealing import SealBroken, Sealer
from shared.tasks import contained, see_through
from shared.work import Commands, RequestIdentity, Work

log = structlog.get_logger(__name__)
SENT = Counter("zairyu_notification_attempts_total", "Attempts to hand over a mail", ["template", "outcome"])
RECLAIMED = Counter("zairyu_notifications_reclaimed_total", "Messages taken back from a sender that died")
AGE = Histogram(
    "zairyu_notification_seconds",
    "From the making of a message to its acceptance by the mail relay",
    buckets=(0.05, 0.1, 0.15, 0.25, 0.5, 1, 5, 30, 60, 600, 3600, 14400),
)

_LONGEST_PAUSE = 1.0
# A living sender tries to take its lock again at least once a second.
_PATIENCE = 5.0
# At the end of the process: for mails in the hands of the mail server, and for writing down how they went.
_LAST_SECONDS = 5.0
# A database that takes longer to answer a claim is asked again in another session.
_CLAIM_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message taken to be sent now; its fields are the columns of `store.claim`."""

    id: UUID
    template: str
    language: str
    round: int
    created_at: datetime
    sealed_address: str
    sealed_content: str
    sealed_name: str | None


class Sender:
    """Sends due messages, `concurrency` at a time. Any number of processes may run one each.

    It claims no more than it hands over at once. `patience` is how many seconds another sender may be without its lock
    before it is taken for dead, and its claims for free.
    """

    def __init__(
        self,
        work: Commands,
        relay: MailRelay,
        sealer: Sealer,
        *,
        site: Site,
        mail_domain: str,
        concurrency: int = 8,
        patience: float = _PATIENCE,
    ) -> None:
        self._commands = work
        self._relay = relay
        self._sealer = sealer
        self._site = site
        self._domain = mail_domain
        self._places = concurrency
        self._presence = Presence(work.db)
        self._missing = Missing(patience)
        self._in_hand: dict[UUID, asyncio.Task[None]] = {}
        self._unsure = False
        self._looked_at = 0.0
        self._woken = asyncio.Event()
        self._actor = Actor.system(f"{work.keys.source}/sender")

    def wake(self) -> None:
        """There is something new; called after the commit that made it."""
        self._woken.set()

    def wake_after_commit(self, work: Work) -> None:
        """Wake up once the command is committed. Senders of other processes look after their pause."""
        store.call_after_commit(work.session, self.wake)

    async def run(self) -> None:
        """Send until cancelled; an unreachable database is waited for. What is in hand at the end is finished first."""
        try:
            await self._keep_sending()
        finally:
            try:
                await see_through(self._finish(), seconds=2 * _LAST_SECONDS, name="last mails of the sender")
            finally:
                await self._presence.end()  # bounded: it cannot be cut off, and takes two seconds at most

    async def _keep_sending(self) -> None:
        pause = 0.05
        while True:
            self._woken.clear()
            try:
                with contained():
                    taken = await self._take()
                    await self._take_over()
            except Exception as error:  # the loop must outlive whatever happens to one round
                log.warning("sender.round_failed", error_type=type(error).__name__)
                self._unsure = True
                await self._presence.end()
                taken = 0
            pause = 0.05 if taken else min(pause * 2, _LONGEST_PAUSE)
            try:
                async with asyncio.timeout(pause * random.uniform(0.75, 1.25)):  # noqa: S311 - spreads replicas
                    await self._woken.wait()
                pause = 0.05
            except TimeoutError:
                pass

    async def send_due(self) -> int:
        """Send what is due and has a place, and wait for it; how many there were. Not while `run` runs."""
        taken = await self._take()
        await self._take_over()
        if self._in_hand:
            await asyncio.wait(self._in_hand.values())
        await self._presence.end()
        return taken

    async def _take(self) -> int:
        """Claim what is due for the free places, and begin to hand it over; how many there were.

        A claim is seen through also when the process is to end: the database may have committed one that was cut off,
        and nobody would know of it.
        """
        claimed: list[Claimed] = []
        failed = await see_through(self._claim(claimed), seconds=_CLAIM_SECONDS, name="claim of the sender")
        if failed is not None:
            raise failed
        return len(claimed)

    async def _claim(self, claimed: list[Claimed]) -> None:
        """Claim into `claimed`.

        A few at a time, so that a claim serves several mails. Also with no place free the statement is sent: it
        notices that the session, and with it the lock, was lost.
        """
        session = await self._presence.session()
        if self._unsure:
            # Of a claim that failed it is not known whether it was committed: what is not in hand is free again.
            await session.execute(store.release(self._presence.key, list(self._in_hand)))
            self._unsure = False
        free = self._places - len(self._in_hand)
        limit = free if 2 * free >= self._places else 0
        claim = store.claim(self._presence.key, self._commands.clock.now(), limit)
        claimed += [Claimed(*row) for row in await session.execute(claim)]
        for each in claimed:
            task = asyncio.create_task(self._send(each), name=f"mail {each.id}")  # watched: by `_sent`
            self._in_hand[each.id] = task
            task.add_done_callback(partial(self._sent, each.id))

    def _sent(self, notification_id: UUID, task: asyncio.Task[None]) -> None:
        del self._in_hand[notification_id]
        if task.cancelled() or task.exception() is not None:
            log.error("sender.attempt_ended", notification_id=str(notification_id), cancelled=task.cancelled())
            self._unsure = True
        if 2 * len(self._in_hand) <= self._places:
            self.wake()

    async def _take_over(self) -> None:
        """Let be sent again what dead senders had claimed. Looks once a second."""
        now = asyncio.get_running_loop().time()
        if now - self._looked_at < _LONGEST_PAUSE:
            return
        self._looked_at = now
        session = await self._presence.session()
        missed = set(await session.scalars(store.missed(self._presence.key)))
        for key in self._missing.dead(missed):
            async with self._commands.work(self._actor, RequestIdentity(request_id=f"sender:{key}")) as work:
                if await work.session.scalar(store.LOCK_THE_DEAD, {"key": key}):
                    for delivery in await store.claimed_by(work.session, key):
                        await commands.reclaim(work, delivery)
                        RECLAIMED.inc()

    async def _finish(self) -> None:
        """Wait for what is in hand, and give up what takes too long."""
        late = set(self._in_hand.values())
        if late:
            _, late = await asyncio.wait(late, timeout=_LAST_SECONDS)
        for task in late:
            task.cancel()
        if late:
            log.warning("sender.given_up", count=len(late))
            await asyncio.wait(late)

    async def _send(self, claimed: Claimed) -> None:
        failure = await self._hand_over(claimed)
        outcome = "accepted" if failure is None else "refused" if failure.permanent else "put-off"
        SENT.labels(claimed.template, outcome).inc()
        await self._write_down(claimed, failure)
        if failure is None:
            AGE.observe((self._commands.clock.now() - claimed.created_at).total_seconds())
        else:
            log.info("sender.not_accepted", notification_id=str(claimed.id), reason=failure.reason, outcome=outcome)

    async def _hand_over(self, claimed: Claimed) -> Failure | None:
        try:
            mail = self._mail(claimed)
        except SealBroken:
            # The keys of two services differ: an operator mends that, and nothing is lost until then.
            return Failure("sealed-with-another-key", permanent=False)
        except Exception as error:
            log.error("sender.not_rendered", template=claimed.template, error_type=type(error).__name__)
            return Failure("not-rendered", permanent=False)
        try:
            with contained():
                await self._relay.send(mail)
        except Refused as error:
            return Failure(str(error), permanent=True)
        except NotNow as error:
            return Failure(str(error), permanent=False)
        except Exception as error:
            log.error("sender.not_handed_over", template=claimed.template, error_type=type(error).__name__)
            return Failure("not-handed-over", permanent=False)
        return None

    def _mail(self, claimed: Claimed) -> Mail:
        kind = by_template(claimed.template)
        content = kind.content.model_validate_json(self._sealer.open(claimed.sealed_content))
        name = self._sealer.open(claimed.sealed_name) if claimed.sealed_name else None
        rendered = render(claimed.template, dict(content), claimed.language, self._site, name)
        return Mail(
            # The same at every try of a round: a server that has it already can tell.
            message_id=f"{claimed.id}.{claimed.round}@{self._domain}",
            recipient=self._sealer.open(claimed.sealed_address),
            subject=rendered.subject,
            text=rendered.text,
            html=rendered.html,
            language=claimed.language,
        )

    async def _write_down(self, claimed: Claimed, failure: Failure | None) -> None:
        """Record the outcome, again and again until the database has it: nobody else knows it."""
        waits = backoff(0.1, _LONGEST_PAUSE)
        attempt = commands.Attempt(claimed.id, claimed.round, self._presence.key)
        while True:
            try:
                with contained():
                    async with self._commands.work(
                        self._actor, RequestIdentity(request_id=f"mail:{claimed.id}")
                    ) as work:
                        if failure is None:
                            await commands.record_acceptance(work, attempt)
                        else:
                            await commands.record_failure(work, attempt, failure, random.random())  # noqa: S311 - spreads tries
                return
            except Exception as error:
                log.warning("sender.not_written_down", notification_id=str(claimed.id), error_type=type(error).__name__)
            await asyncio.sleep(next(waits))
