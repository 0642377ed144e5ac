"""Large files in Chromium: sent in parts, over a line that is slow and breaks."""

import random
from pathlib import Path

import pikepdf

from services.document.files.domain import PART_BYTES
from tests.browser.filing import filer
from tests.browser.looking import Tab, Visitors
from tests.services.document import files
from tests.support.line import Line

_MEGABYTES = 24
_SENT = "li:has(#PASSPORT_CARD-title) .file"


def _large(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Large = pdf.make_stream(random.Random(1).randbytes(_MEGABYTES * PART_BYTES))


async def _documents_page(visitors: Visitors, tab: Tab, name: str) -> None:
    """The page of documents of a new draft, where one file is to be sent for the card."""
    await filer(visitors, tab, name)
    await tab.page.goto("/applications/new/forms")
    await tab.page.select_option("#status-EXTEND", "EXTEND:ENG_HUM_INT:")
    await tab.press("form:has(#status-EXTEND) button")
    await tab.page.goto(f"{tab.page.url.partition('?')[0]}/documents")
    await tab.page.check("#several-PASSPORT_CARD")


async def test_a_large_file_goes_on_after_two_breaks_and_is_accepted(
    visitors: Visitors, store_line: Line, tmp_path: Path
) -> None:
    """Only what is missing is sent again: a break costs less than the two parts around it."""
    data = files.pdf(change=_large)
    async with visitors.tab("en") as tab:
        await _documents_page(visitors, tab, "parts")
        network = await tab.page.context.new_cdp_session(tab.page)
        speed = {"offline": False, "latency": 5, "downloadThroughput": -1, "uploadThroughput": 20 * PART_BYTES}
        await network.send("Network.emulateNetworkConditions", speed)
        store_line.sent, store_line.breaks = 0, [7 * PART_BYTES + PART_BYTES // 2, 15 * PART_BYTES + PART_BYTES // 2]
        # By its path: Chromium reads it itself, and nothing passes 24 MB on as text.
        path = tmp_path / "scan.pdf"
        path.write_bytes(data)
        await tab.page.set_input_files("#SEVERAL", path)
        await tab.page.click("form:has(#SEVERAL) button")
        await tab.page.wait_for_selector(_SENT, timeout=60_000)
        assert "scan.pdf" in await tab.page.inner_text(_SENT)
    assert store_line.broken == 2
    assert len(data) < store_line.sent < len(data) + 4 * PART_BYTES


async def test_several_files_are_dropped_and_pasted(visitors: Visitors) -> None:
    """Each becomes a document of its own, one after the other."""
    async with visitors.tab("en") as tab:
        await _documents_page(visitors, tab, "several")
        given = await tab.page.evaluate_handle(
            """(texts) => { const given = new DataTransfer();
            texts.forEach((text, number) => given.items.add(new File(
              [Uint8Array.from(text, (one) => one.charCodeAt(0))], `scan-${number}.pdf`, {type: "application/pdf"})));
            return given; }""",
            [files.pdf(pages).decode("latin-1") for pages in (1, 2)],
        )
        form = tab.page.locator("form:has(#SEVERAL)")
        await form.dispatch_event("drop", {"dataTransfer": given})
        names = "(one) => [...one.files].map((file) => file.name)"
        assert await tab.page.locator("#SEVERAL").evaluate(names) == ["scan-0.pdf", "scan-1.pdf"]
        await tab.page.locator("#SEVERAL").evaluate("(one) => { one.value = ''; }")
        await tab.page.locator("#SEVERAL").evaluate(
            "(one, clipboardData) => one.dispatchEvent(new ClipboardEvent('paste', {clipboardData, bubbles: true}))",
            given,
        )
        assert await tab.page.locator("#SEVERAL").evaluate(names) == ["scan-0.pdf", "scan-1.pdf"]
        await form.locator("button").click()
        await tab.page.wait_for_selector(_SENT)
        shown = await tab.page.inner_text("main")
        assert "scan-0.pdf" in shown
        assert "scan-1.pdf" in shown
