"""A browser on its way to the identity provider and back: a real registration service, a real provider, no scripts."""

import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from prometheus_client import REGISTRY

from deploy.local.identity_provider.app import Client
from deploy.local.identity_provider.people import FOREIGNER, PARENT, SCRIVENER, KnownPerson
from deploy.local.object_store import ObjectStore as S3Server
from services.gateway.app import create_app
from services.gateway.settings import Settings
from services.registration.authentication.adapters.identity_provider import IdentityProvider
from shared.clock import ManualClock, SystemClock
from shared.events.registration import UsageRegistrationApproved, UsageRegistrationSubmitted
from shared.outgoing import http_client
from tests.gateway.browser import Browser, Page
from tests.gateway.identity import documents, report_files, trusting
from tests.gateway.test_pages import Outline
from tests.infra.databases import TestDatabase
from tests.services.document import files
from tests.services.registration.identity import CLIENT, IdentitySite, identity_site
from tests.services.registration.site import PASSWORD
from tests.support.keys import unsealed
from tests.support.service import RunningService
from tests.support.web import free_port, serving

FORM = {
    "email": "an.nguyen@example.com",
    "phone": "0312345678",
    "prefecture": "13",
    "language": "en",
    "terms_accepted": "yes",
}


@dataclass
class Front:
    """The gateway, what is behind it, and one person's browser."""

    url: str
    site: IdentitySite
    browser: httpx.AsyncClient
    document: RunningService

    @property
    def own_page(self) -> dict[str, str]:
        return {"Origin": self.url, "Sec-Fetch-Site": "same-origin"}

    async def go(
        self, path: str, person: KnownPerson | None = FOREIGNER, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        """Follow a link to the provider, choose who one is, and come back: the answer of the callback."""
        away = await self.browser.get(path, headers=headers)
        assert away.status_code == 303, away.text
        page = await self.browser.get(away.headers["location"])
        (action,) = Outline(page.text).values("form", "action")
        site = urlsplit(str(page.url))
        chosen = await self.browser.post(
            f"{site.scheme}://{site.netloc}{unescape(action)}", data={"subject": person.subject if person else ""}
        )
        return await self.browser.get(chosen.headers["location"])

    async def register(self, role: str, person: KnownPerson = FOREIGNER, **changes: str) -> httpx.Response:
        """The whole way to a registration that was handed in."""
        back = await self.go("/identity/start?purpose=register", person)
        assert (back.status_code, back.headers["location"].partition("?")[0]) == (303, "/register/personal")
        return await self.browser.post(
            f"/register/personal?role={role}&lang=en", data=FORM | changes, headers=self.own_page
        )

    async def token_of_link(self) -> str:
        """Of the last link that went out."""
        sent = (await self.site.events(UsageRegistrationApproved))[-1]
        link = unsealed(sent.sealed_link)
        assert link.startswith(f"{self.url}/register/confirm/")
        return link.rpartition("/")[2]


@pytest.fixture
async def front(service_database: Callable[[str], TestDatabase], object_store: S3Server) -> AsyncIterator[Front]:
    clock, port = ManualClock(SystemClock().now()), free_port()
    url = f"http://127.0.0.1:{port}"
    client = Client(CLIENT.id, CLIENT.secret, f"{url}/identity/callback")
    async with (
        identity_site(service_database("registration"), clock, client, public_url=url) as site,
        serving(site.service.app, lifespan="off") as behind,
        documents(service_database("document"), clock, object_store) as (document, storing),
    ):
        trusting(document, site, clock)
        urls: dict[str, Any] = {"registration_url": behind, "document_url": storing, "public_url": url}
        urls |= {f"{name}_url": "http://127.0.0.1:1" for name in ("application", "review", "notification")}
        settings = Settings(cookie_secure=False, identity_name="マイナンバーカード/My Number card", **urls)
        async with (
            serving(create_app(settings, clock), port, proxy_headers=False),
            http_client(base_url=url, timeout=20, headers={"Accept-Language": "en"}) as browser,
        ):
            yield Front(url, site, browser, document)


async def test_a_foreigner_registers_confirms_and_signs_in_with_links_and_forms_alone(front: Front) -> None:
    back = await front.go("/identity/start?purpose=register")
    assert back.headers["location"].startswith("/register/personal")
    (ticket,) = [cookie for cookie in back.headers.get_list("set-cookie") if "_ticket=" in cookie]
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(ticket.split("; "))
    classes = await front.browser.get("/register/personal?lang=en")
    assert FOREIGNER.name in classes.text
    assert "12 April 1995" in classes.text, "the day of birth, as people write it"
    form = await front.browser.get("/register/personal?role=self&lang=en")
    page = Outline(form.text)
    assert {"email", "phone", "terms_accepted"} == set(page.values("input", "name"))
    assert set(page.values("input", "id") + page.values("select", "id")) <= set(page.values("label", "for"))
    slip = FORM | {"email": "an.nguyen@gmail.con"}
    asked = Page(await front.browser.post(page.values("form", "action")[0], data=slip, headers=front.own_page))
    assert (asked.status, "Did you mean an.nguyen@gmail.com?" in asked.shown) == (200, True)
    done = await front.browser.post(page.values("form", "action")[0], data=FORM, headers=front.own_page)
    assert (done.status_code, done.headers["location"]) == (303, "/register/personal/done"), done.text
    # Opening the link changes nothing; the button does, once.
    link = f"/register/confirm/{await front.token_of_link()}?lang=en"
    assert (await front.browser.get(link)).status_code == 200
    confirmed = await front.browser.post(link, headers=front.own_page)
    confirmed = await front.browser.get(f"{confirmed.headers['location']}?lang=en")
    assert re.search(r"ZR-[0-9A-Z]{4}-[0-9A-Z]{4}", confirmed.text)
    used = Page(await front.browser.post(link, headers=front.own_page))
    assert used.status == 404 and "We could not confirm your address" in used.texts["h2"]
    assert "It was used already or has expired" in used.shown
    back = await front.go("/identity/start?purpose=sign-in&return_to=/docs")
    assert (back.status_code, back.headers["location"]) == (303, "/docs")
    me = (await front.browser.get("/session")).json()
    assert me["roles"] == ["self"]
    rights = (await front.browser.get("/api/v1/accounts/me/rights")).json()
    assert {right["procedure"] for right in rights["rights"] if right["may_file"]} >= {"EXTEND", "COE"}
    assert "zairyu_session_ticket" not in {cookie.name for cookie in front.browser.cookies.jar}


async def test_a_person_reads_that_the_periodic_report_is_for_organisations(front: Front) -> None:
    assert (await front.register("self")).status_code == 303
    token = await front.token_of_link()
    await front.browser.post(f"/register/confirm/{token}", headers=front.own_page)
    back = await front.go("/identity/start?purpose=sign-in&return_to=/account/periodic-report")
    page = await Browser(front.url, front.browser).open(back.headers["location"])
    assert (page.path, page.status) == ("/account/periodic-report", 200)
    assert "Your account has no role that reports" in page.shown
    assert "/account/periodic-report" not in (await front.browser.get("/account")).text


async def test_mistakes_are_shown_at_their_fields_and_nothing_typed_is_lost(front: Front) -> None:
    wrong = await front.register(
        "legal_rep", PARENT, email="nobody", relation="parent", name_0="NGUYEN LINH", birth_date_0="", name_1="B"
    )
    assert wrong.status_code == 422
    page = Outline(wrong.text)
    marked = set(page.values("ul", "id"))
    assert {"email-wrong", "birth_date_0-wrong", "birth_date_1-wrong"} <= marked
    assert "NGUYEN LINH" in page.values("input", "value")
    nowhere = await front.register("self", prefecture="")
    assert 'id="prefecture-wrong"' in nowhere.text
    offered = Page(await front.browser.get("/register/personal?role=self&lang=en"))
    assert offered.form("Register").fields["prefecture"] == "", "nobody lives in the first one of the list unasked"
    made_up = {f"field_{number}": "x" for number in range(100)}
    refused = await front.browser.post("/register/personal?role=self&lang=en", data=made_up, headers=front.own_page)
    assert refused.status_code == 400, "more fields than the form has"
    more = {"relation": "parent", "name_0": "NGUYEN LINH", "birth_date_0": "2014-06-30"}
    data = FORM | more | {"documents": "UA_REPRESENTATION"}
    done = await front.browser.post("/register/personal?role=legal_rep&lang=en", data=data, headers=front.own_page)
    assert (done.status_code, done.headers["location"]) == (303, "/register/personal/done"), done.text
    assert "You will receive the result by email" in (await front.browser.get(done.headers["location"])).text


async def test_a_professional_fills_in_their_certificate(front: Front) -> None:
    office = {
        "kind": "lawyer",
        "registration_number": "12345",
        "certificate_number": "東26-1",
        "certificate_valid_until": "2099-01-01",
        "office_name": "見本法律事務所",
        "office_address": "東京都港区1-1-1",
        "office_postal_code": "1050011",
        "documents": "UA_NOTICE_CERT",
    }
    before = await front.browser.get("/register/personal?role=lawyer_scrivener")
    assert "Copy of the certificate of notification as an application agent (PDF" in before.text
    missing = await front.register("lawyer_scrivener", SCRIVENER, **(office | {"certificate_number": ""}))
    assert 'id="certificate_number-wrong"' in missing.text
    without = {name: value for name, value in (FORM | office).items() if name != "documents"}
    missing = await front.browser.post("/register/personal?role=lawyer_scrivener", data=without, headers=front.own_page)
    assert missing.status_code == 422
    assert "or say that you submit it on paper" in missing.text, "by its name, and with both ways out"
    done = await front.browser.post(
        "/register/personal?role=lawyer_scrivener", data=FORM | office, headers=front.own_page
    )
    assert (done.status_code, done.headers["location"]) == (303, "/register/personal/done"), done.text


async def test_another_browser_cannot_bring_the_answer_home(front: Front) -> None:
    away = await front.browser.get("/identity/start")
    chosen = await front.site.choose(away.headers["location"], FOREIGNER)
    async with http_client(base_url=front.url, headers={"Accept-Language": "en"}) as victim:
        for started in (False, True):
            if started:
                await victim.get("/identity/start")
            lured = await victim.get("/identity/callback", params=chosen)
            assert lured.status_code == 401
            assert "zairyu_session=" not in str(lured.headers)
            assert "zairyu_session_ticket=" not in str(lured.headers)
    assert (await front.browser.get("/identity/callback", params=chosen)).status_code == 303
    assert (await front.browser.get("/identity/callback", params=chosen)).status_code == 401, "once"


async def test_two_tabs_of_one_browser_both_come_home(front: Front) -> None:
    tabs = [(await front.browser.get("/identity/start")).headers["location"] for _ in range(2)]
    for tab in tabs:
        chosen = await front.site.choose(tab, FOREIGNER)
        assert (await front.browser.get("/identity/callback", params=chosen)).status_code == 303


@pytest.mark.parametrize("wrong", ["//evil.example", "/\\evil.example", "https://evil.example", "/%5cevil/../x y"])
async def test_nobody_is_sent_to_another_site(front: Front, wrong: str) -> None:
    answer = await front.browser.get("/identity/start", params={"return_to": wrong})
    assert answer.status_code == 422
    assert "location" not in answer.headers


async def test_linking_begins_on_our_own_pages_alone(front: Front) -> None:
    person = await front.site.person()
    body = {"login_id": person.login_id, "password": PASSWORD}
    assert (await front.browser.post("/session", json=body, headers=front.own_page)).status_code == 201
    for headers in ({}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "none"}):
        lured = await front.browser.get("/identity/start?purpose=link", headers=headers)
        assert lured.status_code == 403, headers
    back = await front.go("/identity/start?purpose=link&return_to=/docs", headers={"Sec-Fetch-Site": "same-origin"})
    assert (back.status_code, back.headers["location"]) == (303, "/docs")
    (held,) = (await front.browser.get("/api/v1/accounts/me/identities")).json()["items"]
    assert held["issuer"] == front.site.provider.issuer


async def test_an_identity_is_linked_and_taken_away_on_the_page_of_how_one_gets_in(front: Front) -> None:
    person = await front.site.person()
    browser = Browser(front.url, front.browser)
    await browser.sign_in(person.login_id, PASSWORD, lang="en")
    page = await browser.open("/account/security")
    (link,) = [path for path in page.values("a", "href") if path.startswith("/identity/start")]
    back = await front.go(link, headers={"Sec-Fetch-Site": "same-origin"})
    linked = await browser.open(back.headers["location"])
    assert "Linked. You can now sign in with it." in linked.shown
    assert not [path for path in linked.values("a", "href") if path.startswith("/identity/start")]
    (way,) = [path for path in linked.values("a", "href") if path.endswith("/remove")]
    asked = await browser.open(way)
    removed, again = [await browser.send(asked, asked.h1) for _ in range(2)]
    assert again.shown == removed.shown, "pressed twice"
    assert (removed.path, "The link has been removed." in removed.shown) == (
        "/account/security?done=identity-removed",
        True,
    )
    assert (await front.browser.get(way)).status_code == 404
    assert (await front.site.prove()).json()["outcome"] == "ticket", "it leads to no account any more"


async def test_the_identity_that_is_the_only_way_to_sign_in_stays(front: Front) -> None:
    assert (await front.register("self")).status_code == 303
    await front.browser.post(f"/register/confirm/{await front.token_of_link()}", headers=front.own_page)
    browser = Browser(front.url, front.browser)
    back = await front.go("/identity/start?purpose=sign-in&return_to=/account/security")
    page = await browser.open(f"{back.headers['location']}?lang=en")
    assert not [path for path in page.values("a", "href") if path.endswith("/remove")], "what is refused is not offered"
    (linked,) = (await front.browser.get("/api/v1/accounts/me/identities")).json()["items"]
    asked = await browser.open(f"/account/security/identities/{linked['id']}/remove")
    kept = await browser.send(asked, asked.h1)
    assert kept.status == 409
    assert len((await front.browser.get("/api/v1/accounts/me/identities")).json()["items"]) == 1


async def test_who_links_long_after_signing_in_proves_themselves_first(front: Front) -> None:
    person = await front.site.person()
    body = {"login_id": person.login_id, "password": PASSWORD}
    assert (await front.browser.post("/session", json=body, headers=front.own_page)).status_code == 201
    front.site.clock.advance(timedelta(minutes=21))
    browser, link = Browser(front.url, front.browser), "/identity/start?purpose=link&return_to=/docs"
    asked = await front.browser.get(link, headers={"Sec-Fetch-Site": "same-origin", "Accept": "text/html"})
    assert (asked.status_code, urlsplit(asked.headers["location"]).path) == (303, "/account/step-up")
    page = await browser.open(asked.headers["location"])
    proved = await browser.post(page, "Confirm", {"password": PASSWORD})
    assert (proved.status_code, proved.headers["location"]) == (303, link)
    back = await front.go(link, headers={"Sec-Fetch-Site": "same-origin"})
    assert (back.status_code, back.headers["location"]) == (303, "/docs")


async def test_a_provider_that_is_away_is_named_and_one_that_there_is_not(front: Front) -> None:
    desk = front.site.context
    reported = []
    for issuer in ("http://127.0.0.1:1", None):
        settings = desk.settings.model_copy(update={"oidc_issuer": issuer})
        await desk.identity_provider.close()
        desk.identity_provider = IdentityProvider(settings, front.site.clock)
        reported.append(Page(await front.browser.get("/identity/start")))
    assert [(page.status, page.h1) for page in reported] == [(n, "Your identity was not confirmed") for n in (503, 404)]
    assert "The identity provider cannot be reached. Try again later" in reported[0].shown
    assert "You cannot sign in with an identity provider here" in reported[1].shown


async def test_who_breaks_off_and_who_comes_back_empty_handed_reads_why(front: Front) -> None:
    cancelled = await front.go("/identity/start", None)
    assert cancelled.status_code == 401
    assert "cancelled" in cancelled.text
    for query in ("", "?state=x", "?code=x&error=y&state=z", "?error=<script>&state=z"):
        answer = await front.browser.get(f"/identity/callback{query}")
        assert answer.status_code == 401, query
        assert "<script" not in answer.text
    assert "default-src 'none'" in cancelled.headers["content-security-policy"]
    posted = await front.browser.post(
        "/register/personal?role=self", data=FORM, headers={"Origin": "https://evil.example"}
    )
    assert posted.status_code == 403


def _times_listed() -> float:
    labels = {"method": "GET", "route": "/v1/documents", "status": "200"}
    return REGISTRY.get_sample_value("zairyu_http_request_seconds_count", labels) or 0


async def test_a_persons_documents_are_files_before_the_form(front: Front) -> None:
    await front.go("/identity/start?purpose=register", PARENT)
    browser = Browser(front.url, front.browser)
    classes = await browser.open("/register/personal?lang=en")
    listed = await browser.follow(classes, "Legal representative")
    assert listed.path.startswith("/register/personal/documents?role=legal_rep")
    refused = await browser.upload(listed, listed.form_to("/UA_REPRESENTATION"), b"no pdf")
    assert (refused.status, "#UA_REPRESENTATION" in refused.values("a", "href")) == (422, True)
    twice = refused
    for _ in range(2):
        twice = await browser.upload(twice, twice.form_to("/UA_REPRESENTATION"), files.pdf())
    first, second = (form for form in twice.forms if "document_id" in form.fields)
    await browser.send(twice, first)
    page = await browser.open("/register/personal?role=legal_rep&lang=en")
    assert "documents" not in page.form("Register").fields, "nothing to tick: the file is there"
    more = {"relation": "parent", "name_0": "NGUYEN LINH", "birth_date_0": "2014-06-30"}
    before = _times_listed()
    early = await browser.send(page, "Register", **FORM | more)
    assert (early.status, "#documents" in early.values("a", "href")) == (422, True)
    assert _times_listed() == before + 1
    await report_files(front.document, front.site)
    done = await browser.send(early, "Register", terms_accepted="yes")
    assert (done.status, "You will receive the result by email" in done.shown) == (200, True)
    (reported,) = await front.site.events(UsageRegistrationSubmitted)
    assert [str(one) for one in reported.document_ids] == [second.fields["document_id"]]
    seen = (
        await front.site.get(f"/v1/usage-registrations/{reported.usage_registration_id}", await front.site.officer())
    ).json()
    assert {line["code"]: line["handed_in"] for line in seen["document_list"]} == {"UA_REPRESENTATION": "file"}


async def test_a_file_of_another_person_cannot_be_submitted(front: Front) -> None:
    browser = Browser(front.url, front.browser)
    await front.go("/identity/start?purpose=register", PARENT)
    listed = await browser.open("/register/personal/documents?role=legal_rep&lang=en")
    sent = await browser.upload(listed, listed.form_to("/UA_REPRESENTATION"), files.pdf())
    (theirs,) = [form for form in sent.forms if "document_id" in form.fields]
    await report_files(front.document, front.site)
    await front.go("/identity/start?purpose=register", SCRIVENER)
    listed = await browser.open("/register/personal/documents?role=legal_rep&lang=en")
    assert not [form for form in listed.forms if "document_id" in form.fields]
    await browser.send(listed, theirs)
    ticket = front.browser.cookies["zairyu_session_ticket"]
    body = {
        "ticket": ticket,
        "role": "legal_rep",
        "email": "a@example.com",
        "phone": "0312345678",
        "prefecture": "13",
        "documents": [{"code": "UA_REPRESENTATION", "document_id": theirs.fields["document_id"]}],
        "representation": {"kind": "parent", "people": [{"name": "NGUYEN LINH", "birth_date": "2014-06-30"}]},
        "terms_accepted": True,
    }
    refused = await front.site.post("/v1/personal-registrations", body)
    assert [error["code"] for error in refused.json()["errors"]] == ["file-not-known"]
    assert await front.site.events(UsageRegistrationSubmitted) == []
