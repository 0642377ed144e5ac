"""Legal holds, and erasure on request with its proof."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import select

from services.document.files.store.documents import Document
from services.document.retention.domain import Keeps, keeps
from shared.auth import Actor, Role
from shared.events.application import ApplicationSubmitted, ApplicationWithdrawn
from shared.events.document import DocumentDeleted
from shared.ids import new_id
from shared.journal import journal
from tests.services.document import files
from tests.services.document.conftest import Documents
from tests.support import tokens

CHIEF = tokens.officer(Role.CHIEF_EXAMINER)
ELSEWHERE = tokens.officer(Role.CHIEF_EXAMINER, office="OSA")
REASON = {"reason": "審査請求のため"}


async def post(documents: Documents, path: str, body: dict[str, Any], actor: Actor | None = None) -> httpx.Response:
    headers = {**documents.headers(actor), "Idempotency-Key": uuid4().hex, "Accept-Language": "en"}
    return await documents.service.client.post(f"/v1/{path}", json=body, headers=headers)


async def get(documents: Documents, path: str, actor: Actor | None = None, **query: Any) -> httpx.Response:
    return await documents.service.client.get(f"/v1/{path}", headers=documents.headers(actor), params=query)


async def filed(documents: Documents, *document_ids: str, application_id: UUID | None = None) -> UUID:
    application = application_id or new_id()
    await documents.service.deliver(
        ApplicationSubmitted.example(
            application_id=application, document_ids=list(document_ids), photo_id=None, office="TYO"
        )
    )
    return application


async def end(documents: Documents, application: UUID) -> None:
    await documents.service.deliver(
        ApplicationWithdrawn.example(application_id=application, withdrawn_at=documents.clock.now())
    )


async def hold(documents: Documents, application: UUID) -> str:
    answer = await post(documents, "holds", {"record_id": str(application), **REASON}, CHIEF)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def journalled(documents: Documents, aggregate_id: UUID | str) -> list[str]:
    async with documents.service.db.read() as session:
        lines = select(journal.c.action).where(journal.c.aggregate_id == UUID(str(aggregate_id)))
        return list(await session.scalars(lines.order_by(journal.c.version)))


@pytest.mark.parametrize(
    ("by_office", "filed", "is_open", "is_held", "reason"),
    [
        (False, False, False, False, None),
        (False, True, True, False, Keeps.RECORD_OPEN),
        (False, True, False, False, Keeps.RETENTION),
        (True, True, True, False, Keeps.RECORD_OPEN),
        (True, True, False, False, None),
        (True, True, False, True, Keeps.HOLD),
        (True, True, True, True, Keeps.HOLD),
    ],
)
def test_what_may_be_erased(by_office: bool, filed: bool, is_open: bool, is_held: bool, reason: Keeps | None) -> None:
    assert keeps(by_office=by_office, filed=filed, is_open=is_open, is_held=is_held) is reason


async def test_held_files_stay_beyond_their_retention_until_the_last_hold_is_lifted(
    open_documents: Callable[..., Awaitable[Documents]],
) -> None:
    documents = await open_documents(closed_days=30)
    body = await documents.uploaded()
    application = await filed(documents, body["id"])
    await end(documents, application)
    holds = [await hold(documents, application), await hold(documents, application)]
    documents.clock.advance(timedelta(days=40))
    for hold_id in holds:
        await documents.run_job("expire_documents")
        assert (await documents.get(f"/{body['id']}")).status_code == 200
        lifted = await post(documents, f"holds/{hold_id}/lift", {"reason": "確定したため"}, CHIEF)
        assert (lifted.status_code, lifted.json()["lift_reason"]) == (200, "確定したため")
    await documents.run_job("expire_documents")
    assert (await documents.get(f"/{body['id']}")).status_code == 404
    again = await post(documents, f"holds/{holds[0]}/lift", REASON, CHIEF)
    assert (again.status_code, again.json()["code"]) == (409, "hold-lifted")
    listed = (await get(documents, "holds", CHIEF, record_id=str(application))).json()["items"]
    assert [each["id"] for each in listed] == holds
    assert await journalled(documents, application) == [
        "document:file",
        "hold:set",
        "hold:set",
        "hold:lift",
        "hold:lift",
    ]
    assert await documents.service.journal_problems() == []


async def test_file_of_a_held_and_another_record_stays(open_documents: Callable[..., Awaitable[Documents]]) -> None:
    documents = await open_documents(closed_days=1)
    body = await documents.uploaded()
    one, other = await filed(documents, body["id"]), await filed(documents, body["id"])
    for application in (one, other):
        await end(documents, application)
    await hold(documents, other)
    documents.clock.advance(timedelta(days=9))
    await documents.run_job("expire_documents")
    assert (await documents.get(f"/{body['id']}")).status_code == 200


async def test_only_officers_who_decide_on_the_record_hold_and_lift(documents: Documents) -> None:
    body = await documents.uploaded()
    application = await filed(documents, body["id"])
    hold_id = await hold(documents, application)
    asked = {"record_id": str(application), **REASON}
    for role in Role:
        other = tokens.officer(role) if role not in (*_PEOPLE,) else tokens.person(role)
        expected = {Role.CHIEF_EXAMINER: 201, Role.USER_APPROVAL: 404}.get(role, 403)
        assert (await post(documents, "holds", asked, other)).status_code == expected, role
    assert (await post(documents, "holds", asked, ELSEWHERE)).status_code == 404
    assert (await post(documents, f"holds/{hold_id}/lift", REASON, ELSEWHERE)).status_code == 404
    assert (await get(documents, "holds", ELSEWHERE, record_id=str(application))).status_code == 404
    assert (await post(documents, "holds", {**asked, "record_id": str(new_id())}, CHIEF)).status_code == 404
    missing = await post(documents, "holds", {"record_id": str(application), "reason": " "}, CHIEF)
    assert (missing.status_code, missing.json()["errors"][0]["pointer"]) == (422, "/reason")


_PEOPLE = (
    Role.ORG_STAFF,
    Role.SUPERVISING_ORG_STAFF,
    Role.PUBLIC_INTEREST_STAFF,
    Role.RSO_STAFF,
    Role.LAWYER_SCRIVENER,
    Role.SELF,
    Role.LEGAL_REP,
    Role.RELATIVE,
)


async def test_persons_request_erases_what_was_not_filed_and_says_why_the_rest_stays(documents: Documents) -> None:
    free, photo = await documents.uploaded(files.pdf(1)), await documents.uploaded(files.jpeg(), "photo")
    going, ended, held = [await documents.uploaded(files.pdf(pages)) for pages in (2, 3, 4)]
    refused = await documents.upload(files.locked_pdf(), name="Yamada's passport.pdf")
    assert refused.status_code == 422
    await filed(documents, going["id"])
    over, under_hold = await filed(documents, ended["id"]), await filed(documents, held["id"])
    await end(documents, over)
    await hold(documents, under_hold)
    theirs = await documents.uploaded(files.pdf(5), actor=tokens.person(Role.SELF))

    answer = await post(documents, "erasures", {})
    assert answer.status_code == 201, answer.text
    proof = answer.json()
    outcomes = {each["document_id"]: (each["outcome"], each["reason"]) for each in proof["files"]}
    assert outcomes == {
        free["id"]: ("erased", None),
        photo["id"]: ("erased", None),
        going["id"]: ("kept", "record-open"),
        ended["id"]: ("kept", "retention"),
        held["id"]: ("kept", "legal-hold"),
    }
    assert proof["complete"] is True
    assert all(bool(each["message"]) == (each["outcome"] == "kept") for each in proof["files"])
    assert {each["sha256"] for each in proof["files"]} >= {free["sha256"], photo["sha256"]}
    assert (await documents.get(f"/{free['id']}")).status_code == 404
    for kept in (going, ended, held):
        assert (await documents.get(f"/{kept['id']}")).status_code == 200
    async with documents.service.db.read() as session:
        rows = list(await session.scalars(select(Document)))
    named = {str(row.id) for row in rows if row.file_name}
    assert named == {going["id"], ended["id"], held["id"], theirs["id"]}, "the refused file's name is gone too"
    gone = next(row for row in rows if str(row.id) == photo["id"])
    assert (gone.likeness, gone.measures, gone.crop) == (None, [], None)

    # The content goes from the store within a minute, and the proof says when.
    assert {each["purged_at"] for each in proof["files"]} == {None}
    documents.clock.advance(timedelta(minutes=1))
    await documents.run_job("remove_leftover_objects")
    proof = (await get(documents, f"erasures/{proof['id']}")).json()
    now = documents.clock.now().isoformat().replace("+00:00", "Z")
    assert [each["purged_at"] for each in proof["files"]] == [
        now if each["outcome"] == "erased" else None for each in proof["files"]
    ]
    day = documents.clock.now().date().isoformat()
    assert len(await documents.objects.keys(f"{day}/")) == 4
    assert (await journalled(documents, free["id"]))[-2:] == ["document:erase", "document:purge"]
    assert await journalled(documents, proof["id"]) == ["erasure:done"]
    deleted = {
        str(event.document_id): event.reason_code
        for event in await documents.service.events()
        if isinstance(event, DocumentDeleted)
    }
    assert deleted == {free["id"]: "erased-on-request", photo["id"]: "erased-on-request"}
    assert await documents.service.journal_problems() == []

    listed = (await get(documents, "erasures")).json()["items"]
    assert [each["id"] for each in listed] == [proof["id"]]
    for stranger in (tokens.person(Role.SELF), CHIEF):
        assert (await get(documents, f"erasures/{proof['id']}", stranger)).status_code == 404


async def test_the_office_erases_by_a_request_that_it_names(documents: Documents) -> None:
    ended, shared = await documents.uploaded(files.pdf(1)), await documents.uploaded(files.pdf(2))
    over = await filed(documents, ended["id"], shared["id"])
    going = await filed(documents, shared["id"])
    await end(documents, over)
    asked = {"record_id": str(over), "request_number": "東入情　第１２号", "received_on": "2000-01-05"}
    for missing in ("request_number", "received_on"):
        answer = await post(documents, "erasures", {k: v for k, v in asked.items() if k != missing}, CHIEF)
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, f"/{missing}")
    refused = await post(documents, "erasures", asked)
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "not-yours")
    assert (await post(documents, "erasures", asked, ELSEWHERE)).status_code == 404

    answer = await post(documents, "erasures", asked, CHIEF)
    assert answer.status_code == 201, answer.text
    proof = answer.json()
    outcomes = {each["document_id"]: (each["outcome"], each["reason"]) for each in proof["files"]}
    assert outcomes == {ended["id"]: ("erased", None), shared["id"]: ("kept", "record-open")}
    assert (proof["record_id"], proof["received_on"]) == (str(over), "2000-01-05")
    assert "12" in proof["request_number"] or "１２" in proof["request_number"]
    listed = (await get(documents, "erasures", CHIEF, record_id=str(over))).json()["items"]
    assert [each["id"] for each in listed] == [proof["id"]]
    assert (await get(documents, f"erasures/{proof['id']}", ELSEWHERE)).status_code == 404
    assert (await get(documents, f"erasures/{proof['id']}")).status_code == 404
    # Until the other record is over too.
    await end(documents, going)
    again = (await post(documents, "erasures", asked, CHIEF)).json()
    assert [(each["document_id"], each["outcome"]) for each in again["files"]] == [(shared["id"], "erased")]
    assert await documents.service.journal_problems() == []


async def test_repaired_copy_that_waits_is_erased_too(documents: Documents) -> None:
    answer = await documents.upload(files.restricted_pdf(), name="contract.pdf")
    offer = answer.json()["offer"]
    proof = (await post(documents, "erasures", {})).json()
    assert [(each["document_id"], each["outcome"]) for each in proof["files"]] == [(offer["document_id"], "erased")]
    await documents.run_job("remove_leftover_objects")
    assert list(await documents.objects.keys(f"{documents.clock.now().date()}/")) == []
    assert await documents.service.journal_problems() == []


async def test_same_file_of_one_owner_is_stored_once_and_goes_with_the_last(documents: Documents) -> None:
    data = files.pdf(2)
    bodies = [await documents.uploaded(data) for _ in range(3)]
    other = await documents.uploaded(data, actor=tokens.person(Role.SELF))
    day = documents.clock.now().date().isoformat()
    keys = list(await documents.objects.keys(f"{day}/"))
    assert keys == sorted([f"{day}/{bodies[0]['id']}", f"{day}/{other['id']}"])
    for number, body in enumerate(bodies):
        assert (await documents.get(f"/{body['id']}/link")).status_code == 200
        await documents.delete(body["id"])
        await documents.run_job("remove_leftover_objects")
        assert (f"{day}/{bodies[0]['id']}" in await documents.objects.keys(f"{day}/")) == (number < 2)
    assert [(await journalled(documents, body["id"]))[-1] for body in bodies] == ["document:purge"] * 3
    assert (await documents.get(f"/{bodies[0]['id']}/link")).status_code == 404
    assert await documents.service.journal_problems() == []


async def test_same_file_is_stored_again_where_what_is_stored_was_altered(documents: Documents) -> None:
    from io import BytesIO

    data = files.pdf(2)
    first = await documents.uploaded(data)
    day = documents.clock.now().date().isoformat()
    await documents.objects.put(f"{day}/{first['id']}", BytesIO(b"other"), 5, "application/pdf")
    second = await documents.uploaded(data)
    assert (await documents.get(f"/{first['id']}/link")).json()["code"] == "file-altered"
    assert (await documents.get(f"/{second['id']}/link")).status_code == 200


async def test_same_file_sent_while_the_other_is_deleted_is_never_without_its_object(documents: Documents) -> None:
    """Many times at once: each document that there is in the end has its object."""
    data, day = files.pdf(3), documents.clock.now().date().isoformat()
    last = await documents.uploaded(data)
    for _ in range(6):
        answers = await asyncio.gather(
            documents.upload(data),
            documents.delete(last["id"]),
            documents.run_job("remove_leftover_objects"),
        )
        last = answers[0].json()
        await documents.run_job("remove_leftover_objects")
        assert (await documents.get(f"/{last['id']}/link")).status_code == 200
    await documents.delete(last["id"])
    await documents.run_job("remove_leftover_objects")
    assert list(await documents.objects.keys(f"{day}/")) == []
    assert await documents.service.journal_problems() == []
