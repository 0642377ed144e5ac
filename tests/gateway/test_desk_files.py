"""Files of a case in a browser without scripts: their pages beside the form, search, and what is not scanned."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import select

from deploy.local.object_store import ObjectStore as S3Server
from services.document.scanner import MemoryScanner
from shared.auth import Role
from shared.clock import ManualClock
from shared.ids import new_id
from shared.journal import journal
from tests.gateway.browser import Page
from tests.gateway.desk import Office, office_site
from tests.infra.databases import TestDatabase
from tests.services.document.test_previews import written


@pytest.fixture
async def office(service_database: Callable[[str], TestDatabase], object_store: S3Server) -> AsyncIterator[Office]:
    clock = ManualClock(datetime(2026, 11, 20, 3, 0, tzinfo=UTC))
    async with office_site(service_database, clock, object_store) as made:
        await made.officer("examiner", Role.EXAMINER)
        yield made


def pictures(page: Page) -> list[str]:
    return [source for source in page.values("img", "src") if source.startswith("/previews/")]


async def looks(office: Office, document_id: str) -> list[str]:
    """The tags of the lines that officers left in the journal with a file."""
    async with office.clerk.document.db.read() as session:
        query = select(journal.c.action).where(
            journal.c.aggregate_id == UUID(document_id), journal.c.actor_kind == "officer"
        )
        return list(await session.scalars(query.order_by(journal.c.version)))


async def test_a_file_is_read_and_searched_beside_the_form(office: Office) -> None:
    document_id = await office.submit_file(written("Nothing", "", "Annual income: 4,800,000 yen"))
    browser = office.browsers["examiner"]
    case = await browser.open(f"/desk/cases/{office.case_id}?lang=en")
    before = await looks(office, document_id)
    page = await browser.follow(case, "Show the pages beside the form")
    assert page.path.split("?")[0] == f"/desk/cases/{office.case_id}/files/{document_id}/pages"
    assert (await looks(office, document_id))[len(before) :] == ["document:view"]
    assert (await office.clerk.kept())["form"]["occupation"] in page.shown, "the form stands beside it"
    assert len(pictures(page)) == 3
    picture = await browser.client.get(pictures(page)[2])
    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/jpeg")
    download = await browser.client.get(f"/desk/cases/{office.case_id}/files/{document_id}")
    assert (await browser.client.get(download.headers["location"])).content.startswith(b"%PDF")
    no_paper = await browser.open(f"/desk/cases/{office.case_id}/certificate/file")
    assert no_paper.path == f"/desk/cases/{office.case_id}?done=no_certificate"
    assert {"#page-1", "#page-2", "#page-3"} <= set(page.values("a", "href"))

    found = await browser.open(f"{page.path.split('?')[0]}?q=ＩＮＣＯＭＥ&lang=en")
    assert "“ＩＮＣＯＭＥ” found: 1" in found.shown
    marked = set(found.values("rect", "width")) - set(page.values("rect", "width"))
    assert len(marked) == 1, "the place is marked on its page"
    assert (await looks(office, document_id))[-2:] == ["document:view", "document:search"]
    assert (await browser.open(f"{page.path.split('?')[0]}?q={'x' * 101}")).status == 422


async def test_a_file_that_is_not_scanned_is_refused_with_its_words(office: Office) -> None:
    scanner = office.clerk.document.app.state.scans.scanner = MemoryScanner({})
    scanner.down = True
    document_id = await office.submit_file(written("Nothing"))
    browser = office.browsers["examiner"]
    case = await browser.open(f"/desk/cases/{office.case_id}?lang=en")
    page = await browser.follow(case, "Show the pages beside the form")
    assert "The file is not scanned for malware yet" in page.shown
    assert pictures(page) == []
    assert f"/desk/cases/{office.case_id}/files/{document_id}" not in page.values("a", "href")


async def test_a_file_of_no_case_or_another_one_is_not_shown(office: Office) -> None:
    document_id = await office.submit_file(written("Nothing"))
    other = await office.open_case()
    browser = office.browsers["examiner"]
    for case_id, file in ((office.case_id, new_id()), (other, document_id), (new_id(), document_id)):
        answer = await browser.client.get(f"/desk/cases/{case_id}/files/{file}/pages")
        assert answer.status_code == 404
    assert await looks(office, document_id) == []
