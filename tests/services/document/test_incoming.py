"""Files that come in parts: only what is missing is sent again, and one document is made of each."""

import asyncio
import random
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from hashlib import sha256
from typing import Any
from uuid import uuid4

import httpx
import pikepdf
import pytest
from PIL import Image
from sqlalchemy import func, select

from deploy.local.object_store import ObjectStore as S3Server
from deploy.local.scanner import Scanner
from deploy.local.server import Server
from services.document.files.domain import PART_BYTES, part_sizes
from services.document.files.store.documents import Document
from shared.auth import Actor, Role
from shared.outgoing import http_client
from tests.services.document import files
from tests.services.document.conftest import Documents
from tests.support import tokens
from tests.support.waiting import eventually


def large(megabytes: int = 3) -> bytes:
    """A PDF of so many MB and a little more."""

    def filled(pdf: pikepdf.Pdf) -> None:
        pdf.Root.Large = pdf.make_stream(random.Random(1).randbytes(megabytes * PART_BYTES))

    return files.pdf(change=filled)


async def begun(documents: Documents, data: bytes, actor: Actor | None = None, **changes: Any) -> httpx.Response:
    asked = {"file_name": "scan.pdf", "size": len(data), "sha256": sha256(data).hexdigest(), **changes}
    return await documents.service.client.post("/v1/uploads", json=asked, headers=documents.headers(actor))


async def post(state: dict[str, Any], number: int, data: bytes, **fields: str) -> int:
    """Post one part as a browser does, and nothing else of the file."""
    (part,) = [part for part in state["missing"] if part["number"] == number]
    content = data[part["offset"] : part["offset"] + part["size"]]
    async with http_client() as client:
        answer = await client.post(state["url"], data={**part["fields"], **fields}, files={"file": ("part", content)})
    return answer.status_code


async def post_all(documents: Documents, data: bytes) -> str:
    state = (await begun(documents, data)).json()
    for part in state["missing"]:
        assert await post(state, part["number"], data) == 204
    return str(state["id"])


async def finish(documents: Documents, upload_id: str, actor: Actor | None = None) -> httpx.Response:
    headers = {**documents.headers(actor), "Idempotency-Key": uuid4().hex, "Accept-Language": "en"}
    form = {"kind": (None, "pdf"), "upload_id": (None, upload_id)}
    return await documents.service.client.post("/v1/documents", headers=headers, files=form)


def test_parts_are_a_megabyte_and_the_rest() -> None:
    assert part_sizes(2 * PART_BYTES + 5) == [PART_BYTES, PART_BYTES, 5]
    assert part_sizes(PART_BYTES) == [PART_BYTES]


async def test_only_what_is_missing_is_sent_and_the_whole_is_the_document(documents: Documents) -> None:
    data = large()
    state = (await begun(documents, data)).json()
    assert [part["number"] for part in state["missing"]] == [0, 1, 2, 3]
    assert await post(state, 0, data) == await post(state, 2, data) == 204
    assert (await finish(documents, state["id"])).json()["code"] == "parts-missing"

    again = (await begun(documents, data)).json()
    assert (again["id"], [part["number"] for part in again["missing"]]) == (state["id"], [1, 3])
    assert again["received"] == 2 * PART_BYTES
    for number in (1, 3):
        assert await post(again, number, data) == 204
    answer = await finish(documents, state["id"])
    assert answer.status_code == 201, answer.text
    body = answer.json()
    assert (body["sha256"], body["file_name"]) == (sha256(data).hexdigest(), "scan.pdf")
    assert list(await documents.objects.keys(f"incoming/{state['id']}/")) == []
    # Asked again, with another key: no second document.
    assert (await finish(documents, state["id"])).json() == body


async def test_the_store_takes_a_part_only_as_it_was_announced(documents: Documents) -> None:
    data = large(1)
    state = (await begun(documents, data)).json()
    assert await post(state, 0, data, key=f"incoming/{uuid4()}/0") == 403
    for size in (10, PART_BYTES + 1):
        other = {**state, "missing": [{**state["missing"][0], "size": size}]}
        assert await post(other, 0, data) == 400
    assert list(await documents.objects.keys(f"incoming/{state['id']}/")) == []


async def test_parts_of_another_file_are_removed_and_said(documents: Documents) -> None:
    data = large(1)
    state = (await begun(documents, data)).json()
    for part in state["missing"]:
        assert await post(state, part["number"], bytes(len(data))) == 204
    assert (await finish(documents, state["id"])).json()["code"] == "parts-differ"
    assert len((await begun(documents, data)).json()["missing"]) == 2


async def test_ten_at_once_make_one_document_and_quotas_hold(open_documents: Callable[..., Any]) -> None:
    documents: Documents = await open_documents(quota_files=2)
    uploads = [await post_all(documents, files.pdf(number)) for number in range(1, 6)]
    answers = await asyncio.gather(*(finish(documents, uploads[0]) for _ in range(10)))
    assert {answer.json()["id"] for answer in answers} == {answers[0].json()["id"]}
    statuses = [
        answer.status_code for answer in await asyncio.gather(*(finish(documents, each) for each in uploads[1:]))
    ]
    assert sorted(statuses) == [201, 409, 409, 409]
    async with documents.service.db.read() as session:
        assert await session.scalar(select(func.count()).select_from(Document)) == 2


async def test_refused_file_is_refused_each_time(documents: Documents) -> None:
    upload_id = await post_all(documents, b"no pdf at all")
    for _ in range(2):
        answer = await finish(documents, upload_id)
        assert (answer.status_code, answer.json()["code"]) == (422, "file-refused")


async def test_other_people_have_no_part_in_it(documents: Documents) -> None:
    data = large(1)
    upload_id = (await begun(documents, data)).json()["id"]
    stranger = tokens.person(Role.ORG_STAFF, organisation=True)
    assert (await finish(documents, upload_id, stranger)).status_code == 404
    assert (await begun(documents, data, stranger)).json()["id"] != upload_id


async def test_abandoned_parts_go_and_so_do_those_that_come_too_late(documents: Documents) -> None:
    data = large(1)
    state = (await begun(documents, data)).json()
    assert await post(state, 0, data) == 204
    documents.clock.advance(timedelta(hours=25))
    assert (await finish(documents, state["id"])).status_code == 404
    await documents.run_job("remove_incoming")
    assert list(await documents.objects.keys(f"incoming/{state['id']}/")) == []
    assert await post(state, 1, data) == 204
    await documents.run_job("remove_incoming")
    assert list(await documents.objects.keys(f"incoming/{state['id']}/")) == []


async def test_given_up_and_beyond_twenty_makes_room(documents: Documents) -> None:
    ids = [(await begun(documents, bytes([number]))).json()["id"] for number in range(21)]
    client, headers = documents.service.client, documents.headers()
    assert (await client.get(f"/v1/uploads/{ids[0]}", headers=headers)).status_code == 404
    assert (await client.delete(f"/v1/uploads/{ids[20]}", headers=headers)).status_code == 204
    assert (await client.get(f"/v1/uploads/{ids[20]}", headers=headers)).status_code == 404


@pytest.mark.parametrize(
    ("changes", "pointer"), [({"size": 0}, "/size"), ({"size": 26_214_401}, "/size"), ({"sha256": "A"}, "/sha256")]
)
async def test_what_cannot_be_is_refused_with_its_place(
    documents: Documents, changes: dict[str, Any], pointer: str
) -> None:
    answer = await begun(documents, b"x", **changes)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)


async def test_file_and_upload_together_are_two_files(documents: Documents) -> None:
    """Pictures of one document may come either way, and stay in the order of the form; a photo is one."""
    answer = await documents.upload(files.jpeg(), "photo", upload_id=str(uuid4()))
    assert [error["code"] for error in answer.json()["errors"]] == ["too-many"]
    data = files.encoded(Image.effect_noise((1240, 1754), 60), "PNG")
    upload_id = await post_all(documents, data)
    form: Any = [
        ("kind", (None, "pdf")),
        ("file", ("1.jpg", files.jpeg())),
        ("upload_id", (None, upload_id)),
        ("file", ("3.jpg", files.jpeg())),
    ]
    for _ in range(2):
        headers = {**documents.headers(), "Idempotency-Key": uuid4().hex}
        made = await documents.service.client.post("/v1/documents", headers=headers, files=form)
        assert made.status_code == 201, made.text
        assert made.json()["page_names"] == ["1.jpg", "scan.pdf", "3.jpg"]
    assert len((await documents.get("")).json()["items"]) == 1


@pytest.mark.faults
async def test_killed_store_and_scanner_lose_nothing_and_nothing_is_half_accepted(
    open_documents: Callable[..., Any], object_store: S3Server, clamd: Scanner
) -> None:
    """Each dies at a step that chance chooses, while it is asked; what failed is tried again until it works."""
    documents: Documents = await open_documents(clamd=clamd.address)
    data, chance = large(), random.Random()
    dies: dict[int, list[Server]] = {chance.randrange(6): [object_store], chance.randrange(1, 6): []}
    dies.setdefault(chance.choice((5, chance.randrange(6))), []).append(clamd)
    state = (await begun(documents, data)).json()

    async def done(step: int) -> bool:
        if step == 5:
            return (await finish(documents, state["id"])).status_code == 201
        asked = await documents.service.client.get(f"/v1/uploads/{state['id']}", headers=documents.headers())
        if asked.status_code != 200:
            return False
        missing = asked.json()["missing"]
        try:
            return not missing or await post(asked.json(), missing[0]["number"], data) == 204
        except httpx.TransportError:
            return False

    async def all_done() -> bool:
        return await done(5) or (await done(0) and await done(5))

    for step in range(6):
        dying = [asyncio.to_thread(server.kill) for server in dies.get(step, ())]
        answer, *_ = await asyncio.gather(done(step), *dying)
        for server in dies.get(step, ()):
            await asyncio.to_thread(server.start)
        if not answer:
            # A store that answers again may still refuse the first requests.
            await eventually(partial(done, step), 60)
    await eventually(all_done, 60)

    async with documents.service.db.read() as session:
        (row,) = await session.scalars(select(Document))
    assert row.object_key is not None
    assert await documents.objects.digest(row.object_key, len(data)) == (len(data), sha256(data).hexdigest())
    await documents.run_job("scan_files")
    assert (await documents.get(f"/{row.id}")).json()["scan"]["state"] == "clean"
    # What was stored for an answer that never came is an orphan, and goes.
    day = row.object_key.split("/")[0]
    documents.clock.advance(timedelta(days=3))
    await documents.run_job("sweep_orphan_objects")
    await documents.run_job("remove_incoming")
    assert list(await documents.objects.keys(f"{day}/")) == [row.object_key]
    assert list(await documents.objects.keys(f"incoming/{state['id']}/")) == []
    assert await documents.service.journal_problems() == []


async def test_photo_that_came_in_parts_is_cropped_as_its_owner_says(documents: Documents) -> None:
    """The part to keep goes with the upload's id, and is the same as of a photo that is sent whole."""
    data = files.encoded(files.face(1800, 2400), "PNG", compress_level=0)
    assert len(data) > 3 * PART_BYTES
    upload_id = await post_all(documents, data)
    crop = {"crop_left": "20", "crop_top": "10", "crop_width": "60"}
    form = {name: (None, value) for name, value in ({"kind": "photo", "upload_id": upload_id} | crop).items()}
    headers = {**documents.headers(), "Idempotency-Key": uuid4().hex}
    sent = await documents.service.client.post("/v1/documents", headers=headers, files=form)
    assert sent.status_code == 201, sent.text
    assert sent.json()["crop"] == {"left": 20, "top": 10, "width": 60}
    whole = await documents.uploaded(data, "photo", **crop)
    assert sent.json()["sha256"] == whole["sha256"]
    outside = {"kind": (None, "photo"), "upload_id": (None, upload_id), "crop_left": (None, "90")}
    headers["Idempotency-Key"] = uuid4().hex
    refused = await documents.service.client.post("/v1/documents", headers=headers, files=outside)
    assert {error["pointer"] for error in refused.json()["errors"]} == {"/crop_top", "/crop_width"}
