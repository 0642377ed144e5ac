"""Signing in and out by the gateway's pages, before the real registration service."""

import json
import re
from datetime import timedelta

import pytest

from tests.gateway.browser import Browser, Page
from tests.gateway.identity import Identity
from tests.services.registration.authenticator import Authenticator
from tests.services.registration.site import PASSWORD, Person


@pytest.fixture
async def person(people: Identity) -> Person:
    return await people.site.person()


async def test_who_opens_a_page_of_theirs_signs_in_and_comes_back_to_it(people: Identity, person: Person) -> None:
    browser = await people.browser()
    asked = await browser.open("/account/sessions?x=1")
    assert asked.path == "/sign-in?return_to=%2Faccount%2Fsessions%3Fx%3D1&done=ended"
    page = await browser.send(asked, "Sign in", login_id=person.login_id, password=PASSWORD)
    assert (page.path, page.h1) == ("/account/sessions?x=1", "Where you are signed in")
    assert "Firefox" in page.shown
    assert browser.cookie is not None
    assert browser.cookie not in page.answer.text
    out = await browser.send(page, "Sign out")
    assert (out.path, "You are signed out" in out.shown) == ("/sign-in?done=signed-out", True)
    assert "zairyu_session" not in browser.client.cookies


async def test_what_was_typed_is_kept_and_the_password_is_not(people: Identity, person: Person) -> None:
    browser = await people.browser()
    page = await browser.sign_in(person.login_id, "a wrong password", return_to="/account/security")
    assert page.status == 422
    assert "The login ID or the password is incorrect" in page.shown
    (login_id, password) = page.form("Sign in").inputs
    assert (login_id["value"], "value" in password) == (person.login_id, False)
    assert [attributes["id"] for _, attributes in page.tags if "autofocus" in attributes] == ["problem"]
    assert "a wrong password" not in page.answer.text
    assert page.values("title", "lang") == [] and page.texts["title"][0].startswith("Error: ")
    empty = await browser.send(page, "Sign in", login_id="", password="")
    assert [link for link in empty.values("a", "href") if link in ("#login_id", "#password")] == [
        "#login_id",
        "#password",
    ]
    assert browser.cookie is None
    right = await browser.send(empty, "Sign in", login_id=person.login_id, password=PASSWORD)
    assert right.path == "/account/security"


ELSEWHERE = [
    "https://evil.test/",
    "//evil.test/",
    "/\\evil.test",
    "\t//evil.test",
    "/\n/evil.test",
    "javascript:alert(1)",
    "evil.test",
    "/api/v1/accounts/me",
    "/sign-in?return_to=/sign-in",
    "",
]


async def test_nobody_is_sent_to_another_site(people: Identity, person: Person) -> None:
    browser = await people.browser()
    for number, target in enumerate(ELSEWHERE):
        page = await browser.sign_in(person.login_id, PASSWORD, return_to=target)
        assert page.path == "/home", target
        assert "evil" not in page.answer.text, target
        if number % 4 == 3:
            people.clock.advance(timedelta(minutes=1))


async def test_both_steps_by_forms_and_the_way_back_is_not_lost(people: Identity, person: Person) -> None:
    app = await people.site.app_of(person.login_id)
    browser = await people.browser()
    page = await browser.sign_in(person.login_id, PASSWORD, return_to="/account/security")
    assert page.path == "/sign-in/second-step?return_to=%2Faccount%2Fsecurity"
    assert browser.cookie is None
    challenge = browser.client.cookies["zairyu_session_step"].partition(".")[0]
    assert challenge not in page.answer.text
    wrong = await browser.send(page, "Check the code", code="000000")
    assert (wrong.status, wrong.path) == (422, page.path)
    assert "The code is incorrect" in wrong.shown
    assert "value" not in wrong.form("Check the code").inputs[0]
    japanese = await browser.follow(wrong, "日本語")
    assert japanese.answer.headers["content-language"] == "ja"
    assert "return_to=%2Faccount%2Fsecurity" in japanese.path
    done = await browser.send(japanese, "コードを確認する", code=app.next())
    assert (done.path, done.answer.headers["content-language"]) == ("/account/security", "ja")
    assert "zairyu_session_step" not in browser.client.cookies

    other = await people.browser()
    second = await other.sign_in(person.login_id, PASSWORD)
    assert (await other.send(second, "Use the recovery code", recovery_code=app.recovery_codes[0])).path == "/home"


async def test_a_second_step_that_comes_too_late_begins_again(people: Identity, person: Person) -> None:
    app = await people.site.app_of(person.login_id)
    browser = await people.browser()
    page = await browser.sign_in(person.login_id, PASSWORD, return_to="/account/security")
    people.clock.advance(timedelta(minutes=6))
    late = await browser.send(page, "Check the code", code=app.code())
    assert late.path == "/sign-in?return_to=%2Faccount%2Fsecurity&done=again"
    assert "Start signing in again" in late.shown
    assert (await browser.open("/sign-in/second-step")).path.startswith("/sign-in?")


async def test_a_passkey_signs_in_through_the_form_that_the_script_fills(people: Identity, person: Person) -> None:
    device = Authenticator()
    headers = await people.site.signed_in(person)
    options = await people.site.post("/v1/accounts/me/passkeys/options", headers=headers)
    body = {"credential": device.create(options.json()["public_key"])}
    assert (await people.site.post("/v1/accounts/me/passkeys", body, headers=headers)).status_code == 201

    browser = await people.browser()
    page = await browser.open("/sign-in?return_to=/account/security")
    form = page.form("Sign in with a passkey")
    assert "hidden" in form.attributes, "without the script there is no button that does nothing"
    page = await browser.send(page, "Sign in with a passkey", passkey=await _answer(browser, device))
    assert (page.path, browser.cookie is not None) == ("/account/security", True)

    other = await people.browser()
    page = await other.sign_in(person.login_id, PASSWORD)
    assert page.answer.url.path == "/sign-in/second-step"
    refused = await other.send(page, "Use a passkey", passkey='{"id": "x"}')
    assert (refused.status, other.cookie) == (422, None)
    assert (await other.post(refused, "Use a passkey", {"passkey": "[not json"})).status_code == 400
    assert (await other.send(refused, "Use a passkey", passkey=await _answer(other, device))).path == "/home"


async def _answer(browser: Browser, device: Authenticator) -> str:
    asked = await browser.client.post("/session/passkey/options", headers={"Origin": browser.url})
    return json.dumps(device.get(asked.json()["public_key"]))


async def test_forms_of_other_sites_are_refused(people: Identity, person: Person) -> None:
    browser = await people.browser()
    page = await browser.open("/sign-in")
    typed = {"login_id": person.login_id, "password": PASSWORD}
    for headers in ({}, {"Origin": "https://evil.test"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}):
        refused = await browser.post(page, "Sign in", typed, headers)
        assert refused.status_code == 403, headers
        assert "Go back, reload the page" in Page(refused).shown
    assert browser.cookie is None
    page = await browser.send(page, "Sign in", **typed)
    for token in ("0" * 64, ""):
        refused = await browser.post(page, "Sign out", {"csrf_token": token})
        assert refused.status_code == 403
    assert (await browser.post(page, "Sign out", {}, {"Origin": "https://evil.test"})).status_code == 403
    assert (await browser.open("/account")).h1 == "Your account"


async def test_the_cookie_changes_even_where_another_site_planted_the_one_before(
    people: Identity, person: Person
) -> None:
    browser = await people.browser()
    browser.client.cookies.set("zairyu_session", "planted", domain="127.0.0.1")
    await browser.sign_in(person.login_id, PASSWORD)
    first = browser.cookie
    await browser.sign_in(person.login_id, PASSWORD)
    assert len({"planted", first, browser.cookie, None}) == 4


async def test_too_many_attempts_are_answered_with_the_time_to_wait(people: Identity, person: Person) -> None:
    browser = await people.browser()
    for _ in range(7):
        page = await browser.sign_in(person.login_id, "a wrong password")
    assert page.status == 429
    assert re.search(r"Wait \d+ seconds, then try again", page.shown)
    assert page.form("Sign in").fields["login_id"] == person.login_id
    for _ in range(40):
        answer = await browser.client.post("/sign-in", headers={"Origin": browser.url})
    page = Page(answer)
    assert (page.status, page.h1) == (429, "Wait a moment and try again")
    assert f"Wait {page.answer.headers['retry-after']} s" in page.shown


async def test_the_identity_provider_is_offered_where_there_is_one(people: Identity) -> None:
    browser = await people.browser()
    assert "/identity/start" not in (await browser.open("/sign-in")).answer.text
    object.__setattr__(people.app.state.gateway.settings, "identity_name", "マイナンバーカード/My Number card")
    page = await browser.open("/sign-in?return_to=/account/security")
    assert "/identity/start?purpose=sign-in&return_to=%2Faccount%2Fsecurity" in page.values("a", "href")
    assert "Sign in with My Number card" in page.shown
    assert "マイナンバーカードでログインする" in (await browser.open("/sign-in?lang=ja")).shown
