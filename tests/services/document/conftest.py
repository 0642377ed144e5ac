"""The document service on a real database and a real S3 store, with a clock that the test moves."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from deploy.local.object_store import ObjectStore as S3Server
from services.document.files.commands.scans import scan_jobs
from services.document.jobs import jobs
from services.document.objects import ObjectStore
from shared.auth import Actor, Role
from shared.clock import ManualClock
from shared.timers import Due
from shared.work import RequestIdentity
from tests.services.document import files
from tests.support import tokens
from tests.support.service import RunningService, running

START = datetime(2026, 7, 1, 3, tzinfo=UTC)


@dataclass
class Documents:
    """The service, and what its tests do most."""

    service: RunningService
    clock: ManualClock
    owner: Actor

    @property
    def objects(self) -> ObjectStore:
        objects: ObjectStore = self.service.app.state.objects
        return objects

    async def upload(
        self, data: bytes, kind: str = "pdf", *, actor: Actor | None = None, key: str | None = None, **fields: Any
    ) -> httpx.Response:
        name = fields.pop("name", "file.pdf")
        language = fields.pop("language", "en")
        headers = {**self.headers(actor), "Idempotency-Key": key or uuid4().hex, "Accept-Language": language}
        return await self.service.client.post(
            "/v1/documents", headers=headers, data={"kind": kind, **fields}, files={"file": (name, data)}
        )

    async def uploaded(self, data: bytes | None = None, kind: str = "pdf", **fields: Any) -> dict[str, Any]:
        answer = await self.upload(data or files.pdf(), kind, **fields)
        assert answer.status_code == 201, answer.text
        body: dict[str, Any] = answer.json()
        return body

    async def get(self, path: str, actor: Actor | None = None, **query: Any) -> httpx.Response:
        return await self.service.client.get(f"/v1/documents{path}", headers=self.headers(actor), params=query)

    async def delete(self, document_id: str, actor: Actor | None = None) -> httpx.Response:
        return await self.service.client.delete(f"/v1/documents/{document_id}", headers=self.headers(actor))

    async def run_job(self, name: str) -> None:
        """One round of a recurring job, in its transaction."""
        runtime = self.service.app.state.runtime
        state = self.service.app.state
        every = [
            *jobs(runtime.settings, self.objects, state.hashes),
            *scan_jobs(state.scans, self.objects, timedelta(days=runtime.settings.rescan_days)),
        ]
        (job,) = [job for job in every if job.name == name]
        async with runtime.commands.work(Actor.system("document.jobs"), RequestIdentity(request_id="job")) as work:
            await job.run(work, Due(name, uuid4(), work.now, {}, 0))

    def headers(self, actor: Actor | None = None) -> dict[str, str]:
        return tokens.bearer(actor or self.owner, self.clock)


@pytest.fixture
async def documents(open_documents: Callable[..., Awaitable[Documents]]) -> Documents:
    return await open_documents()


@pytest.fixture
async def open_documents(
    service_database: Callable[[str], Any], object_store: S3Server
) -> AsyncIterator[Callable[..., Awaitable[Documents]]]:
    """Opens the service with settings of the test's own."""
    from contextlib import AsyncExitStack

    async with AsyncExitStack() as stack:

        async def opened(**settings: Any) -> Documents:
            # Days of the past differ from test to test, so that tests of one store never sweep each other's objects.
            clock = ManualClock(START - timedelta(days=100 * next(_EPOCHS)))
            values = {
                "s3_endpoint": object_store.endpoint,
                "s3_access_key": object_store.access_key,
                "s3_secret_key": object_store.secret_key,
                "s3_bucket": object_store.bucket,
                "check_processes": 1,
                **settings,
            }
            service = await stack.enter_async_context(
                running("document", service_database("document"), clock=clock, **values)
            )
            return Documents(service, clock, tokens.person(Role.ORG_STAFF, organisation=True))

        yield opened


_EPOCHS = iter(range(1, 10_000))
