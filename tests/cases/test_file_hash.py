"""A stored file is compared with its hash when it is opened: what was altered in the store is never handed out."""

from io import BytesIO
from uuid import UUID

import pytest
from sqlalchemy import select

from services.document.files.commands.hashes import COMPARED
from services.document.files.store.documents import Document
from services.document.objects import StoreUnavailable
from shared.auth import Role
from shared.events.application import ApplicationSubmitted
from shared.ids import new_id
from shared.journal import journal
from shared.outgoing import http_client
from tests.services.document import files
from tests.services.document.conftest import Documents
from tests.support import tokens

OFFICER = tokens.officer(Role.EXAMINER)


async def key_of(documents: Documents, document_id: str) -> str:
    async with documents.service.db.read() as session:
        return str(await session.scalar(select(Document.object_key).where(Document.id == UUID(document_id))))


async def replace(documents: Documents, document_id: str, content: bytes) -> None:
    key = await key_of(documents, document_id)
    await documents.objects.put(key, BytesIO(content), len(content), "application/pdf")


async def altered_lines(documents: Documents) -> list[tuple[UUID | None, dict[str, str]]]:
    query = select(journal.c.actor_id, journal.c.detail).where(journal.c.action == "document:altered")
    async with documents.service.db.read() as session:
        return [(row.actor_id, row.detail) for row in await session.execute(query.order_by(journal.c.position))]


def counted(outcome: str) -> float:
    return float(COMPARED.labels(outcome)._value.get())


@pytest.mark.parametrize("kind", ["pdf", "photo"])
async def test_untouched_file_opens_for_its_owner_and_for_officers(documents: Documents, kind: str) -> None:
    """[attacks F4] A file whose content has its hash is opened as before."""
    body = await documents.uploaded(files.jpeg() if kind == "photo" else files.pdf(), kind)
    answer = await documents.get(f"/{body['id']}/link")
    assert answer.status_code == 200
    async with http_client() as client:
        assert len((await client.get(answer.json()["url"])).content) == body["size"]
    assert await altered_lines(documents) == []


@pytest.mark.parametrize("change", ["same-size", "longer", "shorter", "much-longer"])
async def test_altered_file_is_not_opened_and_the_alteration_is_journalled(documents: Documents, change: str) -> None:
    """[attacks F4] Content that was changed in the store: 409 with what to do, no link, a journal line, a metric."""
    data = files.pdf(2)
    body = await documents.uploaded(data)
    await documents.service.deliver(
        ApplicationSubmitted.example(application_id=new_id(), document_ids=[body["id"]], photo_id=None, office="TYO")
    )
    altered = {
        "same-size": data[:-9] + b"x" + data[-8:],
        "longer": data + b"x",
        "shorter": data[:-1],
        "much-longer": data + bytes(3_000_000),
    }[change]
    await replace(documents, body["id"], altered)
    before = counted("altered")
    for actor in (documents.owner, OFFICER):
        answer = await documents.get(f"/{body['id']}/link", actor)
        assert (answer.status_code, answer.json()["code"]) == (409, "file-altered")
        assert "窓口に連絡" in answer.json()["detail"]
        assert "url" not in answer.json()
    lines = await altered_lines(documents)
    assert lines == [(documents.owner.id, {"outcome": "altered"}), (OFFICER.id, {"outcome": "altered"})]
    assert counted("altered") == before + 2
    assert await documents.service.journal_problems() == []


async def test_file_that_is_gone_from_the_store_is_told_as_well(documents: Documents) -> None:
    """[attacks F4] A file that was removed in the store: no link into nothing, and a journal line."""
    body = await documents.uploaded()
    await documents.objects.delete(await key_of(documents, body["id"]))
    assert (await documents.get(f"/{body['id']}/link")).status_code == 409
    assert [detail for _, detail in await altered_lines(documents)] == [{"outcome": "missing"}]


async def test_background_compares_all_files_and_journals_what_was_altered(documents: Documents) -> None:
    """[attacks F4] An alteration is noticed without anybody opening the file, round after round."""
    first, second, third = [(await documents.uploaded(files.pdf(n)))["id"] for n in (1, 2, 3)]
    await replace(documents, second, files.pdf(9))
    await documents.objects.delete(await key_of(documents, third))
    same = counted("same")
    await documents.run_job("compare_hashes")
    assert counted("same") == same + 1
    assert [detail["outcome"] for _, detail in await altered_lines(documents)] == ["altered", "missing"]
    await documents.run_job("compare_hashes")
    assert len(await altered_lines(documents)) == 4
    assert await documents.service.journal_problems() == []
    assert (await documents.get(f"/{first}/link")).status_code == 200


async def test_store_that_does_not_answer_gives_no_link(documents: Documents, monkeypatch: pytest.MonkeyPatch) -> None:
    """[attacks F4] Without a comparison there is no link: 503, and nothing is said about the file."""
    body = await documents.uploaded()

    async def down(*_: object) -> None:
        raise StoreUnavailable()

    monkeypatch.setattr(documents.objects, "digest", down)
    assert (await documents.get(f"/{body['id']}/link")).status_code == 503
    assert await altered_lines(documents) == []
