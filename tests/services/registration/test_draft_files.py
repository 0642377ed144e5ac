"""The documents of a usage registration as files: uploaded without an account, filed, read by the approving officer."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from asgi_lifespan import LifespanManager
from sqlalchemy import func, select

from deploy.local.object_store import ObjectStore as S3Server
from services.document.retention.commands.sweeps import expire
from services.gateway.app import create_app as create_gateway
from services.gateway.settings import Settings as GatewaySettings
from shared.auth import Actor, KeySet, TokenVerifier
from shared.clock import ManualClock
from shared.events.document import DocumentAccepted, DocumentDeleted, DocumentRejected
from shared.events.registration import PeriodicReportSubmitted, UsageRegistrationSubmitted
from shared.journal import journal
from shared.timers import Due
from shared.work import RequestIdentity
from tests.infra.databases import TestDatabase
from tests.services.document import files
from tests.services.registration.drafts import begun, complete, points
from tests.services.registration.life import REPORT_DOCUMENTS, add_role, colleague, report
from tests.services.registration.site import RegistrationClient, submission
from tests.support.service import RunningService, running
from tests.support.web import serving

RETURN = {"items": [{"code": "UA_PLEDGE", "message": "日付がありません。"}]}
ON_PAPER = ["UA_CHECK", "UA_FORM", "UA_CATEGORY"]


@dataclass
class DraftFiles:
    """Registration and the document service behind a gateway; events go from one to the other when told to."""

    site: RegistrationClient
    document: RunningService
    gateway: httpx.AsyncClient
    clock: ManualClock

    async def upload(self, token: str, *codes: str, data: bytes | None = None) -> httpx.Response:
        """A PDF sent through the gateway, with the token of a record."""
        return await self.gateway.post(
            "/api/v1/documents",
            headers={"Authorization": f"Bearer {token}", "Idempotency-Key": uuid4().hex},
            data={"kind": "pdf", "codes": list(codes)},
            files={"file": ("file.pdf", files.pdf() if data is None else data)},
        )

    async def uploaded(self, token: str, *codes: str) -> str:
        answer = await self.upload(token, *codes)
        assert answer.status_code == 201, answer.text
        found: str = answer.json()["id"]
        return found

    async def notify_registration(self) -> None:
        """Everything the document service has told. A second delivery must change nothing."""
        kinds = (DocumentAccepted, DocumentRejected, DocumentDeleted)
        await self.site.service.deliver(*(e for e in await self.document.events() if isinstance(e, kinds)))

    async def notify_document(self) -> None:
        received = self.document.app.state.handlers
        await self.document.deliver(*(e for e in await self.site.service.events() if type(e) in received))

    async def file(self, document_id: str, header: dict[str, str]) -> httpx.Response:
        return await self.document.client.get(f"/v1/documents/{document_id}", headers=header)

    async def expire(self) -> None:
        runtime = self.document.app.state.runtime
        async with runtime.commands.work(Actor.system("document.jobs"), RequestIdentity(request_id="job")) as work:
            await expire(runtime.settings)(work, Due("expire", uuid4(), work.now, {}, 0))


@pytest.fixture
async def house(
    site: RegistrationClient,
    clock: ManualClock,
    service_database: Callable[[str], TestDatabase],
    object_store: S3Server,
) -> AsyncIterator[DraftFiles]:
    store = {
        "s3_endpoint": object_store.endpoint,
        "s3_access_key": object_store.access_key,
        "s3_secret_key": object_store.secret_key,
        "s3_bucket": object_store.bucket,
    }
    async with running("document", service_database("document"), clock=clock, check_processes=1, **store) as document:
        # The keys that registration publishes, and no other: tokens are checked as in a real house.
        keys = KeySet(site.signing.document, clock=clock)
        document.app.state.verifier = TokenVerifier(site.context.settings.token_issuer, keys, clock)
        async with serving(site.service.app, lifespan="off") as one, serving(document.app, lifespan="off") as other:
            app = create_gateway(GatewaySettings(registration_url=one, document_url=other, cookie_secure=False))
            async with LifespanManager(app) as manager:
                transport = httpx.ASGITransport(app=manager.app)
                async with httpx.AsyncClient(transport=transport, base_url="http://gateway.test") as gateway:
                    yield DraftFiles(site, document, gateway, clock)


async def _journalled(document: RunningService, action: str) -> int:
    async with document.db.read() as session:
        return await session.scalar(select(func.count()).where(journal.c.action == action)) or 0


def _with(*handed_in: Any) -> dict[str, Any]:
    return complete(documents=[*ON_PAPER, *handed_in])


async def test_a_file_goes_from_an_applicant_without_account_to_the_approving_officer(house: DraftFiles) -> None:
    writer = await begun(house.site)
    no_role = await house.site.post(writer.path("/upload-token"), headers=writer.header)
    assert (no_role.status_code, no_role.json()["errors"][0]["pointer"]) == (422, "/role")
    # Every step of the page goes through the gateway, and the key in a header.
    through = await house.gateway.put(
        f"/api{writer.path()}", json=complete(), headers=writer.header | {"If-Match": '"1"'}
    )
    assert through.json()["complete"] is True, through.text
    granted = await house.gateway.post(f"/api{writer.path('/upload-token')}", headers=writer.header)
    token = granted.json()["access_token"]
    pledge = await house.uploaded(token, "UA_PLEDGE")
    await writer.save(_with({"code": "UA_PLEDGE", "document_id": pledge}))
    assert points(await writer.check()) == {("/documents/3/document_id", "file-not-known")}
    await house.notify_registration()
    await house.notify_registration()
    found = await writer.check()
    assert found["complete"] is True
    (line,) = [line for line in found["documents"] if line["code"] == "UA_PLEDGE"]
    assert (line["handed_in"], line["files"]) == (
        "file",
        [{"document_id": pledge, "pages": 1, "available": True}],
    )

    answer = await house.gateway.post(
        f"/api{writer.path('/submit')}", headers=writer.header | {"Idempotency-Key": "hand-in"}
    )
    assert answer.status_code == 201, answer.text
    (reported,) = await house.site.events(UsageRegistrationSubmitted)
    assert reported.document_ids == (UUID(pledge),)
    officer = await house.site.officer()
    assert (await house.file(pledge, officer)).status_code == 404, "not filed yet"
    await house.notify_document()
    await house.notify_document()
    seen = (await house.site.get(f"/v1/usage-registrations/{writer.id}", officer)).json()
    assert {one["code"]: one["handed_in"] for one in seen["document_list"]} == {
        "UA_CHECK": "paper",
        "UA_FORM": "paper",
        "UA_PLEDGE": "file",
        "UA_CATEGORY": "paper",
        "UA_AGENT_CERT": None,
    }
    assert (await house.file(pledge, officer)).json()["filed_at"] is not None
    assert (await house.document.client.get(f"/v1/documents/{pledge}/link", headers=officer)).status_code == 200
    assert [await _journalled(house.document, f"document:{act}") for act in ("read", "download")] == [1, 1]

    house.clock.advance(timedelta(days=40))
    await house.expire()
    assert (await house.file(pledge, await house.site.officer(login_id="later.tyo"))).status_code == 200
    for service in (house.site.service, house.document):
        assert await service.journal_problems() == []


async def test_an_upload_token_is_good_for_its_own_files_and_nothing_else(house: DraftFiles) -> None:
    mine, theirs = (
        await begun(house.site, role="org_staff"),
        await begun(house.site, "taro@example.co.jp", role="rso_staff"),
    )
    token = {"Authorization": f"Bearer {await mine.upload_token()}"}
    file_of_others = await house.uploaded(await theirs.upload_token(), "UA_PLEDGE")
    assert (await house.file(file_of_others, token)).status_code == 404
    assert (await house.document.client.delete(f"/v1/documents/{file_of_others}", headers=token)).status_code == 404
    for path in ("/v1/accounts/me", mine.path(), "/v1/usage-registration-drafts"):
        refused = await house.site.get(path, token | mine.header)
        assert (refused.status_code, refused.json()["code"]) == (403, "scope-not-granted"), path
    house.clock.advance(timedelta(minutes=5))
    expired = await house.upload(token["Authorization"].split()[1], "UA_PLEDGE")
    assert (expired.status_code, expired.json()["code"]) == (401, "token-expired")


async def test_a_file_that_cannot_be_handed_in_is_named_with_the_reason(house: DraftFiles) -> None:
    writer, other = (
        await begun(house.site, role="org_staff"),
        await begun(house.site, "taro@example.co.jp", role="org_staff"),
    )
    token = await writer.upload_token()
    foreign = await house.uploaded(await other.upload_token(), "UA_PLEDGE")
    category, without_code = await house.uploaded(token, "UA_CATEGORY"), await house.uploaded(token)
    deleted = await house.uploaded(token, "UA_PLEDGE")
    gone = await house.document.client.delete(f"/v1/documents/{deleted}", headers={"Authorization": f"Bearer {token}"})
    assert gone.status_code == 204
    refused = await house.upload(token, "UA_PLEDGE", data=b"no pdf")
    assert refused.status_code == 422
    (rejected,) = [event for event in await house.document.events() if isinstance(event, DocumentRejected)]
    await house.notify_registration()
    for document_id, code in (
        (foreign, "file-not-known"),
        (str(uuid4()), "file-not-known"),
        (category, "file-of-another-document"),
        (without_code, "file-of-another-document"),
        (deleted, "file-deleted"),
        (str(rejected.document_id), "file-rejected"),
    ):
        await writer.save(_with({"code": "UA_PLEDGE", "document_id": document_id}))
        assert points(await writer.check()) == {("/documents/3/document_id", code)}
        assert (await writer.submit()).status_code == 422
    # Who hands in everything at once and has uploaded nothing cannot name a file either.
    direct = await house.site.post(
        "/v1/usage-registrations", submission(documents=[*ON_PAPER, {"code": "UA_PLEDGE", "document_id": category}])
    )
    assert direct.json()["errors"][0]["code"] == "file-not-known"
    assert await house.site.events(UsageRegistrationSubmitted) == []


async def test_what_was_returned_is_mended_with_files_by_who_knows_it(house: DraftFiles) -> None:
    site = house.site
    submitted = await site.submit()
    path = f"/v1/usage-registrations/{submitted['id']}"
    known = {"receipt_number": submitted["receipt_number"], "email": "hanako@example.co.jp"}
    early = await site.post(f"{path}/upload-token", known)
    assert (early.status_code, early.json()["code"]) == (409, "step-not-possible")
    officer = await site.officer()
    assert (await site.decide(submitted["id"], "return", RETURN, officer)).status_code == 200
    for wrong in ({}, {"receipt_number": "東利申26-000009-5"}, {"email": "other@example.co.jp"}):
        body = known | wrong if wrong else {}
        assert (await site.post(f"{path}/upload-token", body)).status_code == 404, wrong
    assert (await site.post(f"/v1/usage-registrations/{uuid4()}/upload-token", known)).status_code == 404

    token = (await site.post(f"{path}/upload-token", known)).json()["access_token"]
    pledge = await house.uploaded(token, "UA_PLEDGE")
    await house.notify_registration()
    corrected = submission(
        documents=[*ON_PAPER, {"code": "UA_PLEDGE", "document_id": pledge}],
        receipt_number=submitted["receipt_number"],
    )
    answer = await site.post(f"{path}/resubmit", corrected)
    assert answer.status_code == 200, answer.text
    assert (await site.events(UsageRegistrationSubmitted))[-1].document_ids == (UUID(pledge),)
    await house.notify_document()
    assert (await house.file(pledge, officer)).status_code == 200


async def test_a_periodic_report_takes_the_organisations_files(house: DraftFiles) -> None:
    site = house.site
    person = await site.person()
    house.clock.advance(timedelta(days=34 * 31))
    header = await site.signed_in(person)
    form = await house.uploaded(header["Authorization"].split()[1], "UA_REPORT")
    theirs = await house.uploaded(await (await begun(site, role="org_staff")).upload_token(), "UA_REPORT")
    await house.notify_registration()
    on_paper = [code for code in REPORT_DOCUMENTS if code != "UA_REPORT"]

    def with_file(document_id: str) -> dict[str, Any]:
        return report(documents=[*on_paper, {"code": "UA_REPORT", "document_id": document_id}])

    refused = await site.post("/v1/periodic-reports", with_file(theirs), headers=header)
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "file-not-known")
    answer = await site.post("/v1/periodic-reports", with_file(form), headers=header)
    assert answer.status_code == 201, answer.text
    assert (await site.events(PeriodicReportSubmitted))[-1].document_ids == (UUID(form),)
    await house.notify_document()
    officer = await site.officer(login_id="later.tyo")
    seen = (await site.get(f"/v1/periodic-reports/{answer.json()['id']}", officer)).json()
    assert {one["code"]: one["handed_in"] for one in seen["document_list"]}["UA_REPORT"] == "file"
    assert (await house.file(form, officer)).status_code == 200


async def test_files_sent_for_a_report_are_handed_in_by_any_member_in_the_role_and_by_nobody_else(
    house: DraftFiles,
) -> None:
    site, token = house.site, "/v1/periodic-reports/upload-token"
    officer = await site.officer()
    person = await site.person(officer)
    other = await colleague(site, officer, "jiro@example.co.jp")
    await add_role(site, await site.signed_in(other), "rso_staff", officer)
    elsewhere = {"corporate_number": "2120901007402"}
    stranger = await colleague(site, officer, "saburo@example.jp", organisation=elsewhere)
    house.clock.advance(timedelta(days=34 * 31))
    mine, colleagues, strangers = [await site.signed_in(one) for one in (person, other, stranger)]
    unclear = await site.post(token, {}, headers=colleagues)
    assert (unclear.status_code, unclear.json()["errors"][0]["pointer"]) == (422, "/role")

    async def granted(header: dict[str, str], **role: str) -> str:
        answer = await site.post(token, role, headers=header)
        assert answer.status_code == 200, answer.text
        assert answer.json()["scope"] == "document:read document:write"
        found: str = answer.json()["access_token"]
        return found

    form = await house.uploaded(await granted(mine), "UA_REPORT")
    await house.notify_registration()
    for header, role, seen in ((colleagues, "org_staff", 1), (colleagues, "rso_staff", 0), (strangers, "org_staff", 0)):
        bearer = {"Authorization": f"Bearer {await granted(header, role=role)}"}
        listed = await house.document.client.get("/v1/documents", headers=bearer)
        assert len(listed.json()["items"]) == seen, role
    on_paper = [code for code in REPORT_DOCUMENTS if code != "UA_REPORT"]
    body = report(documents=[*on_paper, {"code": "UA_REPORT", "document_id": form}], role="org_staff")
    refused = await site.post("/v1/periodic-reports", body, headers=strangers)
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "file-not-known")
    assert (await site.post("/v1/periodic-reports", body, headers=colleagues)).status_code == 201
    house.clock.advance(timedelta(days=80))
    lapsed = await site.post(token, {"role": "org_staff"}, headers=await site.signed_in(stranger))
    assert (lapsed.status_code, lapsed.json()["code"]) == (403, "registration-expired")


async def test_the_files_of_a_draft_go_with_it(house: DraftFiles) -> None:
    writer = await begun(house.site, role="org_staff")
    token = await writer.upload_token()
    pledge = await house.uploaded(token, "UA_PLEDGE")
    assert (await house.site.service.client.delete(writer.path(), headers=writer.header)).status_code == 204
    await house.notify_document()
    await house.notify_document()
    assert (await house.file(pledge, {"Authorization": f"Bearer {token}"})).status_code == 404
    (gone,) = [event for event in await house.document.events() if isinstance(event, DocumentDeleted)]
    assert (str(gone.document_id), gone.reason_code) == (pledge, "draft-deleted")
    assert await house.document.journal_problems() == []
