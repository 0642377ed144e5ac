"""Access to a file, and its end."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text

from services.document.files.store.documents import Document, LeftoverObject
from shared.auth import OFFICER_ROLES, Actor, Role
from shared.events.application import ApplicationSubmitted, ApplicationWithdrawn
from shared.events.base import Event
from shared.events.document import DocumentAccepted, DocumentDeleted
from shared.events.review import (
    ApplicationTerminated,
    CardDelivered,
    CaseTransferred,
    CertificateIssued,
    ReviewCompleted,
    ReviewStarted,
)
from shared.ids import new_id
from shared.journal import journal
from shared.outgoing import http_client
from tests.services.document import files
from tests.services.document.conftest import Documents
from tests.support import tokens

READING_OFFICERS = (Role.RECEPTION, Role.EXAMINER, Role.CHIEF_EXAMINER, Role.CARD_OFFICE)


async def journalled(documents: Documents, action: str) -> list[UUID | None]:
    async with documents.service.db.read() as session:
        lines = select(journal.c.actor_id).where(journal.c.action == action).order_by(journal.c.position)
        return list(await session.scalars(lines))


async def test_owner_reads_and_downloads_through_a_short_lived_link(documents: Documents) -> None:
    data = files.pdf(2)
    body = await documents.uploaded(data, name="旅券.pdf")
    assert (await documents.get(f"/{body['id']}")).json() == body
    link = (await documents.get(f"/{body['id']}/link")).json()
    assert link["expires_at"] == (documents.clock.now() + timedelta(seconds=120)).isoformat().replace("+00:00", "Z")
    async with http_client() as client:
        answer = await client.get(link["url"])
    assert answer.content == data
    assert answer.headers["content-disposition"] == f'attachment; filename="{body["id"]}.pdf"'
    assert await journalled(documents, "document:read") == []


async def filed(documents: Documents, office: str = "TYO") -> dict[str, Any]:
    body = await documents.uploaded()
    event = ApplicationSubmitted.example(
        application_id=new_id(), document_ids=[body["id"]], photo_id=None, office=office
    )
    await documents.service.deliver(event)
    return body


async def test_officers_read_the_files_of_their_office_and_each_reading_is_journalled(documents: Documents) -> None:
    body = await filed(documents)
    officers = [tokens.officer(role) for role in READING_OFFICERS]
    for officer in officers:
        assert (await documents.get(f"/{body['id']}", officer)).status_code == 200
        assert (await documents.get(f"/{body['id']}/link", officer)).status_code == 200
    for action in ("document:read", "document:download"):
        assert await journalled(documents, action) == [officer.id for officer in officers]


async def test_the_office_that_has_the_case_reads_whatever_came_first(documents: Documents) -> None:
    body = await documents.uploaded()
    application, now = new_id(), documents.clock.now()
    started = ReviewStarted.example(application_id=application, office="OSA", started_at=now + timedelta(hours=1))
    submitted = ApplicationSubmitted.example(
        application_id=application, document_ids=[body["id"]], photo_id=None, office="TYO", submitted_at=now
    )
    await documents.service.deliver(started, submitted)
    for office, status in (("OSA", 200), ("TYO", 404)):
        examiner = tokens.officer(Role.EXAMINER, office=office)
        assert (await documents.get(f"/{body['id']}", examiner)).status_code == status


async def test_a_case_that_went_to_another_office_takes_its_files_along(documents: Documents) -> None:
    body, application = await documents.uploaded(), new_id()
    now = documents.clock.now()
    submitted = ApplicationSubmitted.example(
        application_id=application, document_ids=[body["id"]], photo_id=None, office="TYO", submitted_at=now
    )
    later = now + timedelta(hours=1)
    moved = CaseTransferred.example(application_id=application, office="OSA", transferred_at=later)
    await documents.service.deliver(submitted, moved)
    for office, status in (("OSA", 200), ("TYO", 404)):
        examiner = tokens.officer(Role.EXAMINER, office=office)
        assert (await documents.get(f"/{body['id']}", examiner)).status_code == status


async def test_everybody_else_is_refused_or_finds_nothing(documents: Documents) -> None:
    body = await filed(documents)
    for role in sorted(set(Role) - set(READING_OFFICERS)):
        officer = role in OFFICER_ROLES
        stranger: Actor = tokens.officer(role) if officer else tokens.person(role, organisation=True)
        refused = 403 if officer else 404
        # Who approves users reads files, but only those of registrations.
        unread = 404 if role is Role.USER_APPROVAL else refused
        assert (await documents.get(f"/{body['id']}", stranger)).status_code == unread, role
        assert (await documents.get(f"/{body['id']}/link", stranger)).status_code == unread, role
        assert (await documents.delete(body["id"], stranger)).status_code == refused, role
    assert (await documents.get(f"/{body['id']}")).status_code == 200


async def test_not_yours_looks_like_not_there(documents: Documents) -> None:
    body = await documents.uploaded()
    stranger = tokens.person(Role.SELF)
    theirs, nowhere = await documents.get(f"/{body['id']}", stranger), await documents.get(f"/{new_id()}", stranger)
    drop = ("request_id",)
    assert {k: v for k, v in theirs.json().items() if k not in drop} == {
        k: v for k, v in nowhere.json().items() if k not in drop
    }


async def test_colleague_of_the_same_organisation_sees_the_file(documents: Documents) -> None:
    body = await documents.uploaded()
    colleague = Actor(
        kind="person",
        id=new_id(),
        organisation_id=documents.owner.organisation_id,
        roles=frozenset({Role.ORG_STAFF}),
    )
    assert (await documents.get(f"/{body['id']}", colleague)).status_code == 200


async def test_list_shows_own_accepted_files_page_by_page(documents: Documents) -> None:
    application = uuid4()
    mine = []
    for number in range(1, 6):
        fields = {"application_id": str(application)} if number > 3 else {}
        mine.append((await documents.uploaded(files.pdf(number), **fields))["id"])
        documents.clock.advance(timedelta(seconds=1))
    await documents.upload(files.locked_pdf())
    await documents.uploaded(actor=tokens.person(Role.SELF))
    seen: list[str] = []
    cursor = None
    while True:
        page = (await documents.get("", limit=2, **({"cursor": cursor} if cursor else {}))).json()
        seen += [item["id"] for item in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == mine
    of_application = (await documents.get("", application_id=str(application))).json()["items"]
    assert [item["id"] for item in of_application] == mine[3:]


async def test_deleted_file_is_gone_for_everyone_and_its_object_with_the_next_round(documents: Documents) -> None:
    body = await documents.uploaded()
    async with documents.service.db.read() as session:
        key = (await session.get(Document, UUID(body["id"]))).object_key
    assert (await documents.delete(body["id"])).status_code == 204
    assert (await documents.get(f"/{body['id']}")).status_code == 404
    assert (await documents.delete(body["id"])).status_code == 404
    await documents.run_job("remove_leftover_objects")
    assert list(await documents.objects.keys(key)) == []
    _, event = await documents.service.events()
    assert isinstance(event, DocumentDeleted)
    assert event.reason_code == "by-owner"
    assert await documents.service.journal_problems() == []


async def test_filed_documents_stay_and_a_second_delivery_changes_nothing(documents: Documents) -> None:
    pdf, photo = await documents.uploaded(), await documents.uploaded(files.jpeg(), "photo")
    event = ApplicationSubmitted.example(document_ids=[pdf["id"], str(uuid4())], photo_id=photo["id"])
    await documents.service.deliver(event, event)
    for body in (pdf, photo):
        assert (await documents.get(f"/{body['id']}")).json()["filed_at"] is not None
        answer = await documents.delete(body["id"])
        assert (answer.status_code, answer.json()["code"]) == (409, "document-filed")
    assert len(await journalled(documents, "document:file")) == 1
    assert await documents.service.journal_problems() == []


async def test_file_that_was_never_filed_is_deleted_after_thirty_days(documents: Documents) -> None:
    filed, forgotten = await documents.uploaded(files.pdf(1)), await documents.uploaded(files.pdf(2))
    await documents.service.deliver(ApplicationSubmitted.example(document_ids=[filed["id"]], photo_id=None))
    documents.clock.advance(timedelta(days=29))
    await documents.run_job("expire_documents")
    assert (await documents.get(f"/{forgotten['id']}")).status_code == 200
    documents.clock.advance(timedelta(days=2))
    for _ in range(2):
        await documents.run_job("expire_documents")
    assert (await documents.get(f"/{forgotten['id']}")).status_code == 404
    assert (await documents.get(f"/{filed['id']}")).status_code == 200
    deleted = [event for event in await documents.service.events() if isinstance(event, DocumentDeleted)]
    assert [(str(event.document_id), event.reason_code) for event in deleted] == [(forgotten["id"], "never-filed")]
    assert await documents.service.journal_problems() == []


@pytest.mark.parametrize(
    ("end", "moment"),
    [
        (CardDelivered.example, "delivered_at"),
        (CertificateIssued.example, "issued_at"),
        (partial(ReviewCompleted.example, outcome="refused"), "decided_at"),
        (partial(ReviewCompleted.example, outcome="not_accepted"), "decided_at"),
        (ApplicationTerminated.example, "terminated_at"),
        (ApplicationWithdrawn.example, "withdrawn_at"),
    ],
    ids=["delivered", "certificate", "refused", "not_accepted", "terminated", "withdrawn"],
)
async def test_files_of_a_finished_application_go_when_the_sites_retention_is_over(
    open_documents: Callable[..., Awaitable[Documents]], end: Callable[..., Event], moment: str
) -> None:
    documents = await open_documents(closed_days=365)
    body = await documents.uploaded()
    application = new_id()
    await documents.service.deliver(
        ApplicationSubmitted.example(application_id=application, document_ids=[body["id"]], photo_id=None),
        end(application_id=application, **{moment: documents.clock.now()}),
    )
    documents.clock.advance(timedelta(days=364))
    await documents.run_job("expire_documents")
    assert (await documents.get(f"/{body['id']}")).status_code == 200
    documents.clock.advance(timedelta(days=2))
    await documents.run_job("expire_documents")
    assert (await documents.get(f"/{body['id']}")).status_code == 404


async def test_files_of_a_granted_application_stay_until_its_card_is_delivered(
    open_documents: Callable[..., Awaitable[Documents]],
) -> None:
    documents = await open_documents(closed_days=1)
    body = await documents.uploaded()
    application = new_id()
    await documents.service.deliver(
        ApplicationSubmitted.example(application_id=application, document_ids=[body["id"]], photo_id=None),
        ReviewCompleted.example(application_id=application, outcome="granted", decided_at=documents.clock.now()),
    )
    documents.clock.advance(timedelta(days=60))
    await documents.run_job("expire_documents")
    assert (await documents.get(f"/{body['id']}")).status_code == 200


@pytest.mark.parametrize("late", [False, True], ids=["in order", "out of order"])
async def test_the_last_end_of_an_application_counts(
    open_documents: Callable[..., Awaitable[Documents]], late: bool
) -> None:
    """A withdrawal that arrives after the decision changes nothing: the case goes on until its card is delivered."""
    documents = await open_documents(closed_days=30)
    body = await documents.uploaded()
    application, now = new_id(), documents.clock.now()
    await documents.service.deliver(
        ApplicationSubmitted.example(application_id=application, document_ids=[body["id"]], photo_id=None)
    )
    ends: list[Event] = [
        ApplicationWithdrawn.example(application_id=application, withdrawn_at=now),
        CardDelivered.example(application_id=application, delivered_at=now + timedelta(days=20)),
    ]
    await documents.service.deliver(*(reversed(ends) if late else ends))
    documents.clock.advance(timedelta(days=40))
    await documents.run_job("expire_documents")
    assert (await documents.get(f"/{body['id']}")).status_code == 200
    documents.clock.advance(timedelta(days=11))
    await documents.run_job("expire_documents")
    assert (await documents.get(f"/{body['id']}")).status_code == 404


async def test_orphan_objects_are_swept_after_a_day_and_kept_ones_are_not(documents: Documents) -> None:
    body = await documents.uploaded()
    day = documents.clock.now().date().isoformat()
    orphan = f"{day}/{uuid4()}"
    await documents.objects.put(orphan, BytesIO(b"lost"), 4, "application/pdf")
    await documents.run_job("sweep_orphan_objects")
    assert orphan in await documents.objects.keys(f"{day}/")
    # As after an outage: the job was away for days and still does the day it had not done.
    documents.clock.advance(timedelta(days=9))
    await documents.run_job("sweep_orphan_objects")
    assert list(await documents.objects.keys(f"{day}/")) == [f"{day}/{body['id']}"]
    async with documents.service.db.read() as session:
        swept = list(await session.execute(text("SELECT day, removed FROM swept_days WHERE removed > 0")))
    assert [(str(row.day), row.removed) for row in swept] == [(day, 1)]


async def test_store_that_fails_keeps_the_deletion_for_later(documents: Documents) -> None:
    body = await documents.uploaded()
    await documents.delete(body["id"])
    async with documents.service.db.read() as session:
        assert len(list(await session.scalars(select(LeftoverObject)))) == 1
    accepted, _ = await documents.service.events()
    assert isinstance(accepted, DocumentAccepted)
    await documents.run_job("remove_leftover_objects")
    await documents.run_job("remove_leftover_objects")
    async with documents.service.db.read() as session:
        assert list(await session.scalars(select(LeftoverObject))) == []
