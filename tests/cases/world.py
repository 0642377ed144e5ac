"""The five services with a database each, on real HTTP, and in them one record of every kind at the office TYO.

Events go from service to service in the order in which they were recorded, without a broker.
"""

from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
from sqlalchemy import func, select

from deploy.local.object_store import ObjectStore as S3Server
from services.registration.usage_registration.commands.periodic_reports import files_owner
from services.review.cases.store import Case
from shared.auth import Actor, KeySet, Role, TokenVerifier
from shared.clock import ManualClock, legal_date
from shared.ids import new_id
from shared.journal import journal
from tests.infra.databases import TestDatabase
from tests.services.application.people import CAT3_DOCUMENTS, DECLARED, complete_form
from tests.services.document import files
from tests.services.registration.drafts import DRAFTS, complete
from tests.services.registration.life import report
from tests.services.registration.site import Person, RegistrationClient
from tests.support.service import RunningService, running
from tests.support.web import serving

# The day on which the report of a registration of November 2026 opens: everything else is filed then as well.
BEGUN, REPORTING = datetime(2026, 11, 20, 3, 0, tzinfo=UTC), datetime(2029, 9, 20, 3, 0, tzinfo=UTC)
ORDER = ("registration", "document", "application", "review", "notification")
SCOPES = frozenset({"document:read", "document:write"})
OTHER_ORGANISATION = {"corporate_number": "2120901007402", "name": "見本工業株式会社"}


@dataclass
class World:
    """The services, who acts in them, and the ids of the records by name."""

    services: dict[str, RunningService]
    urls: dict[str, str]
    client: httpx.AsyncClient
    site: RegistrationClient
    person: Person
    owner: Actor
    ids: dict[str, str] = field(default_factory=dict)
    carried: Counter[str] = field(default_factory=Counter)

    @property
    def clock(self) -> ManualClock:
        return self.site.clock

    async def ask(self, actor: Actor | None, service: str, method: str, path: str, **more: Any) -> httpx.Response:
        """One request, as `actor` or without a token: to the application itself, because both ends of a connection to
        its port compute as much again."""
        headers = {"Accept-Language": "en", "Idempotency-Key": uuid4().hex, "If-Match": "*"}
        if actor is not None:
            headers |= await self.site.bearer(actor)
        headers |= more.pop("headers", {})
        return await self.services[service].client.request(method, path, headers=headers, **more)

    async def done(self, actor: Actor | None, service: str, method: str, path: str, **more: Any) -> Any:
        """A request that must succeed."""
        answer = await self.ask(actor, service, method, path, **more)
        assert answer.status_code in (200, 201, 202, 204), f"{method} {path}: {answer.text}"
        return answer.json() if answer.content else None

    async def carry(self) -> None:
        """Deliver every event that was recorded since the last time to each service that subscribes to it."""
        for name in ORDER:
            recorded = await self.services[name].events()
            new, self.carried[name] = recorded[self.carried[name] :], len(recorded)
            for event in new:
                for other in ORDER:
                    if type(event) in self.services[other].app.state.handlers:
                        await self.services[other].deliver(event)

    async def upload(self, actor: Actor, *codes: str, kind: str = "pdf") -> str:
        """A file of `actor`, of which every service has heard."""
        data = files.jpeg() if kind == "photo" else files.pdf(1 + self.carried.total() % 7)
        form = {"kind": kind, **({"codes": list(codes)} if codes else {})}
        sent = {"file": ("file", data)}
        found: str = (await self.done(actor, "document", "POST", "/v1/documents", data=form, files=sent))["id"]
        await self.carry()
        return found

    async def looks(self, service: str, actor_id: UUID) -> int:
        """The number of lines of a service's journal that name this actor."""
        async with self.services[service].db.read() as session:
            return await session.scalar(select(func.count()).where(journal.c.actor_id == actor_id)) or 0


def for_record(record_id: UUID, role: Role = Role.ORG_STAFF) -> Actor:
    """The holder of an upload token for the files of one record."""
    return Actor(kind="person", id=record_id, roles=frozenset({role}), scopes=SCOPES)


async def file_application(world: World, name: str, address: str, *, card: str) -> None:
    """An application of the owner with its file and case, and a draft that stays one, under `name`."""
    own, day = world.owner, legal_date(world.clock.now())
    photo, pdf = await world.upload(own, kind="photo"), await world.upload(own, "RES_TAX")
    body = {
        "procedure": "EXTEND",
        "status_of_residence": "ENG_HUM_INT",
        "form": complete_form(day, card=card, jp_address=address),
        "notify": {"email": "an.nguyen@example.com", "language": "en"},
    }
    begun = (await world.done(own, "application", "POST", "/v1/applications", json=body))["id"]
    attached = {"photo_id": photo, "documents": [{"document_id": pdf, "codes": list(CAT3_DOCUMENTS)}]}
    await world.done(own, "application", "PUT", f"/v1/applications/{begun}/documents", json=attached)
    await world.done(own, "application", "POST", f"/v1/applications/{begun}/submit", json=DECLARED)
    await world.carry()
    async with world.services["review"].db.read() as session:
        case = await session.scalar(select(Case).where(Case.application_id == UUID(begun)))
    assert case is not None
    world.ids |= {name: begun, f"{name} file": pdf, f"{name} photo": photo, f"{name} case": str(case.id)}


async def _begin(world: World) -> None:
    """The draft of an application with a file, and a usage registration and its draft."""
    own = world.owner
    body = {"procedure": "EXTEND", "status_of_residence": "ENG_HUM_INT", "form": {}, "notify": {"language": "en"}}
    draft = (await world.done(own, "application", "POST", "/v1/applications", json=body))["id"]
    for name in ("own filter", "shared filter"):
        kept: dict[str, Any] = {"name": name, "query": {}, "shared": name == "shared filter"}
        world.ids[name] = (await world.done(own, "application", "POST", "/v1/filters", json=kept))["id"]
    pdf = await world.upload(own, "RES_TAX")
    attached = {"photo_id": None, "documents": [{"document_id": pdf, "codes": ["RES_TAX"]}]}
    await world.done(own, "application", "PUT", f"/v1/applications/{draft}/documents", json=attached)
    sent = await world.done(own, "application", "POST", "/v1/imports", files={"file": ("rows.csv", b"x")})
    archive = await world.done(own, "document", "POST", "/v1/archives", files={"file": ("files.zip", b"x")})
    parts = {"file_name": "a.pdf", "size": 1, "sha256": "0" * 64}
    upload = (await world.done(own, "document", "POST", "/v1/uploads", json=parts))["id"]
    world.ids |= {"draft": draft, "draft file": pdf, "import": sent["id"], "archive": archive["id"], "upload": upload}
    for name in ("registration draft", "registration"):
        begun = await world.done(own, "registration", "POST", DRAFTS, json={"language": "ja", "role": "org_staff"})
        world.ids[name] = begun["id"]
        world.ids[f"{name} file"] = await world.upload(for_record(UUID(begun["id"])), "UA_PLEDGE")
    pledge = {"code": "UA_PLEDGE", "document_id": world.ids["registration file"]}
    content = complete(organisation=OTHER_ORGANISATION, documents=["UA_CHECK", "UA_FORM", pledge, "UA_CATEGORY"])
    place = f"{DRAFTS}/{world.ids['registration']}"
    await world.done(own, "registration", "PUT", place, json=content)
    await world.done(own, "registration", "POST", f"{place}/submit")


async def _report(world: World) -> None:
    own = world.owner
    assert own.organisation_id is not None
    holder = for_record(files_owner(world.site.context, own.organisation_id, "org_staff"))
    sent = await world.upload(holder, "UA_REPORT")
    documents = ["UA_CHECK", {"code": "UA_REPORT", "document_id": sent}, "UA_USERLIST", "UA_PLEDGE", "UA_CATEGORY"]
    body = report(documents=documents)
    made = await world.done(own, "registration", "POST", "/v1/periodic-reports", json=body)
    world.ids |= {"report": made["id"], "report file": sent}


@asynccontextmanager
async def opened(database: Callable[[str], TestDatabase], object_store: S3Server) -> AsyncIterator[World]:
    """The world with its records: filed at TYO under `filed`, at OSA under `elsewhere`."""
    clock = ManualClock(BEGUN)
    settings: dict[str, dict[str, Any]] = {
        "document": {
            "s3_endpoint": object_store.endpoint,
            "s3_access_key": object_store.access_key,
            "s3_secret_key": object_store.secret_key,
            "s3_bucket": object_store.bucket,
            "check_processes": 1,
        },
        "notification": {"smtp_host": "127.0.0.1", "smtp_port": 1},
    }
    async with AsyncExitStack() as stack:
        services: dict[str, RunningService] = {}
        for name in ORDER:
            started = running(name, database(name), clock=clock, **settings.get(name, {}))
            services[name] = await stack.enter_async_context(started)
        site = RegistrationClient(services["registration"], clock)
        keys = KeySet(site.signing.document, clock=clock)
        await keys.refresh()
        for name in ORDER[1:]:
            services[name].app.state.verifier = TokenVerifier(site.context.settings.token_issuer, keys, clock)
        urls = {n: await stack.enter_async_context(serving(s.app, lifespan="off")) for n, s in services.items()}
        client = await stack.enter_async_context(httpx.AsyncClient(timeout=60))
        person: Person = await site.person()
        owner = Actor(
            kind="person",
            id=person.account_id,
            organisation_id=person.organisation_id,
            roles=frozenset({Role.ORG_STAFF}),
            session_id=new_id(),
        )
        world = World(services, urls, client, site, person, owner)
        await world.carry()
        clock.advance(REPORTING - clock.now())
        await keys.refresh()
        world.ids |= {"account": str(person.account_id), "organisation": str(person.organisation_id)}
        await _begin(world)
        await _report(world)
        await file_application(world, "filed", "東京都千代田区霞が関1-1-1", card="AB12345678CD")
        await file_application(world, "elsewhere", "大阪府大阪市北区梅田1-1-1", card="CD12345678EF")
        await world.carry()
        yield world
