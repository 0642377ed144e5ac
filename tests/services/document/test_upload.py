"""Uploading over HTTP: what is stored, what is answered, what is remembered."""

import asyncio
from collections.abc import AsyncIterator
from hashlib import sha256
from io import BytesIO
from uuid import uuid4

import httpx
import pytest
from PIL import Image
from sqlalchemy import func, select, text

from services.document.checks.catalogue import CATALOGUE
from services.document.files.domain import MAX_FILE_BYTES
from services.document.files.store.documents import Document
from shared.auth import Role
from shared.errors import Unavailable
from shared.events.document import DocumentAccepted, DocumentRejected
from shared.events.registration import AccountActivated, AccountSuspended
from shared.http.limits import FIRST_BYTES
from shared.journal import journal
from tests.services.document import files
from tests.services.document.conftest import Documents
from tests.support import tokens


async def rows(documents: Documents) -> list[Document]:
    async with documents.service.db.read() as session:
        return list(await session.scalars(select(Document).order_by(Document.created_at, Document.id)))


async def test_pdf_is_stored_byte_for_byte_and_told(documents: Documents) -> None:
    data = files.pdf(3)
    application = str(uuid4())
    body = await documents.uploaded(data, codes=["CAREER", "EDU"], application_id=application, name="学歴.pdf")
    assert body["status"] == "accepted"
    assert (body["pages"], body["size"], body["codes"], body["file_name"]) == (
        3,
        len(data),
        ["CAREER", "EDU"],
        "学歴.pdf",
    )
    assert body["sha256"] == body["original_sha256"] == sha256(data).hexdigest()
    (row,) = await rows(documents)
    assert row.object_key is not None
    assert await documents.objects.get(row.object_key) == data
    assert await documents.service.events() == [
        DocumentAccepted(
            document_id=body["id"],
            owner_id=documents.owner.organisation_id,
            application_id=application,
            kind="pdf",
            roles=("org_staff",),
            codes=("CAREER", "EDU"),
            size=len(data),
            sha256=sha256(data).hexdigest(),
            pages=3,
            accepted_at=documents.clock.now(),
        )
    ]


async def test_photo_is_stored_cleaned_and_its_original_is_known_by_digest(documents: Documents) -> None:
    data = files.jpeg(3024, 4032, turned=True)
    body = await documents.uploaded(data, "photo", name="me.jpg")
    assert (body["content_type"], body["width"], body["height"]) == ("image/jpeg", 1200, 1600)
    assert body["original_sha256"] == sha256(data).hexdigest() != body["sha256"]
    (row,) = await rows(documents)
    stored = await documents.objects.get(row.object_key or "")
    assert sha256(stored).hexdigest() == body["sha256"]
    assert b"Camera of a person" not in stored
    assert Image.open(BytesIO(stored)).size == (1200, 1600)


async def test_findings_are_kept_and_answered_also_where_only_their_codes_were_kept(documents: Documents) -> None:
    photo = files.encoded(files.face().point(lambda v: v // 4), "PNG")
    dark = await documents.uploaded(photo, "photo", language="ja")
    (finding,) = dark["findings"]
    assert (finding["code"], finding["severity"], finding["page"], finding["values"]) == (
        "photo-dark",
        "advice",
        None,
        {},
    )
    assert dark["advice"] == [{"code": "photo-dark", "message": finding["message"]}]
    async with documents.service.db.transaction() as session:
        await session.execute(text("UPDATE documents SET findings = '[]'"))
    assert (await documents.get(f"/{dark['id']}")).json() == dark


@pytest.mark.parametrize("language", ["ja", "en"])
async def test_rejected_file_is_answered_in_plain_words_kept_as_a_fact_and_not_stored(
    documents: Documents, language: str
) -> None:
    answer = await documents.upload(files.locked_pdf(), language=language, codes=["CAREER"])
    assert answer.status_code == 422
    problem = answer.json()
    assert problem["code"] == "file-refused"
    assert [(e["pointer"], e["code"]) for e in problem["errors"]] == [("/file", "pdf-encrypted")]
    assert problem["errors"][0]["message"] == getattr(CATALOGUE["pdf-encrypted"].text, language)
    (row,) = await rows(documents)
    assert (row.status, row.problems, row.object_key) == ("rejected", ["pdf-encrypted"], None)
    assert [(each["code"], each["page"]) for each in row.findings] == [("pdf-encrypted", None)]
    (event,) = await documents.service.events()
    assert isinstance(event, DocumentRejected)
    assert (event.problems, event.codes) == (("pdf-encrypted",), ("CAREER",))
    assert list(await documents.objects.keys(f"{documents.clock.now().date().isoformat()}/")) == []
    assert await documents.service.journal_problems() == []


async def test_repeated_request_gets_its_first_answer_for_good_and_for_bad_files(documents: Documents) -> None:
    good, bad = files.pdf(), files.locked_pdf()
    for data, status in ((good, 201), (bad, 422)):
        key = uuid4().hex
        answers = await asyncio.gather(*(documents.upload(data, key=key) for _ in range(10)))
        assert {answer.status_code for answer in answers} == {status}
        if status == 201:
            assert len({answer.json()["id"] for answer in answers}) == 1
    assert [row.status for row in await rows(documents)] == ["accepted", "rejected"]
    assert len(await documents.service.events()) == 2
    # The copies of the other nine are gone again.
    assert len(await documents.objects.keys(f"{documents.clock.now().date().isoformat()}/")) == 1


async def test_key_that_comes_back_with_another_file_is_refused(documents: Documents) -> None:
    assert (await documents.upload(files.pdf(1), key="same")).status_code == 201
    answer = await documents.upload(files.pdf(2), key="same")
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency-key-reused")
    assert len(await rows(documents)) == 1


async def test_upload_without_a_key_is_refused(documents: Documents) -> None:
    answer = await documents.service.client.post(
        "/v1/documents", headers=documents.headers(), data={"kind": "pdf"}, files={"file": ("x", files.pdf())}
    )
    assert (answer.status_code, answer.json()["code"]) == (428, "idempotency-key-required")
    assert await rows(documents) == []


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"kind": "virus"}, "/kind"),
        ({"kind": "pdf", "codes": "drop table"}, "/codes"),
        ({"kind": "pdf", "codes": [f"C{n}" for n in range(61)]}, "/codes"),
        ({"kind": "pdf", "application_id": "7"}, "/application_id"),
    ],
)
async def test_malformed_form_is_refused_with_its_place(documents: Documents, fields: dict, pointer: str) -> None:  # type: ignore[type-arg]
    headers = {**documents.headers(), "Idempotency-Key": "k"}
    answer = await documents.service.client.post(
        "/v1/documents", headers=headers, data=fields, files={"file": ("x", files.pdf())}
    )
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert await rows(documents) == []


async def test_one_pdf_may_hold_every_document_of_the_longest_list(documents: Documents) -> None:
    codes = [f"SSW_{number}" for number in range(60)]
    assert (await documents.uploaded(files.pdf(), codes=codes))["codes"] == codes


async def test_form_without_a_file_or_with_two_is_refused(documents: Documents) -> None:
    headers = {**documents.headers(), "Idempotency-Key": "k"}
    none = await documents.service.client.post("/v1/documents", headers=headers, data={"kind": "pdf"})
    assert none.status_code == 422
    assert none.json()["errors"][0]["pointer"] == "/file"
    two = [("file", ("a", files.pdf())), ("file", ("b", files.pdf()))]
    many = await documents.service.client.post("/v1/documents", headers=headers, data={"kind": "pdf"}, files=two)
    assert [error["code"] for error in many.json()["errors"]] == ["pictures-alone"]
    assert [row.status for row in await rows(documents)] == ["rejected"]


@pytest.mark.parametrize(
    ("kind", "body", "code"),
    [
        ("multipart/form-data", b"x", "unreadable-form"),
        ("multipart/form-data; boundary=b", b"no part begins here", "unreadable-form"),
        (
            "multipart/form-data; boundary=b",
            b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--",
            "unreadable-form",
        ),
        (
            "multipart/form-data; boundary=b",
            b'--b\r\nContent-Disposition: form-data; name="kind"\r\n\r\n' + 70_000 * b"x" + b"\r\n--b--",
            "too-long",
        ),
    ],
)
async def test_unreadable_form_is_refused_with_its_fault(
    documents: Documents, kind: str, body: bytes, code: str
) -> None:
    """A form that the parser gives up is answered with what is wrong with it, not with a bare 400."""
    headers = {**documents.headers(), "Idempotency-Key": "k", "Content-Type": kind}
    answer = await documents.service.client.post("/v1/documents", headers=headers, content=body)
    assert answer.status_code == 400
    assert [error["code"] for error in answer.json()["errors"]] == [code]
    assert await rows(documents) == []


async def test_too_large_file_is_refused_before_it_is_read(documents: Documents) -> None:
    read = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\n'
        while True:
            read += 1024 * 1024
            assert read < MAX_FILE_BYTES + 3 * 1024 * 1024, "nothing stopped the upload"
            yield b"0" * 1024 * 1024

    headers = {
        **documents.headers(),
        "Idempotency-Key": "k",
        "Content-Type": "multipart/form-data; boundary=b",
    }
    declared = await documents.service.client.post(
        "/v1/documents", headers={**headers, "Content-Length": str(MAX_FILE_BYTES * 2)}, content=b""
    )
    assert (declared.status_code, declared.json()["code"]) == (413, "too-large")
    streamed = await documents.service.client.post("/v1/documents", headers=headers, content=endless())
    assert streamed.status_code == 413
    assert await rows(documents) == []


async def test_upload_by_somebody_who_may_not_is_refused_after_the_beginning_of_the_body(documents: Documents) -> None:
    async def body() -> AsyncIterator[bytes]:
        yield bytes(FIRST_BYTES)
        raise AssertionError("more was read")

    for headers, status in (({}, 401), (documents.headers(tokens.officer(Role.EXAMINER)), 403)):
        answer = await documents.service.client.post("/v1/documents", headers=headers, content=body())
        assert answer.status_code == status


async def test_quota_counts_what_is_not_filed_and_holds_for_the_owner_not_the_person(open_documents) -> None:  # type: ignore[no-untyped-def]
    documents: Documents = await open_documents(quota_files=2)
    answers = await asyncio.gather(*(documents.upload(files.pdf(n)) for n in range(1, 6)))
    assert sorted(answer.status_code for answer in answers) == [201, 201, 409, 409, 409]
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"quota-reached"}
    colleague = tokens.person(Role.ORG_STAFF)
    assert (await documents.upload(files.pdf(), actor=colleague)).status_code == 201
    first = (await documents.get("")).json()["items"][0]["id"]
    assert (await documents.delete(first)).status_code == 204
    assert (await documents.upload(files.pdf(9))).status_code == 201


async def test_quota_in_bytes(open_documents) -> None:  # type: ignore[no-untyped-def]
    documents: Documents = await open_documents(quota_mb=1)

    def grow(document) -> None:  # type: ignore[no-untyped-def]
        import os

        document.pages[0].obj["/Contents"] = document.make_stream(os.urandom(700_000))

    assert (await documents.upload(files.pdf(change=grow))).status_code == 201
    assert (await documents.upload(files.pdf(change=grow))).json()["code"] == "quota-reached"
    assert (await documents.upload(files.pdf())).status_code == 201


async def test_suspended_account_cannot_upload_until_it_is_active_again(documents: Documents) -> None:
    account = documents.owner.id
    await documents.service.deliver(AccountSuspended.example(account_id=account))
    answer = await documents.upload(files.pdf())
    assert (answer.status_code, answer.json()["code"]) == (403, "account-stopped")
    await documents.service.deliver(AccountActivated.example(account_id=account))
    assert (await documents.upload(files.pdf())).status_code == 201


async def test_store_that_does_not_answer_is_503_and_leaves_no_row(open_documents) -> None:  # type: ignore[no-untyped-def]
    documents: Documents = await open_documents(s3_secret_key="wrong")
    answer = await documents.upload(files.pdf())
    assert (answer.status_code, answer.json()["code"]) == (503, "object-store-unavailable")
    assert answer.headers["Retry-After"]
    assert await rows(documents) == []
    assert Unavailable.status == 503


async def test_names_of_files_and_people_reach_neither_events_nor_journal(documents: Documents) -> None:
    await documents.uploaded(name="../../在留太郎の旅券.pdf")
    (row,) = await rows(documents)
    assert row.file_name == "在留太郎の旅券.pdf"
    async with documents.service.db.read() as session:
        journalled = await session.scalar(select(func.string_agg(text("journal::text"), " ")).select_from(journal))
        sent = await session.scalar(text("SELECT string_agg(encode(payload, 'escape'), ' ') FROM outbox"))
    assert "太郎" not in f"{journalled}{sent}"
    assert await documents.service.journal_problems() == []


async def test_rules_are_public(documents: Documents) -> None:
    answer = await documents.service.client.get("/v1/documents/rules")
    assert answer.json()["max_file_bytes"] == MAX_FILE_BYTES


async def test_ready_while_store_and_database_answer(documents: Documents, open_documents) -> None:  # type: ignore[no-untyped-def]
    async def failing(of: Documents) -> set[str]:
        answer: httpx.Response = await of.service.client.get("/readyz")
        return {check["check"] for check in answer.json().get("failing", ())}

    assert "object-store" not in await failing(documents)
    assert "object-store" in await failing(await open_documents(s3_bucket="none-such"))
