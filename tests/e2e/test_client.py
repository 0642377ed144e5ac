"""An office's program files a workbook with the Python client: from the upload to receipts, on the whole system."""

from uuid import UUID

import pytest

from deploy.demo import papers, people
from deploy.demo.browser import Browser
from deploy.local.system import System
from shared.clock import SystemClock, legal_date
from tests.e2e.office import workbook
from tests.support.waiting import eventually
from zairyu_client import AsyncZairyu, Conflict, InvalidInput

pytestmark = [pytest.mark.kafka, pytest.mark.system]
ROWS = 3
SCOPES = ["application:read", "application:write", "document:read", "document:write"]


async def test_a_workbook_is_filed_with_the_client(system: System, login_id: str) -> None:
    async with Browser(system.gateway_url, "staff") as staff:
        await staff.sign_in(login_id, people.PASSWORD)
        registered = await staff.post("/v1/accounts/me/clients", {"name": "人事システム", "scopes": SCOPES})
    content, keys = workbook(ROWS, legal_date(SystemClock().now()))
    async with AsyncZairyu(system.gateway_url, registered["id"], registered["client_secret"]) as zairyu:
        begun = await zairyu.imports.upload(content, name="renewals.xlsx", key="renewals-of-a-morning")
        assert (await zairyu.imports.upload(content, name="renewals.xlsx", key="renewals-of-a-morning")).id == begun.id
        seen: list[str] = []
        view = await zairyu.imports.wait(begun.id, progress=lambda now: seen.append(now.state))
        assert (view.state, view.counts.files_missing, seen[-1]) == ("checked", ROWS, "checked")

        row = await anext(zairyu.imports.rows(begun.id))
        assert row.application_id is not None
        wanted = (await zairyu.applications.check(row.application_id)).required_documents
        codes = [each.code for each in wanted if each.requirement == "required" and each.code != "PHOTO"]
        files: list[tuple[str, UUID, list[str]]] = []
        for key in keys:
            photo = await zairyu.documents.upload(papers.face_photo(), "photo", name="face.jpg")
            evidence = await zairyu.documents.upload(papers.evidence(len(codes)), "pdf", codes=codes, name="papers.pdf")
            files += [(key, photo.id, []), (key, evidence.id, codes)]

        async def attached() -> bool:
            return {each.outcome for each in await zairyu.imports.attach(begun.id, files)} == {"attached"}

        async def ready() -> bool:
            await zairyu.imports.check(begun.id)
            return (await zairyu.imports.wait(begun.id)).counts.ready == ROWS

        await eventually(attached, 60)
        await eventually(ready, 60)
        await zairyu.imports.submit(begun.id, intent_confirmed=True, truth_confirmed=True)
        assert (await zairyu.imports.wait(begun.id)).counts.filed == ROWS
        numbers = {row.receipt_number async for row in zairyu.imports.rows(begun.id, state="filed", limit=1)}
        assert len(numbers) == ROWS
        assert (await zairyu.imports.receipts(begun.id)).startswith(b"%PDF")
        with pytest.raises((Conflict, InvalidInput), match="nothing-to-file"):
            await zairyu.imports.submit(begun.id, intent_confirmed=True, truth_confirmed=True)
        assert [entry async for entry in zairyu.documents.list(row.application_id)]
        assert await zairyu.applications.timeline(row.application_id)
