"""The service is killed again and again while events become mails, inbox entries and webhooks: each recipient has
exactly what the events call for, and twice at most what a killed sender had in hand."""

import asyncio
import os
import pickle
import random
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import structlog
from sqlalchemy import text

from shared.auth import Actor, Role
from shared.events.application import ApplicationSubmitted
from shared.events.base import Event
from shared.events.fields import Recipient
from shared.events.notification import NotificationDelivered
from shared.events.registration import AccountActivated
from shared.events.review import ReviewStarted
from shared.ids import new_id
from shared.messaging import Envelope, Message, encode
from tests.infra.databases import TestDatabase
from tests.services.notification.doubles import twice_at_most
from tests.services.notification.faulty import FaultyServer, faulty_server
from tests.services.notification.hooks import Hooks, opened, receiving
from tests.support import tokens
from tests.support.keys import environment, event_keys
from tests.support.lives import Lives
from tests.support.waiting import reached

log = structlog.get_logger(__name__)

_MESSAGES = int(os.environ.get("ZAIRYU_TEST_MESSAGES", "300"))
# Of each application: two mails to the filer, one to the applicant, two inbox entries of a colleague, two webhooks.
_APPLICATIONS = -(-_MESSAGES // 7)
_ALL = 7 * _APPLICATIONS
_DEATHS = 3 if _MESSAGES < 1000 else 12
# On a busy machine.
_PATIENCE = 240.0
_MAILS_AT_ONCE, _WEBHOOKS_AT_ONCE = 8, 16
_DONE = text(
    "SELECT (SELECT count(*) FROM notifications WHERE application_id IS NOT NULL AND state IN ('sent', 'inbox'))"
    " + (SELECT count(*) FROM webhook_messages WHERE state = 'accepted')"
)
_MADE = text(
    "SELECT application_id, template, party, account_id, state, count(*) FROM notifications"
    " WHERE application_id IS NOT NULL GROUP BY 1, 2, 3, 4, 5"
)


@pytest.fixture
async def server() -> AsyncIterator[FaultyServer]:
    """A mail server without a fault, in this process: it is what a kill leaves alone."""
    async with faulty_server() as found:
        yield found


@pytest.fixture
def killed(
    service_database: Callable[[str], TestDatabase], server: FaultyServer, tmp_path: Path
) -> Iterator[tuple[Lives, TestDatabase, Path]]:
    """The service in a process that is killed and started again, its database, and the file of its messages."""
    database, file = service_database("notification"), tmp_path / "messages"
    settings = {
        "DATABASE_URL": database.url,
        "PARTS": "jobs",
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(server.port),
        "PUBLIC_URL": "https://zairyu.example.jp",
        "MAIL_CONCURRENCY": str(_MAILS_AT_ONCE),
        "WEBHOOK_LOOPBACK": "true",
        "WEBHOOK_PLACES": str(_WEBHOOKS_AT_ONCE),
    }
    own = {f"ZAIRYU_{name}": value for name, value in settings.items()}
    lives = Lives(
        "tests.services.notification.service_process",
        str(file),
        environment={**environment("notification"), **own},
    )
    yield lives, database, file
    lives.close()


class People:
    """A filer, a colleague who chose the inbox, and an applicant; addresses of this test alone."""

    def __init__(self, hooks: Hooks) -> None:
        self.hooks = hooks
        hooks.account = new_id()  # one whose name can be opened
        self.name = uuid4().hex[:12]
        self.colleague = Actor("person", new_id(), hooks.organisation, frozenset({Role.ORG_STAFF}), session_id=new_id())

    def address(self, who: str) -> str:
        return f"{who}-{self.name}@example.jp"

    def reading(self, who: str) -> Recipient:
        return Recipient.reading("ja", self.hooks.sealer.seal(self.address(who)))

    async def join(self) -> None:
        for who, account in (("filer", self.hooks.account), ("colleague", self.colleague.id)):
            await self.hooks.deliver(
                AccountActivated.example(
                    account_id=account,
                    organisation_id=self.hooks.organisation,
                    role=Role.ORG_STAFF.value,
                    roles=(Role.ORG_STAFF.value,),
                    recipient=self.reading(who),
                    sealed_login_id=self.hooks.sealer.seal("AB12345678"),
                    activated_at=self.hooks.clock.now(),
                )
            )
        headers = tokens.bearer(self.colleague, self.hooks.clock)
        chosen = await self.hooks.service.client.put("/v1/inbox/choices", json={"colleagues": "inbox"}, headers=headers)
        assert chosen.status_code == 200, chosen.text

    def messages(self, applications: Sequence[UUID]) -> list[Message]:
        """The events as the broker has them: each application is filed, and its examination begins."""
        found = []
        for application in applications:
            common: dict[str, Any] = {"application_id": application, "account_id": self.hooks.account}
            owner = self.hooks.organisation
            filed = ApplicationSubmitted.example(
                **common,
                owner_id=owner,
                organisation_id=owner,
                role=Role.ORG_STAFF.value,
                applicant=self.reading("applicant"),
            )
            found += [self._signed("application", filed), self._signed("review", ReviewStarted.example(**common))]
        return found

    def _signed(self, service: str, event: Event) -> Message:
        envelope = Envelope.of(event, id=new_id(), source=f"/zairyu/{service}", time=self.hooks.clock.now())
        return event_keys(service).sign(encode(event, envelope))


@pytest.mark.faults
async def test_each_recipient_has_what_the_events_call_for_whenever_the_service_is_killed(
    killed: tuple[Lives, TestDatabase, Path], server: FaultyServer
) -> None:
    service, database, file = killed
    seed = int(os.environ.get("ZAIRYU_TEST_SEED", random.SystemRandom().randrange(2**32)))
    chance = random.Random(seed)
    async with opened(database) as hooks, receiving() as receiver:
        people, applications = People(hooks), [new_id() for _ in range(_APPLICATIONS)]
        await people.join()
        webhook = await hooks.add(receiver.url)
        file.write_bytes(pickle.dumps(people.messages(applications)))

        async def done() -> int:
            async with hooks.service.db.read() as session:
                return int(await session.scalar(_DONE))

        await asyncio.to_thread(service.start)
        for moment in sorted(chance.randrange(_ALL) for _ in range(_DEATHS)):
            await reached(done, moment, _PATIENCE)
            await asyncio.sleep(chance.uniform(0, 0.3))
            service.kill()
            service.start()
        await reached(done, _ALL, _PATIENCE)
        service.kill()

        async with hooks.service.db.read() as session:
            rows: list[Any] = list(await session.execute(_MADE))
            made = {tuple(row[:5]): row[5] for row in rows}
        filer, colleague = hooks.account, people.colleague.id
        called_for = [
            ("application_received", "account", filer, "sent"),
            ("application_received", "applicant", filer, "sent"),
            ("application_received", "colleague", colleague, "inbox"),
            ("review_started", "account", filer, "sent"),
            ("review_started", "colleague", colleague, "inbox"),
        ]
        assert made == {(application, *each): 1 for application in applications for each in called_for}, seed
        # The filer and the colleague have one about the account besides.
        mails = Counter((str(mail["To"]), str(mail["Message-ID"])) for mail in server.accepted)
        each_has = Counter(address for address, _ in mails)
        assert each_has == {
            people.address("filer"): 2 * _APPLICATIONS + 1,
            people.address("applicant"): _APPLICATIONS,
            people.address("colleague"): 1,
        }, seed
        delivered = Counter(
            event.notification_id for event in await hooks.service.events() if isinstance(event, NotificationDelivered)
        )
        assert len(delivered) == delivered.total() == len(mails), seed
        hooked = Counter((message.about, message.content["type"]) for message in receiver.received)
        types = ("application.submitted", "review.started")
        assert set(hooked) == {(str(application), each) for application in applications for each in types}, seed
        for message in receiver.received[-3:]:
            message.verified(webhook["secret"])
        twice = {"mails": mails.total() - len(mails), "webhooks": hooked.total() - len(hooked)}
        log.info("messages.handed_over_twice", messages=_ALL, deaths=_DEATHS, seed=seed, **twice)
        assert twice["mails"] <= _DEATHS * twice_at_most(_MAILS_AT_ONCE), seed
        assert twice["webhooks"] <= _DEATHS * _WEBHOOKS_AT_ONCE, seed
