"""Scans for malware: at the upload, later where the scanner was away, and again with new signatures."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from deploy.local.scanner import TEST_MALWARE
from deploy.local.scanner import Scanner as ClamdServer
from services.document.files.store.scans import FileScan
from services.document.scanner import MemoryScanner
from shared.auth import Role
from shared.events.application import ApplicationSubmitted
from shared.events.document import DocumentAccepted, DocumentRejected
from shared.ids import new_id
from shared.journal import journal
from tests.services.document import files
from tests.services.document.conftest import Documents
from tests.support import tokens

OFFICER = tokens.officer(Role.EXAMINER)


def with_malware() -> bytes:
    return files.pdf() + b"%" + TEST_MALWARE + b"\n"


@pytest.fixture
def scanner(documents: Documents) -> MemoryScanner:
    """The scanner of `documents`."""
    found = documents.service.app.state.scans.scanner = MemoryScanner({TEST_MALWARE: "Test.Malware"})
    return found


async def filed(documents: Documents, data: bytes | None = None) -> str:
    """A file that was filed with an application at the office of `OFFICER`."""
    body = await documents.uploaded(data)
    event = ApplicationSubmitted.example(
        application_id=new_id(), document_ids=[body["id"]], photo_id=None, office="TYO"
    )
    await documents.service.deliver(event)
    return str(body["id"])


async def journalled(documents: Documents, document_id: str) -> list[tuple[str, Any]]:
    async with documents.service.db.read() as session:
        lines = await session.execute(
            select(journal.c.action, journal.c.detail)
            .where(journal.c.aggregate_id == UUID(document_id))
            .order_by(journal.c.version)
        )
        return [tuple(line) for line in lines]


async def test_file_with_malware_is_refused_at_once_and_nothing_of_it_is_kept(
    documents: Documents, scanner: MemoryScanner
) -> None:
    answer = await documents.upload(with_malware())
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "file-infected")
    (event,) = await documents.service.events()
    assert isinstance(event, DocumentRejected)
    assert event.problems == ("file-infected",)
    assert list(await documents.objects.keys(f"{documents.clock.now().date()}/")) == []


async def test_file_beyond_the_limits_of_the_scanner_does_not_count_as_clean(
    documents: Documents, scanner: MemoryScanner
) -> None:
    scanner.most = 100
    answer = await documents.upload(files.pdf())
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "file-not-scannable")


async def test_outage_of_the_scanner_stops_no_applicant_and_opens_no_file(
    documents: Documents, scanner: MemoryScanner
) -> None:
    scanner.down = True
    document_id = await filed(documents)
    body = (await documents.get(f"/{document_id}", OFFICER)).json()
    assert body["scan"] == {"state": "waiting", "scanned_at": None, "opens": False}
    for reader in (OFFICER, None):
        refused = await documents.get(f"/{document_id}/link", reader)
        assert (refused.status_code, refused.json()["code"]) == (409, "file-not-scanned")
    await documents.run_job("scan_files")
    assert (await documents.get(f"/{document_id}/link", OFFICER)).status_code == 409

    scanner.down = False
    await documents.run_job("scan_files")
    assert (await documents.get(f"/{document_id}", OFFICER)).json()["scan"]["state"] == "clean"
    assert (await documents.get(f"/{document_id}/link", OFFICER)).status_code == 200
    actions = [action for action, _ in await journalled(documents, document_id)]
    # A link that was refused is no download.
    assert actions == ["document:accept", "document:read", "document:scan", "document:read", "document:download"]
    assert [type(event) for event in await documents.service.events()] == [DocumentAccepted]
    assert await documents.service.journal_problems() == []


async def test_malware_that_waited_for_its_scan_is_found_and_reported(
    documents: Documents, scanner: MemoryScanner
) -> None:
    scanner.down = True
    document_id = await filed(documents, with_malware())
    scanner.down = False
    await documents.run_job("scan_files")
    refused = await documents.get(f"/{document_id}/link", OFFICER)
    assert (refused.status_code, refused.json()["code"]) == (409, "file-quarantined")
    last = (await documents.service.events())[-1]
    assert isinstance(last, DocumentRejected)
    assert (str(last.document_id), last.problems) == (document_id, ("file-infected",))
    assert (await journalled(documents, document_id))[-1] == (
        "document:scan",
        {"state": "infected", "finding": "Test.Malware"},
    )


async def test_new_signatures_scan_again_find_more_and_take_a_mistake_back(
    documents: Documents, scanner: MemoryScanner
) -> None:
    data = files.pdf(3)
    document_id = await filed(documents, data)
    scanned = scanner.scanned
    await documents.run_job("scan_files")
    assert scanner.scanned == scanned, "the same signatures"

    scanner.known[data[-60:]] = "Mistaken"
    await documents.run_job("scan_files")
    assert (await documents.get(f"/{document_id}/link", OFFICER)).json()["code"] == "file-quarantined"

    scanner.known = {TEST_MALWARE: "Test.Malware", b"another": "Another", b"a third": "Third"}
    await documents.run_job("scan_files")
    assert (await documents.get(f"/{document_id}/link", OFFICER)).status_code == 200
    assert [type(event) for event in await documents.service.events()] == [
        DocumentAccepted,
        DocumentRejected,
        DocumentAccepted,
    ]
    assert await documents.service.journal_problems() == []


async def test_file_that_breaks_the_scanner_lets_the_others_pass(documents: Documents, scanner: MemoryScanner) -> None:
    scanner.down = True
    poison, other = await filed(documents, with_malware()), await filed(documents)
    scanner.down = False
    ordinary = scanner.scan

    async def breaking(source: Any) -> Any:
        source.seek(0)
        scanner.down = TEST_MALWARE in source.read()
        return await ordinary(source)

    scanner.scan = breaking  # type: ignore[method-assign]
    for _ in range(2):
        await documents.run_job("scan_files")
        scanner.down = False
    states = [(await documents.get(f"/{each}", OFFICER)).json()["scan"]["state"] for each in (poison, other)]
    assert states == ["waiting", "clean"]


async def test_site_without_a_scanner_opens_its_files_and_scans_them_once_it_has_one(documents: Documents) -> None:
    body = await documents.uploaded()
    assert body["scan"]["state"] == "waiting"
    assert (await documents.get(f"/{body['id']}/link")).status_code == 200
    documents.service.app.state.scans.scanner = MemoryScanner()
    await documents.run_job("scan_files")
    assert (await documents.get(f"/{body['id']}")).json()["scan"]["state"] == "clean"


async def test_deleted_file_is_not_scanned(documents: Documents, scanner: MemoryScanner) -> None:
    scanner.down = True
    body = await documents.uploaded()
    assert (await documents.delete(body["id"])).status_code == 204
    scanner.down = False
    await documents.run_job("scan_files")
    async with documents.service.db.read() as session:
        assert list(await session.scalars(select(FileScan.state))) == ["waiting"]
    assert scanner.scanned == 0


async def test_clamd_scans_what_comes_in_and_what_waited_for_it(open_documents: Any, clamd: ClamdServer) -> None:
    documents: Documents = await open_documents(clamd=clamd.address)
    assert (await documents.upload(with_malware())).json()["errors"][0]["code"] == "file-infected"
    assert (await documents.uploaded(files.jpeg(), "photo"))["scan"]["state"] == "clean"
    clamd.kill()
    waiting = await documents.uploaded(with_malware())
    assert waiting["scan"]["state"] == "waiting"
    clamd.start()
    await documents.run_job("scan_files")
    assert (await documents.get(f"/{waiting['id']}")).json()["scan"]["state"] == "infected"
