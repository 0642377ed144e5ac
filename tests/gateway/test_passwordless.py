"""Accounts without a password: their owners prove themselves at the identity provider, or with a passkey."""

from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from sqlalchemy import text

from deploy.local.identity_provider.people import FOREIGNER, PARENT, KnownPerson
from shared.events.registration import EmailChangeRequested
from tests.gateway.browser import Page
from tests.gateway.test_identity import Front, front  # noqa: F401 - a fixture
from tests.services.registration.authenticator import Authenticator
from tests.services.registration.site import OTHER_PASSWORD

STEP_UP = "Confirm your identity with My Number card"


@pytest.fixture
async def home(front: Front) -> Front:  # noqa: F811 - the fixture
    """Somebody who registered with an identity, confirmed their address, and is signed in."""
    front.browser.headers["Accept"] = "text/html"
    made = await front.register("self")
    assert made.status_code == 303, made.text
    link = f"/register/confirm/{await front.token_of_link()}"
    assert (await front.browser.post(link, headers=front.own_page)).status_code == 303
    back = await front.go("/identity/start?purpose=sign-in&return_to=/account")
    assert back.headers["location"] == "/account"
    return front


async def _open(front: Front, path: str) -> Page:  # noqa: F811
    answer = await front.browser.get(path)
    while answer.status_code == 303:
        answer = await front.browser.get(answer.headers["location"])
    return Page(answer)


async def _send(front: Front, page: Page, button: str, **typed: str) -> Page:  # noqa: F811
    form = page.form(button)
    action = form.attributes.get("action") or page.path
    answer = await front.browser.post(action, data=form.fields | typed, headers=front.own_page)
    while answer.status_code == 303:
        answer = await front.browser.get(answer.headers["location"])
    return Page(answer)


async def _step_up(front: Front, page: Page, person: KnownPerson = FOREIGNER) -> Page:  # noqa: F811
    """Follow the step-up page's link to the provider, and come back."""
    assert page.h1 == "Confirm your identity"
    assert not [i for form in page.forms for i in form.inputs if i.get("type") == "password"]
    back = await front.go(page.links[STEP_UP], person, headers=front.own_page)
    return await _open(front, back.headers["location"]) if back.status_code == 303 else Page(back)


async def test_a_person_without_a_password_changes_their_address(home: Front) -> None:
    """[newcomers S1-4] No page asks for a password that is not there; the proof is the identity provider's."""
    page = await _step_up(home, await _open(home, "/account/email"))
    assert page.path == "/account/email"
    assert "password" not in page.form("Send the link").fields
    sent = await _send(home, page, "Send the link", email="new@example.jp", email_again="new@example.jp")
    assert "We sent a link to the new address" in sent.shown
    assert len(await home.site.events(EmailChangeRequested)) == 1


async def test_a_password_that_is_not_there_is_never_right_and_no_dead_end(home: Front) -> None:
    """[newcomers S1-4] By the interface: 403 that names the way out, and not 404."""
    me = (await home.browser.get("/session")).json()
    headers = {"Origin": home.url, "X-CSRF-Token": me["csrf_token"], "Idempotency-Key": "a-key-for-this"}
    body = {"email": "new@example.jp", "email_again": "new@example.jp", "password": "whatever it may be"}
    refused = await home.browser.post("/api/v1/accounts/me/email", json=body, headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (403, "step-up-required")


async def test_after_twenty_minutes_the_identity_provider_makes_the_session_fresh(home: Front) -> None:
    """[newcomers S1-5] The session goes on under another secret, and the page that was wanted is shown."""
    home.site.clock.advance(timedelta(minutes=21))
    before = home.browser.cookies["zairyu_session"]
    page = await _open(home, "/account/security/authenticator")
    after = await _step_up(home, page)
    assert after.path == "/account/security/authenticator"
    assert home.browser.cookies["zairyu_session"] != before
    assert (await home.site.exchange(before)).status_code == 401
    assert await home.site.service.journal_problems() == []


async def test_the_provider_is_asked_for_a_new_proof(home: Front) -> None:
    """[newcomers S1-5] `prompt=login`, `max_age=0`; and the moment of the proof is looked at."""
    page = await _open(home, "/account/email")
    away = await home.browser.get(page.links[STEP_UP], headers=home.own_page)
    asked = dict(parse_qsl(urlsplit(away.headers["location"]).query))
    assert (asked["prompt"], asked["max_age"]) == ("login", "0")
    for said in ({"auth_time": None}, {"auth_time": int((home.site.clock.now() - timedelta(hours=1)).timestamp())}):
        home.site.provider.said = said
        refused = await _step_up(home, page)
        assert (refused.status, refused.h1) == (401, "Your identity was not confirmed")
    home.site.provider.said = {}
    assert (await _open(home, "/account/email")).h1 == "Confirm your identity"


async def test_another_persons_identity_makes_nothing_fresh(home: Front) -> None:
    """[newcomers S1-5] Nor does an answer that comes after the session ended."""
    page = await _open(home, "/account/email")
    refused = await _step_up(home, page, PARENT)
    assert (refused.status, "another identity" in refused.shown) == (401, True)
    async with home.site.service.db.transaction() as session:
        await session.execute(text("UPDATE sessions SET ended_at = now(), end_reason = 'signed-out'"))
    back = await home.go(page.links[STEP_UP], headers=home.own_page)
    assert back.status_code in (401, 303)
    assert "zairyu_session" not in back.headers.get("set-cookie", "").partition(";")[0]


async def test_another_sites_link_begins_no_step_up(home: Front) -> None:
    page = await _open(home, "/account/email")
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {}):
        answer = await home.browser.get(page.links[STEP_UP], headers=headers)
        assert answer.status_code == 403


async def test_a_person_sets_their_first_password(home: Front) -> None:
    """[newcomers S1-5] By that name, and without one that would be the present one."""
    security = await _open(home, "/account/security")
    assert "Set a password" in security.links
    assert "Unlink My Number card" not in security.links, "what would be refused is not offered"
    page = await _step_up(home, await _open(home, security.links["Set a password"]))
    assert "present_password" not in page.form("Set a password").fields
    done = await _send(home, page, "Set a password", password=OTHER_PASSWORD, password_again=OTHER_PASSWORD)
    assert (done.path, "Change your password" in done.links) == ("/account/security?done=password", True)
    assert "Unlink My Number card" in done.links
    async with home.site.service.db.read() as session:
        login_id = await session.scalar(text("SELECT login_id FROM accounts WHERE kind = 'person'"))
    assert (await home.site.sign_in(login_id, OTHER_PASSWORD)).status_code == 201


async def test_the_done_page_of_a_link_can_be_reloaded_and_a_used_link_says_so_at_once(home: Front) -> None:
    """[newcomers S2-31, newcomers S2-16] A used link is reported before anything is typed."""
    link = f"/register/confirm/{await home.token_of_link()}"
    again = await _open(home, f"{link}?lang=ja")
    assert (again.status, "ZR-" in again.shown) == (200, True)
    home.browser.cookies.clear()
    for path in (link, link.replace("/register/confirm/", "/password/"), "/email/unknown"):
        used = await _open(home, path)
        assert (used.status, used.forms) == (404, []), path


async def test_the_class_that_was_chosen_is_not_forgotten_and_the_receipt_can_be_reloaded(
    front: Front,  # noqa: F811 - the fixture
) -> None:
    """[newcomers S2-15, newcomers S2-16] On the way to the provider and back, and after submission."""
    begin = await _open(front, "/register/personal?role=self")
    back = await front.go(begin.links["Go to the identity provider"])
    page = await _open(front, back.headers["location"])
    assert "Foreign" in page.h1 or "own" in page.h1 or "self" in page.path
    done = await _send(front, page, "Register", email="an@example.com", phone="0312345678", prefecture="13")
    assert done.status == 422
    done = await _send(
        front, done, "Register", email="an@example.com", phone="0312345678", prefecture="13", terms_accepted="yes"
    )
    assert done.path.startswith("/register/personal/done")
    (receipt,) = done.texts["strong"]
    assert (await _open(front, "/register/personal/done?lang=ja")).texts["strong"] == [receipt]


async def test_the_form_for_relatives_chooses_nothing_and_keeps_what_was_typed(
    front: Front,  # noqa: F811 - the fixture
) -> None:
    """[newcomers S2-29] Rows are added one by one; uploading a PDF first loses nothing; mistakes come in one round."""
    back = await front.go("/identity/start?purpose=register&return_to=/register/personal?role=relative", PARENT)
    page = await _open(front, back.headers["location"])
    form = page.form("Add a person")
    assert (form.fields["relation"], "name_1" in form.fields) == ("", False)
    typed = {"email": "b@example.com", "relation": "mother", "name_0": "NGUYEN LINH"}

    async def press(page: Page, what: str) -> Page:
        form = page.form("Add a person")
        data = form.fields | typed | {"do": what}
        answer = await front.browser.post(form.attributes["action"], data=data, headers=front.own_page)
        return await _open(front, answer.headers["location"]) if answer.status_code == 303 else Page(answer)

    more = await press(page, "row")
    assert (more.form("Add a person").fields["name_0"], "name_1" in more.form("Add a person").fields) == (
        "NGUYEN LINH",
        True,
    )
    documents = await press(more, "documents")
    assert documents.path.startswith("/register/personal/documents")
    kept = (await _open(front, "/register/personal?role=relative")).form("Add a person").fields
    assert {name: kept[name] for name in typed} == typed
    wrong = await press(await _open(front, "/register/personal?role=relative"), "")
    fields = {i["id"] for f in wrong.forms for i in f.inputs if i.get("aria-invalid")}
    assert {"phone", "prefecture", "terms_accepted"} <= fields, "one round"
    assert wrong.form("Add a person").fields["name_0"] == "NGUYEN LINH"


async def test_the_only_way_to_sign_in_is_kept(home: Front) -> None:
    """[newcomers S1-5] A passkey is removed while there is an identity, and not when it is the only way in."""
    me = (await home.browser.get("/session")).json()

    async def ask(method: str, path: str, body: object = None) -> httpx.Response:
        headers = {"Origin": home.url, "X-CSRF-Token": me["csrf_token"], "Idempotency-Key": f"key-{method}-{path}"[:60]}
        return await home.browser.request(method, f"/api/v1/accounts/me/{path}", json=body, headers=headers)

    asked = (await ask("POST", "passkeys/options")).json()["public_key"]
    made = await ask("POST", "passkeys", {"credential": Authenticator(origin=home.url).create(asked)})
    assert made.status_code == 201, made.text
    means = (await ask("GET", "second-factor")).json()
    assert (means["has_password"], means["methods"]) == (False, ["passkey", "recovery_code", "identity"])
    (identity,) = (await ask("GET", "identities")).json()["items"]
    assert (await ask("DELETE", f"identities/{identity['id']}")).status_code == 204
    refused = await ask("DELETE", f"passkeys/{made.json()['id']}")
    assert (refused.status_code, refused.json()["code"]) == (409, "way-in-needed")
    security = await _open(home, "/account/security")
    assert not [text for text in security.links if "Remove “" in text], "what would be refused is not offered"
