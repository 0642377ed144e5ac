"""An office that sends its files to running services: a workbook, a ZIP of photos and PDFs, and the press to file.

Application and document run as processes of their own on the servers of the local stack. Registration's part is played:
a key of the tests, published as registration does, and its word that the account may file.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI
from pydantic import SecretStr

from deploy.local.environment import environment
from deploy.local.ports import Ports
from deploy.local.stack import LocalStack
from deploy.local.system import System, bring_up_to_date
from services.application.sheets.templates import FilledRow, SheetPlan, plan_for, template_xlsx
from shared.auth import Actor, Role
from shared.auth.issuing import jwks
from shared.clock import SystemClock, legal_date
from shared.events.registration import AccountActivated
from shared.http.forwarded import stated
from shared.ids import new_id
from shared.messaging import Envelope, EventKeys, KafkaProducer, KafkaSettings, encode
from tests.services.application.people import CAT3_DOCUMENTS, DECLARED, complete_form
from tests.services.document import files
from tests.services.document.test_archives import zipped
from tests.support import tokens
from tests.support.web import serving

SERVICES = ("application", "document")
_SETTINGS = {"ZAIRYU_TOKEN_ISSUER": tokens.ISSUER}
_LOOK_SECONDS = 1.0
_AT_A_TIME = 1000


@dataclass
class Office:
    """Somebody who files for a company, and what they do."""

    system: System
    client: httpx.AsyncClient
    actor: Actor = field(default_factory=lambda: tokens.person(Role.ORG_STAFF, organisation=True))

    @property
    def today(self) -> date:
        return legal_date(SystemClock().now())

    async def activate(self) -> None:
        """Registration tells that the account may file."""
        settings, now = environment("registration", self.system.stack), SystemClock().now()
        event = AccountActivated.example(
            account_id=self.actor.id,
            organisation_id=self.actor.organisation_id,
            roles=(Role.ORG_STAFF.value,),
            role=Role.ORG_STAFF.value,
            valid_until=None,
            activated_at=now,
        )
        keys = EventKeys.parse("registration", settings["ZAIRYU_EVENT_KEY"], settings["ZAIRYU_EVENT_PUBLIC_KEYS"])
        message = encode(event, Envelope.of(event, id=new_id(), source=keys.source, time=now))
        producer = KafkaProducer(KafkaSettings(self.system.stack.broker.bootstrap, idempotence=False, partitions=1))
        await producer.send([keys.sign(message)])
        await producer.stop()

    async def send(self, service: str, path: str, name: str, content: bytes) -> str:
        """Send a file; the id of what is made of it."""
        answer = await self._request("POST", service, path, files={"file": (name, content)})
        return str(answer["id"])

    async def post(self, path: str, body: Any = None) -> Any:
        return await self._request("POST", "application", path, json=body)

    async def wait(self, service: str, path: str, *states: str) -> Any:
        """Wait until it is in one of the states; returns it."""
        while (found := await self._request("GET", service, path))["state"] not in states:
            await asyncio.sleep(_LOOK_SECONDS)
        return found

    async def attach(self, import_id: str, archive_id: str) -> int:
        """Attach the files of an archive to the rows of an import; how many."""
        attached, cursor = 0, ""
        while cursor is not None:
            after = f"&cursor={cursor}" if cursor else ""
            page = await self._request("GET", "document", f"/archives/{archive_id}/entries?limit=200{after}")
            named = [{name: each[name] for name in ("key", "document_id", "codes")} for each in page["items"]]
            attached += (await self.post(f"/imports/{import_id}/files", {"files": named}))["attached"]
            cursor = page["next"]
        return attached

    async def file(self, rows: int, import_id: str, archive_id: str) -> None:
        """Attach the files, and file every row."""
        await self.wait("document", f"/archives/{archive_id}", "checked")
        await self.wait("application", f"/imports/{import_id}", "checked")
        attached = await self.attach(import_id, archive_id)
        assert attached == 2 * rows, f"{attached} of {2 * rows} files were attached"
        await self.post(f"/imports/{import_id}/submit", DECLARED)
        found = await self.wait("application", f"/imports/{import_id}", "finished")
        assert found["counts"]["filed"] == rows, found["counts"]

    async def _request(self, method: str, service: str, path: str, **options: Any) -> Any:
        key = SecretStr(environment("document", self.system.stack)["ZAIRYU_GATEWAY_KEY"])
        headers = tokens.bearer(self.actor) | stated(key, "127.0.0.1") | {"Idempotency-Key": str(new_id())}
        answer = await self.client.request(method, f"{self.system.url(service)}/v1{path}", headers=headers, **options)
        assert answer.is_success, answer.text
        return answer.json()


def workbook(rows: int, today: date) -> bytes:
    """A template with so many complete rows."""
    plan = plan_for("EXTEND", "ENG_HUM_INT", today)
    assert plan is not None
    filled = [
        FilledRow(f"E-{number}", complete_form(today, f"AB{number:08}CD"), notify_email="an.nguyen@example.com")
        for number in range(rows)
    ]
    return template_xlsx([SheetPlan(plan, filled)], "en")


def papers(rows: int) -> bytes:
    """A ZIP with a photo and a PDF of three pages for each row; no two files are the same."""
    photo, pdf = files.jpeg(), files.pdf(3)
    content = {f"E-{number}_PHOTO.jpg": photo + b"%d" % number for number in range(rows)}
    codes = "+".join(CAT3_DOCUMENTS)
    return zipped(content | {f"E-{number}_{codes}.pdf": pdf + b"%% %d\n" % number for number in range(rows)})


@asynccontextmanager
async def office(folder: Path) -> AsyncIterator[Office]:
    """An office before application and document, which run until the block ends."""
    with LocalStack(folder, Ports.free(), durable=True, services=SERVICES) as stack:
        await asyncio.to_thread(bring_up_to_date, stack, SERVICES)
        system = System(stack, SERVICES)
        for service in system.services.values():
            service.environment.update(_SETTINGS)
        try:
            async with serving(_published(), stack.ports.registration), httpx.AsyncClient(timeout=120) as client:
                await asyncio.to_thread(system.start)
                made = Office(system, client)
                await made.activate()
                yield made
        finally:
            await asyncio.to_thread(system.stop)


def _published() -> FastAPI:
    """The documents that registration publishes."""
    app, issuer = FastAPI(), tokens.issuer()

    @app.get("/.well-known/jwks.json")
    async def keys() -> Any:
        return jwks({issuer.kid: issuer.public_key})

    @app.get("/.well-known/revocations.json")
    async def revoked() -> Any:
        return {"revoked": []}

    return app
