"""Signing in where somebody is signed in already."""

import jwt

from tests.gateway.identity import Identity
from tests.services.registration.outside import somebody_elsewhere

REVOCATIONS = "/.well-known/revocations.json"


async def test_signing_in_over_a_session_ends_it_and_its_tokens(people: Identity) -> None:
    """[attacks F19] Somebody else's too, on a shared computer; its tokens are published as revoked."""
    site = people.site
    officer = await site.officer()
    first = await site.person(officer)
    second = await somebody_elsewhere(site, officer)
    browser = await people.browser()
    for earlier, later in ((first, first), (first, second)):
        await browser.sign_in(earlier.login_id, earlier.password)
        old = browser.cookie
        assert old is not None
        token = (await site.exchange(old)).json()["access_token"]
        page = await browser.sign_in(later.login_id, later.password)
        assert page.path == "/home"
        assert browser.cookie not in (None, old)
        assert (await site.exchange(old)).status_code == 401
        sid = jwt.decode(token, options={"verify_signature": False})["sid"]
        assert sid in (await site.get(REVOCATIONS)).json()["revoked"]
        seen = await browser.client.get("/session", headers={"Cookie": f"zairyu_session={old}"})
        assert seen.status_code == 401, "the gateway remembers nothing of it either"
    assert await site.service.journal_problems() == []


async def test_the_second_step_ends_the_session_over_which_it_signs_in(people: Identity) -> None:
    """[attacks F19] The first step ends nothing: it may not be the owner who knows the password."""
    site = people.site
    person = await site.person()
    browser = await people.browser()
    await browser.sign_in(person.login_id, person.password)
    old = browser.cookie
    assert old is not None
    app = await site.app_of(person.login_id)  # ends sessions, as an operator's act
    page = await browser.sign_in(person.login_id, person.password)
    await browser.send(page, "Check the code", code=app.next())
    held = browser.cookie
    assert held is not None
    page = await browser.sign_in(person.login_id, person.password)
    assert (await site.exchange(held)).status_code == 200
    await browser.send(page, "Check the code", code=app.next())
    assert (await site.exchange(held)).status_code == 401
    assert (await site.exchange(browser.cookie or "")).status_code == 200


async def test_a_sign_in_that_fails_ends_nothing(people: Identity) -> None:
    site = people.site
    person = await site.person()
    browser = await people.browser()
    await browser.sign_in(person.login_id, person.password)
    held = browser.cookie
    await browser.sign_in(person.login_id, "not the right password")
    assert browser.cookie == held
    assert (await site.exchange(held or "")).status_code == 200


async def test_a_cookie_that_can_be_no_session_does_not_keep_anybody_out(people: Identity) -> None:
    person = await people.site.person()
    browser = await people.browser()
    page = await browser.open("/sign-in?done=ended")
    browser.client.cookies.set("zairyu_session", "no;session" + "x" * 300)
    after = await browser.send(page, "Sign in", login_id=person.login_id, password=person.password)
    assert after.path == "/home"
