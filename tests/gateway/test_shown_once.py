"""Pages that show something once: they can be reloaded and read in the other language, and then they are over."""

from datetime import timedelta

import pyotp
import pytest

from services.gateway.pages.kit.static import address
from shared.auth import Role
from tests.gateway.browser import Browser
from tests.gateway.identity import Identity
from tests.services.registration.site import OTHER_PASSWORD, PASSWORD, Person

ENROLMENT = "/account/security/authenticator"
CODES = "/account/security/recovery-codes/shown"


@pytest.fixture
async def person(people: Identity) -> Person:
    return await people.site.person()


@pytest.fixture
async def browser(people: Identity, person: Person) -> Browser:
    browser = await people.browser()
    await browser.sign_in(person.login_id, PASSWORD)
    return browser


async def test_recovery_codes_survive_a_reload_and_say_what_they_are_for(
    people: Identity, person: Person, browser: Browser
) -> None:
    """[newcomers S1-8, newcomers S3] Printed, they carry site, login id and date."""
    shown = await browser.send(await browser.open(ENROLMENT), "Start")
    (key,) = shown.texts["code"]
    code = pyotp.TOTP(key.replace(" ", "")).at(people.clock.now())
    done = await browser.send(shown, "Finish", code=code)
    assert done.path == CODES, "an ordinary page, that no reload sends a form to again"
    codes = done.texts["code"]
    assert len(codes) == 10
    assert {person.login_id, "Zairyu, residence procedures online"} <= set(done.texts["dd"])
    assert any("November 2026" in text for text in done.texts["dd"])
    for again in (await browser.open(CODES), await browser.open(f"{CODES}?lang=ja")):
        assert (again.status, again.texts["code"]) == (200, codes)
    (sealed,) = [cookie.value or "" for cookie in browser.client.cookies.jar if cookie.name.endswith("_codes")]
    assert not [code for code in codes if code in sealed]
    await browser.open(f"{CODES}?lang=en")
    people.clock.advance(timedelta(minutes=11))
    over = await browser.open(CODES)
    assert "code" not in over.texts
    assert "Two-factor authentication is set up" in over.shown
    assert "Create new recovery codes" in over.links


async def test_codes_that_were_saved_are_shown_no_longer_and_to_no_other_account(
    people: Identity, person: Person, browser: Browser
) -> None:
    """[newcomers S1-8] They open for the session in which they were made."""
    await people.site.app_of(person.login_id)
    app = await people.site.app_of(person.login_id)
    page = await browser.sign_in(person.login_id, PASSWORD)
    await browser.send(page, "Check the code", code=app.next())
    shown = await browser.send(await browser.open("/account/security/recovery-codes"), "Create new recovery codes")
    assert len(shown.texts["code"]) == 10
    cookie = next(c for c in browser.client.cookies.jar if c.name.endswith("_codes"))
    assert (await browser.send(shown, "I have saved them")).path == "/account/security"
    assert "code" not in (await browser.open(CODES)).texts
    other = await people.browser()
    page = await other.sign_in(person.login_id, PASSWORD)
    await other.send(page, "Check the code", code=app.next())
    other.client.cookies.set(cookie.name, cookie.value or "")
    assert "code" not in (await other.open(CODES)).texts


async def test_a_password_link_is_done_on_a_page_of_its_own_and_says_at_once_that_it_was_used(
    people: Identity,
) -> None:
    """[newcomers S2-31, newcomers S2-32, newcomers S2-16] And a switch shows what was typed."""
    site = people.site
    officer = await site.officer()
    submitted = await site.submit()
    link = f"/password/{await site.approve(submitted['id'], officer)}"
    browser = await people.browser()
    page = await browser.open(link)
    assert "Show password" in page.texts["button"]
    empty = await browser.send(page, "Set password", password="")
    assert empty.status == 422
    done = await browser.send(empty, "Set password", password=OTHER_PASSWORD)
    assert (done.status, done.path) == (200, link)
    (login_id,) = done.texts["strong"]
    assert (await browser.open(f"{link}?lang=ja")).texts["strong"] == [login_id]
    used = await (await people.browser()).open(link)
    assert (used.status, used.forms, "Get a new link" in used.links) == (404, [], True)


async def test_nothing_is_offered_that_is_refused_and_an_officer_sees_where_they_work(people: Identity) -> None:
    """[newcomers S2-23, newcomers S2-24] An officer's only factor is not offered for removal."""
    await people.site.officer(Role.EXAMINER, login_id="examiner.tyo")
    app = await people.site.app_of("examiner.tyo")
    browser = await people.browser()
    page = await browser.sign_in("examiner.tyo", PASSWORD)
    await browser.send(page, "Check the code", code=app.next())
    home = await browser.open("/account")
    assert "Tokyo Regional Immigration Services Bureau" in home.texts["dd"]
    assert "TYO" not in home.shown
    assert home.links["See the API specification"] == "/docs"
    security = await browser.open("/account/security")
    assert not [text for text in security.links if "Remove" in text]
    japanese = await browser.open("/account?lang=ja")
    assert "東京出入国在留管理局" in japanese.texts["dd"]
    assert "所属官署" in japanese.texts["dt"]


async def test_the_hidden_login_id_of_the_password_page_is_hidden_by_the_style_sheet(browser: Browser) -> None:
    """[newcomers S2-9] An element marked hidden is not shown, whatever else the style sheet says."""
    page = await browser.open("/account/security/password")
    (hidden,) = [i for form in page.forms for i in form.inputs if "hidden" in i]
    assert hidden["name"] == "username"
    style = (await browser.client.get(address("zairyu.css"))).text
    assert "[hidden] { display: none !important; }" in style


async def test_each_page_of_a_system_says_what_an_empty_day_means_there(people: Identity, browser: Browser) -> None:
    """[newcomers S2-30] One hint on the page that adds, another on the one that changes."""
    page = await browser.open("/account/systems/add")
    hints = [text for text in page.texts["p"] if "leave this empty" in text.lower()]
    assert any("one year" in text for text in hints)
    assert not any("does not change" in text for text in hints)
