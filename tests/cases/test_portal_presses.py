"""Findings at the pages of an application: pressed twice, open in two tabs, and sent with odd values."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, date, datetime

import pytest

from deploy.local.object_store import ObjectStore as S3Server
from shared.clock import ManualClock
from shared.events.application import AdditionalDocumentsSubmitted, ApplicantMoved, ApplicationWithdrawn
from shared.events.fields import RequestedItem
from shared.events.review import AdditionalDocumentsRequested, ReviewCompleted
from shared.ids import new_id
from tests.gateway.browser import Form, Page
from tests.gateway.filed import Clerk, clerk_site
from tests.gateway.portal import begin
from tests.infra.databases import TestDatabase
from tests.services.document import files

ITEMS = (RequestedItem(code="RES_TAX"), RequestedItem(code="CAREER"))
ASKED = {"due_on": date(2026, 12, 4), "items": ITEMS}
CHECK = "Look at the changes"


def pressed(form: Form, button: str, value: str = "") -> Form:
    """The form as that button sends it, however often."""
    name, own, _ = form.buttons.get(button, ("do", value, ""))
    if name:
        form.fields[name] = value or own
    return form


@pytest.fixture
async def clerk(service_database: Callable[[str], TestDatabase], object_store: S3Server) -> AsyncIterator[Clerk]:
    clock = ManualClock(datetime(2026, 11, 20, 3, 0, tzinfo=UTC))
    async with clerk_site(service_database, clock, object_store) as made:
        yield made


async def test_what_is_pressed_twice_is_done_once_and_said_to_be_done(clerk: Clerk) -> None:
    """[attacks P1] The second press of a slow page gets the first one's answer: no mistake where all went well."""
    browser = clerk.browser

    async def twice(page: Page, button: str, sentence: str, **typed: str) -> None:
        form = pressed(page.form(button), button)
        _, second = [await browser.send(page, form, **typed) for _ in range(2)]
        assert (second.status, sentence in second.shown) == (200, True), (button, second.shown)

    page = await clerk.open("/contact")
    address = {"address": "大阪府大阪市北区梅田1-1", "lives_there_from": "2026-12-01"}
    await twice(page, "Record the change of address", "The receipt number stays the same.", **address)
    assert len(await clerk.emitted(ApplicantMoved)) == 1
    topic = next(
        h for h in (await clerk.open("/correction")).links.values() if h.startswith(f"{clerk.path}/correction/")
    )
    page = await browser.open(f"{topic}?lang=en")
    page = await browser.send(page, CHECK, occupation="経理", reason="入力を誤ったため")
    await twice(page, "Make the correction", "The application is corrected.")
    assert len((await clerk.kept("/corrections"))["items"]) == 1
    await clerk.review(AdditionalDocumentsRequested, request_id=new_id(), due_on=date(2026, 12, 4), items=ITEMS[1:])
    page = await clerk.open("/requested-documents")
    page = await browser.send(page, "Save the reason", **{"why-0": "前の勤務先が廃業したため"})
    await twice(page, "Submit all of it", "The additional documents are submitted.")
    assert len(await clerk.emitted(AdditionalDocumentsSubmitted)) == 1
    page = await clerk.open("/withdrawal")
    await twice(page, "Withdraw", "The application is withdrawn.", reason="退職のため", confirmed="yes")
    assert len(await clerk.emitted(ApplicationWithdrawn)) == 1


async def test_the_dispatch_that_is_recorded_twice_is_recorded_once(clerk: Clerk) -> None:
    """[attacks P1] Somebody presses twice while the page is slow."""
    await clerk.review(ReviewCompleted)
    page = await clerk.open("/after-grant")
    sent = {"tracking_number": "1234-5678-9012", "residence_card_enclosed": "yes"}
    form = page.form("Record the dispatch")
    _, second = [await clerk.browser.send(page, form, **sent) for _ in range(2)]
    assert (second.status, "The dispatch is recorded." in second.shown) == (200, True)


async def test_an_answer_in_one_tab_takes_nothing_from_another(clerk: Clerk) -> None:
    """[attacks P2] A reason does not push out a file, and an old page does not answer the next request."""
    browser = clerk.browser
    await clerk.review(AdditionalDocumentsRequested, request_id=new_id(), **ASKED)
    old = await clerk.open("/requested-documents")
    page = await browser.upload(old, old.form_to("/0", codes="RES_TAX"), files.pdf(2))
    await clerk.exchange()
    reason = next(form for form in old.forms if "why-0" in form.fields)
    reason = pressed(reason, "Save the reason")
    refused = await browser.send(old, reason, **{"why-0": "なくしたため"})
    assert (refused.status, "not both" in refused.shown, "scan.pdf" in refused.shown) == (422, True, True)
    page = await browser.send(page, "Save the reason", **{"why-1": "x"})
    await browser.send(page, "Submit all of it")
    second = (RequestedItem(code="CAREER"),)
    await clerk.review(AdditionalDocumentsRequested, request_id=new_id(), due_on=date(2026, 12, 11), items=second)
    late = await browser.send(old, reason, **{"why-0": "なくしたため"})
    assert (late.status, "No such request for documents is open." in late.shown) == (409, True)
    late = await browser.upload(old, old.form_to("/0", codes="RES_TAX"), files.pdf(3))
    assert (late.status, "No such request for documents is open." in late.shown) == (409, True)
    (item,) = (await clerk.kept("/requested-documents"))["open"]["items"]
    assert (item["document_ids"], item["why_not"]) == ([], None)


async def test_the_files_of_an_answer_are_no_part_of_a_correction(clerk: Clerk) -> None:
    """[attacks P3] What waits for the answer to a request is not filed, or deleted, on the page of another thing; and
    what is taken off is gone."""
    await clerk.review(AdditionalDocumentsRequested, request_id=new_id(), **ASKED)
    page = await clerk.open("/requested-documents")
    page = await clerk.browser.upload(page, page.form_to("/0", codes="RES_TAX"), files.pdf(2))
    await clerk.exchange()
    assert "scan.pdf" not in (await clerk.open("/correction/files")).shown
    page = await clerk.browser.send(page, "Remove the file")
    assert "scan.pdf" not in (await clerk.open("/correction/files")).shown
    sent = await clerk.browser.client.get(f"/api/v1/documents?application_id={clerk.application_id}")
    assert sent.json()["items"] == []


async def test_a_file_that_is_removed_twice_is_removed(clerk: Clerk) -> None:
    """[attacks P1] The second press leads to the page, and not to one that is not there."""
    browser = clerk.browser
    page = await browser.open(f"{await begin(browser)}/documents")
    page = await browser.upload(page, page.form_to("/RES_TAX"), files.pdf(2))
    form = pressed(page.form("Remove the file"), "Remove the file", "remove")
    for _ in range(2):
        after = await browser.send(page, form)
        assert (after.status, "scan.pdf" in after.shown) == (200, False)


async def test_odd_values_end_in_no_failure_of_ours(clerk: Clerk) -> None:
    """[attacks P4] Names of parameters of our own, buttons of other fields, and characters that nothing keeps."""
    browser = clerk.browser
    draft = await begin(browser)
    page = await browser.open("/applications/new/questions")
    odd = await browser.send(page, "Continue", question="path", answer="path")
    assert odd.status == 200
    for query in ("q=%00", "q=a%00b", "q=%EF%BF%BF&group=drafts"):
        assert (await browser.get(f"/applications?{query}")).status_code == 200
    for path in (f"{draft}/form/person", f"{clerk.path}/correction/person"):
        topic = await browser.open(path)
        for button in ("drop:occupation:0", "drop:birth_date:0", "row:occupation", "take:occupation", "address:sex"):
            form = pressed(next(form for form in topic.forms if "occupation" in form.fields), "", button)
            answer = await browser.send(topic, form, occupation="engineer", birth_date="1995-04-12")
            assert answer.status in (200, 422), (path, button)
