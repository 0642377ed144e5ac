"""The service and the store killed at moments that chance chooses: nothing is lost, and nothing is half accepted.

The proof is what the recurring jobs find afterwards: every row has its object with its content, every object its row.
"""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import func, select

from deploy.local.object_store import ObjectStore as S3Server
from deploy.local.ports import HOST, Ports
from deploy.local.process import plain_environment
from deploy.local.service import Service
from services.document.files.store.documents import Document
from services.document.objects import ObjectStore
from services.document.retention.commands.reconciliation import RECONCILED
from shared.auth import Role
from shared.clock import ManualClock
from shared.events.document import DocumentAccepted
from shared.outgoing import http_client
from tests.infra.databases import TestDatabase
from tests.services.document.conftest import Documents
from tests.services.document.test_incoming import large
from tests.support import keys, tokens
from tests.support.forwarded import GATEWAY_KEY
from tests.support.service import running
from tests.support.waiting import eventually
from tests.support.web import serving

pytestmark = pytest.mark.faults
CLERK = tokens.person(Role.ORG_STAFF, organisation=True)


def registration() -> FastAPI:
    """The answers that a service asks registration for: the keys of tokens, and which are revoked."""
    app = FastAPI()

    @app.get("/.well-known/jwks.json")
    async def published() -> dict[str, Any]:
        return tokens.issuer().jwks()

    @app.get("/.well-known/revocations.json")
    async def revoked() -> dict[str, Any]:
        return {"revoked": []}

    return app


@dataclass
class Process:
    """The document service as a process of its own, and what is sent to it."""

    service: Service
    database: TestDatabase
    settings: dict[str, Any]

    async def send(self, data: bytes, key: str) -> int:
        """The status of an upload; 0 where there was no answer."""
        headers = {**tokens.bearer(CLERK), "Idempotency-Key": key}
        try:
            async with http_client(timeout=60) as client:
                answer = await client.post(
                    f"{self.service.url}/v1/documents",
                    headers=headers,
                    data={"kind": "pdf"},
                    files={"file": ("scan.pdf", data)},
                )
        except httpx.HTTPError:
            return 0
        return answer.status_code

    async def start(self) -> None:
        await asyncio.to_thread(self.service.start)
        await asyncio.to_thread(self.service.wait_ready)


@pytest.fixture
async def process(
    service_database: Callable[[str], TestDatabase], object_store: S3Server, tmp_path: Path
) -> AsyncIterator[Process]:
    database = service_database("document")
    settings = {
        "s3_endpoint": object_store.endpoint,
        "s3_access_key": object_store.access_key,
        "s3_secret_key": object_store.secret_key,
        "s3_bucket": object_store.bucket,
        "check_processes": 1,
    }
    port = Ports.free().document
    async with serving(registration()) as url:
        values = {
            "database_url": database.url,
            "registration_url": url,
            "token_issuer": tokens.ISSUER,
            "parts": "api",
            "gateway_key": GATEWAY_KEY,
            "host": HOST,
            "port": port,
            **settings,
        }
        environment = {f"ZAIRYU_{name.upper()}": str(value) for name, value in values.items()}
        made = Service("document", tmp_path, port, plain_environment() | keys.environment("document") | environment)
        found = Process(made, database, settings)
        await found.start()
        yield found
        await asyncio.to_thread(made.stop)


async def at_any_moment(work: Awaitable[Any], seconds: float, kill: Callable[[], object]) -> Any:
    """The result of `work`, with `kill` done at a moment of its first `seconds`."""
    working = asyncio.ensure_future(work)  # watched: below
    await asyncio.wait({working}, timeout=random.uniform(0, seconds))
    await asyncio.to_thread(kill)
    return (await asyncio.gather(working, return_exceptions=True))[0]


async def accepted_once(documents: Documents, data: bytes) -> None:
    """One row of this content with its object and its event; and after the jobs no object that no row needs."""
    digest = sha256(data).hexdigest()
    async with documents.service.db.read() as session:
        number = await session.scalar(select(func.count()).select_from(Document))
        rows = list(await session.scalars(select(Document).where(Document.sha256 == digest)))
    assert len(rows) == 1
    accepted = [each for each in await documents.service.events() if isinstance(each, DocumentAccepted)]
    assert [each.document_id for each in accepted].count(rows[0].id) == 1
    assert len(accepted) == number
    store: ObjectStore = documents.objects
    key = rows[0].object_key or ""
    assert await store.digest(key, len(data)) == (len(data), digest)
    found = {name: RECONCILED.labels(name)._value.get() for name in ("missing", "altered")}
    documents.clock.advance(timedelta(days=2))
    await documents.run_job("sweep_orphan_objects")
    await documents.run_job("reconcile")
    assert found == {name: RECONCILED.labels(name)._value.get() for name in found}
    async with documents.service.db.read() as session:
        kept = set(await session.scalars(select(Document.object_key)))
    assert set(await store.keys(f"{key.split('/')[0]}/")) == kept
    assert await documents.service.journal_problems() == []


async def test_service_killed_between_the_first_byte_and_its_event(process: Process) -> None:
    """In the check, between object and row, between row and event, or after all of it."""
    began = time.monotonic()
    assert await process.send(large(2), uuid4().hex) == 201
    usual = time.monotonic() - began

    data, key = large(3), uuid4().hex
    await at_any_moment(process.send(data, key), usual * 1.5, process.service.kill)
    await process.start()

    async def sent() -> bool:
        return await process.send(data, key) == 201

    await eventually(sent, 60)
    assert await process.send(data, key) == 201, "the same answer again"
    clock = ManualClock(datetime.now(UTC))
    async with running("document", process.database, clock=clock, **process.settings) as service:
        await accepted_once(Documents(service, clock, CLERK), data)


@pytest.mark.parametrize("moment", ["during the upload", "between object and row"])
async def test_store_killed_in_an_upload(
    open_documents: Callable[..., Any], object_store: S3Server, moment: str
) -> None:
    documents: Documents = await open_documents()
    objects = documents.objects
    put = objects.put
    data, key = large(3), uuid4().hex

    async def put_then_killed(*args: Any) -> None:
        await put(*args)
        await asyncio.to_thread(object_store.kill)

    sending = documents.upload(data, key=key)
    if moment == "during the upload":
        began = time.monotonic()
        await documents.upload(large(2))
        usual = time.monotonic() - began
        await at_any_moment(sending, usual * 1.2, object_store.kill)
    else:
        objects.put = put_then_killed  # type: ignore[method-assign, assignment]
        await sending
        objects.put = put  # type: ignore[method-assign]
    await asyncio.to_thread(object_store.start)

    async def sent() -> bool:
        return (await documents.upload(data, key=key)).status_code == 201

    # A store that answers again may still refuse the first requests.
    await eventually(sent, 60)
    await eventually(partial(_readable, documents, data), 60)
    await accepted_once(documents, data)


async def _readable(documents: Documents, data: bytes) -> bool:
    """Whether the store gives back what it has taken; an outage is no loss."""
    async with documents.service.db.read() as session:
        row = await session.scalar(select(Document).where(Document.sha256 == sha256(data).hexdigest()))
    answer = await documents.get(f"/{row.id}/link") if row else None
    return answer is not None and answer.status_code == 200


async def test_store_killed_while_pages_are_drawn(open_documents: Callable[..., Any], object_store: S3Server) -> None:
    """A page is shown whole or not at all, and nothing of it is left when the file is gone."""
    documents: Documents = await open_documents()
    body = await documents.uploaded(large(1))
    preview = (await documents.get(f"/{body['id']}/preview")).json()
    links = [preview["pages"][0][size] for size in ("thumbnail", "image")]

    async def look(link: str) -> int:
        return (await documents.service.client.get(link, headers=documents.headers())).status_code

    assert {await at_any_moment(look(link), 0.3, object_store.kill) for link in links[:1]} <= {200, 503}
    await asyncio.to_thread(object_store.start)
    for link in links:

        async def shown(link: str = link) -> bool:
            return await look(link) == 200

        await eventually(shown, 60)
    assert (await documents.delete(body["id"])).status_code == 204

    async def gone() -> bool:
        await documents.run_job("remove_leftover_objects")
        day = documents.clock.now().date()
        return not [*await documents.objects.keys(f"previews/{day}/"), *await documents.objects.keys(f"{day}/")]

    await eventually(gone, 60)
