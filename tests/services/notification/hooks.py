"""Webhooks under test: the service, and a real receiver that verifies with the Standard Webhooks library."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx
from sqlalchemy import select
from standardwebhooks.webhooks import Webhook
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.notification.webhooks.sender import WebhookSender
from services.notification.webhooks.store.tables import WebhookMessage
from shared.auth import Actor, Role
from shared.clock import ManualClock
from shared.events.application import ApplicationSubmitted
from shared.events.base import Event
from shared.events.registration import AccountActivated
from shared.events.review import ReviewStarted
from shared.ids import new_id
from shared.messaging import Envelope
from shared.sealing import Sealer
from tests.support import tokens
from tests.support.service import SEALING_KEY, RunningService, running
from tests.support.web import serving

Answering = Callable[["Received"], Response]


@dataclass(frozen=True)
class Received:
    """A message as it came: its headers and its body as bytes."""

    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def content(self) -> dict[str, Any]:
        content: dict[str, Any] = json.loads(self.body)
        return content

    @property
    def about(self) -> str:
        """The application that it is about."""
        return str(self.content["data"]["application_id"])

    def verified(self, *secrets: str) -> dict[str, Any]:
        """The content, verified by the library with each of `secrets`."""
        for secret in secrets:
            Webhook(secret).verify(self.body, dict(self.headers))
        return self.content


@dataclass
class Receiver:
    """A receiver on this machine. `answer` decides what each message is answered; `hold` keeps all answers back."""

    url: str
    received: list[Received] = field(default_factory=list)
    answer: Answering = lambda _: Response(status_code=204)
    may: asyncio.Event = field(default_factory=asyncio.Event)


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    receiver = Receiver("")
    receiver.may.set()

    async def take(request: Request) -> Response:
        received = Received(request.url.path, dict(request.headers), await request.body())
        receiver.received.append(received)
        await receiver.may.wait()
        return receiver.answer(received)

    app = Starlette(routes=[Route("/{path:path}", take, methods=["POST"])])
    async with serving(app) as base:  # type: ignore[arg-type]
        receiver.url = f"{base}/hook"
        yield receiver
        receiver.may.set()


@dataclass
class Hooks:
    """The notification service with an organisation whose webhooks are tried."""

    service: RunningService
    clock: ManualClock
    organisation: UUID = field(default_factory=new_id)
    account: UUID = field(default_factory=new_id)
    sealer: Sealer = field(default_factory=lambda: Sealer(SEALING_KEY))

    @property
    def sender(self) -> WebhookSender:
        sender: WebhookSender = self.service.app.state.webhook_sender
        return sender

    @property
    def staff(self) -> Actor:
        return Actor(
            kind="person",
            id=self.account,
            organisation_id=self.organisation,
            roles=frozenset({Role.ORG_STAFF}),
            session_id=new_id(),
        )

    def system(self, *scopes: str) -> Actor:
        """The organisation's own system with these scopes."""
        client = new_id()
        return Actor(
            kind="client",
            id=client,
            organisation_id=self.organisation,
            roles=frozenset({Role.ORG_STAFF}),
            client_id=client,
            on_behalf_of=self.account,
            scopes=frozenset(scopes or {"notification:read", "notification:write"}),
        )

    async def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        actor: Actor | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        sent = tokens.bearer(actor or self.staff, self.clock) | {"Idempotency-Key": str(new_id())} | dict(headers or {})
        return await self.service.client.request(method, f"/v1/webhooks{path}", json=body, headers=sent)

    async def add(self, url: str, *types: str, actor: Actor | None = None) -> dict[str, Any]:
        """A webhook with its secret."""
        body = {"name": "人事システム", "url": url, "types": list(types)}
        answer = await self.ask("POST", "", body, actor=actor)
        assert answer.status_code == 201, answer.text
        added: dict[str, Any] = answer.json()
        return added

    async def deliver(self, event: Event, event_id: UUID | None = None) -> UUID:
        """Give `event` to its handler as the consumer does; the id under which it came."""
        envelope = Envelope.of(event, id=event_id or new_id(), source="/zairyu/test", time=self.clock.now())
        async with self.service.app.state.runtime.db.transaction() as session:
            await self.service.app.state.handlers[type(event)](session, envelope, event)
        return envelope.id

    async def know(self, account: UUID | None = None) -> None:
        """Have the address of the account known."""
        event = AccountActivated.example(
            account_id=account or self.account,
            organisation_id=self.organisation,
            sealed_login_id=self.sealer.seal("AB12345678"),
            activated_at=self.clock.now(),
        )
        recipient = event.recipient.model_copy(update={"sealed_address": self.sealer.seal("a@example.jp")})
        await self.deliver(event.model_copy(update={"recipient": recipient}))

    async def file(
        self, application: UUID | None = None, *, owner: UUID | None = None, role: str = "org_staff"
    ) -> UUID:
        """An application of the organisation; its id."""
        application = application or new_id()
        event = ApplicationSubmitted.example(
            application_id=application,
            account_id=self.account,
            owner_id=owner or self.organisation,
            organisation_id=owner or self.organisation,
            role=role,
            applicant=None,
        )
        await self.deliver(event)
        return application

    async def begin(self, application: UUID) -> UUID:
        """The examination of an application begins; the id of the event."""
        return await self.deliver(ReviewStarted.example(application_id=application, account_id=self.account))

    async def send_all(self) -> None:
        while await self.sender.send_due():
            pass

    async def messages(self) -> list[WebhookMessage]:
        async with self.service.db.read() as session:
            return list(await session.scalars(select(WebhookMessage).order_by(WebhookMessage.position)))


@asynccontextmanager
async def opened(database: Any, **settings: Any) -> AsyncIterator[Hooks]:
    """The service with a clock that begins now: the library looks at the real one."""
    clock = ManualClock(datetime.now(UTC).replace(microsecond=0))
    values = {"public_url": "https://zairyu.example.jp", "webhook_loopback": True, **settings}
    async with running("notification", database, clock=clock, **values) as service:
        hooks = Hooks(service, clock)
        await hooks.know()
        yield hooks
