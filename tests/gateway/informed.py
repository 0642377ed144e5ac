"""Officers before the gateway and the notification service, with an application whose case one of them has."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from deploy.local.smtp import Mailbox
from services.notification.bounces.commands import take_failure
from services.notification.messages.store import Notification
from services.notification.suppression.commands import Return
from shared.auth import Actor, Role
from shared.clock import ManualClock
from shared.events.application import ApplicationSubmitted
from shared.events.registration import AccountActivated
from shared.events.review_allocation import CaseAllocated
from shared.ids import new_id
from shared.sealing import Sealer
from shared.work import RequestIdentity
from tests.gateway.approval import Bureau
from tests.gateway.identity import identity, trusting
from tests.infra.databases import TestDatabase
from tests.support.service import SEALING_KEY, RunningService, running
from tests.support.web import serving

sealed, unsealed = Sealer(SEALING_KEY).seal, Sealer(SEALING_KEY).open


@dataclass
class Informed(Bureau):
    """With the notification service, and a filed application whose case the examiner has."""

    notification: RunningService | None = None
    application: UUID = field(default_factory=new_id)
    case: UUID = field(default_factory=new_id)
    filer: UUID = field(default_factory=new_id)

    async def deliver(self, *events: Any) -> None:
        assert self.notification is not None
        await self.notification.deliver(*events)

    async def file(self) -> None:
        """The application is filed, and the examiner gets its case."""
        recipient = {"sealed_address": sealed("taro@example.co.jp"), "language": "ja"}
        await self.deliver(
            AccountActivated.example(
                account_id=self.filer, organisation_id=None, recipient=recipient, sealed_login_id=sealed("AB12345678")
            ),
            ApplicationSubmitted.example(application_id=self.application, account_id=self.filer, applicant=None),
            CaseAllocated.example(case_id=self.case, application_id=self.application, examiner_id=self.ids["examiner"]),
        )

    async def comes_back(self) -> UUID:
        """A mail to the filer came back, so that their address is left alone; the message."""
        assert self.notification is not None
        await self.file()
        while await self.notification.app.state.sender.send_due():
            pass
        async with self.notification.db.read() as session:
            message: UUID | None = await session.scalar(select(Notification.id).where(Notification.state == "sent"))
        assert message is not None
        commands = self.notification.app.state.runtime.commands
        async with commands.work(Actor.system("reports"), RequestIdentity(request_id="report")) as work:
            await take_failure(work, Return(message, 1, "5.1.1", "mailbox"))
        return message

    async def happens(self, event: Any, **changes: Any) -> None:
        of = {"application_id": self.application} | changes
        if "account_id" in event.model_fields:
            of["account_id"] = self.filer
        await self.deliver(event.example(**of))


@asynccontextmanager
async def informed_site(database: Callable[[str], TestDatabase], mailbox: Mailbox) -> AsyncIterator[Informed]:
    """The gateway before registration and notification, with an examiner and an operator."""
    clock = ManualClock(datetime(2026, 11, 20, 3, 0, tzinfo=UTC))
    mails: dict[str, Any] = {"smtp_host": mailbox.host, "smtp_port": mailbox.port}
    mailbox.accept_all()
    async with (
        running("notification", database("notification"), clock=clock, **mails) as notification,
        serving(notification.app, lifespan="off") as notifications,
        identity(database("registration"), clock, notification_url=notifications) as front,
    ):
        trusting(notification, front.site, clock)
        made = Informed(front, notification=notification)
        await made.officer("examiner", Role.EXAMINER)
        await made.officer("operator", Role.OPERATOR)
        yield made
    mailbox.accept_all()
