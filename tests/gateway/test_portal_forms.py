"""Forms of other procedures and statuses on their pages: every kind of field, filled in with the form's own example."""

from collections.abc import AsyncIterator, Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from deploy.local.object_store import ObjectStore as S3Server
from shared.clock import ManualClock
from tests.gateway.browser import Browser
from tests.gateway.portal import Portal, begin, fill_topic, portal_site
from tests.infra.databases import TestDatabase


@pytest.fixture
async def portal(service_database: Callable[[str], TestDatabase], object_store: S3Server) -> AsyncIterator[Portal]:
    clock = ManualClock(datetime(2026, 11, 20, 3, 0, tzinfo=UTC))
    async with portal_site(service_database, clock, object_store) as made:
        yield made


@pytest.mark.parametrize("choice", ["COE:ENG_HUM_INT:", "EXTEND:DEPENDENT:", "CHANGE:SSW1:"])
async def test_a_form_is_filled_in_topic_by_topic(portal: Portal, choice: str) -> None:
    """Nothing of the example is lost or changed on the way, and nothing in the form is left to do."""
    browser = await portal.filer()
    path = await begin(browser, choice)
    kept = await portal.kept(browser, path)
    form = (await browser.client.get(f"/api/v1/forms/{kept['form_version']}")).json()
    example: dict[str, Any] = form["example"]
    page = await browser.follow(await browser.open(path), "Continue")
    while "/form/" in page.path:
        page = await fill_topic(browser, page, example)
        mistakes = [text for text in page.texts.get("li", ()) if page.status != 200]
        assert mistakes == [], page.h1
    assert (await portal.kept(browser, path))["form"] == await _read(browser, kept, example)
    found = (await browser.client.get(f"/api/v1{path}/check")).json()
    topics = {topic["code"] for topic in form["topics"]}
    assert [one for one in found["problems"] if one["topic"] in topics] == []


async def _read(browser: Browser, kept: Mapping[str, Any], form: Mapping[str, Any]) -> Any:
    """The same answers as the service keeps them where a program sends them."""
    session = (await browser.client.get("/session")).json()
    headers = {"Origin": browser.url, "X-CSRF-Token": session["csrf_token"], "Idempotency-Key": str(uuid4())}
    body = {name: kept[name] for name in ("procedure", "status_of_residence", "activity")} | {"form": form}
    made = await browser.client.post("/api/v1/applications", json=body, headers=headers)
    assert made.status_code == 201, made.text
    return (await browser.client.get(f"/api/v1/applications/{made.json()['id']}")).json()["form"]
