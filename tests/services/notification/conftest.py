"""The notification service on a real database and a real mail server, with a clock that moves on request."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any
from uuid import UUID, uuid4

import pytest

from deploy.local.smtp import Mailbox
from services.notification.delivery.sender import Sender
from services.notification.jobs import jobs
from shared.auth import Actor
from shared.clock import ManualClock
from shared.events.application import ApplicationSubmitted
from shared.events.base import Event
from shared.events.fields import Recipient
from shared.events.registration import AccountActivated
from shared.ids import new_id
from shared.messaging import Envelope
from shared.sealing import Sealer
from shared.timers import Due
from shared.work import RequestIdentity
from tests.support.service import SEALING_KEY, RunningService, running

START = datetime(2026, 7, 1, 3, tzinfo=UTC)


@dataclass
class MailClient:
    """The service, and what its tests do most. Addresses are of this test alone: the mail server is shared."""

    service: RunningService
    clock: ManualClock
    mailbox: Mailbox
    sealer: Sealer = field(default_factory=lambda: Sealer(SEALING_KEY))
    name: str = field(default_factory=lambda: uuid4().hex[:12])

    @property
    def filer(self) -> str:
        return f"filer-{self.name}@example.jp"

    @property
    def applicant(self) -> str:
        return f"applicant-{self.name}@example.jp"

    @property
    def sender(self) -> Sender:
        sender: Sender = self.service.app.state.sender
        return sender

    def recipient(self, address: str, language: str = "ja") -> Recipient:
        return Recipient.reading(language, self.sealer.seal(address))

    async def deliver(self, event: Event, event_id: UUID | None = None) -> UUID:
        """Give `event` to its handler as the consumer does; the id under which it came."""
        envelope = Envelope.of(event, id=event_id or new_id(), source="/zairyu/test", time=self.clock.now())
        runtime = self.service.app.state.runtime
        async with runtime.db.transaction() as session:
            await self.service.app.state.handlers[type(event)](session, envelope, event)
        return envelope.id

    async def know(self, account_id: UUID, application_id: UUID | None = None, applicant_reads: str = "en") -> None:
        """Have the account's and the application's addresses known, without mails left over."""
        await self.deliver(
            AccountActivated.example(
                account_id=account_id,
                organisation_id=None,
                recipient=self.recipient(self.filer),
                sealed_login_id=self.sealer.seal("AB12345678"),
                activated_at=self.clock.now(),
            )
        )
        if application_id is not None:
            await self.deliver(
                ApplicationSubmitted.example(
                    application_id=application_id,
                    account_id=account_id,
                    applicant=self.recipient(self.applicant, applicant_reads),
                )
            )
        await self.send_all()
        self.mailbox.clear()

    async def send_all(self) -> None:
        while await self.sender.send_due():
            pass

    def mails(self, address: str) -> list[EmailMessage]:
        return self.mailbox.messages(address)

    async def run_job(self, name: str) -> None:
        runtime = self.service.app.state.runtime
        (job,) = [job for job in jobs(runtime.settings) if job.name == name]
        async with runtime.commands.work(Actor.system("notification.jobs"), RequestIdentity(request_id="job")) as work:
            await job.run(work, Due(name, uuid4(), work.now, {}, 0))


@pytest.fixture
async def post(service_database: Callable[[str], Any], mailbox: Mailbox) -> AsyncIterator[MailClient]:
    clock = ManualClock(START)
    mailbox.accept_all()
    settings = {"smtp_host": mailbox.host, "smtp_port": mailbox.port, "public_url": "https://zairyu.example.jp"}
    async with running("notification", service_database("notification"), clock=clock, **settings) as service:
        yield MailClient(service, clock, mailbox)
    mailbox.accept_all()


def part(message: EmailMessage, kind: str) -> str:
    """The text of one alternative."""
    body = message.get_body((kind,))
    assert body is not None
    content: str = body.get_content()
    return content
