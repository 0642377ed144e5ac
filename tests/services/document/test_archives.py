"""Archives: a ZIP of photos and PDFs, unpacked in a confined process; each file is a document of its own."""

import asyncio
import io
import zipfile
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import select

from services.document.archives.commands.steps import step
from services.document.archives.commands.taking import STEP
from services.document.archives.domain import Named, named
from services.document.archives.store import Archive
from services.document.checks.archive import unpacked
from services.document.checks.queue import TooBusy
from services.document.files.domain import Kind
from services.document.files.store.documents import Document
from services.document.files.store.spending import CheckSpending
from services.document.objects import StoreUnavailable
from shared.auth import Actor, Role
from shared.events.document import DocumentAccepted, DocumentRejected
from shared.timers import TimerWorker
from tests.cases.test_fair_checks import Slow, replace_checker
from tests.services.document import files
from tests.services.document.conftest import Documents
from tests.support import tokens
from tests.support.waiting import eventually

DAY = date(2026, 7, 1)


def zipped(content: dict[str, bytes], **options: Any) -> bytes:
    with io.BytesIO() as written:
        with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in content.items():
                archive.writestr(name, data, **options)
        return written.getvalue()


@pytest.mark.parametrize(
    ("path", "key", "kind", "codes"),
    [
        ("E-1_RES_TAX.pdf", "E-1", "pdf", ("RES_TAX",)),
        ("E_1_RES_TAX.PDF", "E_1", "pdf", ("RES_TAX",)),
        ("E-1_ACTIVITY+RES_TAX.pdf", "E-1", "pdf", ("ACTIVITY", "RES_TAX")),
        ("E-1_RES_TAX_2.pdf", "E-1", "pdf", ("RES_TAX",)),
        ("E-1_RES_TAX (2).pdf", "E-1", "pdf", ("RES_TAX",)),
        ("docs/E-1/res_tax.pdf", "E-1", "pdf", ("RES_TAX",)),
        ("Monday/E-1/RES_TAX.pdf", "E-1", "pdf", ("RES_TAX",)),
        ("E-1_PHOTO.jpg", "E-1", "photo", ()),
        ("photos/E-1.jpeg", "E-1", "photo", ()),
        ("E-1/photo.png", "E-1", "photo", ()),
        ("E-1_PHOTO.HEIC", "E-1", "photo", ()),
        ("E-1.webp", "E-1", "photo", ()),
        ("E-1_PHOTO.jfif", "E-1", "photo", ()),
        ("E-1_RES_TAX.HEIC", "E-1", "pdf", ("RES_TAX",)),
        ("E-1/res_tax (2).tif", "E-1", "pdf", ("RES_TAX",)),
        ("E-1_ACTIVITY+RES_TAX.jpg", "E-1", "pdf", ("ACTIVITY", "RES_TAX")),
        ("photos/E-1_UNHEARD.jpg", "E-1_UNHEARD", "photo", ()),
        ("社員１_PHOTO.jpg", "社員１", "photo", ()),
        ("../../etc/E-1_RES_TAX.pdf", "E-1", "pdf", ("RES_TAX",)),
        ("C:\\docs\\E-1_RES_TAX.pdf", "E-1", "pdf", ("RES_TAX",)),
    ],
)
def test_a_name_says_row_and_document(path: str, key: str, kind: str, codes: tuple[str, ...]) -> None:
    assert named(path, DAY) == Named(key, Kind(kind), codes)


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("RES_TAX.pdf", "name-not-understood"),
        ("E-1.pdf", "name-not-understood"),
        ("E-1_UNHEARD.pdf", "name-not-understood"),
        ("E-1_RES_TAX+UNHEARD.pdf", "name-not-understood"),
        ("photo.jpg", "name-not-understood"),
        ("E-1.tiff", "name-not-understood"),
        ("E-1_RES_TAX.docx", "type-not-accepted"),
        ("inner.zip", "type-not-accepted"),
        (".pdf", "type-not-accepted"),
        ("", "type-not-accepted"),
    ],
)
def test_a_name_that_says_nothing_is_named(path: str, problem: str) -> None:
    assert named(path, DAY) == problem


def _listed(data: bytes) -> list[Any]:
    return [fields.get("path") or fields["problem"] for fields, _ in unpacked(data) if fields]


@pytest.mark.server  # computes for seconds
def test_what_cannot_be_unpacked_is_refused_as_a_whole() -> None:
    good = zipped({"E-1_RES_TAX.pdf": b"x"})
    locked = bytearray(good)
    for start in (good.index(b"PK\x03\x04") + 6, good.index(b"PK\x01\x02") + 8):
        locked[start] |= 1
    assert _listed(bytes(locked)) == ["archive-encrypted"]
    assert _listed(b"no zip") == ["archive-damaged"]
    assert _listed(good[: len(good) // 2]) == ["archive-damaged"]
    assert _listed(zipped({})) == ["archive-empty"]
    assert _listed(zipped({"__MACOSX/E-1_RES_TAX.pdf": b"x", "folder/": b""})) == ["archive-empty"]
    assert _listed(zipped({f"E-{n}_RES_TAX.pdf": b"" for n in range(3001)})) == ["archive-too-many"]
    bomb = zipped({f"E-{n}_RES_TAX.pdf": bytes(24 * 1024 * 1024) for n in range(22)})
    assert len(bomb) < 1024 * 1024
    assert _listed(bomb) == ["archive-too-large"]


def test_names_are_read_as_they_were_written() -> None:
    """Windows in Japan writes CP932 without saying so, and macOS UTF-8 in parts."""
    data = zipped({"aaaaaaaa_PHOTO.jpg": b"x"}).replace(b"aaaaaaaa", "社員番号".encode("cp932"))
    assert _listed(data) == ["社員番号_PHOTO.jpg"]
    data = zipped({"aaaaaa_PHOTO.jpg": b"x"}).replace(b"aaaaaa", "社員".encode())
    assert _listed(data) == ["社員_PHOTO.jpg"]


def test_a_size_that_a_zip_states_is_not_believed() -> None:
    large = zipped({"E-1_RES_TAX.pdf": bytes(2 * 1024 * 1024)})
    real = (2 * 1024 * 1024).to_bytes(4, "little")
    lying = large.replace(real, (10).to_bytes(4, "little"))
    found = list(unpacked(lying))
    assert sum(len(data) for _, data in found) <= 10 or found[0][0]["problem"] == "entry-damaged"


async def _send(documents: Documents, data: bytes, actor: Actor | None = None, key: str = "") -> httpx.Response:
    headers = {**documents.headers(actor), "Idempotency-Key": key or uuid4().hex, "Accept-Language": "en"}
    return await documents.service.client.post("/v1/archives", headers=headers, files={"file": ("all.zip", data)})


async def _look(documents: Documents, path: str, actor: Actor | None = None) -> httpx.Response:
    headers = {**documents.headers(actor), "Accept-Language": "en"}
    return await documents.service.client.get(f"/v1/archives{path}", headers=headers)


def _worker(documents: Documents) -> TimerWorker:
    app = documents.service.app
    handlers = {STEP: step(app.state.uploads, documents.objects, at_once=3)}
    return TimerWorker(app.state.runtime.commands, handlers)


async def _work(documents: Documents) -> None:
    worker = _worker(documents)
    while await worker.work_one():
        pass


async def test_each_file_of_a_zip_is_checked_and_kept_as_a_document(documents: Documents) -> None:
    pdf, photo = files.pdf(), files.jpeg()
    content = zipped(
        {
            "E-1_RES_TAX.pdf": pdf,
            "E-1_PHOTO.jpg": photo,
            "E-2_ACTIVITY.pdf": files.pdf(pages=2),
            "E-2_PHOTO.jpg": pdf,
            "readme.txt": b"hello",
            "E-3.pdf": pdf,
        }
    )
    answer = await _send(documents, content, key="once")
    assert answer.status_code == 202, answer.text
    assert (await _send(documents, content, key="once")).json() == answer.json()
    archive_id = answer.json()["id"]
    seen = (await _look(documents, f"/{archive_id}")).json()
    assert (seen["state"], seen["waiting"], seen["skipped"]) == ("checking", 4, 2)
    await _work(documents)
    seen = (await _look(documents, f"/{archive_id}")).json()
    counts = [seen[state] for state in ("waiting", "accepted", "rejected", "skipped")]
    assert (seen["state"], counts) == ("checked", [0, 3, 1, 2])
    items = {each["path"]: each for each in (await _look(documents, f"/{archive_id}/entries")).json()["items"]}
    assert (items["E-1_RES_TAX.pdf"]["key"], items["E-1_RES_TAX.pdf"]["codes"]) == ("E-1", ["RES_TAX"])
    assert [each["code"] for each in items["E-2_PHOTO.jpg"]["problems"]] == ["kind-is-pdf"]
    assert "KEY_CODE.pdf" in items["E-3.pdf"]["problems"][0]["message"]
    events = await documents.service.events()
    accepted = {str(event.document_id) for event in events if isinstance(event, DocumentAccepted)}
    assert accepted == {each["document_id"] for each in items.values() if each["state"] == "accepted"}
    assert sum(isinstance(event, DocumentRejected) for event in events) == 1
    document = (await documents.get(f"/{items['E-1_RES_TAX.pdf']['document_id']}")).json()
    assert (document["kind"], document["file_name"], document["codes"]) == ("pdf", "E-1_RES_TAX.pdf", ["RES_TAX"])
    kept = (await documents.get(f"/{items['E-1_PHOTO.jpg']['document_id']}")).json()
    assert kept["width"] * 4 == kept["height"] * 3
    await documents.run_job("remove_leftover_objects")
    assert await documents.service.journal_problems() == []


async def test_files_of_a_zip_are_checked_side_by_side_and_a_step_that_fails_leaves_none(documents: Documents) -> None:
    """A check that ends in an error ends those beside it; the step is done again, and each file is recorded once."""
    slow = replace_checker(documents, Slow())
    slow.held = asyncio.Event()
    answer = await _send(documents, zipped({f"E-{number}_RES_TAX.pdf": files.pdf() for number in range(5)}))
    working = asyncio.create_task(_worker(documents).work_one())
    await eventually(lambda: slow.begun == 3)
    documents.service.app.state.uploads._checker = Slow(error=TooBusy())
    slow.held.set()
    await working
    seen = (await _look(documents, f"/{answer.json()['id']}")).json()
    assert (seen["state"], seen["waiting"]) == ("checking", 5)
    assert [each for each in await documents.service.events() if isinstance(each, DocumentAccepted)] == []
    documents.service.app.state.uploads._checker = slow
    documents.clock.advance(timedelta(minutes=1))
    await _work(documents)
    seen = (await _look(documents, f"/{answer.json()['id']}")).json()
    assert (seen["state"], seen["accepted"]) == ("checked", 5)
    assert len([each for each in await documents.service.events() if isinstance(each, DocumentAccepted)]) == 5


async def test_files_that_wait_for_their_check_are_not_swept(documents: Documents) -> None:
    await documents.uploaded()
    answer = await _send(documents, zipped({"E-1_RES_TAX.pdf": files.pdf()}))
    documents.clock.advance(timedelta(days=3))
    await documents.run_job("sweep_orphan_objects")
    await _work(documents)
    assert (await _look(documents, f"/{answer.json()['id']}")).json()["accepted"] == 1


async def test_a_zip_that_cannot_be_unpacked_says_why(documents: Documents) -> None:
    answer = await _send(documents, b"no zip at all")
    assert answer.json()["state"] == "refused"
    seen = (await _look(documents, f"/{answer.json()['id']}")).json()
    assert seen["problem"]["code"] == "archive-damaged"
    assert "Make it again" in seen["problem"]["message"]


async def test_files_are_stored_side_by_side_and_a_store_that_fails_leaves_no_archive(
    documents: Documents, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sweep removes the files that were stored already; the ZIP can be sent again."""
    content = zipped({f"E-{number}_RES_TAX.pdf": files.pdf() for number in range(9)})
    put, held, begun = documents.objects.put, asyncio.Event(), list[str]()

    async def slow(key: str, *others: Any) -> None:
        begun.append(key)
        await held.wait()
        if len(begun) == 4:
            raise StoreUnavailable()
        await put(key, *others)

    monkeypatch.setattr(documents.objects, "put", slow)
    sending = asyncio.create_task(_send(documents, content))
    await eventually(lambda: len(begun) == 4)
    held.set()
    assert (await sending).status_code == 503
    monkeypatch.undo()
    async with documents.service.db.read() as session:
        assert (await session.scalars(select(Archive))).all() == []
    answer = await _send(documents, content)
    entries = (await _look(documents, f"/{answer.json()['id']}/entries")).json()["items"]
    assert [each["path"] for each in entries] == [f"E-{number}_RES_TAX.pdf" for number in range(9)]


async def test_a_zip_is_its_owners(documents: Documents) -> None:
    answer = await _send(documents, zipped({"E-1_RES_TAX.pdf": files.pdf()}))
    path = f"/{answer.json()['id']}"
    assert (await _look(documents, path)).status_code == 200
    stranger, individual = tokens.person(Role.ORG_STAFF, organisation=True), tokens.person(Role.SELF)
    for each in (path, f"{path}/entries"):
        assert (await _look(documents, each, stranger)).status_code == 404
        assert (await _look(documents, each, individual)).status_code == 403
    assert (await _send(documents, b"x", individual)).status_code == 403
    for _ in range(2):
        assert (await _send(documents, zipped({"E-1_RES_TAX.pdf": b"x"}))).status_code == 202
    answer = await _send(documents, zipped({"E-1_RES_TAX.pdf": b"x"}))
    assert (answer.status_code, answer.json()["code"]) == (429, "too-many-archives")


async def test_the_files_of_a_step_share_room_and_charge(open_documents) -> None:  # type: ignore[no-untyped-def]
    """Each file counts against the quota as if it came alone; the files of a step are charged at once."""
    documents: Documents = await open_documents(quota_files=2)
    pdf = files.pdf()
    content = {f"E-{number}_RES_TAX.pdf": pdf for number in range(4)}
    answer = await _send(documents, zipped({"E-9_PHOTO.jpg": pdf, **content}))
    await _work(documents)
    entries = (await _look(documents, f"/{answer.json()['id']}/entries")).json()["items"]
    assert [each["state"] for each in entries] == ["rejected", "accepted", "accepted", "rejected", "rejected"]
    assert [[each["code"] for each in entry["problems"]] for entry in entries[3:]] == [["quota-reached"]] * 2
    async with documents.service.db.read() as session:
        (spent,) = (await session.scalars(select(CheckSpending))).all()
    assert spent.refused == 1
    assert spent.seconds > 0
    assert await documents.service.journal_problems() == []


async def test_the_same_file_of_a_zip_is_stored_once_and_goes_with_the_last(documents: Documents) -> None:
    """Beside each other in one step, with a file that was there before, and photos as they are kept."""
    earlier, paper, photo = files.pdf(3), files.pdf(2), files.jpeg()
    there = await documents.uploaded(earlier)
    content = {f"E-{number}_ACTIVITY.pdf": paper for number in range(3)}
    content |= {f"E-{number}_PHOTO.jpg": photo for number in range(2)} | {"E-9_RES_TAX.pdf": earlier}
    archive_id = (await _send(documents, zipped(content))).json()["id"]
    await _work(documents)
    items = (await _look(documents, f"/{archive_id}/entries")).json()["items"]
    assert {each["state"] for each in items} == {"accepted"}
    ids = {each["path"]: each["document_id"] for each in items}
    async with documents.service.db.read() as session:
        rows = {str(row.id): row for row in await session.scalars(select(Document))}
    keys = [{rows[ids[path]].object_key for path in content if path.endswith(end)} for end in ("ACTIVITY.pdf", ".jpg")]
    assert [len(each) for each in keys] == [1, 1]
    assert rows[ids["E-9_RES_TAX.pdf"]].object_key == rows[there["id"]].object_key
    await documents.run_job("remove_leftover_objects")
    day = documents.clock.now().date()
    assert set(await documents.objects.keys(f"{day}/")) == {row.object_key for row in rows.values()}
    for document_id in [ids["E-0_ACTIVITY.pdf"], ids["E-1_ACTIVITY.pdf"], there["id"]]:
        assert (await documents.delete(document_id)).status_code == 204
    await documents.run_job("remove_leftover_objects")
    for document_id in (ids["E-2_ACTIVITY.pdf"], ids["E-9_RES_TAX.pdf"]):
        assert (await documents.get(f"/{document_id}/link")).status_code == 200
    assert await documents.service.journal_problems() == []


async def test_repaired_copies_of_files_in_a_zip_are_offered_and_taken(documents: Documents) -> None:
    content = {"E-1_RES_TAX.pdf": files.restricted_pdf(), "E-2_RES_TAX.pdf": files.script_pdf()}
    content |= {"E-3_RES_TAX.pdf": files.script_pdf(), "E-4_RES_TAX.pdf": files.pdf()}
    archive_id = (await _send(documents, zipped(content))).json()["id"]
    await _work(documents)

    async def states() -> dict[str, Any]:
        items = (await _look(documents, f"/{archive_id}/entries")).json()["items"]
        return {each["key"]: each for each in items}

    items = await states()
    assert [items[f"E-{number}"]["state"] for number in range(1, 5)] == [*["repairable"] * 3, "accepted"]
    assert [items[f"E-{number}"]["consent"] for number in range(1, 5)] == [True, False, False, False]
    assert [each["code"] for each in items["E-1"]["problems"]] == ["pdf-restricted"]
    copy = items["E-1"]["document_id"]
    assert (await documents.get(f"/{copy}/link")).status_code == 200, "it can be looked at before"

    async def take(document_id: str, own_file: bool) -> httpx.Response:
        headers = documents.headers() | {"Idempotency-Key": uuid4().hex}
        path = f"/v1/documents/{document_id}/repair"
        return await documents.service.client.post(path, json={"own_file": own_file}, headers=headers)

    assert (await take(copy, own_file=False)).status_code == 422
    assert (await take(copy, own_file=True)).status_code == 200
    assert (await documents.delete(items["E-2"]["document_id"])).status_code == 204
    now = await states()
    assert [now[f"E-{number}"]["state"] for number in range(1, 4)] == ["accepted", "rejected", "repairable"]
    assert (now["E-1"]["problems"], now["E-2"]["document_id"]) == ([], None)
    assert [each["code"] for each in now["E-2"]["problems"]] == ["pdf-active-content"]
    seen = (await _look(documents, f"/{archive_id}")).json()
    assert [seen[state] for state in ("accepted", "rejected", "repairable")] == [2, 1, 1]
    waiting = (await _look(documents, f"/{archive_id}/entries?state=accepted")).json()["items"]
    assert [each["key"] for each in waiting] == ["E-1", "E-4"]
    documents.clock.advance(timedelta(days=2))
    await documents.run_job("expire_documents")
    assert (await states())["E-3"]["state"] == "rejected"
    assert await documents.service.journal_problems() == []
