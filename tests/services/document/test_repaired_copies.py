"""Repaired copies over HTTP: offered, taken or given up."""

import asyncio
from hashlib import sha256
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import select

from services.document.checks.pdf import check_pdf
from services.document.files.commands import documents as commands
from services.document.files.domain import COPY_WAITS
from services.document.files.store.documents import Document, LeftoverObject
from shared.auth import Actor, Role
from shared.events.document import DocumentAccepted, DocumentRejected
from tests.services.document import files
from tests.services.document.conftest import Documents
from tests.support import tokens


async def offered(documents: Documents, data: bytes) -> dict[str, Any]:
    answer = await documents.upload(data, codes=["CAREER"])
    assert (answer.status_code, answer.json()["code"]) == (422, "file-repairable"), answer.text
    offer: dict[str, Any] = answer.json()["offer"]
    return offer


async def take(documents: Documents, offer: dict[str, Any], actor: Actor | None = None, **body: Any) -> httpx.Response:
    return await documents.service.client.post(
        f"/v1/documents/{offer['document_id']}/repair",
        headers={**documents.headers(actor), "Idempotency-Key": uuid4().hex, "Accept-Language": "en"},
        json=body,
    )


async def stored(documents: Documents, document_id: str) -> Document:
    async with documents.service.db.read() as session:
        found = await session.scalar(select(Document).where(Document.id == document_id))
        assert isinstance(found, Document)
        return found


async def test_copy_is_offered_beside_the_findings_and_taken_in_place_of_what_was_sent(documents: Documents) -> None:
    data = files.script_pdf()
    answer = await documents.upload(data, codes=["CAREER"], key="one")
    problem = answer.json()
    assert [error["code"] for error in problem["errors"]] == ["pdf-active-content"]
    assert ("pdf-active-content", "repairable") in [(each["code"], each["severity"]) for each in problem["findings"]]
    offer = problem["offer"]
    assert (offer["original_size"], offer["original_sha256"]) == (len(data), sha256(data).hexdigest())
    assert not offer["consent"]
    assert await documents.service.events() == []
    assert (await documents.get("")).json()["items"] == []
    # The person looks at the copy first.
    link = (await documents.get(f"/{offer['document_id']}/link")).json()["url"]
    async with httpx.AsyncClient() as browser:
        copy = (await browser.get(link)).content
    assert (len(copy), sha256(copy).hexdigest()) == (offer["size"], offer["sha256"])
    assert check_pdf(copy).accepted

    answers = await asyncio.gather(*(take(documents, offer) for _ in range(3)))
    assert {answer.status_code for answer in answers} == {200}
    body = answers[0].json()
    assert (body["id"], body["status"], body["codes"]) == (offer["document_id"], "accepted", ["CAREER"])
    assert (body["sha256"], body["original_sha256"]) == (offer["sha256"], offer["original_sha256"])
    assert body["repaired_at"] is not None
    assert "pdf-active-content" in [each["code"] for each in body["findings"]]
    assert "pdf-active-content" not in [each["code"] for each in body["advice"]]
    (event,) = await documents.service.events()
    assert isinstance(event, DocumentAccepted)
    assert event.sha256 == offer["sha256"]
    # The upload, sent again with its key, is the file that was taken.
    again = await documents.upload(data, codes=["CAREER"], key="one")
    assert (again.status_code, again.json()["id"]) == (201, body["id"])
    assert await documents.service.journal_problems() == []


async def test_restriction_is_taken_off_with_the_owners_word_alone(documents: Documents) -> None:
    offer = await offered(documents, files.restricted_pdf())
    assert offer["consent"]
    refused = await take(documents, offer)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/own_file")
    assert refused.json()["offer"] == offer
    assert (await take(documents, offer, own_file=True)).status_code == 200


async def test_copy_is_its_owners_alone(documents: Documents) -> None:
    offer = await offered(documents, files.script_pdf())
    for actor in (tokens.person(Role.ORG_STAFF, organisation=True), tokens.person(Role.ORG_STAFF)):
        assert (await take(documents, offer, actor)).status_code == 404
        assert (await documents.get(f"/{offer['document_id']}/link", actor)).status_code == 404
        assert (await documents.delete(offer["document_id"], actor)).status_code == 404
    accepted = await documents.uploaded()
    assert (await take(documents, {"document_id": accepted["id"]})).status_code == 404
    assert (await take(documents, {"document_id": str(uuid4())})).status_code == 404


async def test_copy_that_is_given_up_or_not_taken_in_time_goes(documents: Documents) -> None:
    given_up = await offered(documents, files.script_pdf())
    assert (await documents.delete(given_up["document_id"])).status_code == 204
    documents.clock.advance(COPY_WAITS / 2)
    late = await offered(documents, files.launch_pdf())
    await documents.run_job("expire_documents")
    assert (await stored(documents, late["document_id"])).status == "repairable"
    documents.clock.advance(COPY_WAITS * 1.01)
    await documents.run_job("expire_documents")
    for offer in (given_up, late):
        row = await stored(documents, offer["document_id"])
        assert (row.status, row.object_key, row.problems) == ("rejected", None, ["pdf-active-content"])
        assert (await take(documents, offer)).status_code == 404
    events = await documents.service.events()
    assert [type(event) for event in events] == [DocumentRejected, DocumentRejected]
    async with documents.service.db.read() as session:
        assert len(list(await session.scalars(select(LeftoverObject)))) == 2
    assert await documents.service.journal_problems() == []


async def test_copies_that_wait_are_few_and_the_sweep_leaves_them(
    documents: Documents, monkeypatch: pytest.MonkeyPatch
) -> None:
    most = 3
    monkeypatch.setattr(commands, "MOST_COPIES", most)
    offers = [await offered(documents, files.script_pdf()) for _ in range(most + 1)]
    rows = [await stored(documents, offer["document_id"]) for offer in offers]
    assert [row.status for row in rows] == ["rejected", *["repairable"] * most]
    documents.clock.advance(COPY_WAITS * 0.99)
    await documents.run_job("sweep_orphan_objects")
    await documents.objects.get(rows[-1].object_key or "")
