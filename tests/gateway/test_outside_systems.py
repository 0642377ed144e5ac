"""API clients at the gateway, in front of the real registration service: the token endpoint, and the page on which
people agree."""

from base64 import b64encode
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import httpx
import pytest
from sqlalchemy import text

from services.gateway.app import create_app
from services.gateway.settings import Settings
from shared.clock import SystemClock
from shared.outgoing import http_client
from tests.gateway.test_pages import Outline
from tests.infra.databases import TestDatabase
from tests.services.registration.outside import CALLBACK, Vendor, came_back, client_input, vendor
from tests.services.registration.site import Person, RegistrationClient
from tests.support.service import running
from tests.support.web import free_port, serving


@dataclass
class SystemsPages:
    """A gateway, the registration service behind it, a browser, and a system that wants to act for its user."""

    url: str
    registration: RegistrationClient
    browser: httpx.AsyncClient
    person: Person
    system: Vendor

    def asked(self, **changes: str | None) -> str:
        """The address to which the system sends the browser."""
        request = {name: value for name, value in self.system.request(**changes).items() if value is not None}
        return f"/oauth/authorize?{urlencode(request)}"

    async def sign_in(self) -> None:
        body = {"login_id": self.person.login_id, "password": self.person.password}
        answer = await self.browser.post("/session", json=body, headers={"Origin": self.url})
        assert answer.status_code == 201, answer.text

    async def decide(self, path: str, decision: str, **changes: str) -> httpx.Response:
        """Press a button of the page."""
        shown = Outline((await self.browser.get(path)).text)
        (token,) = set(shown.values("input", "value"))
        form = {"csrf_token": token, "decision": decision} | changes
        return await self.browser.post(path, data=form, headers={"Origin": self.url})


@pytest.fixture
async def house(service_database: Callable[[str], TestDatabase]) -> AsyncIterator[SystemsPages]:
    async with AsyncExitStack() as stack:
        clock = SystemClock()
        service = await stack.enter_async_context(
            running("registration", service_database("registration"), clock=clock, public_url="https://zairyu.example")
        )
        behind = await stack.enter_async_context(serving(service.app, lifespan="off", proxy_headers=False))
        nowhere: dict[str, Any] = {
            f"{name}_url": "http://127.0.0.1:1" for name in ("application", "document", "review", "notification")
        }
        port = free_port()
        own = f"http://127.0.0.1:{port}"
        app = create_app(Settings(cookie_secure=False, registration_url=behind, public_url=own, **nowhere))
        url = await stack.enter_async_context(serving(app, port))
        browser = await stack.enter_async_context(http_client(base_url=url, timeout=20))
        site = RegistrationClient(service, clock)  # type: ignore[arg-type]
        person = await site.person()
        system = await vendor(site, await site.signed_in(person))
        yield SystemsPages(url, site, browser, person, system)


async def test_a_system_gets_its_token_at_the_root_of_the_site_and_uses_it_under_api(house: SystemsPages) -> None:
    found = (await house.browser.get("/.well-known/oauth-authorization-server")).json()
    assert found["issuer"] == "https://zairyu.example"
    path = urlsplit(found["token_endpoint"]).path
    shown = b64encode(f"{house.system.client_id}:{house.system.secret}".encode()).decode()
    form = {"grant_type": "client_credentials"}
    answer = await house.browser.post(path, data=form, headers={"Authorization": f"Basic {shown}"})
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    bearer = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    # Passed on as it is: registration itself says that this token is for another service.
    refused = await house.browser.get("/api/v1/accounts/me", headers=bearer)
    assert refused.json()["code"] == "scope-not-granted"
    wrong = await house.browser.post(path, data=form, headers={"Authorization": "Basic eDp5"})
    assert (wrong.status_code, wrong.json()["error"]) == (401, "invalid_client")
    assert wrong.headers["www-authenticate"].startswith("Basic")
    # A session does not ride along, and neither way in is there twice.
    await house.sign_in()
    assert (await house.browser.post(path, data=form)).status_code == 400
    assert (await house.browser.get(path)).status_code == 405
    assert (await house.browser.post(f"/api{path}", data=form)).status_code == 404
    assert (await house.browser.post(path, content=b"a" * 70_000)).status_code == 413
    documented = (await house.browser.get("/openapi.json")).json()["paths"]
    assert {path, "/oauth/revoke", "/api/v1/accounts/me/clients"} <= set(documented)


async def test_the_network_of_a_client_is_compared_with_who_calls_the_gateway(house: SystemsPages) -> None:
    headers = await house.registration.signed_in(house.person)
    for networks, status in ((["127.0.0.1/32"], 200), (["198.51.100.0/24"], 401)):
        system = await vendor(house.registration, headers, networks=networks)
        form = {"grant_type": "client_credentials", "client_id": system.client_id, "client_secret": system.secret}
        # What the caller says of itself is dropped on the way.
        pretended = {"X-Forwarded-For": "198.51.100.7", "Forwarded": "for=198.51.100.7"}
        answer = await house.browser.post("/oauth/token", data=form, headers=pretended)
        assert answer.status_code == status, answer.text


async def test_who_is_not_signed_in_signs_in_first_and_comes_back(house: SystemsPages) -> None:
    path = house.asked()
    for answer in (
        await house.browser.get(path),
        await house.browser.post(path, data={"decision": "agree"}, headers={"Origin": house.url}),
        await house.browser.get(path, headers={"Cookie": "zairyu_session=over"}),
    ):
        assert (answer.status_code, answer.headers["location"]) == (303, f"/sign-in?return_to={quote(path, safe='')}")


@pytest.mark.parametrize("lang", ["ja", "en"])
async def test_the_page_says_who_asks_for_what_and_sends_the_browser_back_with_the_answer(
    house: SystemsPages, lang: str
) -> None:
    await house.sign_in()
    path = f"{house.asked()}&lang={lang}"
    shown = await house.browser.get(path)
    assert shown.status_code == 200
    words = {"ja": "申請とその進捗を閲覧する", "en": "Read applications and their progress"}
    for word in ("人事システム連携", "株式会社見本", "vendor.example", words[lang]):
        assert word in shown.text
    page = Outline(shown.text)
    assert page.values("html", "lang") == [lang]
    assert not {"script", "iframe", "style", "img"} & set(page.tags)
    assert page.values("button", "value") == ["agree", "refuse"]
    assert "form-action 'self' https://vendor.example;" in shown.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in shown.headers["content-security-policy"]

    refused = await house.decide(path, "refuse")
    assert (refused.status_code, came_back(refused.headers["location"])["error"]) == (303, "access_denied")
    agreed = await house.decide(path, "agree")
    assert agreed.status_code == 303
    assert agreed.headers["location"].startswith(f"{CALLBACK}&")
    back = came_back(agreed.headers["location"])
    assert (back["state"], back["iss"]) == ("a state&b", "https://zairyu.example")
    assert (await house.system.redeem(back["code"])).status_code == 200


async def test_nothing_but_the_page_itself_can_agree(house: SystemsPages) -> None:
    await house.sign_in()
    path = house.asked()
    (token,) = set(Outline((await house.browser.get(path)).text).values("input", "value"))
    for form, headers, code in (
        ({"decision": "agree"}, {"Origin": house.url}, "form-expired"),
        ({"decision": "agree", "csrf_token": "x"}, {"Origin": house.url}, "form-expired"),
        ({"decision": "agree", "csrf_token": token}, {"Origin": "https://vendor.example"}, "cross-site"),
        ({"decision": "agree", "csrf_token": token}, {}, "cross-site"),
    ):
        answer = await house.browser.post(path, data=form, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, code)
    other = await house.decide(path, "something else")
    assert came_back(other.headers["location"])["error"] == "access_denied"


async def test_a_wrong_request_is_reported_to_the_system_and_one_with_a_foreign_address_to_the_person(
    house: SystemsPages,
) -> None:
    await house.sign_in()
    stated = await house.browser.get(house.asked(code_challenge=None))
    assert (stated.status_code, came_back(stated.headers["location"])["error"]) == (303, "invalid_request")
    stated = await house.browser.get(house.asked(scope="document:read"))
    assert came_back(stated.headers["location"])["error"] == "invalid_scope"
    shown: list[tuple[str, int]] = [
        (house.asked(redirect_uri="https://evil.example/"), 422),
        (house.asked(redirect_uri=None), 422),
        (house.asked(client_id=str(house.person.account_id)), 404),
        (house.asked(client_id="<script>"), 422),
        (f"{house.asked()}&redirect_uri=https://evil.example/", 400),
        ("/oauth/authorize", 422),
    ]
    for path, status in shown:
        for answer in (
            await house.browser.get(path),
            await house.browser.post(path, data={"decision": "agree"} | await _csrf(house), headers=_from(house)),
        ):
            assert (answer.status_code, "location" in answer.headers) == (status, False), path
            page = Outline(answer.text)
            assert (page.tags.count("h1"), page.values("form", "action"), "script" in page.tags) == (
                1,
                ["/sign-out"],
                False,
            )


async def test_an_address_that_is_no_host_name_reaches_no_policy(house: SystemsPages) -> None:
    """[attacks F22] Neither when a system is registered, nor from one that was registered before."""
    headers = await house.registration.signed_in(house.person)
    odd = "https://a;script-src;*.example/callback"
    body = client_input(redirect_uris=[odd])
    refused = await house.registration.post("/v1/accounts/me/clients", body, headers=headers)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/redirect_uris/0")
    async with house.registration.service.db.transaction() as session:
        await session.execute(
            text("UPDATE api_clients SET redirect_uris = to_jsonb(ARRAY[CAST(:odd AS text)])"), {"odd": odd}
        )
    await house.sign_in()
    shown = await house.browser.get(house.asked(redirect_uri=odd))
    assert shown.status_code == 400
    assert "script-src" not in shown.headers["content-security-policy"]
    assert Outline(shown.text).values("form", "action") == ["/sign-out"]


async def test_a_session_that_is_not_fresh_is_proved_again_before_anything_is_asked(house: SystemsPages) -> None:
    await house.sign_in()
    path = house.asked()
    (token,) = set(Outline((await house.browser.get(path)).text).values("input", "value"))
    async with house.registration.service.db.transaction() as session:
        await session.execute(text("UPDATE sessions SET fresh_until = started_at"))
    form = {"csrf_token": token, "decision": "agree"}
    for answer in (await house.browser.get(path), await house.browser.post(path, data=form, headers=_from(house))):
        expected = f"/account/step-up?return_to={quote(path, safe='')}"
        assert (answer.status_code, answer.headers["location"]) == (303, expected)
    refused = await house.browser.post(path, data=form | {"decision": "refuse"}, headers=_from(house))
    assert came_back(refused.headers["location"])["error"] == "access_denied"


def _from(house: SystemsPages) -> dict[str, str]:
    return {"Origin": house.url}


async def _csrf(house: SystemsPages) -> dict[str, str]:
    return {"csrf_token": (await house.browser.get("/session")).json()["csrf_token"]}
