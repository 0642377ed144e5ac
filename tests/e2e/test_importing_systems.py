"""A system of an office files with client credentials, through the gateway: what it sends twice is filed once."""

import csv
import io
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any
from uuid import uuid4

import pytest

from deploy.demo import people
from deploy.demo.browser import Browser
from deploy.demo.problems import StepFailed
from deploy.local.system import System
from shared.clock import SystemClock, legal_date
from tests.e2e.office import DECLARED, Office, workbook

pytestmark = [pytest.mark.kafka, pytest.mark.system]
ROWS = 40


class ImportingSystem(Browser):
    """A system with a token of its own, and without a session."""

    async def begin(self, client_id: str, secret: str) -> None:
        """Get a token."""
        form = {"grant_type": "client_credentials"}
        answer = await self._client.post("/oauth/token", data=form, auth=(client_id, secret))
        assert answer.status_code == 200, answer.text
        self._client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"

    async def pieces(self, path: str) -> list[bytes]:
        """An answer as it comes, of a length that nobody knows before."""
        async with self._client.stream("GET", f"/api{path}") as answer:
            assert answer.status_code == 200
            assert "content-length" not in answer.headers
            return [piece async for piece in answer.aiter_raw()]


@pytest.fixture
async def importing(system: System, login_id: str) -> AsyncIterator[ImportingSystem]:
    """A system that an office has registered."""
    async with Browser(system.gateway_url, "staff") as staff:
        await staff.sign_in(login_id, people.PASSWORD)
        scopes = ["application:read", "application:write", "document:read", "document:write"]
        registered = await staff.post("/v1/accounts/me/clients", {"name": "人事システム連携", "scopes": scopes})
    async with ImportingSystem(system.gateway_url, "a system") as opened:
        await opened.begin(registered["id"], registered["client_secret"])
        yield opened


async def test_a_workbook_that_is_sent_twice_is_filed_once(importing: ImportingSystem) -> None:
    """With the same idempotency key it is the same import, with another one the same applications by their keys."""
    today, key = legal_date(SystemClock().now()), str(uuid4())
    content, keys = workbook(ROWS, today)
    begun, again = [await importing.upload("/v1/imports", "renewals.xlsx", content, {}, key) for _ in range(2)]
    assert begun == again
    with pytest.raises(StepFailed, match="idempotency-key-reused"):
        await importing.upload("/v1/imports", "renewals.xlsx", workbook(1, today)[0], {}, key)
    import_id = begun["id"]
    # The connection is cut after the first event; the next one begins with how it is then.
    async with aclosing(importing.events(f"/v1/imports/{import_id}/events")) as events:
        first = await anext(events)
    assert first["state"] in ("reading", "checking", "checked")
    seen: list[Any] = [first]
    office = Office(importing, seen.append)
    view = await office.rested(import_id)
    assert (view["state"], view["counts"]["files_missing"]) == ("checked", ROWS)
    assert [each["done"] for each in seen if each["state"] == "checking"] == sorted(
        each["done"] for each in seen if each["state"] == "checking"
    )
    rows = await office.rows(import_id)
    await office.attach(import_id, await office.uploaded(keys, await office.asked(rows[0]["application_id"])))
    press = (f"/v1/imports/{import_id}/submit", DECLARED, str(uuid4()))
    assert await importing.post(*press) == await importing.post(*press)
    assert (await office.rested(import_id))["counts"]["filed"] == ROWS
    filed = await office.rows(import_id)
    assert len({row["receipt_number"] for row in filed}) == ROWS

    second = await office.send(content)
    assert second != import_id
    assert (await office.rested(second))["counts"]["filed"] == ROWS
    outcome = ("key", "application_id", "receipt_number")
    assert [[row[name] for name in outcome] for row in await office.rows(second)] == [
        [row[name] for name in outcome] for row in filed
    ]
    with pytest.raises(StepFailed, match="nothing-to-file"):
        await importing.post(f"/v1/imports/{second}/submit", DECLARED)
    await _exported_once(importing, {row["application_id"] for row in filed})


async def _exported_once(importing: ImportingSystem, ids: set[str]) -> None:
    """The export comes in pieces, the heading before any application, and has each of them once."""
    pieces = await importing.pieces("/v1/applications/export?answers=true")
    assert len(pieces) > 1
    lines = list(csv.DictReader(io.StringIO(b"".join(pieces).decode("utf-8-sig"))))
    exported = [line["Application id"] for line in lines]
    assert len(set(exported)) == len(exported)
    assert ids <= set(exported)
