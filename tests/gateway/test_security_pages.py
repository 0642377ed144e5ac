"""Password, second factor, passkeys and step-up by the gateway's pages."""

import json
from datetime import timedelta

import pyotp
import pytest

from shared.auth import Role
from tests.gateway.browser import Browser, Page
from tests.gateway.identity import Identity
from tests.services.registration.authenticator import Authenticator
from tests.services.registration.site import OTHER_PASSWORD, PASSWORD, App, Person

ENROLMENT = "/account/security/authenticator"


@pytest.fixture
async def person(people: Identity) -> Person:
    return await people.site.person()


@pytest.fixture
async def browser(people: Identity, person: Person) -> Browser:
    browser = await people.browser()
    await browser.sign_in(person.login_id, PASSWORD)
    return browser


async def _enrol(people: Identity, browser: Browser, page: Page) -> tuple[Page, App]:
    shown = await browser.send(page, "Start")
    (key,) = shown.texts["code"]
    app = App(pyotp.TOTP(key.replace(" ", "")), people.clock)
    assert "svg" in [tag for tag, _ in shown.tags]
    wrong = await browser.send(shown, "Finish", code="000000")
    assert (wrong.status, "The code is incorrect" in wrong.shown) == (422, True)
    assert key not in wrong.answer.text, "shown once"
    done = await browser.send(wrong, "Finish", code=app.code())
    assert done.h1 == "Keep your recovery codes"
    app.recovery_codes = done.texts["code"]
    assert len(app.recovery_codes) == 10
    return done, app


async def test_an_officer_without_a_second_factor_is_led_through_it(people: Identity) -> None:
    await people.site.officer(Role.EXAMINER, login_id="examiner.tyo")
    browser = await people.browser()
    page = await browser.sign_in("examiner.tyo", PASSWORD, return_to="/account/sessions")
    assert (page.path, "Set it up before you do anything else" in page.shown) == (ENROLMENT, True)
    assert (await browser.open("/account")).path == ENROLMENT
    done, app = await _enrol(people, browser, page)
    again = await browser.open("/account")
    assert (again.path, "Sign in again to start work" in again.shown) == (ENROLMENT, True)
    out = await browser.send(done, "Sign in again")
    assert (out.path, browser.cookie) == ("/sign-in?done=signed-out", None)
    page = await browser.send(out, "Sign in", login_id="examiner.tyo", password=PASSWORD)
    home = await browser.send(page, "Check the code", code=app.next())
    assert (home.path, home.h1, "Examiner" in home.shown) == ("/desk", "What waits", True)
    # The last factor of an officer stays.
    page = await browser.open(f"{ENROLMENT}/remove")
    kept = await browser.send(page, "Remove the authenticator app")
    assert (kept.status, "Officers need two-factor authentication" in kept.shown) == (409, True)


async def test_an_app_is_set_up_renewed_and_removed(people: Identity, person: Person, browser: Browser) -> None:
    _, app = await _enrol(people, browser, await browser.open(ENROLMENT))
    page = await browser.open("/account/security")
    assert "10 left" in page.shown
    renewed = await browser.send(await browser.follow(page, "Create new recovery codes"), "Create new recovery codes")
    assert len(set(renewed.texts["code"]) - set(app.recovery_codes)) == 10
    removed = await browser.send(
        await browser.follow(page, "Remove the authenticator app"), "Remove the authenticator app"
    )
    assert (removed.path, "You have not set up an app" in removed.shown) == ("/account/security?done=app-removed", True)
    gone = await browser.send(await browser.open(ENROLMENT), "Start")
    people.clock.advance(timedelta(minutes=11))
    late = await browser.send(gone, "Finish", code="123456")
    assert late.path == f"{ENROLMENT}?done=begin-again"


async def test_a_sensitive_page_asks_for_a_proof_first_and_continues_afterwards(
    people: Identity, person: Person, browser: Browser
) -> None:
    people.clock.advance(timedelta(minutes=21))
    page = await browser.follow(await browser.open("/account/security"), "Set up an authenticator app")
    assert page.path == "/account/step-up?return_to=%2Faccount%2Fsecurity%2Fauthenticator"
    before = browser.cookie
    wrong = await browser.send(page, "Confirm", password="not the password")
    assert (wrong.status, browser.cookie) == (422, before)
    assert "Current password: The password is incorrect" in wrong.texts["a"]
    page = await browser.send(wrong, "Confirm", password=PASSWORD)
    assert page.path == "/account/security/authenticator"
    assert browser.cookie not in (before, None), "a session that somebody else knows is worth nothing any more"
    planted = await people.browser()
    planted.client.cookies.set("zairyu_session", before or "", domain="127.0.0.1")
    assert (await planted.open("/account")).path.startswith("/sign-in")

    page = await browser.open("/account/security/password")
    typed = {"password": OTHER_PASSWORD, "password_again": PASSWORD}
    differs = await browser.send(page, "Change your password", **typed)
    assert "Confirm your new password: The two passwords do not match" in differs.texts["a"]
    weak = await browser.send(page, "Change your password", password="short", password_again="short")
    assert "New password: Use at least 12 characters" in weak.texts["a"]
    typed["password_again"] = OTHER_PASSWORD
    done = await browser.send(weak, "Change your password", **typed)
    assert (done.path, "Your password has been changed" in done.shown) == ("/account/security?done=password", True)
    assert (await (await people.browser()).sign_in(person.login_id, OTHER_PASSWORD)).path == "/home"


async def test_a_form_that_grew_old_leads_to_the_proof_and_back(
    people: Identity, person: Person, browser: Browser
) -> None:
    app = (await _enrol(people, browser, await browser.open(ENROLMENT)))[1]
    page = await browser.open(f"{ENROLMENT}/remove")
    people.clock.advance(timedelta(minutes=21))
    asked = await browser.send(page, "Remove the authenticator app")
    assert asked.path.startswith("/account/step-up?return_to=%2Faccount%2Fsecurity%2Fauthenticator%2Fremove")
    assert "password" not in [i["type"] for form in asked.forms for i in form.inputs], "the second factor, not less"
    empty = await browser.send(asked, "Use the recovery code")
    assert "Enter a recovery code" in empty.texts["a"]
    back = await browser.send(asked, "Check the code", code=app.next())
    assert back.path == f"{ENROLMENT}/remove"
    assert (await browser.post(page, "Remove the authenticator app", {})).status_code == 403, (
        "the old page's token is over"
    )
    pressed = [await browser.send(back, "Remove the authenticator app") for _ in range(2)]
    assert [page.path for page in pressed] == ["/account/security?done=app-removed"] * 2


async def test_a_passkey_is_added_and_removed(people: Identity, person: Person, browser: Browser) -> None:
    device = Authenticator()
    page = await browser.follow(await browser.open("/account/security"), "Add a passkey")
    made = await browser.send(page, "Continue", label='My "phone"')
    form = made.form("Create the passkey")
    assert "hidden" in form.attributes
    refused = await browser.send(made, "Create the passkey", passkey='{"id": "nothing"}')
    assert (refused.status, refused.form("Continue").fields["label"]) == (422, 'My "phone"')
    made = await browser.send(refused, "Continue")
    options = json.loads(made.form("Create the passkey").attributes["data-options"])
    codes = await browser.send(made, "Create the passkey", passkey=json.dumps(device.create(options)))
    assert (codes.h1, len(codes.texts["code"])) == ("Keep your recovery codes", 10)
    page = await browser.open("/account/security")
    assert 'My "phone"' in page.texts["h3"]
    asked = await browser.follow(page, 'Remove “My "phone"”')
    people.clock.advance(timedelta(minutes=19))
    pressed = [await browser.send(asked, "Remove the passkey") for _ in range(2)]
    assert [page.path for page in pressed] == ["/account/security?done=passkey-removed"] * 2
    assert (await browser.open(asked.path)).status == 404
    assert (await browser.open("/account/security/passkeys/no-id/remove")).status == 422
