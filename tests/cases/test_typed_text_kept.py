"""Keeping what somebody typed: input that cannot be read, and input sent after the key or the session had ended."""

from datetime import timedelta

from services.registration.authentication.store import kept_forms
from tests.cases.pages import ENTERED, GO_ON, LATER, DraftPages, fields_of, house, linked
from tests.gateway.browser import Browser
from tests.services.registration.site import PASSWORD

__all__ = ["house"]


async def test_one_field_that_cannot_be_read_does_not_keep_the_others_from_being_saved(house: DraftPages) -> None:
    """[newcomers S1-7, faults 31] The rest is saved, the raw text is shown again with its error, and not taken."""
    browser = await house.front.browser()
    page = await house.begun(browser)
    unreadable = {
        "organisation_capital_yen": "about ten million",
        "organisation_employees": "dozens",
        "organisation_postal_code": "100",
        "organisation_name": "株式会社\x07見本",
        "applicant_name": "長" * 300,
    }
    saved = await browser.send(page, LATER, **ENTERED | unreadable)
    assert saved.path.endswith("done=saved")
    assert "Saved as you typed it" in saved.shown
    later = await browser.open(saved.path.partition("?")[0])
    for one in (saved, later):
        assert (ENTERED | unreadable).items() <= fields_of(one).items()
        assert set(linked(one)) == set(unreadable)
    assert "Enter an amount in yen, like 30000000" in later.shown
    assert "Enter your name" not in later.shown, "what is wrong with what was typed, and not that nothing was"
    checked = await browser.send(later, GO_ON)
    assert set(linked(checked)) == set(unreadable)
    refused = await browser.client.post(f"{page.path}/confirm", headers={"Origin": house.front.url})
    assert refused.status_code == 422
    corrected = await browser.send(checked, GO_ON, **ENTERED)
    assert corrected.path == f"{page.path}/documents"
    assert "Nothing is missing" in corrected.shown


async def test_a_row_that_cannot_be_read_is_kept_at_its_place(house: DraftPages) -> None:
    """[newcomers S1-7] Also in the list of organisations, beside rows that are right."""
    browser = await house.front.browser()
    page = await browser.send(await house.begun(browser), LATER, **ENTERED | {"role": "rso_staff"})
    page = await browser.send(page, "Save and add a row", pledged_organisations_0_name="工業")
    row = {"pledged_organisations_1_corporate_number": "2120901007402", "pledged_organisations_1_name": "長" * 300}
    saved = await browser.send(page, LATER, **row)
    assert row.items() <= fields_of(saved).items()
    assert "pledged_organisations_1_name" in linked(saved)
    assert fields_of(saved)["pledged_organisations_0_name"] == "工業"


async def test_a_draft_whose_key_has_ended_comes_back_with_what_was_typed(house: DraftPages) -> None:
    """[faults 6] The typed values are there again once the link is opened, in this browser and nowhere else."""
    browser, other = await house.front.browser(), await house.front.browser()
    page = await house.begun(browser)
    link = await house.mailed()
    _forget(browser, "draft_")
    gone = await browser.send(page, LATER, **ENTERED | {"organisation_capital_yen": "much"})
    assert (gone.path, "We keep what you typed for 3 days" in gone.shown) == ("/usage-registration?done=kept", True)
    assert "株式会社見本" not in gone.answer.text
    elsewhere = await other.open(link)
    assert fields_of(elsewhere)["organisation_name"] == ""
    back = await browser.open(link)
    assert "not saved yet" in back.shown
    assert (ENTERED | {"organisation_capital_yen": "much"}).items() <= fields_of(back).items()
    again = await browser.open(back.path)
    assert fields_of(again)["organisation_name"] == "株式会社見本", "a reload loses nothing"
    saved = await browser.send(again, LATER)
    assert fields_of(saved)["organisation_capital_yen"] == "much"
    assert "not saved yet" not in (await browser.open(page.path)).shown
    assert not [cookie for cookie in browser.client.cookies.jar if cookie.name.endswith("_kept")]


async def test_what_was_kept_and_another_version_are_shown_beside_each_other(house: DraftPages) -> None:
    """[faults 6, newcomers S1-3] Saved elsewhere meanwhile, the draft does not swallow either of them."""
    browser, other = await house.front.browser(), await house.front.browser()
    page = await house.begun(browser)
    link = await house.mailed()
    _forget(browser, "draft_")
    await browser.send(page, LATER, **ENTERED)
    await other.send(await other.open(link), LATER, role="org_staff", organisation_name="電話")
    conflict = await browser.send(await browser.open(link), LATER)
    assert conflict.status == 409
    assert {"電話", "株式会社見本"} <= set(conflict.texts["span"])


async def test_a_form_that_outlives_its_session_is_sent_after_signing_in_again(house: DraftPages) -> None:
    """[faults 6] The input comes back to its own account, without passwords, and to nobody else."""
    officer = await house.site.officer()
    person = await house.site.person(officer)
    stranger = await house.site.person(
        officer,
        applicant={"email": "taro@example.jp"},
        organisation={"corporate_number": "2120901007402"},
    )
    browser = await house.front.browser()
    form = await browser.sign_in(person.login_id, PASSWORD, return_to="/account/email")
    house.front.clock.advance(timedelta(hours=13))
    typed = {"email": "new@example.jp", "password": PASSWORD}
    refused = await browser.send(form, form.forms[-1], **typed)
    assert refused.path == "/sign-in?return_to=%2Fkept-form&done=ended"

    theirs = await browser.sign_in(stranger.login_id, PASSWORD, return_to="/kept-form")
    assert "There is nothing to send" in theirs.h1
    assert "new@example.jp" not in theirs.answer.text
    browser.client.cookies.delete("zairyu_session")
    back = await browser.sign_in(person.login_id, PASSWORD, return_to="/kept-form")
    assert "new@example.jp" in back.texts["li"]
    assert PASSWORD not in back.answer.text
    sent = await browser.send(back, "Send it now")
    assert "new@example.jp" in sent.answer.text
    assert sent.path == "/account/email"
    assert "There is nothing to send" in (await browser.open("/kept-form")).h1


async def test_a_form_of_an_earlier_session_is_not_lost_when_one_signs_in_in_another_tab(house: DraftPages) -> None:
    """[faults 6] The same for a form whose session was replaced; another site's form is kept for nobody."""
    person = await house.site.person()
    browser = await house.front.browser()
    form = await browser.sign_in(person.login_id, PASSWORD, return_to="/account/email")
    await browser.sign_in(person.login_id, PASSWORD)
    kept = await browser.send(form, form.forms[-1], email="new@example.jp")
    assert (kept.path, "new@example.jp" in kept.texts["li"]) == ("/kept-form", True)
    discarded = await browser.send(kept, "Discard it")
    assert discarded.path == "/home"
    foreign = await browser.post(form, form.forms[-1], {"email": "x@example.jp"}, {"Origin": "https://evil.test"})
    assert foreign.status_code == 403
    assert "There is nothing to send" in (await browser.open("/kept-form")).h1
    nobody = await house.front.browser()
    foreign = await nobody.post(form, form.forms[-1], {"email": "x@example.jp"}, {"Origin": "https://evil.test"})
    assert foreign.headers["location"].startswith("/sign-in?return_to=%2Faccount%2Femail")
    assert not [cookie for cookie in nobody.client.cookies.jar if cookie.name.endswith("_kept")]


async def test_what_nobody_comes_back_for_is_deleted_and_one_address_keeps_only_so_much(house: DraftPages) -> None:
    """[faults 6] Bounded in time and number, and nothing readable is in the database."""
    for number in range(61):
        answer = await house.site.post("/v1/kept-forms", {"content": f"見本 {number}"})
        assert answer.status_code == 201
    assert (await house.site.post("/v1/kept-forms", {"content": "x"})).status_code == 429
    assert (await house.site.post("/v1/kept-forms", {"content": "x" * (512 * 1024 + 1)})).status_code == 422
    key = {"key": answer.json()["key"]}
    assert (await house.site.post("/v1/kept-forms/open", key)).json()["content"] == "見本 60"
    async with house.site.context.db.read() as session:
        rows = (await session.execute(kept_forms.kept_forms.select())).all()
    assert len(rows) == 61
    assert not [row for row in rows if "見本" in row.sealed or row.digest == key["key"].encode()]
    house.front.clock.advance(timedelta(hours=73))
    assert (await house.site.post("/v1/kept-forms/open", key)).status_code == 404
    await house.site.work_timers()
    async with house.site.context.db.read() as session:
        assert (await session.execute(kept_forms.kept_forms.select())).all() == []
    exposed = await (await house.front.browser()).client.post("/api/v1/kept-forms/open", json=key)
    assert exposed.status_code == 404, "the gateway alone asks"


def _forget(browser: Browser, part: str) -> None:
    """As after a night: the browser has dropped a cookie of its own accord."""
    for cookie in [one for one in browser.client.cookies.jar if part in one.name]:
        browser.client.cookies.jar.clear(cookie.domain, cookie.path, cookie.name)
