"""API clients on their pages: those that act for a person, those that were registered, and secrets shown once."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from shared.auth import Role
from tests.gateway.browser import Browser, Page
from tests.gateway.identity import Identity
from tests.services.registration.outside import CALLBACK, Vendor, vendor
from tests.services.registration.site import PASSWORD, Person

SYSTEMS = "/account/systems"
READING = {"application:read": "yes"}


@pytest.fixture
async def person(people: Identity) -> Person:
    return await people.site.person()


@pytest.fixture
async def browser(people: Identity, person: Person) -> Browser:
    browser = await people.browser()
    assert (await browser.sign_in(person.login_id, PASSWORD)).path == "/home"
    return browser


async def _register(people: Identity, browser: Browser, **typed: str) -> Vendor:
    """A system with the secret that the page shows."""
    form = await browser.follow(await browser.open(SYSTEMS), "Register a system")
    shown = await browser.send(form, "Register", **{"name": "Payroll", **READING, **typed})
    assert shown.h1 == "Your new secret", shown.shown
    return Vendor(people.site, *shown.texts["code"])


async def test_a_system_is_registered_and_its_secret_is_shown_once(people: Identity, browser: Browser) -> None:
    system = await _register(people, browser, networks="203.0.113.0/24 198.51.100.7", expires_on="2027-03-31")
    answer = await system.token()
    assert (answer.status_code, answer.json()["scope"]) == (200, "application:read")
    assert (await system.token(address="192.0.2.1")).status_code == 401
    page = await browser.open(SYSTEMS)
    assert "198.51.100.7/32 203.0.113.0/24" in page.texts["dd"]
    assert "31 March 2027 23:59 (Japan)" in page.texts["dd"]
    assert "Read applications and their progress" in page.texts["li"]
    assert system.client_id in page.texts["code"]
    assert system.secret not in page.shown


async def test_mistakes_are_shown_at_their_fields_and_register_nothing(browser: Browser) -> None:
    form = await browser.open(f"{SYSTEMS}/add")
    typed = {"networks": "203.0.113.1/24", "redirect_uris": "http://vendor.example/", "expires_on": "tomorrow"}
    page = await browser.send(form, "Register", **typed)
    assert (page.status, "Valid until: Enter a date, like 2026-04-01" in page.texts["a"]) == (422, True)
    page = await browser.send(page, "Register", expires_on="2036-01-01")
    kept = page.form("Register").fields
    assert (page.status, kept["networks"], kept["redirect_uris"]) == (422, "203.0.113.1/24", "http://vendor.example/")
    wrong = {link.partition("#")[2] for link in page.links.values() if link.startswith("#") and link != "#content"}
    assert {"name", "application:read", "networks", "redirect_uris"} <= wrong
    page = await browser.send(
        page, "Register", **{"name": "Payroll", "application:read": "yes", "networks": "", "redirect_uris": ""}
    )
    assert "Valid until: Give a moment within a year from now" in page.texts["a"]
    assert "Payroll" not in (await browser.open(SYSTEMS)).shown


async def test_a_secret_is_replaced_the_system_changed_and_ended(people: Identity, browser: Browser) -> None:
    system = await _register(people, browser)
    page = await browser.open(SYSTEMS)
    shown = await browser.send(await browser.follow(page, "Create a new secret"), "Create a new secret")
    newer = Vendor(people.site, *shown.texts["code"])
    third = await browser.send(await browser.follow(page, "Create a new secret"), "Create a new secret")
    assert (third.status, "There are two already" in third.shown) == (409, True)
    page = await browser.open(SYSTEMS)
    ends = [form for form in page.forms if form.button == "Deactivate this secret"]
    assert [(await browser.send(page, ends[0])).path for _ in range(2)] == [f"{SYSTEMS}?done=secret-ended"] * 2
    assert ((await system.token()).status_code, (await newer.token()).status_code) == (401, 200)

    first, second = [await browser.follow(page, "Change this system") for _ in range(2)]
    until = first.form("Save").fields["expires_on"]
    page = await browser.send(first, "Save", name="Payroll 2", networks="192.0.2.0/24", expires_on=until)
    assert (page.path, "Payroll 2" in page.texts["h3"]) == (f"{SYSTEMS}?done=client-changed", True)
    late = await browser.send(second, "Save", name="Payroll 3")
    assert (late.status, late.form("Save").fields["name"]) == (412, "Payroll 3")
    page = await browser.send(late, "Save", networks="192.0.2.0/24")
    assert (page.path, "Payroll 3" in page.texts["h3"]) == (f"{SYSTEMS}?done=client-changed", True)
    assert (await newer.token()).status_code == 401, "from another network"

    page = await browser.send(await browser.follow(page, "End this system"), "End this system")
    assert page.path == f"{SYSTEMS}?done=client-ended"
    assert not {"Change this system", "Create a new secret", "End this system"} & set(page.links)
    assert (await newer.token(address="192.0.2.1")).status_code == 401


async def test_one_sees_and_ends_what_acts_for_oneself(people: Identity, person: Person, browser: Browser) -> None:
    headers = await people.site.signed_in(person)
    system = await vendor(people.site, headers)
    tokens = await system.family(headers)
    page = await browser.open(SYSTEMS)
    assert "人事システム連携" in page.texts["h3"]
    assert CALLBACK in page.shown
    ended, again = [await browser.send(page, "Revoke access") for _ in range(2)]
    assert again.shown == ended.shown, "pressed twice"
    assert (ended.path, "Access has been revoked." in ended.shown) == (f"{SYSTEMS}?done=authorization-ended", True)
    assert (await system.refresh(tokens["refresh_token"])).status_code == 400
    assert "Revoke access" not in [form.button for form in ended.forms]


async def test_registering_systems_needs_a_session_that_was_proved_recently(people: Identity, browser: Browser) -> None:
    system = await _register(people, browser)
    page = await browser.open(SYSTEMS)
    form = await browser.open(f"{SYSTEMS}/add")
    people.clock.advance(timedelta(minutes=21))
    for text in ("Register a system", "Change this system", "Create a new secret"):
        assert (await browser.follow(page, text)).path.startswith("/account/step-up"), text
    sent = await browser.send(form, "Register", name="Late", **READING)
    assert sent.path.startswith("/account/step-up")
    # What only takes away needs none.
    page = await browser.send(await browser.follow(page, "End this system"), "End this system")
    assert "Late" not in page.texts["h3"]
    assert (await system.token()).status_code == 401


async def test_the_system_of_somebody_else_is_not_there(people: Identity, person: Person, browser: Browser) -> None:
    officer = await people.site.officer(login_id="second.approver")
    stranger = await people.site.person(
        officer, organisation={"corporate_number": "7000012050002"}, applicant={"email": "x@example.jp"}
    )
    theirs = await vendor(people.site, await people.site.signed_in(stranger))
    own = await _register(people, browser)
    for client_id in (theirs.client_id, str(uuid4())):
        for step in ("change", "secret", "end"):
            assert (await browser.open(f"{SYSTEMS}/{client_id}/{step}")).status == 404
    page = await browser.open(SYSTEMS)
    assert theirs.client_id not in page.shown
    for typed in ({"client_id": theirs.client_id}, {"secret_id": "../x"}, {"secret_id": str(UUID(int=1))}):
        assert Page(await browser.post(page, "Deactivate this secret", typed)).status == 404
    assert (await theirs.token()).status_code == (await own.token()).status_code == 200


@pytest.mark.parametrize("lang", ["ja", "en"])
async def test_people_find_the_page_in_their_menu_and_in_their_language(
    people: Identity, person: Person, lang: str
) -> None:
    browser = await people.browser(lang)
    page = Page(await browser.get("/sign-in"))
    (form,) = [form for form in page.forms if "login_id" in form.fields]
    page = await browser.send(page, form, login_id=person.login_id, password=PASSWORD)
    assert page.links[{"ja": "外部システム", "en": "Connected systems"}[lang]] == SYSTEMS
    for path in (SYSTEMS, f"{SYSTEMS}/add"):
        assert (await browser.open(path)).status == 200


async def test_officers_have_no_such_page(people: Identity) -> None:
    await people.site.officer(Role.EXAMINER, login_id="examiner.tyo")
    app = await people.site.app_of("examiner.tyo")
    browser = await people.browser()
    await browser.send(await browser.sign_in("examiner.tyo", PASSWORD), "Check the code", code=app.next())
    page = await browser.open("/account")
    assert (page.path, "Connected systems" in page.links) == ("/account", False)
    assert [(await browser.open(path)).status for path in (SYSTEMS, f"{SYSTEMS}/{UUID(int=1)}/end")] == [403, 403]
