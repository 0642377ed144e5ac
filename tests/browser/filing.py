"""The parts that every filing in a browser has: somebody who may file, the fields of a page, files."""

from playwright.async_api import FilePayload

from tests.browser.looking import Tab, Visitors

SAVE = "#topic .actions button[value=save]"


async def filer(visitors: Visitors, tab: Tab, name: str) -> str:
    """Somebody of an organisation who may file, signed in; their login id."""
    officer = await visitors.site.officer(login_id=f"approver.{name}")
    person = await visitors.site.person(officer, applicant={"email": f"{name}@example.co.jp"})
    await visitors.exchange()
    await visitors.sign_in(tab, person.login_id)
    return person.login_id


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
