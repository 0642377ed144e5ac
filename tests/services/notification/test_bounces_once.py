"""A mail comes back once, whenever the process dies that reads the reports, and however often their mailbox is away."""

import asyncio
import os
import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import structlog
from sqlalchemy import func, insert, select

from services.notification.channels.mail.return_paths import ReturnPaths
from services.notification.messages.domain import mailbox
from services.notification.messages.store import Delivery, Notification
from services.notification.suppression.store import ReturnedMail, UndeliverableAddress
from shared.clock import SystemClock
from shared.events.notification import NotificationFailed
from shared.ids import new_id
from shared.journal import verify
from shared.sealing import Sealer
from tests.infra.databases import TestDatabase
from tests.services.notification import undelivered as of
from tests.services.notification.imap_server import Folder, imap_server
from tests.services.notification.reports import BOUNCE
from tests.support.keys import SEALING_KEY, environment
from tests.support.lives import Lives
from tests.support.service import RunningService, running
from tests.support.waiting import eventually, reached

log = structlog.get_logger(__name__)

_MAILS = 120
_DEATHS = 6
_PASSWORD = "secret-words"


@dataclass
class Reports:
    """A mailbox of reports that can go away: its address, how many are marked as read, and what is wrong with the
    marks at the end."""

    address: str
    put: Callable[[bytes], None]
    marked: Callable[[], int]
    flagged: Callable[[], int]
    leave: Callable[[], None]
    come_back: Callable[[], None]


@pytest.fixture(params=["maildir", "imap"])
def reports(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Reports]:
    if request.param == "maildir":
        yield _maildir(tmp_path / "reports", tmp_path / "away")
        return
    folder, stack = Folder(), ExitStack()
    port = stack.enter_context(imap_server(folder, _PASSWORD))
    with stack:
        yield Reports(
            address=f"imap://reports@127.0.0.1:{port}/INBOX",
            put=folder.put,
            marked=lambda: sum(r"\Seen" in mail.flags for mail in folder.mails.values()),
            flagged=lambda: sum(r"\Flagged" in mail.flags for mail in folder.mails.values()),
            leave=stack.close,
            come_back=lambda: _ignored(stack.enter_context(imap_server(folder, _PASSWORD, port))),
        )


def _maildir(folder: Path, away: Path) -> Reports:
    for part in ("new", "cur"):
        (folder / part).mkdir(parents=True)

    def letters() -> list[str]:
        place = folder if folder.exists() else away
        return [file.name.partition(":2,")[2] for file in (place / "cur").iterdir()]

    return Reports(
        address=f"maildir:{folder}",
        put=lambda report: _ignored((folder / "new" / f"{new_id()}.report").write_bytes(report)),
        marked=lambda: sum("S" in each for each in letters()),
        flagged=lambda: sum("F" in each for each in letters()),
        leave=lambda: _ignored(folder.rename(away)),
        come_back=lambda: _ignored(away.rename(folder)),
    )


def _ignored(_: object) -> None:
    """The value of a function that is called for what it does."""


async def sent(service: RunningService, sealer: Sealer, count: int) -> list[UUID]:
    """So many mails that were accepted, each to an address of its own."""
    now = service.clock.now()
    notifications: list[dict[str, Any]] = []
    deliveries: list[dict[str, Any]] = []
    for number in range(count):
        address = f"n{number}@example.jp"
        about = {"id": new_id(), "cause_event_id": new_id(), "cause_event_type": "zairyu.LoginIdReminded.v1"}
        about |= {"template": "login_id_reminded", "party": "account", "language": "ja", "state": "sent"}
        notifications.append(about | {"round": 1, "attempts": 1, "created_at": now, "ended_at": now})
        work = {"notification_id": about["id"], "state": "done", "attempts": 1, "next_try_at": now}
        work |= {"sealed_address": sealer.seal(address), "address_key": sealer.hashes(mailbox(address))[0]}
        deliveries.append(work | {"sealed_content": "sealed"})
    async with service.db.engine.begin() as connection:
        await connection.execute(insert(Notification), notifications)
        await connection.execute(insert(Delivery), deliveries)
    return [each["id"] for each in notifications]


@pytest.fixture
def reader(service_database: Callable[[str], TestDatabase], reports: Reports) -> Iterator[tuple[Lives, TestDatabase]]:
    database = service_database("notification")
    settings = {
        "DATABASE_URL": database.url,
        "PARTS": "jobs",
        "MAIL_BOUNCE_ADDRESS": BOUNCE,
        "MAIL_REPORTS": reports.address,
        "MAIL_REPORTS_PASSWORD": _PASSWORD,
        "MAIL_REPORTS_SECONDS": "0.05",
    }
    own = {f"ZAIRYU_{name}": value for name, value in settings.items()}
    lives = Lives("tests.services.notification.reports_process", environment={**environment("notification"), **own})
    yield lives, database
    lives.close()


@pytest.mark.faults
async def test_a_mail_comes_back_once_whenever_its_reader_is_killed(
    reader: tuple[Lives, TestDatabase], reports: Reports
) -> None:
    """Most kills come between the record of some reports and their marks; every other time the mailbox is away then."""
    lives, database = reader
    seed = int(os.environ.get("ZAIRYU_TEST_SEED", random.SystemRandom().randrange(2**32)))
    chance = random.Random(seed)
    sealer = Sealer(SEALING_KEY)
    async with running("notification", database, clock=SystemClock()) as service:
        mails = await sent(service, sealer, _MAILS)
        paths = ReturnPaths(sealer, BOUNCE)
        shapes = (of.postfix, of.sendmail, of.exim)
        for message_id in mails:
            reports.put(chance.choice(shapes)(paths.of(message_id, 1)))

        async def recorded() -> int:
            async with service.db.read() as session:
                return int(await session.scalar(select(func.count()).select_from(ReturnedMail)) or 0)

        await asyncio.to_thread(lives.start)
        between = 0
        for number, moment in enumerate(sorted(chance.sample(range(1, _MAILS), _DEATHS))):
            await reached(recorded, moment)
            lives.kill()
            between += await recorded() > reports.marked()
            if number % 2:
                lives.start()
                continue
            reports.leave()
            lives.start()
            # The next one finds no mailbox, dies of that as little as of anything else, and is killed or goes on.
            await asyncio.sleep(chance.uniform(0, 0.3))
            if chance.random() < 0.5:
                lives.kill()
                lives.start()
            reports.come_back()
        await eventually(lambda: reports.marked() == _MAILS, 120)
        lives.kill()

        failed = Counter(
            event.notification_id for event in await service.events() if isinstance(event, NotificationFailed)
        )
        assert failed == dict.fromkeys(mails, 1), seed
        async with service.db.read() as session:
            reasons = await session.scalars(select(Notification.reason))
            assert Counter(reasons) == {"returned-5.1.1": _MAILS}, seed
            addresses = await session.execute(
                select(func.count(), func.sum(UndeliverableAddress.failures)).select_from(UndeliverableAddress)
            )
            assert tuple(addresses.one()) == (_MAILS, _MAILS), seed
            assert await verify(session) == [], seed
        assert await recorded() == _MAILS
        assert reports.flagged() == 0, "each report was understood, also where it was read twice"
        log.info("reports.read_twice", deaths=_DEATHS, between_record_and_mark=between, seed=seed)
