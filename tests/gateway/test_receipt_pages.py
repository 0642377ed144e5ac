"""The receipt of a filed application, its proof, and the page on which anybody verifies it."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import httpx
import pytest

from shared.auth import Actor, Role
from shared.clock import ManualClock
from tests.gateway.browser import Browser, Page
from tests.gateway.identity import Identity, identity, trusting
from tests.infra.databases import TestDatabase
from tests.services.application.people import Filer
from tests.services.application.test_proofs import text_of
from tests.services.registration.site import Person
from tests.support.service import RunningService, running
from tests.support.web import serving


@dataclass
class Site:
    """The gateway before registration and the application service, and an application that somebody filed."""

    front: Identity
    application: RunningService
    person: Person
    filed: str
    draft: str
    filer: Filer

    async def browser(self) -> Browser:
        """A browser in which the filer has signed in."""
        browser = await self.front.browser()
        await browser.sign_in(self.person.login_id, self.person.password)
        return browser

    async def printed(self, browser: Browser) -> str:
        """The text of the proof that the page leads to."""
        page = await browser.open(f"/applications/{self.filed}/receipt")
        (href,) = [link for link in page.links.values() if link.endswith("/proof")]
        answer = await browser.client.get(href)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
        assert answer.headers["cache-control"] == "no-store"
        return text_of(answer.content)

    async def code(self, browser: Browser) -> str:
        """The code on the proof."""
        return next(word for word in (await self.printed(browser)).split() if word.count(".") == 5)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime(2026, 11, 20, 3, 0, tzinfo=UTC))


async def entered(browser: Browser, typed: str) -> Page:
    """Enter a code into the form."""
    form = (await browser.open("/verify")).form("Verify")
    assert form.attributes == {"method": "get", "action": "/verify", "novalidate": ""}
    assert list(form.fields) == ["code"]
    return await browser.open(f"/verify?{httpx.QueryParams({'code': typed})}")


@pytest.fixture
async def site(service_database: Callable[[str], TestDatabase], clock: ManualClock) -> AsyncIterator[Site]:
    async with (
        running("application", service_database("application"), clock=clock) as application,
        serving(application.app, lifespan="off") as url,
        identity(service_database("registration"), clock, application_url=url) as front,
    ):
        person = await front.site.person()
        actor = Actor("person", person.account_id, person.organisation_id, frozenset({Role.ORG_STAFF}))
        filer = Filer(application, actor)
        draft = await filer.ready()
        filed = await filer.filed()
        trusting(application, front.site, clock)
        yield Site(front, application, person, filed, draft, filer)


async def test_the_receipt_says_the_number_what_comes_next_and_what_it_costs(site: Site) -> None:
    page = await (await site.browser()).open(f"/applications/{site.filed}/receipt")
    assert page.h1 == "Application received"
    for shown in (
        "東オンＥＮ26000001",
        "Extension of period of stay",
        "NGUYEN VAN AN",
        "Tokyo Regional Immigration Services Bureau",
        "2 weeks to 1 month",
        "19 March 2027",
        "¥27,000",
        "¥65,000",
    ):
        assert shown in page.shown, shown
    assert "その法定代理人" in page.shown, "the declarations are shown in the words that were declared"


async def test_the_receipt_in_japanese(site: Site) -> None:
    page = await (await site.browser()).open(f"/applications/{site.filed}/receipt?lang=ja")
    assert page.h1 == "申請を受け付けました"
    for shown in ("東京出入国在留管理局", "在留期間更新許可申請", "27,000円", "受付証明を開く（PDF）"):
        assert shown in page.shown, shown


async def test_the_proof_is_verified_by_anybody_and_shows_no_name(site: Site) -> None:
    code = await site.code(await site.browser())
    anybody = await site.front.browser()
    page = await anybody.open(f"/verify/{code}")
    assert page.status == 200
    assert "Genuine: the application is pending" in page.shown
    assert "東オンＥＮ26000001" in page.shown
    assert "NGUYEN" not in page.answer.text
    assert page.answer.headers["x-robots-tag"] == "noindex"
    page = await anybody.open(f"/verify/{code}?lang=ja")
    assert "真正な証明です。申請は現在も申請中です" in page.shown


async def test_a_code_is_typed_with_spaces_in_full_width_or_as_an_address(site: Site) -> None:
    code = await site.code(await site.browser())
    anybody = await site.front.browser()
    for typed in (
        f" {code[:40]}\n{code[40:80]} {code[80:]}\u3000",
        "".join(chr(ord(character) + 0xFEE0) for character in code),
        f"https://example.jp/verify/{code}",
    ):
        page = await entered(anybody, typed)
        assert urlsplit(page.path).path == f"/verify/{code}"
        assert "Genuine: the application is pending" in page.shown


@pytest.mark.parametrize(
    "typed",
    ["abc", "受付証明", "../../v1/applications", "a/b", "%2e%2e%2f", "x" * 1900, "<script>alert(1)</script>", "\x00"],
)
async def test_what_is_no_code_is_not_genuine_wherever_it_is_entered(site: Site, typed: str) -> None:
    anybody = await site.front.browser()
    page = await entered(anybody, typed)
    assert page.status == 200
    assert "This proof is not genuine" in page.shown
    assert "<script>alert" not in page.answer.text


async def test_an_empty_code_is_a_mistake_at_its_field(site: Site) -> None:
    anybody = await site.front.browser()
    page = await anybody.open("/verify?code=+")
    assert page.status == 422
    assert "Enter the code" in page.shown


async def test_a_withdrawn_application_is_genuine_and_not_pending(site: Site, clock: ManualClock) -> None:
    browser = await site.browser()
    code = await site.code(browser)
    answer = await browser.client.post(
        f"/api/v1/applications/{site.filed}/withdraw",
        json={"reason": "退職のため"},
        headers={
            "X-CSRF-Token": (await browser.client.get("/session")).json()["csrf_token"],
            "Origin": site.front.url,
            "Idempotency-Key": "0123456789",
        },
    )
    assert answer.status_code == 200, answer.text
    page = await (await site.front.browser()).open(f"/verify/{code}")
    assert "Genuine, but not pending any more" in page.shown
    page = await browser.open(f"/applications/{site.filed}/receipt")
    assert "withdrawn" in page.shown
    assert not [link for link in page.links.values() if link.endswith("/proof")]
    page = await browser.open(f"/applications/{site.filed}/proof")
    assert urlsplit(page.path).path == f"/applications/{site.filed}/receipt"


async def test_the_end_of_the_special_period_is_said_where_it_has_passed(site: Site, clock: ManualClock) -> None:
    code = await site.code(await site.browser())
    clock.advance(timedelta(days=200))
    page = await (await site.front.browser()).open(f"/verify/{code}")
    assert "The special period is over" in page.shown


async def test_nobody_else_sees_a_receipt_or_a_proof(site: Site) -> None:
    anybody = await site.front.browser()
    officer = await site.front.site.officer(login_id="approver.other")
    elsewhere = {"organisation": {"corporate_number": "2120901007402"}, "applicant": {"email": "other@example.co.jp"}}
    stranger = await site.front.site.person(officer, **elsewhere)
    other = await site.front.browser()
    await other.sign_in(stranger.login_id, stranger.password)
    for path in ("receipt", "proof"):
        page = await anybody.open(f"/applications/{site.filed}/{path}")
        assert page.path.startswith("/sign-in")
        assert (await other.client.get(f"/applications/{site.filed}/{path}")).status_code == 404


async def test_a_draft_leads_from_its_receipt_to_itself(site: Site) -> None:
    browser = await site.browser()
    answer = await browser.client.get(f"/applications/{site.draft}/receipt")
    assert answer.headers["location"] == f"/applications/{site.draft}"
