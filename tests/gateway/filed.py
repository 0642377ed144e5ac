"""A clerk with a filed application: the gateway, and the services behind its pages."""

import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text

from deploy.local.object_store import ObjectStore as S3Server
from shared.auth import Actor, Role
from shared.clock import ManualClock
from shared.events.base import Event
from shared.events.review import ReviewEvent
from shared.ids import new_id
from tests.gateway.browser import Browser, Page
from tests.gateway.identity import Identity, documents, identity, trusting
from tests.services.application.people import Filer
from tests.support.service import RunningService, running
from tests.support.web import serving


@dataclass
class Clerk:
    """Somebody of an organisation who has filed `application_id`, and their browser."""

    front: Identity
    application: RunningService
    document: RunningService
    account_id: UUID
    login_id: str
    browser: Browser
    application_id: str
    officer: dict[str, str]
    examining: RunningService | None = None

    @property
    def path(self) -> str:
        return f"/applications/{self.application_id}"

    async def open(self, page: str = "", lang: str = "en") -> Page:
        """A page of the application."""
        return await self.browser.open(f"{self.path}{page}?lang={lang}")

    async def kept(self, name: str = "") -> Any:
        """The application as its service shows it."""
        answer = await self.browser.client.get(f"/api/v1/applications/{self.application_id}{name}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def review(self, event: type[ReviewEvent], **changes: Any) -> None:
        """Review reports something of the application."""
        values = {"application_id": self.application_id, "account_id": self.account_id} | changes
        await self.application.deliver(event.example(**values))

    async def correct(self, form: Mapping[str, Any], reason: str = "入力を誤ったため") -> None:
        """Correct the application by the interface."""
        page = await self.open("/withdrawal")
        sent = {
            "Origin": self.front.url,
            "X-CSRF-Token": page.form("Withdraw").fields["csrf_token"],
            "Idempotency-Key": str(new_id()),
            "If-Match": "*",
        }
        body = {"form": form, "reason": reason}
        answer = await self.browser.client.post(f"/api/v1{self.path}/corrections", json=body, headers=sent)
        assert answer.status_code == 200, answer.text

    async def filed_before(self, number: str, office: str) -> None:
        """An application for the same person that was filed a month earlier and withdrawn, at an office."""
        changes = {"id": str(new_id()), "receipt_number": number, "office": office, "state": "withdrawn"}
        copy = text(
            "INSERT INTO applications SELECT (jsonb_populate_record(a, CAST(:changes AS jsonb) ||"
            " jsonb_build_object('submitted_at', a.submitted_at - interval '30 days'))).* FROM applications a"
            " WHERE id = :id"
        )
        async with self.application.db.transaction() as session:
            await session.execute(copy, {"changes": json.dumps(changes), "id": self.application_id})

    async def exchange(self) -> None:
        """Deliver what the document service reported to the application service."""
        handled = self.application.app.state.handlers
        await self.application.deliver(*(e for e in await self.document.events() if type(e) in handled))

    async def emitted(self, kind: type[Event]) -> list[Any]:
        """The events of one kind that the application service emitted."""
        return [event for event in await self.application.events() if isinstance(event, kind)]


@asynccontextmanager
async def clerk_site(
    database: Callable[[str], Any],
    clock: ManualClock,
    store: S3Server,
    *,
    examined: bool = False,
    settings: Mapping[str, Any] | None = None,
    reviewing: Mapping[str, Any] | None = None,
    **changes: Any,
) -> AsyncIterator[Clerk]:
    """All of it, the review service as well where the application is `examined`; `settings` are the gateway's,
    `reviewing` those of the review service, `changes` of what is filed."""
    async with (
        AsyncExitStack() as more,
        documents(database("document"), clock, store) as (document, document_url),
        running("application", database("application"), clock=clock) as application,
        serving(application.app, lifespan="off") as application_url,
    ):
        urls = {"document_url": document_url, "application_url": application_url}
        examining = None
        if examined:
            examining = await more.enter_async_context(
                running("review", database("review"), clock=clock, **(reviewing or {}))
            )
            urls["review_url"] = await more.enter_async_context(serving(examining.app, lifespan="off"))
        front = await more.enter_async_context(identity(database("registration"), clock, **urls, **(settings or {})))
        officer = await front.site.officer()
        person = await front.site.person(officer)
        actor = Actor(
            kind="person",
            id=person.account_id,
            roles=frozenset({Role.ORG_STAFF}),
            organisation_id=person.organisation_id,
            session_id=new_id(),
        )
        # Filed with a token of the tests, before the services take those of registration alone.
        application_id = await Filer(application, actor).filed(**changes)
        for service in filter(None, (document, application, examining)):
            trusting(service, front.site, clock)
        await document.deliver(
            *(e for e in await front.site.service.events() if type(e) in document.app.state.handlers)
        )
        browser = await front.browser()
        await browser.sign_in(person.login_id, person.password)
        yield Clerk(
            front,
            application,
            document,
            person.account_id,
            person.login_id,
            browser,
            application_id,
            officer,
            examining,
        )
