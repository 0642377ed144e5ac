"""The account's own pages: who am I, in which role, until when, on which devices, at which address."""

from datetime import timedelta
from uuid import UUID

import pytest

from shared.auth import Role
from shared.events.registration import EmailChangeRequested
from tests.gateway.browser import Browser, Page
from tests.gateway.identity import Identity
from tests.services.registration.life import add_role
from tests.services.registration.site import OTHER_PASSWORD, PASSWORD, Person
from tests.support.keys import unsealed


@pytest.fixture
async def person(people: Identity) -> Person:
    return await people.site.person()


@pytest.fixture
async def browser(people: Identity, person: Person) -> Browser:
    browser = await people.browser()
    assert (await browser.sign_in(person.login_id, PASSWORD)).path == "/home"
    return browser


async def test_somebody_with_two_roles_sees_in_which_they_act_and_switches_at_once(
    people: Identity, person: Person, browser: Browser
) -> None:
    officer = await people.site.officer(login_id="second.approver")
    await add_role(people.site, await people.site.signed_in(person), "rso_staff", officer)
    page = await browser.open("/account")
    said = {*page.texts["dd"], *page.texts["span"]}
    assert {"見本 花子", person.login_id, "hanako@example.co.jp", "株式会社見本"} <= said
    assert "Staff of an organisation" in page.texts["dd"]
    switched = await browser.send(page, "Switch to this role")
    assert (switched.path, "You have switched to the other role" in switched.shown) == ("/account?done=switched", True)
    assert "Staff of a registered support organisation" in switched.texts["dd"]
    assert "Staff of an organisation" not in switched.texts["dd"]
    # The remembered token goes with the old role.
    assert (await browser.client.get("/session")).json()["roles"] == ["rso_staff"]
    refused = await browser.send(switched, "Switch to this role", membership_id=str(UUID(int=1)))
    assert (refused.status, refused.h1) == (404, "Not found")


async def test_pages_and_programs_learn_when_the_session_ends(people: Identity, browser: Browser) -> None:
    started = people.clock.now()
    said = (await browser.client.get("/session")).json()
    assert said["idle_ends_at"] == (started + timedelta(minutes=30)).isoformat().replace("+00:00", "Z")
    assert said["warn_at"] == (started + timedelta(minutes=25)).isoformat().replace("+00:00", "Z")
    assert said["ends_at"] == (started + timedelta(hours=12)).isoformat().replace("+00:00", "Z")
    assert said["fresh_until"] == (started + timedelta(minutes=20)).isoformat().replace("+00:00", "Z")
    page = await browser.open("/account")
    footer = " ".join(page.texts["p"])
    assert "20 November 2026 12:30 (Japan)" in footer
    assert "21 November 2026 00:00 (Japan)" in footer
    assert "You will be signed out soon" not in page.shown

    for _ in range(29):  # active all the time
        people.clock.advance(timedelta(minutes=24, seconds=40))
        page = await browser.open("/account")
    assert "You will be signed out soon" in page.shown
    people.clock.advance(timedelta(minutes=25))
    assert (await browser.open("/account")).path == "/sign-in?return_to=%2Faccount&done=ended"
    assert browser.cookie is None


async def test_a_stay_abroad_is_registered_and_ended(browser: Browser) -> None:
    page = await browser.open("/account/stay-abroad")
    empty = await browser.send(page, "Register")
    assert (empty.status, "#until" in empty.values("a", "href")) == (422, True)
    too_far = await browser.send(empty, "Register", until="2036-11-20")
    assert (too_far.status, "#until" in too_far.values("a", "href")) == (422, True)
    registered = await browser.send(too_far, "Register", until="2026-12-20")
    assert "Your stay abroad is registered." in registered.shown
    assert "You can use this site from abroad until 20 December 2026." in registered.shown
    ended = await browser.send(registered, "End it now")
    assert "Your stay abroad is over." in ended.shown
    assert "You can use this site from abroad until" not in ended.shown


async def test_other_devices_and_all_of_them_can_be_signed_out(
    people: Identity, person: Person, browser: Browser
) -> None:
    other = await people.browser()
    await other.sign_in(person.login_id, PASSWORD)
    page = await browser.open("/account/sessions")
    (theirs,) = [form for form in page.forms if form.button == "Sign this device out"]
    assert [(await browser.send(page, theirs)).path for _ in range(2)] == ["/account/sessions?done=device-ended"] * 2
    people.clock.advance(timedelta(seconds=31))
    assert (await other.open("/account")).path.startswith("/sign-in")

    await other.sign_in(person.login_id, PASSWORD)
    page = await browser.send(page, "Sign out everywhere")
    assert (page.path, browser.cookie) == ("/sign-in?done=signed-out", None)
    people.clock.advance(timedelta(seconds=31))
    assert (await other.open("/account")).path.startswith("/sign-in")


async def test_a_session_of_somebody_else_cannot_be_ended(people: Identity, browser: Browser) -> None:
    page = await browser.open("/account/sessions")
    for number in ("01a210c8-3ae9-714b-804c-98448a998147", "../memberships", ""):
        refused = Page(await browser.post(page, "Sign out of this device", {"session_id": number}))
        assert (refused.status, refused.h1) == (404, "Not found")
    assert (await browser.open("/account")).h1 == "Your account"


async def test_another_mail_address_counts_when_the_page_behind_its_link_is_confirmed(
    people: Identity, browser: Browser
) -> None:
    page = await browser.open("/account/email")
    wrong = {"email": "hanako@new.example", "email_again": "hana@new.example", "password": "not the password"}
    page = await browser.send(page, "Send the link", **wrong)
    assert (page.status, page.form("Send the link").fields["email"]) == (422, "hanako@new.example")
    assert "Confirm your new email address: The two addresses differ" in " ".join(page.texts["a"])
    page = await browser.send(page, "Send the link", **wrong | {"email_again": "hanako@new.example"})
    assert page.status == 403
    assert "The current password is incorrect" in page.shown
    slip = {"email": "hanako@gmail.con", "email_again": "hanako@gmail.con", "password": PASSWORD}
    page = await browser.send(page, "Send the link", **slip)
    assert (page.status, await people.site.events(EmailChangeRequested)) == (200, [])
    assert "Did you mean hanako@gmail.com?" in page.shown and "accept those from zairyu.local" in page.shown
    new = {"email": "hanako@new.example", "email_again": "hanako@new.example", "password": PASSWORD}
    page = await browser.send(page, "Send the link", **new)
    assert "Open it before it expires" in page.shown
    (asked,) = await people.site.events(EmailChangeRequested)
    path = "/email/" + unsealed(asked.sealed_link).rpartition("/")[2]

    elsewhere = await people.browser()
    link = await elsewhere.open(path)
    assert "hanako@example.co.jp" in (await browser.open("/account")).texts["dd"], "opening it changes nothing"
    assert (await elsewhere.post(link, "Register this address", {}, {"Origin": "https://evil.test"})).status_code == 403
    assert "Your email address has been changed" in (await elsewhere.send(link, "Register this address")).shown
    assert "hanako@new.example" in (await browser.open("/account")).texts["dd"]
    used = await elsewhere.send(link, "Register this address")
    assert (used.status, "It was used already or has expired" in used.shown) == (404, True)


async def test_a_lost_password_and_a_lost_login_id_get_the_same_answer_for_every_caller(
    people: Identity, person: Person
) -> None:
    browser = await people.browser()
    said = set()
    for login_id in (person.login_id, "ZR-2222-2222"):
        page = await browser.open("/forgot-password")
        said.add((await browser.send(page, "Send the link", login_id=login_id)).answer.text)
    for email in ("hanako@example.co.jp", "nobody@example.jp"):
        page = await browser.open("/forgot-login-id")
        said.add((await browser.send(page, "Send my login ID", email=email)).answer.text)
    assert len(said) == 2
    empty = await browser.send(await browser.open("/forgot-password"), "Send the link")
    assert (empty.status, "Enter your login ID" in empty.texts["a"]) == (422, True)
    bad = await browser.send(await browser.open("/forgot-login-id"), "Send my login ID", email="no address")
    assert (bad.status, bad.form("Send my login ID").fields["email"]) == (422, "no address")
    asked = await browser.send(bad, "Send my login ID", email="hanako@hotmial.com")
    assert "Did you mean hanako@hotmail.com?" in asked.shown

    await people.site.work_timers()
    link = await browser.open(f"/password/{await people.site.link()}")
    weak = await browser.send(link, "Set password", password="short")
    assert "New password: Use at least 12 characters" in weak.texts["a"]
    assert person.login_id in (await browser.send(weak, "Set password", password=OTHER_PASSWORD)).shown
    assert (await browser.sign_in(person.login_id, OTHER_PASSWORD)).path == "/home"


async def test_officers_see_their_office_and_change_no_address(people: Identity) -> None:
    await people.site.officer(Role.EXAMINER, login_id="examiner.tyo")
    app = await people.site.app_of("examiner.tyo")
    browser = await people.browser()
    page = await browser.sign_in("examiner.tyo", PASSWORD)
    await browser.send(page, "Check the code", code=app.next())
    page = await browser.open("/account")
    assert {"Tokyo Regional Immigration Services Bureau", "Examiner"} <= set(page.texts["dd"])
    assert "Change your email address" not in page.links
    refused = await browser.open("/account/email")
    assert (refused.status, "Switch to another role, or sign in again" in refused.shown) == (403, True)


async def test_an_officer_takes_over_the_address_that_an_administrator_asked_for(people: Identity) -> None:
    site = people.site
    administrator = await site.officer(Role.ADMINISTRATOR, login_id="admin.tyo")
    paths = []
    for login_id in ("first.tyo", "second.tyo"):
        me = (await site.get("/v1/accounts/me", await site.officer(Role.EXAMINER, login_id=login_id))).json()
        body = {"email": "ichiro@example.go.jp"}
        assert (await site.post(f"/v1/officers/{me['id']}/email", body, headers=administrator)).status_code == 202
        asked = (await site.events(EmailChangeRequested))[-1]
        paths.append("/email/" + unsealed(asked.sealed_link).rpartition("/")[2])
    browser = await people.browser()
    done = await browser.send(await browser.open(paths[0]), "Register this address")
    assert ("Your email address has been changed" in done.shown, "Your account" in done.links) == (True, True)
    taken = await browser.send(await browser.open(paths[1]), "Register this address")
    assert (taken.status, "There is an officer's account with this email address already" in taken.shown) == (409, True)
    used = await (await people.browser()).open(paths[0])
    assert (used.status, "officers ask an administrator" in used.shown) == (404, True)
