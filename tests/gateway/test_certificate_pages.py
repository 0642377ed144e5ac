"""A certificate in a browser without scripts: its owner's page, the link of somebody without an account, /verify."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, date, datetime

import pytest

from deploy.local.object_store import ObjectStore as S3Server
from shared.clock import ManualClock
from shared.events.application import CertificateLinkSent, CertificateReceived
from shared.events.document import PhotoReleased
from shared.events.review import CertificateIssued, CertificateRevoked, ReviewCompleted
from shared.ids import new_id
from tests.gateway.browser import Page
from tests.gateway.filed import Clerk, clerk_site
from tests.infra.databases import TestDatabase
from tests.support.keys import unsealed

NUMBER = "TYO26-000123"


@pytest.fixture
async def clerk(service_database: Callable[[str], TestDatabase], object_store: S3Server) -> AsyncIterator[Clerk]:
    """With a certificate that was just issued by e-mail."""
    clock = ManualClock(datetime(2026, 11, 20, 3, 0, tzinfo=UTC))
    async with clerk_site(service_database, clock, object_store) as made:
        await made.review(ReviewCompleted, outcome="granted")
        await made.review(
            CertificateIssued,
            certificate_number=NUMBER,
            procedure="COE",
            status_of_residence="ENG_HUM_INT",
            period_of_stay="Y3",
            method="EMAIL",
            valid_until=date(2027, 2, 20),
            photo_id=new_id(),
            issued_at=clock.now(),
        )
        await made.application.deliver(PhotoReleased.example(application_id=made.application_id, sealed_photo=None))
        yield made


async def born(clerk: Clerk) -> str:
    return str((await clerk.kept())["form"]["birth_date"])


async def path_of_link(clerk: Clerk) -> str:
    """The path of the last link that was sent."""
    sent = await clerk.emitted(CertificateLinkSent)
    return "/certificate/" + unsealed(sent[-1].sealed_link).rpartition("/")[2]


async def test_the_owner_downloads_acknowledges_and_sends_it_on(clerk: Clerk) -> None:
    page = await clerk.open()
    assert page.links["Get the certificate"] == f"{clerk.path}/certificate"
    page = await clerk.open("/certificate")
    for text in (NUMBER, "20 February 2027", "Not yet", "a***@example.com", "Not opened yet"):
        assert text in page.shown, text
    file = await clerk.browser.client.get(f"{clerk.path}/certificate/file")
    assert (file.headers["Content-Type"], file.content[:5]) == ("application/pdf", b"%PDF-")
    page = await clerk.browser.send(page, "Acknowledge")
    assert "The certificate is acknowledged." in page.shown
    assert len(await clerk.emitted(CertificateReceived)) == 1
    page = await clerk.browser.send(page, "Stop this link")
    assert "The link was stopped." in page.shown
    assert "Works until" not in page.shown
    wrong = await clerk.browser.send(page, "Send the link", email="nobody")
    assert (wrong.status, wrong.form("Send the link").fields["email"]) == (422, "nobody")
    asked = await clerk.browser.send(wrong, "Send the link", email="mother@yaho.com.vn", language="ja")
    assert "Did you mean mother@yahoo.com.vn?" in asked.shown
    page = await clerk.browser.send(asked, "Send the link", email="mother@example.vn")
    assert "The link was sent." in page.shown
    assert "m***@example.vn" in page.shown
    assert page.shown.count("Works until") == 1
    japanese = await clerk.open("/certificate", lang="ja")
    assert "在留資格認定証明書" in japanese.shown


async def test_somebody_without_an_account_opens_it_with_the_date_of_birth(clerk: Clerk) -> None:
    browser, path = await clerk.front.browser(), await path_of_link(clerk)
    page = await browser.open(f"{path}?lang=en")
    assert NUMBER not in page.shown, "opening the link alone shows nothing"
    empty = await browser.send(page, "Open the certificate")
    assert empty.status == 422
    wrong = await browser.send(page, "Open the certificate", birth_date="1990-01-01")
    assert (wrong.status, "4 more tries are left" in wrong.shown) == (409, True)
    opened: Page = await browser.send(wrong, "Open the certificate", birth_date=await born(clerk))
    for text in (NUMBER, "NGUYEN VAN AN", "Certificate of Eligibility"):
        assert text in opened.shown, text
    taken = await browser.send(opened, "Acknowledge the certificate")
    assert "The certificate is acknowledged." in taken.shown
    file = await browser.client.post(
        path, data={"birth_date": await born(clerk), "do": "file"}, headers={"Origin": str(browser.client.base_url)}
    )
    assert (file.headers["Content-Type"], file.content[:5]) == ("application/pdf", b"%PDF-")
    shown = await clerk.open("/certificate")
    assert "by the recipient of a link" in shown.shown
    assert "Opened 1 times" in shown.shown


async def test_a_link_that_nobody_sent_or_that_was_stopped_says_what_to_do(clerk: Clerk) -> None:
    browser = await clerk.front.browser()
    for path in ("/certificate/nothing", "/certificate/%20x"):
        page = await browser.open(f"{path}?lang=en")
        over = await browser.send(page, "Open the certificate", birth_date="1990-01-01")
        assert (over.status, "This link cannot be used" in over.shown) == (404, True)


async def test_verify_says_what_it_is_worth_today(clerk: Clerk) -> None:
    from services.application.papers.codes import Certified, ProofKeys
    from tests.support.keys import secrets

    keys = ProofKeys.of(secrets("application")["proof_key"])
    code = keys.issue(Certified(NUMBER, date(2026, 11, 20), date(2027, 2, 20)))
    browser = await clerk.front.browser()
    page = await browser.open(f"/verify/{code}?lang=en")
    assert "Genuine: the certificate is valid" in page.shown
    assert "NGUYEN" not in page.shown
    await clerk.review(CertificateRevoked, certificate_number=NUMBER)
    assert "The certificate was revoked" in (await browser.open(f"/verify/{code}?lang=en")).shown
    assert "取り消されています" in (await browser.open(f"/verify/{code}?lang=ja")).shown
    assert "The certificate was revoked" in (await clerk.open("/certificate")).shown
