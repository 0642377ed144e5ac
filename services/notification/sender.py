"""The loop that sends: claims what is due, hands it over, writes down how it went.

It is apart from the handlers, so that a slow mail server holds up no event. A claim is committed before the mail is
handed over: whatever dies afterwards leaves a row that says so (docs/decisions/0007).
"""

import asyncio
import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from prometheus_client import Counter, Histogram
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy.ext.asyncio import AsyncSession

from services.notification import commands, store
from services.notification.commands import Failure
from services.notification.domain import Work as Stage
from services.notification.mails import by_template
from services.notification.relay import Mail, MailRelay, NotNow, Refused
from services.notification.rendering import render
from services.notification.store import Notification
from shared.auth import Actor
from shared.sealing import SealBroken, Sealer
from shared.tasks import contained
from shared.work import Commands, Mark, Work

log = structlog.get_logger(__name__)
SENT = Counter("zairyu_notification_attempts_total", "Attempts to hand over a mail", ["template", "outcome"])
AGE = Histogram(
    "zairyu_notification_seconds",
    "From the making of a message to its acceptance by the mail relay",
    buckets=(0.05, 0.1, 0.15, 0.25, 0.5, 1, 5, 30, 60, 600, 3600, 14400),
)

_BATCH = 50
_LONGEST_PAUSE = 1.0


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message taken to be sent now."""

    id: UUID
    template: str
    language: str
    round: int
    created_at: datetime
    sealed_address: str
    sealed_content: str


class Sender:
    """Sends due messages, `concurrency` at a time. Any number of processes may run one each."""

    def __init__(
        self,
        work: Commands,
        relay: MailRelay,
        sealer: Sealer,
        *,
        site: Mapping[str, Any],
        mail_domain: str,
        concurrency: int = 8,
    ) -> None:
        self._commands = work
        self._relay = relay
        self._sealer = sealer
        self._site = site
        self._domain = mail_domain
        self._places = asyncio.Semaphore(concurrency)
        self._woken = asyncio.Event()
        self._actor = Actor.system(f"{work.keys.source}/sender")

    def wake(self) -> None:
        """There is something new; called after the commit that made it."""
        self._woken.set()

    def wake_after_commit(self, session: AsyncSession) -> None:
        """Wake up once `session`'s transaction is committed. In another process the pause ends it instead."""
        sync = session.sync_session
        if "sender_wakes" not in sync.info:
            sync.info["sender_wakes"] = True
            sqlalchemy_event.listen(sync, "after_commit", lambda _: self.wake())

    async def run(self) -> None:
        """Send until cancelled; an unreachable database is waited for."""
        pause = 0.05
        while True:
            self._woken.clear()
            try:
                with contained():
                    sent = await self.send_due()
            except Exception as error:  # the loop must outlive whatever happens to one round
                log.warning("sender.round_failed", error_type=type(error).__name__)
                sent = 0
            if sent:
                pause = 0.05
                continue
            pause = min(pause * 2, _LONGEST_PAUSE)
            try:
                async with asyncio.timeout(pause * random.uniform(0.75, 1.25)):  # noqa: S311 - spreads replicas
                    await self._woken.wait()
                pause = 0.05
            except TimeoutError:
                pass

    async def send_due(self) -> int:
        """Claim what is due, and send it; how many there were."""
        claimed = await self._claim()
        await asyncio.gather(*(self._send(each) for each in claimed))
        return len(claimed)

    async def _claim(self) -> list[Claimed]:
        claimed = []
        async with self._commands.db.transaction() as session:
            now = self._commands.clock.now()
            for delivery in await store.claim(session, now, _BATCH):
                notification = await session.get_one(Notification, delivery.notification_id)
                delivery.work = Stage.SENDING.value
                delivery.claimed_at = now
                delivery.attempts += 1
                claimed.append(
                    Claimed(
                        id=notification.id,
                        template=notification.template,
                        language=notification.language,
                        round=notification.round,
                        created_at=notification.created_at,
                        sealed_address=delivery.sealed_address,
                        sealed_content=delivery.sealed_content,
                    )
                )
        return claimed

    async def _send(self, claimed: Claimed) -> None:
        async with self._places:
            failure = await self._hand_over(claimed)
        outcome = "accepted" if failure is None else "refused" if failure.permanent else "put-off"
        SENT.labels(claimed.template, outcome).inc()
        async with self._commands.work(self._actor, Mark(request_id=f"mail:{claimed.id}")) as work:
            await self._write_down(work, claimed, failure)
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
            await self._relay.send(mail)
        except Refused as error:
            return Failure(str(error), permanent=True)
        except NotNow as error:
            return Failure(str(error), permanent=False)
        return None

    def _mail(self, claimed: Claimed) -> Mail:
        kind = by_template(claimed.template)
        content = kind.content.model_validate_json(self._sealer.open(claimed.sealed_content))
        rendered = render(claimed.template, dict(content), claimed.language, self._site)
        return Mail(
            # The same at every try of a round: a server that has it already can tell.
            message_id=f"{claimed.id}.{claimed.round}@{self._domain}",
            recipient=self._sealer.open(claimed.sealed_address),
            subject=rendered.subject,
            text=rendered.text,
            html=rendered.html,
            language=claimed.language,
        )

    async def _write_down(self, work: Work, claimed: Claimed, failure: Failure | None) -> None:
        if failure is None:
            await commands.delivered(work, claimed.id)
        else:
            await commands.not_delivered(work, claimed.id, failure, random.random())  # noqa: S311 - spreads tries
