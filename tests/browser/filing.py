"""The parts that every filing in a browser has: somebody who may file, the fields of a page, files."""

from collections.abc import Mapping
from typing import Any

from playwright.async_api import FilePayload

from deploy.local.identity_provider.people import KnownPerson
from services.application.forms.catalogue import current_form
from services.application.forms.examples import answers_on
from shared.clock import ManualClock, legal_date
from tests.browser.looking import Tab, Visitors
from tests.gateway.portal import typed_answers
from tests.services.document import files

SAVE = "#topic .actions button[value=save]"


async def filer(visitors: Visitors, tab: Tab, name: str) -> str:
    """Somebody of an organisation who may file, signed in; their login id."""
    officer = await visitors.site.officer(login_id=f"approver.{name}")
    person = await visitors.site.person(officer, applicant={"email": f"{name}@example.co.jp"})
    await visitors.exchange()
    await visitors.sign_in(tab, person.login_id)
    return person.login_id


async def filer_by_identity(visitors: Visitors, tab: Tab, role: str, person: KnownPerson, **changes: Any) -> None:
    """Somebody with an account of their own, signed in at the identity provider."""
    email = f"{person.subject}@example.com"
    await visitors.site.registered(role, person, approver=f"approver.{person.subject}", email=email, **changes)
    await visitors.exchange()
    await tab.page.goto("/sign-in")
    await tab.press("main a[href^='/identity/start']")
    await tab.page.click(f"button[value='{person.subject}']")
    await tab.page.wait_for_url("**/home**")


def example_of(procedure: str, status: str, clock: ManualClock, card: str) -> dict[str, Any]:
    """The example of the form, with a stay that ends in 60 days and the number of a card of one's own."""
    today = legal_date(clock.now())
    version = current_form(procedure, status, today)
    assert version is not None
    form = answers_on(version, today)
    if version.facts.card_number:
        form[version.facts.card_number] = card
    return form


async def answer_questions(tab: Tab, way: dict[str, str]) -> str:
    """Answer the questions from the first to the result, and begin the draft; its address."""
    while await tab.page.locator("input[name=question]").count():
        question = await tab.page.input_value("input[name=question]")
        await tab.page.check(f"#answer-{way[question]}")
        await tab.press("main form button")
    await tab.look("new-application-result")
    await tab.press("main form button")
    return tab.page.url.partition("?")[0]


async def fill(tab: Tab, typed: dict[str, str]) -> None:
    """Type what belongs on this page, row by row."""
    page = tab.page
    for name, value in typed.items():
        while await page.locator(f"[name='{name}']").count() == 0 and (table := _table(name)):
            another = f"button[value='row:{table}']"
            if await page.locator(another).count() == 0 or not await page.is_visible(another):
                break
            await tab.press(another)
        field = page.locator(f"[name='{name}']")
        if await field.count() == 0 or not await field.first.is_visible():
            continue
        kind = await field.first.evaluate("(one) => one.type")
        if kind == "radio":
            await page.check(f"[name='{name}'][value='{value}']")
        elif kind == "select-one":
            await field.select_option(value)
        else:
            await field.fill(value)


async def send(tab: Tab, field: str, name: str, content: bytes, then: str) -> None:
    """Choose a file, send it, and wait for what the page shows then."""
    kind = "image/jpeg" if name.endswith("jpg") else "application/pdf"
    await tab.page.set_input_files(f"#{field}", FilePayload(name=name, mimeType=kind, buffer=content))
    await tab.page.click(f"form:has(#{field}) button")
    await tab.page.wait_for_selector(then)


async def fill_topics(tab: Tab, answers: Mapping[str, Any], name: str) -> None:
    """Fill in every topic from the overview on: each is saved without a mistake, and leads to the next."""
    typed = typed_answers(answers)
    await tab.press("main .actions .button")
    while "/form/" in tab.page.url:
        here = tab.page.url
        await fill(tab, typed)
        await tab.look(f"{name}-{here.partition('?')[0].rpartition('/')[2]}")
        await tab.press(SAVE)
        assert tab.page.url != here, await tab.page.inner_text("main")


async def attach(visitors: Visitors, tab: Tab, path: str, name: str) -> None:
    """The photo where one is needed, one PDF for all documents that the page lists, and the address for emails."""
    await tab.page.goto(f"{path}/photo")
    await tab.look(f"{name}-photo")
    if await tab.page.locator("#PHOTO").count():
        await send(tab, "PHOTO", "photo.jpg", files.jpeg(), "main .file")
        await visitors.exchange()
    await tab.page.goto(f"{path}/documents")
    ticks = tab.page.locator("main input[id^=several-]")
    for number in range(await ticks.count()):
        await ticks.nth(number).check()
    await send(tab, "SEVERAL", "papers.pdf", files.pdf(3), "main .file")
    await visitors.exchange()
    await tab.look(f"{name}-documents")
    await tab.page.goto(f"{path}/notify")
    await tab.page.fill("#email", "an.nguyen@example.com")
    await tab.press("main form button[value=save]")


async def submit(tab: Tab, path: str) -> None:
    """Confirm both declarations on the review page and submit; leads to the receipt."""
    await tab.page.goto(f"{path}/review")
    await tab.page.check("#intent_confirmed")
    await tab.page.check("#truth_confirmed")
    await tab.press("main form button")
    await tab.page.wait_for_url("**/receipt**")


def _table(name: str) -> str:
    """The table to which a field with a number in its name belongs."""
    parts = name.split("-")
    return parts[0] if len(parts) > 2 and parts[1].isdigit() else ""
