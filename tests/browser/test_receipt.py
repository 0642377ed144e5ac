"""The receipt of an application and the verification of its proof in Chromium."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import pytest

from shared.auth import Actor, Role
from tests.browser.looking import Visitors
from tests.gateway.identity import identity, trusting
from tests.infra.databases import Databases
from tests.services.application.people import Filer
from tests.services.application.test_proofs import printed
from tests.services.registration.site import Person
from tests.support.service import running
from tests.support.web import serving

LANGUAGES = pytest.mark.parametrize("lang", ["ja", "en"])


@dataclass
class Filed:
    """Somebody whose applications are filed, one pending and one withdrawn, with the codes of their proofs."""

    visitors: Visitors
    person: Person
    pending: str
    pending_code: str
    over_code: str


@pytest.fixture(scope="module")
async def filed(visitors: Visitors, databases: Databases) -> AsyncIterator[Filed]:
    made = {name: databases.create(name) for name in ("registration", "application")}
    async with (
        running("application", made["application"], clock=visitors.clock) as application,
        serving(application.app, lifespan="off") as url,
        identity(made["registration"], visitors.clock, application_url=url) as front,
    ):
        person = await front.site.person()
        actor = Actor("person", person.account_id, person.organisation_id, frozenset({Role.ORG_STAFF}))
        filer = Filer(application, actor)
        over = await filer.filed()
        _, over_code = await printed(filer, over)
        assert (await filer.post(f"/{over}/withdraw", {"reason": "退職のため"})).status_code == 200
        pending = await filer.filed()
        _, pending_code = await printed(filer, pending)
        trusting(application, front.site, visitors.clock)
        yield Filed(replace(visitors, url=front.url), person, pending, pending_code, over_code)
    for database in made.values():
        databases.give_back(database)


@LANGUAGES
async def test_the_receipt_of_an_application(filed: Filed, lang: str) -> None:
    async with filed.visitors.tab(lang) as tab:
        await filed.visitors.sign_in(tab, filed.person.login_id)
        await tab.page.goto(f"/applications/{filed.pending}/receipt")
        await tab.look("application-receipt")
        assert await tab.page.locator("button[data-print]").is_visible()
        href = await tab.page.get_attribute("a[href$='/proof']", "href")
        answer = await tab.page.request.get(str(href))
        assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")


@LANGUAGES
async def test_anybody_verifies_a_proof(filed: Filed, lang: str) -> None:
    """By a code typed into the form, sent with the keyboard: pending, withdrawn, one letter wrong; and by address."""
    async with filed.visitors.tab(lang) as tab:
        await tab.page.goto("/verify")
        await tab.look("verify")
        await tab.press("main form button")
        await tab.look("verify-errors")
        wrong = ("B" if filed.pending_code[0] == "A" else "A") + filed.pending_code[1:]
        for name, code in (("pending", filed.pending_code), ("over", filed.over_code), ("not-genuine", wrong)):
            await tab.page.goto("/verify")
            await tab.page.fill("#code", f" {code[:50]}\n{code[50:]}")
            await tab.page.focus("main form button")
            async with tab.page.expect_navigation():
                await tab.page.keyboard.press("Enter")
            assert tab.page.url.endswith(f"/verify/{code}")
            await tab.look(f"verify-{name}")
            # Of the person nothing is shown.
            assert "NGUYEN" not in await tab.page.inner_text("main")
        await tab.page.goto("/verify/nothing")
        assert await tab.page.locator("main .problem").count()
