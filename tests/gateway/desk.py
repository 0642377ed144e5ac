"""An office before the gateway: officers at browsers without scripts, and cases of filed applications."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from deploy.local.object_store import ObjectStore as S3Server
from services.document.files.domain import Status
from services.document.files.store.documents import Document
from services.registration.officers.commands.creation import create_officer
from services.review.cases.store import Case
from services.review.jobs import TIMERS
from shared.auth import Role
from shared.clock import ManualClock
from shared.events.notification import NotificationFailed
from shared.ids import new_id
from shared.timers import TimerWorker
from tests.gateway.browser import Browser, Page
from tests.gateway.filed import Clerk, clerk_site
from tests.gateway.portal import exchange_events
from tests.services.registration.site import PASSWORD, App
from tests.services.review.desk import filed
from tests.support.service import RunningService

# An office has many; gateways limit browsers.
MANY = {"requests_per_minute": 100_000, "session_requests_per_minute": 100_000, "sign_ins_per_minute": 1_000}


REQUESTED = {"code-1": "RES_TAX", "message-1": "令和7年度分"}


@dataclass
class Office:
    """The officers of one office at work, by the name of each."""

    clerk: Clerk
    review: RunningService
    case_id: str
    browsers: dict[str, Browser] = field(default_factory=dict)
    apps: dict[str, tuple[str, App]] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)

    async def officer(self, name: str, *roles: Role, office: str = "TYO") -> Browser:
        """An officer's browser, signed in with both steps."""
        site = self.clerk.front.site
        login_id = f"officer-{len(self.browsers)}.tyo"
        email = f"{login_id}@example.go.jp"
        created = await create_officer(
            site.context, login_id=login_id, name=name, roles=roles, office=office, password=PASSWORD, email=email
        )
        self.ids[name] = str(created.account_id)
        app = await site.app_of(login_id)
        self.apps[name] = login_id, app
        browser = self.browsers[name] = await self.clerk.front.browser()
        page = await browser.sign_in(login_id, PASSWORD)
        self.landed = await browser.send(page, "Check the code", code=app.next())
        return browser

    async def again(self, name: str) -> None:
        """Sign in again: after days no session is left."""
        login_id, app = self.apps[name]
        page = await self.browsers[name].sign_in(login_id, PASSWORD, lang="en")
        await self.browsers[name].send(page, "Check the code", code=app.next())

    async def exchange(self) -> None:
        """Deliver the events of each service to the others."""
        await exchange_events(self.clerk.application, self.review, self.clerk.document)

    async def pass_time(self, step: timedelta) -> None:
        """Move the clock, and work through the timers of the review service that are due then."""
        self.clerk.front.clock.advance(step)
        worker = TimerWorker(self.review.app.state.runtime.commands, TIMERS)
        while await worker.work_one():
            pass

    async def open_case(self, **changes: Any) -> str:
        """Another case, of an application that only review knows; its id."""
        now = self.clerk.front.clock.now().isoformat()
        own = {"stay_expiry": "2027-01-31", "legal_date": "2026-11-20", "submitted_at": now}
        event = filed(**(own | changes))
        await self.review.deliver(event)
        return str(await self._case_of(event.application_id))

    async def misses_a_message(self, case_id: str) -> None:
        """A mail about documents, with a day to act on, did not reach who filed."""
        async with self.review.db.read() as session:
            case = await session.get(Case, UUID(case_id))
        assert case is not None
        about = {"application_id": case.application_id, "account_id": case.account_id, "notification_id": new_id()}
        kind = {"template": "documents_requested", "party": "account", "must_reach": "documents"}
        await self.review.deliver(NotificationFailed.example(**(about | kind | {"reason_code": "returned-5.1.1"})))

    async def state(self, case_id: str | None = None) -> str:
        """The state of a case."""
        async with self.review.db.read() as session:
            found: str = await session.scalar(select(Case.state).where(Case.id == UUID(case_id or self.case_id)))
        return found

    async def step(self, name: str, page: str, button: str, case_id: str | None = None, **typed: str) -> Page:
        """Take a step on its page."""
        browser = self.browsers[name]
        opened = await browser.open(f"/desk/cases/{case_id or self.case_id}/{page}?lang=en")
        assert opened.path.split("?")[0].endswith(f"/{page}"), (opened.path, opened.shown)
        return await browser.send(opened, button, **typed)

    async def submit_file(self, data: bytes) -> str:
        """The applicant submits a file that the examiner asked for; its id."""
        await self.step("examiner", "start", "Start")
        await self.step("examiner", "document-request", "Request documents", due_on="2026-12-04", **REQUESTED)
        await self.exchange()
        page = await self.clerk.open("/requested-documents")
        page = await self.clerk.browser.upload(page, page.form_to("/0", codes="RES_TAX"), data)
        await self.exchange()
        await self.clerk.browser.send(page, "Submit all of it")
        await self.exchange()
        async with self.clerk.document.db.read() as session:
            found = await session.scalar(select(Document.id).where(Document.status == Status.ACCEPTED))
        return str(found)

    async def _case_of(self, application_id: UUID) -> UUID:
        async with self.review.db.read() as session:
            found: UUID = await session.scalar(select(Case.id).where(Case.application_id == application_id))
        return found


@asynccontextmanager
async def office_site(
    database: Callable[[str], Any],
    clock: ManualClock,
    store: S3Server,
    reviewing: Mapping[str, Any] | None = None,
    **settings: Any,
) -> AsyncIterator[Office]:
    """All services behind the gateway with one filed application, of which review has the case."""
    async with clerk_site(
        database, clock, store, examined=True, settings=MANY | settings, reviewing=reviewing
    ) as clerk:
        assert clerk.examining is not None
        office = Office(clerk, clerk.examining, "")
        await office.exchange()
        office.case_id = str(await office._case_of(UUID(clerk.application_id)))
        yield office


EXAMINING: Mapping[str, tuple[Role, ...]] = {
    "examiner": (Role.EXAMINER,),
    "chief": (Role.CHIEF_EXAMINER,),
    "card office": (Role.CARD_OFFICE,),
}
