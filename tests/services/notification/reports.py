"""The notification service with a mailbox of reports, and a mail system that sends mails back."""

import base64
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from deploy.local.mailbox import SENDER_HEADER
from deploy.local.smtp import Mailbox
from services.notification.bounces.reader import ReportReader
from services.notification.messages.store import Notification
from shared.clock import ManualClock
from shared.events.application import StayEnding
from shared.ids import new_id
from tests.services.notification.conftest import START, MailClient
from tests.support.service import running

KEY = "k" * 32
BOUNCE = "bounce@mail.zairyu.test"


class Bouncing(MailClient):
    """A client whose mails can come back."""

    folder: Path

    @property
    def reader(self) -> ReportReader:
        reader: ReportReader = self.service.app.state.report_reader
        return reader

    async def send(self, account: UUID) -> str:
        """Send a mail to a known account; the return path with which it went out, "" where it did not."""
        self.mailbox.clear()
        await self.deliver(StayEnding.example(account_id=account, organisation_id=None))
        await self.send_all()
        mails = self.mails(self.filer)
        return str(mails[-1][SENDER_HEADER]) if mails else ""

    async def known(self) -> UUID:
        """An account whose address is known."""
        account = new_id()
        await self.know(account)
        return account

    def put(self, report: bytes) -> None:
        """Have the site's mail server deliver a report."""
        (self.folder / "new" / f"{uuid4().hex}.report").write_bytes(report)

    async def report(self, report: bytes) -> None:
        """Deliver a report, and have it read."""
        self.put(report)
        await self.read_all()

    async def read_all(self) -> None:
        while await self.reader.read_once():
            pass

    def marked(self) -> list[str]:
        """The letters of the mails that were read."""
        return sorted(file.name.partition(":2,")[2] for file in (self.folder / "cur").iterdir())

    async def message(self, message_id: UUID) -> Notification:
        async with self.service.db.read() as session:
            found: Notification | None = await session.get(Notification, message_id)
            assert found is not None
            return found


def id_in(return_path: str) -> UUID:
    """The message that a return path names."""
    local = return_path.partition("+")[2].partition(".")[0].upper()
    return UUID(bytes=base64.b32decode(local + "======")[:16])


@asynccontextmanager
async def bouncing(database: Callable[[str], Any], mailbox: Mailbox, folder: Path) -> AsyncIterator[Bouncing]:
    """The service whose reports lie in `folder`."""
    for part in ("new", "cur", "tmp"):
        (folder / part).mkdir(parents=True)
    clock = ManualClock(START)
    settings = {
        "smtp_host": mailbox.host,
        "smtp_port": mailbox.port,
        "public_url": "https://zairyu.example.jp",
        "mail_bounce_address": BOUNCE,
        "mail_reports": f"maildir:{folder}",
        "mail_report_keys": f"k1={KEY}",
    }
    async with running("notification", database("notification"), clock=clock, **settings) as service:
        client = Bouncing(service, clock, mailbox)
        client.folder = folder
        yield client
