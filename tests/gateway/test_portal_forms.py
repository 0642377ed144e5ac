"""Forms of other procedures and statuses on their pages: every kind of field, filled in with the form's own example."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from deploy.local.object_store import ObjectStore as S3Server
from shared.clock import ManualClock
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
        assert page.status == 200, page.shown
    kept = await portal.kept(browser, path)
    assert kept["form"] == example
    found = (await browser.client.get(f"/api/v1{path}/check")).json()
    topics = {topic["code"] for topic in form["topics"]}
    assert [one for one in found["problems"] if one["topic"] in topics] == []
