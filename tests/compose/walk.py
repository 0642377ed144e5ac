"""The case of the demonstration at the published ports: the gateway's, the mailbox's, and that of the payment pages."""

import asyncio
import email
import json
import re
import urllib.request
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from deploy.demo import people
from deploy.demo.browser import Browser
from deploy.demo.case import play, prepare, submit
from deploy.demo.letters import Letters
from deploy.demo.observer import Observer
from deploy.demo.place import Place
from deploy.demo.story import Story
from shared.clock import SystemClock, legal_date
from tests.compose.project import Project

GATEWAY = "http://127.0.0.1:8000"
MAILS = "http://127.0.0.1:8025/api/v1"

# Services whose users together may read all topics, and what is run in their containers.
_ONLOOKERS = {
    "notification": ("registration.events", "application.events", "review.events", "notification.events"),
    "application": ("document.events",),
}
_ONLOOKER = """
import asyncio, os, sys
from aiokafka import AIOKafkaConsumer
from shared.messaging import KafkaSettings

async def look():
    user, password = os.environ["ZAIRYU_KAFKA_USERNAME"], os.environ["ZAIRYU_KAFKA_PASSWORD"]
    settings = KafkaSettings(os.environ["ZAIRYU_KAFKA_BOOTSTRAP"], username=user, password=password)
    consumer = AIOKafkaConsumer(
        *sys.argv[1:], **settings.connection(), group_id=None, auto_offset_reset="earliest", metadata_max_age_ms=2000
    )
    await consumer.start()
    async for message in consumer:
        print(dict(message.headers).get("ce_type", b"").decode(), flush=True)

asyncio.run(look())
"""


class PublishedMails(Letters):
    """Mails as Mailpit's API shows them."""

    def __init__(self) -> None:
        super().__init__(Path())
        self._known: dict[str, EmailMessage] = {}

    def all(self) -> list[tuple[str, EmailMessage]]:
        """Every mail, oldest first, with its key."""
        ids = [each["ID"] for each in json.loads(_get(f"{MAILS}/messages?limit=500"))["messages"]]
        for key in ids:
            if key not in self._known:
                self._known[key] = email.message_from_bytes(_get(f"{MAILS}/message/{key}/raw"), policy=default)
        return [(key, self._known[key]) for key in reversed(ids)]


class Unobserved(Observer):
    """Waits for no event: mails and answers show that they passed."""

    async def expect(self, *names: str, seconds: float = 60) -> None:
        """Go on at once."""


class Walk:
    """The case, and what its staff go on to file."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._mails = PublishedMails()
        self._today = legal_date(SystemClock().now())
        self.login_id = ""

    async def whole(self, story: Story) -> str:
        """The case from the first registration to the mailed card; its receipt number."""
        secrets = {officer.login_id: self._officer(officer) for officer in people.OFFICERS}
        async with _observing(self._project) as observer:
            place = Place(GATEWAY, self._mails, observer, story, self._today, secrets, identity_provider=False)
            outcome = await play(place)
        self.login_id = outcome.login_id
        return outcome.receipt_number

    @asynccontextmanager
    async def staff(self) -> AsyncIterator[Browser]:
        """The company's staff, signed in."""
        async with Browser(GATEWAY, "staff") as staff:
            await staff.sign_in(self.login_id, people.PASSWORD)
            yield staff

    async def file(self, staff: Browser) -> str:
        """Another application with its files, until its mail is there; the receipt number."""
        place = Place(GATEWAY, self._mails, Unobserved(), Story(quiet=True), self._today, {}, identity_provider=False)
        receipt_number = await submit(staff, await prepare(place, staff))
        await place.mail(people.STAFF_MAIL, receipt_number)
        return receipt_number

    def _officer(self, officer: people.Officer) -> str:
        """An account as a site makes its first one; the secret of its authenticator app."""
        command = ["exec", "--no-TTY", "registration", "python", "-m", "services.registration.officers"]
        who = ["--login-id", officer.login_id]
        role = ["--name", officer.shown, "--role", officer.role, "--office", "TYO", "--password-stdin"]
        self._project.run(*command, "create", *who, *role, given=f"{people.PASSWORD}\n")
        address = self._project.run(*command, "second-factor", *who).split("\n")[0]
        return parse_qs(urlsplit(address).query)["secret"][0]


def _get(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=10) as answer:
        content: bytes = answer.read()
    return content


@asynccontextmanager
async def _observing(project: Project) -> AsyncIterator[Observer]:
    observer = Observer()
    processes = [
        await asyncio.create_subprocess_exec(
            *(*project.command, "exec", "--no-TTY", service, "python", "-c", _ONLOOKER, *topics),
            env=project.environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=PIPE,
        )
        for service, topics in _ONLOOKERS.items()
    ]
    watching = asyncio.gather(*(_watch(process, observer) for process in processes))
    try:
        yield observer
    finally:
        for process in processes:
            process.terminate()
            await process.wait()
        await watching


async def _watch(process: Process, observer: Observer) -> None:
    assert process.stdout is not None
    while line := await process.stdout.readline():
        if re.fullmatch(rb"[\w.]+\n", line):
            observer.add(line.decode().strip())
