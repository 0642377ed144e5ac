"""A Monday morning of bulk filing in Chromium: template, upload, three wrong rows, correction, filing, receipts."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from playwright.async_api import FilePayload

from services.application.sheets.templates import FilledRow, SheetPlan, plan_for, template_xlsx
from shared.clock import legal_date
from shared.events.review import ReviewCompleted, ReviewStarted
from tests.browser.bulk import Hand, attach_papers, worked
from tests.browser.filing import example_of, filer
from tests.browser.looking import Tab, Visitors
from tests.services.application.sheet import work_on_imports
from tests.services.document import files

# Field and value of each mistake, by the number of its row.
WRONG = {
    2: ("birth_date", "31 June 1990"),
    3: ("residence_card_no", "AB123"),
    5: ("name_roman", "グエン・ヴァン・アン"),
}
# The clicks from the home page to the receipt numbers, for any number of rows of which three are wrong.
CLICKS = 18


@pytest.mark.parametrize("lang", ["ja", "en"])
async def test_a_monday_morning(visitors: Visitors, lang: str) -> None:
    async with visitors.tab(lang) as tab:
        await filer(visitors, tab, f"bulk.{lang}")
        page, hand = tab.page, Hand(tab)
        await hand.press(".bar a[href='/imports']")
        await tab.look("imports-empty")
        await hand.choose("#choice", "EXTEND:ENG_HUM_INT:")
        hand.clicks += 1
        async with page.expect_download() as taken:
            await page.click("button[value=xlsx]")
        assert (await taken.value).suggested_filename.endswith(".xlsx")

        answers, good = _filled(visitors, lang)
        hand.clicks += 1
        await page.set_input_files(
            "#file", FilePayload(name="renewals.xlsx", mimeType="application/octet-stream", buffer=answers)
        )
        hand.clicks += 1
        await page.click("form[data-upload] .actions button")
        await page.wait_for_selector("[data-events]")
        await tab.look("imports-progress")
        await work_on_imports(visitors.application)
        # The script comes to the outcome by itself.
        await page.wait_for_selector(".tabs")
        here = page.url
        await tab.look("imports-wrong")
        assert await page.locator("tbody tr").count() == len(WRONG)

        for number, (field, _) in WRONG.items():
            key = f"{lang}-{number}"
            await hand.press(f"tr:has(span:text-is('{key}')) a[href$='#{field}']")
            await tab.look("imports-correction")
            await page.fill(f"#{field}", good[key][field])
            await hand.press("#topic .actions button[value=import]")
        await attach_papers(visitors, hand, [f"{lang}-{number}" for number in range(1, 6)], "imports")
        await worked(visitors, tab)
        await tab.look("imports-ready")
        await hand.tick("#intent_confirmed")
        await hand.tick("#truth_confirmed")
        await hand.press("form:has(#truth_confirmed) button")
        await worked(visitors, tab)
        await tab.look("imports-filed")
        await hand.press("a[href$='/receipts']")
        await tab.look("imports-receipts")
        assert await page.locator("tbody a").count() == len(good)
        assert hand.clicks == CLICKS
        await _renew(visitors, tab)
        await _several(visitors, tab)

        await page.goto(f"{here}/delete")
        await tab.look("imports-delete")
        await page.goto("/imports")
        await page.set_input_files("#file", FilePayload(name="no.xlsx", mimeType="text/plain", buffer=b"no workbook"))
        await page.click("form[data-upload] .actions button")
        await page.wait_for_selector("[data-events]")
        await work_on_imports(visitors.application)
        await page.wait_for_selector(".problem")
        await tab.look("imports-refused")
        await page.goto("/imports")
        await tab.look("imports")


def _filled(visitors: Visitors, lang: str) -> tuple[bytes, dict[str, dict[str, Any]]]:
    """A workbook of five people with three mistakes, and what should have stood there."""
    today = legal_date(visitors.clock.now())
    plan = plan_for("EXTEND", "ENG_HUM_INT", today)
    assert plan is not None
    card = {"ja": "J", "en": "K"}[lang]
    good = {
        f"{lang}-{number}": example_of("EXTEND", "ENG_HUM_INT", visitors.clock, f"{card}B{number:08}CD")
        | {"name_roman": f"NGUYEN VAN {card}{'ABCDE'[number - 1]}"}
        for number in range(1, 6)
    }
    rows = [
        FilledRow(key, form | dict([WRONG[number]] if number in WRONG else []), notify_email="an@example.com")
        for number, (key, form) in enumerate(good.items(), start=1)
    ]
    return template_xlsx([SheetPlan(plan, rows)], "ja" if lang == "ja" else "en"), good


async def _several(visitors: Visitors, tab: Tab) -> None:
    """A document for the drafts of the renewals, and then neither they nor what is filed."""
    page = tab.page
    await page.goto("/applications")
    await tab.press("button[formaction$=withdrawal]")
    await tab.look("several-none")
    await page.check("#all")
    await tab.press("button[formaction$=documents]")
    await page.select_option("#codes", "CAT_PROOF")
    await tab.look("several-documents")
    await page.set_input_files("#file", FilePayload(name="proof.pdf", mimeType="application/pdf", buffer=files.pdf()))
    await page.click("form[data-upload] .actions button")
    await page.wait_for_selector("input[name=document_id]", state="attached")
    await tab.look("several-document")
    await visitors.exchange()
    await tab.press("main form .actions button")
    await tab.look("several-outcome")
    for action, button in (("deletion", ""), ("withdrawal", ".danger")):
        await page.goto("/applications")
        await page.check("#all")
        await tab.press(f"button[formaction$={action}]")
        await tab.look(f"several-{action}")
        if button:
            await tab.press(button)
            await tab.look(f"several-{action}-errors")


async def _renew(visitors: Visitors, tab: Tab) -> None:
    """Two of the applications are granted; a year later their renewals are begun with one press."""
    links = await tab.page.locator("tbody a").evaluate_all("(all) => all.map((one) => one.pathname)")
    for path in links[:2]:
        of = {"application_id": UUID(path.rpartition("/")[2])}
        await visitors.application.deliver(
            ReviewStarted.example(**of), ReviewCompleted.example(**of, stay_until=date(2027, 5, 10))
        )
    await tab.page.goto("/applications")
    await tab.look("applications-many")
    await tab.page.goto("/applications?stay_from=2027-01-01")
    await tab.look("applications-conditions")
    await tab.page.goto("/stays?month=2027-05")
    await tab.look("stays")
    await tab.press("button[value=import]")
    await worked(visitors, tab)
    await tab.page.goto("/stays?month=2027-05")
    await tab.look("stays-begun")
    assert await tab.page.locator("#stays").count() == 0, "all are under way"
