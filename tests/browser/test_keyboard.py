"""A whole filing with the keyboard alone: every stop is seen, has its ring, and comes in the order of the page."""

from deploy.local.identity_provider.people import RELATIVE
from tests.browser.filing import example_of, filer_by_identity
from tests.browser.keyboard import Keyboard
from tests.browser.looking import Visitors
from tests.gateway.portal import typed_answers
from tests.services.document import files

CHILD = {"name": "NGUYEN MINH ANH", "birth_date": "2026-11-05"}


async def test_a_filing_from_home_to_the_receipt_with_the_keyboard_alone(visitors: Visitors) -> None:
    async with visitors.tab("en") as tab:
        page, keys = tab.page, Keyboard(tab)
        await filer_by_identity(
            visitors, tab, "legal_rep", RELATIVE, representation={"kind": "parent", "people": [CHILD]}
        )
        await page.keyboard.press("Tab")
        assert await page.evaluate("document.activeElement.className") == "skip"
        await page.keyboard.press("Enter")
        await keys.press("main a[href='/applications/new']")
        await keys.press("main a[href$='/questions']")
        for answer in ("born", "within_30", "supported"):
            await keys.choose("answer", answer)
            await keys.press("main form button")
        await keys.press("main form button")
        path = page.url.partition("?")[0]
        await keys.press("main .actions .button")
        typed = typed_answers(example_of("ACQUIRE", "DEPENDENT", visitors.clock, ""))
        while "/form/" in page.url:
            await keys.fill(typed)
        assert page.url == f"{path}/photo"
        await keys.press("main .actions .button")
        boxes = await page.locator("main input[id^=several-]").evaluate_all("(all) => all.map((one) => one.id)")
        for box in boxes:
            await keys.tick(f"#{box}")
        await keys.attach("#SEVERAL", "papers.pdf", files.pdf(3))
        await page.wait_for_selector("main .file")
        await visitors.exchange()
        await keys.press("main .actions a.button")
        await keys.write("#email", "an.nguyen@example.com")
        await keys.press("main form button[value=save]")
        for box in ("intent_confirmed", "truth_confirmed"):
            await keys.tick(f"#{box}")
        await keys.press("main form button")
        await page.wait_for_url("**/receipt**")
        assert "東オンＡ26" in await page.inner_text("main")
