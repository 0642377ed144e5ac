"""Files of usage registrations and periodic reports: quotas, readers, retention."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from services.document.files.commands import documents as file_commands
from services.document.files.domain import Quota
from shared.auth import Actor, Role
from shared.clock import legal_date
from shared.events.application import ApplicationSubmitted, ApplicationWithdrawn
from shared.events.base import Event
from shared.events.registration import (
    PeriodicReportApproved,
    PeriodicReportSubmitted,
    UsageRegistrationApproved,
    UsageRegistrationRejected,
    UsageRegistrationSubmitted,
)
from shared.ids import new_id
from tests.services.document import files
from tests.services.document.conftest import Documents
from tests.support import tokens

SCOPES = frozenset({"document:read", "document:write"})
APPROVING = tokens.officer(Role.USER_APPROVAL)


def for_one_record(scopes: frozenset[str] = SCOPES) -> Actor:
    """An actor to whom registration gave a token for the files of one record."""
    return Actor(kind="person", id=new_id(), roles=frozenset({Role.ORG_STAFF}), scopes=scopes)


async def test_a_token_for_one_record_uploads_reads_and_deletes_its_own(documents: Documents) -> None:
    writer = for_one_record()
    body = await documents.uploaded(actor=writer, codes=["UA_PLEDGE"])
    assert (await documents.get(f"/{body['id']}", writer)).json() == body
    reading_only = Actor(kind="person", id=writer.id, roles=writer.roles, scopes=frozenset({"document:read"}))
    assert (await documents.delete(body["id"], reading_only)).json()["code"] == "scope-not-granted"
    assert (await documents.delete(body["id"], writer)).status_code == 204


async def test_who_has_no_account_keeps_few_files_and_an_outside_system_as_many_as_its_organisation(
    documents: Documents, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_commands, "ONE_RECORD", Quota(files=1, size=10**9))
    writer = for_one_record()
    await documents.uploaded(actor=writer)
    refused = await documents.upload(files.pdf(2), actor=writer)
    assert (refused.status_code, refused.json()["code"]) == (409, "quota-reached")
    client = Actor(kind="person", id=new_id(), client_id=new_id(), roles=frozenset({Role.ORG_STAFF}), scopes=SCOPES)
    for pages in (1, 2):
        await documents.uploaded(files.pdf(pages), actor=client)


async def test_who_approves_users_reads_their_files_and_none_of_an_application(documents: Documents) -> None:
    bodies = [await documents.uploaded(files.pdf(pages)) for pages in (1, 2, 3)]
    registration, report, application = (body["id"] for body in bodies)
    await documents.service.deliver(
        UsageRegistrationSubmitted.example(document_ids=[registration]),
        PeriodicReportSubmitted.example(document_ids=[report]),
        ApplicationSubmitted.example(document_ids=[application], photo_id=None),
    )
    for document_id, status in ((registration, 200), (report, 200), (application, 404)):
        assert (await documents.get(f"/{document_id}", APPROVING)).status_code == status
        assert (await documents.get(f"/{document_id}/link", APPROVING)).status_code == status


async def test_a_file_of_two_records_stays_until_both_are_over(
    open_documents: Callable[..., Awaitable[Documents]],
) -> None:
    documents = await open_documents(closed_days=10, registration_days=10)
    body = await documents.uploaded()
    application, report = new_id(), new_id()
    await documents.service.deliver(
        ApplicationSubmitted.example(application_id=application, document_ids=[body["id"]], photo_id=None),
        PeriodicReportSubmitted.example(periodic_report_id=report, document_ids=[body["id"]]),
        ApplicationWithdrawn.example(application_id=application, withdrawn_at=documents.clock.now()),
    )
    assert (await documents.get(f"/{body['id']}", APPROVING)).status_code == 200
    of_application = (await documents.get("", application_id=str(report))).json()["items"]
    assert [item["id"] for item in of_application] == [body["id"]]
    documents.clock.advance(timedelta(days=11))
    await documents.run_job("expire_documents")
    assert (await documents.get(f"/{body['id']}")).status_code == 200
    until = legal_date(documents.clock.now() + timedelta(days=20))
    await documents.service.deliver(PeriodicReportApproved.example(periodic_report_id=report, valid_until=until))
    documents.clock.advance(timedelta(days=29))
    await documents.run_job("expire_documents")
    assert (await documents.get(f"/{body['id']}")).status_code == 200
    documents.clock.advance(timedelta(days=3))
    await documents.run_job("expire_documents")
    assert (await documents.get(f"/{body['id']}")).status_code == 404


@pytest.mark.parametrize("decision", ["approved", "rejected"])
async def test_files_of_a_registration_go_three_years_after_its_end(documents: Documents, decision: str) -> None:
    body, registration = await documents.uploaded(), new_id()
    now = documents.clock.now()
    ends: dict[str, Event] = {
        "approved": UsageRegistrationApproved.example(usage_registration_id=registration, valid_until=legal_date(now)),
        "rejected": UsageRegistrationRejected.example(usage_registration_id=registration, rejected_at=now),
    }
    submitted = UsageRegistrationSubmitted.example(usage_registration_id=registration, document_ids=[body["id"]])
    await documents.service.deliver(submitted, ends[decision], ends[decision])
    documents.clock.advance(timedelta(days=1094))
    await documents.run_job("expire_documents")
    assert (await documents.get(f"/{body['id']}")).status_code == 200
    documents.clock.advance(timedelta(days=3))
    await documents.run_job("expire_documents")
    assert (await documents.get(f"/{body['id']}")).status_code == 404
