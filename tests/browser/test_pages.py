"""Every kind of page in Chromium, in both languages and at two widths: no axe violation, nothing scrolls sideways,
nothing in the console, no request to anywhere else."""

import pytest

from shared.auth import Role
from tests.browser.looking import Tab, Visitors
from tests.services.registration.site import PASSWORD

LANGUAGES = pytest.mark.parametrize("lang", ["ja", "en"])
PUBLIC = {
    "start": "/",
    "register": "/register",
    "sign-in": "/sign-in",
    "begin": "/usage-registration",
    "link": "/usage-registration/link",
    "forgot-password": "/forgot-password",
    "forgot-login-id": "/forgot-login-id",
    "certificate-link": "/certificate/nothing",
    "unsubscribe": "/unsubscribe/nothing",
    "terms": "/terms",
    "pledge": "/pledge",
    "help": "/help",
    "contact": "/contact",
    "privacy": "/privacy",
    "accessibility": "/accessibility",
    "docs": "/docs",
    "not-found": "/nothing-here",
    "link-over": "/password/abc",
}
OWN = {
    "home": "/home",
    "imports-start": "/imports",
    "stays-empty": "/stays",
    "messages": "/messages",
    "account": "/account",
    "security": "/account/security",
    "own-password": "/account/security/password",
    "authenticator": "/account/security/authenticator",
    "passkey": "/account/security/passkeys/add",
    "devices": "/account/sessions",
    "message-choices": "/account/messages",
    "erasure": "/account/erasure",
    "stay-abroad": "/account/stay-abroad",
    "systems": "/account/systems",
    "system-add": "/account/systems/add",
    "webhooks": "/account/webhooks",
    "webhook-add": "/account/webhooks/add",
    "email": "/account/email",
    "report": "/account/periodic-report",
    "step-up": "/account/step-up",
    "signed-in": "/sign-in",
    "start-signed-in": "/",
    "not-found-signed-in": "/nothing-here",
    "sign-out": "/sign-out",
}


async def _looked_at(tab: Tab, pages: dict[str, str]) -> None:
    for name, path in pages.items():
        await tab.page.goto(path)
        await tab.look(name)


@LANGUAGES
async def test_pages_for_everybody(visitors: Visitors, lang: str) -> None:
    """[newcomers S2-28, newcomers S3] The start page, texts, error pages, and the page of the interface."""
    async with visitors.tab(lang) as tab:
        await _looked_at(tab, PUBLIC)
        await tab.page.goto("/sign-in")
        await tab.press("main form button")
        await tab.look("sign-in-errors")


@LANGUAGES
async def test_a_usage_registration_from_the_empty_form_to_the_receipt(visitors: Visitors, lang: str) -> None:
    """[newcomers S2-13, newcomers S2-18] Empty, with mistakes, in conflict, documents, all answers, receipt."""
    async with visitors.tab(lang) as tab, visitors.tab(lang) as other:
        page = tab.page
        path = await visitors.draft(tab, f"{lang}@example.co.jp")
        await tab.look("draft-empty")
        await visitors.open_draft(other)
        await tab.press("main form#draft button[value=check]")
        await tab.look("draft-errors")
        assert await page.evaluate("document.activeElement.id") == "problem"
        for name, value in {
            "organisation_corporate_number": "4011001098993",
            "organisation_name": "株式会社見本",
            "organisation_postal_code": "100-0013",
            "organisation_address": "東京都千代田区霞が関1-1-1",
            "organisation_capital_yen": "10,000,000",
            "organisation_employees": "25",
            "applicant_name": "見本 花子",
            "applicant_phone": "03-1234-5678",
        }.items():
            await page.fill(f"#{name}", value)
        await page.select_option("#organisation_prefecture", "13")
        await page.check("#organisation_category-CAT3")
        await page.check("#pledge_accepted")
        await page.check("#terms_accepted")
        await tab.press("main form#draft button[value=check]")
        await page.wait_for_url("**/documents**")
        await tab.look("draft-documents")
        await other.page.fill("#organisation_name", "机")
        await other.press("main form#draft button[value=save]")
        await other.look("draft-conflict")
        # Enter presses the first button, which saves nothing before something is chosen.
        await other.page.focus("input[type=radio]")
        async with other.page.expect_navigation():
            await other.page.keyboard.press("Enter")
        assert await other.page.locator("form#conflict").count() == 1
        await other.look("draft-conflict-errors")
        await tab.press("main form:has(input[name=do][value=paper]) button")
        await page.goto(f"{path}/confirm")
        await tab.look("draft-confirm")
        await tab.press("main form[action$=confirm] button")
        await tab.look("draft-receipt")
        assert "株式会社見本" in await page.inner_text("main")


@LANGUAGES
async def test_registration_of_a_person(visitors: Visitors, lang: str) -> None:
    """[newcomers S2-29] From the identity provider to the form, with its mistakes."""
    async with visitors.tab(lang) as tab:
        await tab.page.goto("/register/personal?role=relative")
        await tab.look("person-begin")
        await tab.press("main a[href^='/identity/start'], main form button")
        await tab.press("button")
        await tab.page.wait_for_url("**/register/personal**")
        await tab.look("person-form")
        await tab.press("main form > button:last-of-type")
        await tab.look("person-errors")


@LANGUAGES
async def test_ones_own_account(visitors: Visitors, lang: str) -> None:
    """[newcomers S2-9, newcomers S2-17] All pages behind the menu; recovery codes; no field without a label."""
    site = visitors.site
    officer = await site.officer(login_id=f"approver.{lang}")
    person = await site.person(officer, applicant={"email": f"person.{lang}@example.co.jp"})
    async with visitors.tab(lang) as tab:
        await visitors.sign_in(tab, person.login_id)
        await _looked_at(tab, OWN)
        await tab.page.goto("/account/erasure")
        await tab.press("main form button")
        await tab.look("erasure-errors")
        await tab.page.check("#confirmed")
        await tab.press("main form button")
        await tab.look("erasure-proof")
        await tab.page.goto("/account/security/password")
        assert not await tab.page.is_visible("input[name=username]")
        await tab.page.goto("/account/systems/add")
        await tab.press("main form button")
        await tab.look("system-errors")
        app = await site.app_of(person.login_id)
        await tab.page.context.clear_cookies(name="zairyu_session")
        await tab.page.goto("/sign-in")
        await tab.page.fill("#login_id", person.login_id)
        await tab.page.fill("#password", PASSWORD)
        await tab.press("main form:has(#login_id) button")
        await tab.look("second-step")
        await tab.page.fill("#code", app.next())
        await tab.press("main form:has(#code) button")
        await tab.page.goto("/account/security/recovery-codes")
        await tab.press("main form button")
        await tab.look("codes")


@LANGUAGES
async def test_an_officers_account(visitors: Visitors, lang: str) -> None:
    """[newcomers S2-23] An officer's own page, which says where the work is done."""
    await visitors.site.officer(Role.EXAMINER, login_id=f"examiner.{lang}")
    app = await visitors.site.app_of(f"examiner.{lang}")
    async with visitors.tab(lang) as tab:
        await tab.page.goto("/sign-in")
        await tab.page.fill("#login_id", f"examiner.{lang}")
        await tab.page.fill("#password", PASSWORD)
        await tab.press("main form:has(#login_id) button")
        await tab.page.fill("#code", app.next())
        await tab.press("main form:has(#code) button")
        await tab.look("officer-account")
