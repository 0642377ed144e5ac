"""Deeds of people, events and clocks at each service: the steps whose statements are watched.

`end` brings records to their end: tables are full of those. `begin` leaves some at each open state. `look` reads.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AbstractContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count
from typing import Any
from unittest.mock import patch
from uuid import UUID

from sqlalchemy import select

from deploy.local.object_store import ObjectStore
from deploy.local.postgres import Postgres
from deploy.local.smtp import Mailbox
from services.notification.delivery.sender import Sender
from services.review.cases.domain.states import OPEN, State
from shared.auth import Actor, Role
from shared.clock import ManualClock
from shared.events.review import CardDelivered, CardMailed, FeePaid, ReviewCompleted, ReviewStarted
from shared.ids import new_id
from shared.journal import journal, rounds
from shared.messaging import MemoryBroker, MemoryProducer, Relay, inbox
from shared.timers import Due, TimerWorker
from shared.work import RequestIdentity
from tests.infra.databases import TestDatabase
from tests.services.application.people import Filer, complete_form
from tests.services.document.conftest import Documents
from tests.services.notification.conftest import MailClient
from tests.services.notification.test_inbox import filed
from tests.services.registration.site import RegistrationClient
from tests.services.review.conftest import NOON
from tests.services.review.desk import COE_AT, Desk
from tests.support.letters import fresh
from tests.support.service import RunningService, running
from tests.support.tokens import bearer, officer, person

Step = Callable[[str], AbstractContextManager[None]]
Steps = Callable[[Step], Awaitable[None]]
_BATCH = 500
# Jobs that ask another server about each of many records that were made up: nothing of them grows with the tables.
_ELSEWHERE = {"job:stamp_seals"}


@dataclass(frozen=True, slots=True)
class Servers:
    """The servers of the services beside their own databases."""

    postgres: Postgres
    mailbox: Mailbox
    object_store: ObjectStore


@dataclass
class World:
    """One service with its clock, the table that is filled, and whether `people` stay few while it is."""

    service: RunningService
    clock: ManualClock
    table: str
    end: Steps
    begin: Steps
    look: Steps
    people: bool = True

    async def run_jobs(self, step: Step) -> None:
        """Each recurring job once, and the timer that is due first."""
        runtime = self.service.app.state.runtime
        for worker in self.service.app.state.timer_workers:
            for kind, job in worker._jobs.items():
                if kind in _ELSEWHERE:
                    continue
                async with runtime.db.transaction() as session:
                    work = runtime.commands.begin(session, Actor.system("growth"), RequestIdentity("growth"))
                    with step(kind):
                        await job.run(work, Due(kind, UUID(int=0), self.clock.now(), {}, 0))
                        await work.finish()
            with step("timers: the one that is due first"):
                await worker.work_one()

    async def pass_events(self, step: Step) -> None:
        """A batch of events taken, and what was recorded sent."""
        runtime = self.service.app.state.runtime
        async with runtime.db.transaction() as session:
            with step("inbox: 500 events taken"):
                await inbox.record(session, self.service.name, [new_id() for _ in range(_BATCH)])
        async with runtime.db.connection() as connection:
            with step("outbox: events sent"):
                await Relay(runtime.db, MemoryProducer(MemoryBroker()))._move(connection)

    async def audit(self, step: Step) -> None:
        """An auditor's searches, and the page of an operator."""
        auditor, operator = officer(Role.AUDITOR), fresh(officer(Role.OPERATOR), self.clock)
        root = f"/v1/{self.service.name}/operations"
        async with self.service.db.read() as session:
            line = (await session.execute(select(journal).order_by(journal.c.position.desc()).limit(1))).one()
        day = (self.clock.now() - timedelta(days=1)).isoformat()
        for what, parameters in {
            "of one subject": {"aggregate_id": str(line.aggregate_id)},
            "of one actor": {"actor_id": str(line.actor_id or new_id())},
            "of one action since yesterday": {"action": line.action, "since": day},
            "of a day": {"since": day},
        }.items():
            with step(f"journal: search {what}"):
                await self.get(auditor, f"{root}/audit", **parameters)
        with step("operations: state of the service"):
            await self.get(operator, f"{root}/state")

    async def get(self, who: Actor, path: str, **parameters: Any) -> Any:
        """The answer of the service."""
        headers = await self.headers(who)
        answer = await self.service.client.get(path, params=parameters, headers=headers)
        assert answer.status_code == 200, (path, answer.text)
        return answer.json()

    async def headers(self, who: Actor) -> dict[str, str]:
        """Those of a request of somebody."""
        if self.service.name == "registration":
            return await RegistrationClient(self.service, self.clock).bearer(who)
        return bearer(who, self.clock)


async def _rest(_: object) -> None:
    """In place of a worker or sender: they work when a step says so."""
    await asyncio.Event().wait()


@asynccontextmanager
async def _service(name: str, database: TestDatabase, clock: ManualClock, **settings: Any) -> AsyncIterator[Any]:
    resting = patch.object(TimerWorker, "run", _rest), patch.object(Sender, "run", _rest)
    # Less of the journal at a time: a slow machine has a minute for it.
    with resting[0], resting[1], patch.object(rounds, "_ROWS", 200):
        async with running(name, database, clock=clock, parts="api,jobs", **settings) as service:
            yield service


@asynccontextmanager
async def _review(database: TestDatabase, _: Servers) -> AsyncIterator[World]:
    clock = ManualClock(NOON)
    async with _service("review", database, clock) as service:
        desk = Desk(service, clock)

        async def to(step: Step, *states: State) -> None:
            for state in states:
                with step(f"a case on its way to {state.value.lower().replace('_', ' ')}"):
                    await desk.at(state, **COE_AT.get(state, {}))

        async def look(step: Step) -> None:
            case = await desk.at(State.UNDER_REVIEW)
            every = [state.value for state in OPEN]
            for what, path, parameters in (
                ("open cases", "", {"state": every, "limit": 50}),
                ("own cases", "", {"state": every, "limit": 50, "mine": True}),
                ("cases not started", "", {"wait": "not_started", "limit": 50}),
                ("a receipt number", "", {"receipt_number": case.receipt_number}),
                ("counts", "/counts", {}),
                ("a case", f"/{case.id}", {}),
                ("a case by its application", f"/by-application/{case.application_id}", {}),
                ("the file of a case", f"/{case.id}/file", {}),
                ("the timeline of a case", f"/{case.id}/timeline", {}),
            ):
                with step(f"read: {what}"):
                    answer = await desk.get(desk.examiner, path, **parameters)
                assert answer.status_code == 200, answer.text
            with step("next case"):
                headers = bearer(desk.colleague, clock) | {"Idempotency-Key": str(new_id())}
                answer = await service.client.post("/v1/cases/next", headers=headers)
            assert answer.status_code == 200, answer.text

        over = (State.DELIVERED, State.DECIDED_REFUSE, State.WITHDRAWN, State.CERTIFICATE_ISSUED)
        yield World(service, clock, "cases", lambda step: to(step, *over), lambda step: to(step, *OPEN), look)


@asynccontextmanager
async def _application(database: TestDatabase, _: Servers) -> AsyncIterator[World]:
    clock = ManualClock(NOON)
    async with _service("application", database, clock) as service:
        reader = Filer(service)

        cards = count(10_000_000)

        def another() -> dict[str, Any]:
            return {"form": complete_form(NOON.date(), f"AB{next(cards)}CD")}

        async def end(step: Step) -> None:
            filer = Filer(service)
            with step("an application on its way to its end"):
                application_id = await filer.filed(**another())
                for event in (ReviewStarted, ReviewCompleted, FeePaid, CardMailed, CardDelivered):
                    await filer.review(event, application_id)

        async def begin(step: Step) -> None:
            with step("a draft"):
                draft = await reader.ready(**another())
            with step("an application filed"):
                answer = await reader.submit(draft)
            assert answer.status_code == 200, answer.text
            with step("events of review"):
                await reader.review(ReviewStarted, draft)
                await reader.review(ReviewCompleted, draft)
            other = await reader.filed(**another())
            with step("an application withdrawn"):
                answer = await reader.post(f"/{other}/withdraw", {"reason": "moved"})
            assert answer.status_code == 200, answer.text

        async def look(step: Step) -> None:
            application_id = await reader.filed(**another())
            for what, path in {
                "own applications with counts": "?limit=20&counts=true",
                "own applications by a name": "?limit=20&q=NGUYEN",
                "own applications by a mistyped name": "?limit=20&q=NGUXEN",
                "an application": f"/{application_id}",
                "its receipt": f"/{application_id}/receipt",
                "its timeline": f"/{application_id}/timeline",
                "stays": "/../stays?limit=50",
                "stays by month": "/../stays/counts",
            }.items():
                with step(f"read: {what}"):
                    await reader.get(path)

        yield World(service, clock, "applications", end, begin, look)


@asynccontextmanager
async def _notification(database: TestDatabase, servers: Servers) -> AsyncIterator[World]:
    clock, mailbox = ManualClock(NOON), servers.mailbox
    settings = {"smtp_host": mailbox.host, "smtp_port": mailbox.port, "public_url": "https://zairyu.example.jp"}
    async with _service("notification", database, clock, **settings) as service:
        post, reader = MailClient(service, clock, mailbox), person(Role.SELF)

        async def end(step: Step) -> None:
            account, application = new_id(), new_id()
            with step("an account and an application, messages sent"):
                await post.know(account, application)
                example = {"application_id": application, "account_id": account}
                await post.deliver(ReviewStarted.example(**example))
                await post.deliver(ReviewCompleted.example(**example))
                await post.send_all()

        async def begin(step: Step) -> None:
            application = await filed(post, reader)
            with step("a message recorded"):
                await post.deliver(ReviewCompleted.example(application_id=application, account_id=reader.id))
            with step("messages claimed and sent"):
                await post.send_all()
            with step("a message that waits"):
                await post.deliver(ReviewStarted.example(application_id=application, account_id=reader.id))

        async def look(step: Step) -> None:
            world = World(service, clock, "", end, begin, look)
            operator = fresh(officer(Role.OPERATOR), clock)
            messages = (await world.get(reader, "/v1/inbox"))["items"]
            for what, who, path in (
                ("own messages", reader, "/v1/inbox"),
                ("own unread messages", reader, "/v1/inbox/unread"),
                ("a message", reader, f"/v1/inbox/{messages[0]['id']}"),
                ("messages, newest first", operator, "/v1/notifications"),
            ):
                with step(f"read: {what}"):
                    await world.get(who, path)

        yield World(service, clock, "notifications", end, begin, look)


@asynccontextmanager
async def _registration(database: TestDatabase, _: Servers) -> AsyncIterator[World]:
    clock = ManualClock(NOON)
    async with _service("registration", database, clock) as service:
        site = RegistrationClient(service, clock)
        people: list[Any] = []

        async def end(step: Step) -> None:
            number = new_id().hex[-10:]
            office = await site.officer(login_id=f"approver.{number}")
            with step("a usage registration approved, a password set"):
                people.append(await site.person(office, applicant={"email": f"{number}@example.jp"}))

        async def begin(step: Step) -> None:
            with step("a usage registration handed in"):
                await site.submit(applicant={"email": f"{new_id().hex[-10:]}@example.jp"})
            with step("a sign-in"):
                secret = await site.session(people[-1])
            with step("a session exchanged for a token"):
                await site.exchange(secret)
            with step("a sign-in with a wrong password"):
                await site.sign_in(people[-1].login_id, "wrong")

        async def look(step: Step) -> None:
            office = await site.officer(login_id=f"approver.{new_id().hex[-10:]}")
            own = await site.signed_in(people[-1])
            for what, who, path in (
                ("the own account", own, "/v1/accounts/me"),
                ("the own sessions", own, "/v1/accounts/me/sessions"),
                ("registrations that wait", office, "/v1/usage-registrations"),
            ):
                with step(f"read: {what}"):
                    answer = await site.get(path, who)
                assert answer.status_code == 200, answer.text

        yield World(service, clock, "accounts", end, begin, look, people=False)


@asynccontextmanager
async def _document(database: TestDatabase, servers: Servers) -> AsyncIterator[World]:
    clock, store = ManualClock(NOON), servers.object_store
    settings = {
        "s3_endpoint": store.endpoint,
        "s3_access_key": store.access_key,
        "s3_secret_key": store.secret_key,
        "s3_bucket": store.bucket,
        "check_processes": 1,
    }
    async with _service("document", database, clock, **settings) as service:
        documents = Documents(service, clock, person(Role.ORG_STAFF, organisation=True))

        async def end(step: Step) -> None:
            other = Documents(service, clock, replace(documents.owner, id=new_id(), organisation_id=new_id()))
            with step("a file uploaded and checked"):
                await other.uploaded()

        async def look(step: Step) -> None:
            document = (await documents.uploaded())["id"]
            for what, path in {"own files": "", "a file": f"/{document}", "a link": f"/{document}/link"}.items():
                with step(f"read: {what}"):
                    answer = await documents.get(path)
                assert answer.status_code == 200, answer.text
            with step("a file deleted"):
                answer = await documents.delete(document)
            assert answer.status_code == 204, answer.text

        yield World(service, clock, "documents", end, end, look)


WORLDS: dict[str, Callable[[TestDatabase, Servers], AbstractAsyncContextManager[World]]] = {
    "registration": _registration,
    "application": _application,
    "document": _document,
    "review": _review,
    "notification": _notification,
}
