"""An application that reception looks up by its receipt number, at a browser without scripts."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import select

from deploy.local.object_store import ObjectStore as S3Server
from shared.auth import OFFICER_ROLES, Role
from shared.clock import ManualClock
from shared.ids import new_id
from shared.journal import journal
from tests.gateway.desk import Office, office_site
from tests.infra.databases import TestDatabase
from tests.services.document.test_previews import written

SEARCH = "/desk/applications"
READERS = {Role.RECEPTION, Role.EXAMINER, Role.CHIEF_EXAMINER, Role.CARD_OFFICE}


@pytest.fixture
async def office(service_database: Callable[[str], TestDatabase], object_store: S3Server) -> AsyncIterator[Office]:
    clock = ManualClock(datetime(2026, 11, 20, 3, 0, tzinfo=UTC))
    async with office_site(service_database, clock, object_store) as made:
        yield made


async def test_reception_finds_an_application_by_its_number_and_reads_form_and_files(office: Office) -> None:
    await office.officer("examiner", Role.EXAMINER)
    browser = await office.officer("reception", Role.RECEPTION)
    await office.submit_file(written("Nothing"))
    kept = await office.clerk.kept()
    page = await browser.follow(await browser.open("/desk?lang=en"), "Find a filed application")
    wrong = await browser.open(f"{SEARCH}?lang=en&number=26")
    assert (wrong.status, "Type the receipt number as it was sent" in wrong.shown) == (422, True)
    unknown = await browser.open(f"{SEARCH}?lang=en&number=東オンＥＮ26999999")
    assert "Your office has no application with this number." in unknown.shown
    spaced = " ".join(kept["receipt_number"])
    page = await browser.open(f"{SEARCH}?lang=en&number={spaced}")
    assert page.path.split("?")[0] == f"{SEARCH}/{office.clerk.application_id}"
    assert kept["form"]["occupation"] in page.shown
    async with office.clerk.application.db.read() as session:
        query = select(journal.c.action).where(
            journal.c.aggregate_id == UUID(office.clerk.application_id), journal.c.actor_kind == "officer"
        )
        assert "application:read" in list(await session.scalars(query.order_by(journal.c.position))), (
            "each look is in the journal"
        )
    shown = await browser.follow(page, "Show the pages beside the form")
    assert [source for source in shown.values("img", "src") if source.startswith("/previews/")]
    assert kept["form"]["occupation"] in shown.shown
    file = shown.path.split("?")[0].removesuffix("/pages")
    assert (await browser.client.get(file)).status_code == 303
    assert (
        await browser.client.get(f"{SEARCH}/{office.clerk.application_id}/files/{new_id()}/pages")
    ).status_code == 404


@pytest.mark.parametrize("role", sorted(OFFICER_ROLES))
async def test_the_pages_are_those_of_who_reads_applications(office: Office, role: Role) -> None:
    browser = await office.officer("one", role)
    number = (await office.clerk.kept())["receipt_number"]
    seen = 200 if role in READERS else 403
    for page in (f"{SEARCH}?number={number}", f"{SEARCH}/{office.clerk.application_id}"):
        assert (await browser.open(page)).status == seen, page


async def test_another_office_finds_nothing(office: Office) -> None:
    browser = await office.officer("other", Role.RECEPTION, office="OSA")
    number = (await office.clerk.kept())["receipt_number"]
    found = await browser.open(f"{SEARCH}?lang=en&number={number}")
    assert "Your office has no application with this number." in found.shown
    for page in ("", f"/files/{new_id()}", f"/files/{new_id()}/pages"):
        there = await browser.client.get(f"{SEARCH}/{office.clerk.application_id}{page}")
        assert there.status_code == 404, page
