"""Several applications at once, in a browser without scripts: chosen on the list, named, done, and each reported."""

import csv
import io
from collections.abc import AsyncIterator, Callable
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlencode

import pytest

from deploy.local.object_store import ObjectStore as S3Server
from services.gateway.pages.portal.case.consequence import consequence_of
from services.gateway.pages.portal.several import chosen
from shared.clock import ManualClock
from shared.reference.files import file_limits
from tests.gateway.browser import Browser, Page
from tests.gateway.portal import Portal, as_filer, filer_of, portal_site
from tests.infra.databases import TestDatabase
from tests.services.application.people import Filer, complete_form
from tests.services.document import files
from tests.services.registration.life import colleague
from tests.services.registration.site import PASSWORD


@pytest.fixture
async def portal(service_database: Callable[[str], TestDatabase], object_store: S3Server) -> AsyncIterator[Portal]:
    clock = ManualClock(datetime(2026, 11, 20, 3, 0, tzinfo=UTC))
    async with portal_site(service_database, clock, object_store) as made:
        yield made


async def choose(browser: Browser, button: str, *ids: str, group: str = "", **more: str) -> Page:
    """The page to which a button below the list leads, with these applications ticked."""
    page = await browser.open(f"/applications{f'?group={group}' if group else ''}")
    form = page.form(button)
    assert form.attributes["method"] == "get" and set(ids) <= {one.get("value") for one in form.inputs}
    typed = {"list": form.fields["list"], **more, "application_id": ids}
    return await browser.open(f"{form.buttons[button][2]}?{urlencode(typed, doseq=True)}")


def reported(page: Page) -> list[str]:
    """The outcome of each application on the page, in its order."""
    return [
        text for text in page.texts["span"] if text in ("Not done", "Withdrawn", "Deleted", "Handed over", "Attached")
    ]


async def test_applications_are_withdrawn_deleted_and_handed_over_together(portal: Portal) -> None:
    """Each is named with what it means, one that changed since is refused by itself, and pressing twice changes and
    shows nothing else."""
    officer = await portal.site.officer()
    person = await portal.site.person(officer)
    taro = await colleague(portal.site, officer, "taro@example.co.jp", applicant={"name": "見本 太郎"})
    await portal.exchange()
    browser = await portal.browser(person)
    filer = filer_of(portal.application, person)
    async with as_filer(filer):
        today = portal.clock.now().date()
        filed = [await filer.filed(form=complete_form(today, f"AB{n:08}CD")) for n in range(3)]
        drafts = [await filer.begin(form={"name_roman": name}) for name in ("TRAN THI BE", "LE THI CUC", "MAI AN")]

    nothing = await choose(browser, "Withdraw")
    assert (nothing.status, nothing.links["Choose at least one application"]) == (422, "#list")
    page = await choose(browser, "Withdraw", filed[0], filed[1], drafts[0])
    assert {"Chosen: 2", "Left as they are: 1"} <= {text for texts in page.texts.values() for text in texts}
    assert "Special periods end at that moment: 2" in page.shown and "It can be filed again until" in page.shown
    wrong = await browser.send(page, "Withdraw 2", count="3")
    assert (wrong.status, wrong.links["Enter the reason"], wrong.form("Withdraw 2").fields["count"]) == (
        422,
        "#reason",
        "3",
    )
    assert "Enter the number of applications to withdraw: 2" in wrong.links
    async with as_filer(filer):
        assert (await filer.post(f"/{filed[1]}/withdraw", {"reason": "left"})).status_code == 200
    first, again = [await browser.send(wrong, "Withdraw 2", count="２", reason="退職のため") for _ in range(2)]
    assert (first.h1, reported(first)) == ("Withdrawn: 1 of 2", ["Not done", "Withdrawn"])
    assert "It is already withdrawn." in first.shown and again.texts["td"] == first.texts["td"]
    assert first.links["NGUYEN VAN AN"].startswith("/applications/")
    assert (await portal.kept(browser, f"/applications/{filed[2]}"))["status"] == "received"

    page = await choose(browser, "Hand over", group="drafts", all="yes")
    assert "Chosen: 3" in page.texts["caption"]
    nobody = await browser.send(page, "Hand over 3")
    assert (nobody.status, nobody.links["Choose the new person in charge"]) == (422, "#account_id")
    done = await browser.send(nobody, "Hand over 3", account_id=str(taro.account_id))
    assert (done.h1, done.links["Back to the list"]) == ("Handed over: 3 of 3", "/applications?group=drafts")
    other = await portal.browser(taro)
    theirs = (await other.client.get(f"/api/v1/applications?in_charge={taro.account_id}")).json()["items"]
    assert {one["id"] for one in theirs} == {*drafts}

    page = await choose(browser, "Hand over", filed[2], filed[0])
    assert "This is for applications alone that are not withdrawn or terminated." in page.shown
    done = await browser.send(page, "Hand over 1", account_id=str(taro.account_id))
    assert (done.h1, reported(done)) == ("Handed over: 1 of 1", ["Handed over"])
    case = await other.open(f"/applications/{filed[2]}")
    assert "見本 太郎 (you)" in case.shown and "Another person is in charge" in case.shown
    assert "見本 太郎 (you)" in (await other.open(f"/applications/{filed[2]}/receipt")).shown
    case = await browser.open(f"/applications/{filed[2]}")
    nobody = await browser.send(case, "Hand over")
    assert (nobody.status, (await portal.kept(other, f"/applications/{filed[2]}"))["owner"]["you"]) == (422, True)
    first, again = [await browser.send(case, "Take over") for _ in range(2)]
    assert "You are in charge now." in first.shown and again.shown == first.shown
    back = await browser.send(first, "Hand over", account_id=str(taro.account_id))
    assert "Your colleague is in charge now." in back.shown
    assert "Take over" not in (await browser.open(f"/applications/{filed[0]}")).answer.text, "it is withdrawn"

    page = await choose(browser, "Delete drafts", drafts[0], drafts[1], filed[2])
    first, again = [await browser.send(page, "Delete 2") for _ in range(2)]
    assert first.h1 == again.h1 == "Deleted: 2 of 2"
    assert {"TRAN THI BE", "LE THI CUC"} <= {*again.texts["th"]} and "TRAN THI BE" not in again.links
    left = await browser.open("/applications?group=drafts")
    assert "MAI AN" in left.links and "LE THI CUC" not in left.links
    assert (await browser.open("/applications/several/deletion?lang=ja")).status == 422, "a page that was left"
    assert await portal.application.journal_problems() == []


async def test_what_is_ticked_is_saved_as_a_file(portal: Portal) -> None:
    """The ticked applications alone, drafts too; all that the search finds on request; nobody else's."""
    person = await portal.site.person()
    await portal.exchange()
    browser = await portal.browser(person)
    filer, stranger = filer_of(portal.application, person), Filer(portal.application)
    async with as_filer(filer):
        filed = await filer.filed()
        drafts = [await filer.begin(form={"name_roman": name}) for name in ("TRAN THI BE", "LE THI CUC")]
        theirs = await stranger.begin(form={})

    async def saved(**choice: object) -> list[str]:
        page = await browser.open("/applications")
        form = page.form("Save as a CSV file")
        typed = {"list": form.fields["list"], "kind": form.buttons["Save as a CSV file"][1], **choice}
        answer = await browser.get(f"{form.buttons['Save as a CSV file'][2]}?{urlencode(typed, doseq=True)}")
        assert (answer.status_code, "attachment" in answer.headers["content-disposition"]) == (200, True)
        return [line["Application id"] for line in csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))]

    assert await saved(application_id=[drafts[1], filed, theirs]) == [filed, drafts[1]]
    assert await saved(all="yes") == [filed, *drafts]
    assert await saved(all="yes", list="/applications?q=tran") == [drafts[0]]
    assert await saved(all="yes", list="/applications?group=pending") == [filed]
    nothing = await choose(browser, "Save as an Excel file")
    assert (nothing.status, nothing.links["Choose at least one application"]) == (422, "#list")
    workbook = await browser.get(f"/applications/several/export?kind=xlsx&application_id={drafts[0]}")
    assert workbook.content.startswith(b"PK")


async def test_one_document_is_sent_once_and_attached_to_several_drafts(portal: Portal) -> None:
    """It stays with the others where one gives it up, and is named on the pages of each."""
    person = await portal.site.person()
    await portal.exchange()
    browser = await portal.browser(person)
    filer = filer_of(portal.application, person)
    async with as_filer(filer):
        drafts = [await filer.begin() for _ in range(3)]
        large = await filer.file(size=file_limits(portal.clock.now().date()).total_bytes)
        body = {"photo_id": None, "documents": [{"document_id": large, "codes": ["OTHER"]}]}
        assert (await filer.put(f"/{drafts[2]}/documents", body, 1)).status_code == 200
    page = await choose(browser, "Add a document", all="yes")
    form = page.form_to("/upload/applications/several/documents")
    unnamed = await browser.upload(page, form, files.pdf())
    assert (unnamed.status, unnamed.links["Choose the document"]) == (422, "#codes")
    form = unnamed.form_to("/upload/applications/several/documents")
    form.fields["codes"] = "CAT_PROOF"
    empty = await browser.upload(unnamed, form, b"")
    assert (empty.status, "#file" in empty.values("a", "href")) == (422, True)
    form = empty.form_to("/upload/applications/several/documents")
    form.fields["codes"] = "CAT_PROOF"
    page = await browser.upload(empty, form, files.pdf())
    assert {"Chosen: 3", "scan.pdf"} <= {text for texts in page.texts.values() for text in texts}
    assert await _codes(portal, browser, drafts[0]) == [], "nothing is attached before it is confirmed"
    early = await browser.send(page, "Attach to 3")
    assert early.status == 409 and "A file is not yet checked: try again in a moment." in early.shown
    await portal.exchange()
    first, again = [await browser.send(early, "Attach to 3") for _ in range(2)]
    assert first.h1 == again.h1 == "Attached to 2 of 3"
    assert (reported(first)[0], "At most" in first.shown) == ("Not done", True)
    for draft in drafts[:2]:
        assert await _codes(portal, browser, draft) == [["CAT_PROOF"]]
        assert "scan.pdf" in (await browser.open(f"/applications/{draft}/documents")).links
    page = await browser.open(f"/applications/{drafts[0]}/documents")
    await browser.send(page, next(form for form in page.forms if "Remove the file" in form.buttons))
    assert await _codes(portal, browser, drafts[0]) == []
    assert (await browser.get(f"/applications/{drafts[1]}/documents")).status_code == 200
    assert "scan.pdf" in (await browser.open(f"/applications/{drafts[1]}/documents")).links


async def _codes(portal: Portal, browser: Browser, draft: str) -> Any:
    return [one["codes"] for one in (await portal.kept(browser, f"/applications/{draft}"))["documents"]]


async def test_more_than_can_be_handled_are_refused_and_nobody_elses_are_found(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = await portal.site.person()
    await portal.exchange()
    browser = await portal.browser(person)
    filer, stranger = filer_of(portal.application, person), Filer(portal.application)
    async with as_filer(filer):
        drafts = [await filer.begin(form={}) for _ in range(3)]
        theirs = await stranger.begin(form={})
    monkeypatch.setattr(chosen, "MOST", 2)
    many = await choose(browser, "Delete drafts", all="yes")
    assert (many.status, many.h1) == (422, "Applications")
    assert "At most 2 can be handled at once: narrow the search." in many.links
    monkeypatch.undo()
    unseen = await browser.open(f"/applications/several/deletion?application_id={theirs}")
    assert (unseen.status, unseen.h1) == (422, "Applications")
    page = await choose(browser, "Delete drafts", drafts[0])
    done = await browser.send(page, "Delete 1", application_id=theirs)
    assert (done.h1, reported(done)) == ("Deleted: 0 of 1", ["Not done"])
    async with as_filer(stranger):
        assert (await stranger.get(f"/{theirs}"))["status"] == "draft"
    officer = await portal.site.officer(login_id="second")
    other = await portal.front.browser()
    await other.sign_in("second", PASSWORD)
    assert officer and (await other.get("/applications/several/deletion?all=yes")).status_code == 403


def test_the_consequence_of_a_withdrawal_is_that_of_its_procedure_and_stay() -> None:
    today = date(2026, 11, 20)
    extension = [consequence_of("EXTEND", day, today, "en") for day in ("2026-11-19", "2026-11-20", None)]
    assert [one.is_final for one in extension] == [True, False, False]
    assert "no right to stay" in extension[0].text and "until 20 November 2026" in extension[1].text
    assert consequence_of("COE", None, today, "en").text == "It can be filed again at any time."
    assert "within 30 days" in consequence_of("ACQUIRE", None, today, "en").text
