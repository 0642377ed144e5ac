"""A house for tests of pages: registration and the document service behind the gateway, and the steps they share."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest

from deploy.local.object_store import ObjectStore as S3Server
from shared.clock import ManualClock
from shared.events.registration_drafts import UsageRegistrationDraftLinkSent
from tests.gateway.browser import Browser, Page
from tests.gateway.identity import Identity, report_files, with_documents
from tests.infra.databases import TestDatabase
from tests.services.registration.site import RegistrationClient
from tests.support.keys import unsealed
from tests.support.service import RunningService

EMAIL = "hanako@example.co.jp"
GO_ON, LATER = "Save and continue to the documents", "Save and continue later"
ENTERED = {
    "role": "org_staff",
    "organisation_corporate_number": "4011001098993",
    "organisation_name": "株式会社見本",
    "organisation_postal_code": "100-0013",
    "organisation_prefecture": "13",
    "organisation_address": "東京都千代田区霞が関1-1-1",
    "organisation_capital_yen": "10,000,000円",
    "organisation_employees": "２５",
    "organisation_category": "CAT4",
    "applicant_name": "見本 花子",
    "applicant_phone": "03-1234-5678",
    "pledge_accepted": "yes",
    "terms_accepted": "yes",
}


@dataclass
class DraftPages:
    """The gateway with the two services; events go from one to the other when told to."""

    front: Identity
    document: RunningService

    @property
    def site(self) -> RegistrationClient:
        return self.front.site

    async def mailed(self, kind: Any = UsageRegistrationDraftLinkSent) -> str:
        """The path of the last link. Links that were asked for are made by a timer, so that no answer's time tells who
        has a draft."""
        await self.site.work_timers()
        link = unsealed((await self.site.events(kind))[-1].sealed_link)
        return urlsplit(link).path

    async def begun(self, browser: Browser, email: str = EMAIL) -> Page:
        """The form, opened with the link that came by mail."""
        page = await browser.open("/usage-registration?role=org_staff")
        sent = await browser.send(page, "Send me the link", email=email)
        assert "We sent you a link by email" in sent.shown
        return await browser.open(await self.mailed())

    async def deliver_files(self) -> None:
        """Deliver the events of accepted files to registration."""
        await report_files(self.document, self.site)


def fields_of(page: Page, button: str = LATER) -> dict[str, str]:
    """The values of the form's fields."""
    return page.form(button).fields


def linked(page: Page) -> list[str]:
    """The targets of the list of mistakes, in its order. Every one of them exists on the page."""
    found = [link[1:] for link in page.values("a", "href") if link.startswith("#") and link != "#content"]
    assert set(found) <= {attributes["id"] for _, attributes in page.tags if "id" in attributes}
    return found


def attributes_of(page: Page, field: str) -> dict[str, str]:
    """The attributes of the tag with that id."""
    (found,) = [attributes for _, attributes in page.tags if attributes.get("id") == field]
    return found


@pytest.fixture
async def house(service_database: Callable[[str], TestDatabase], object_store: S3Server) -> AsyncIterator[DraftPages]:
    clock = ManualClock(datetime(2026, 11, 20, 3, 0, tzinfo=UTC))
    async with with_documents(service_database, clock, object_store) as (front, document):
        yield DraftPages(front, document)
