"""A filed application in a browser without scripts: its case page, and what can be done afterwards."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from deploy.local.object_store import ObjectStore as S3Server
from shared.auth import Role
from shared.clock import ManualClock
from shared.events.application import AdditionalDocumentsSubmitted, ApplicationSubmitted, ApplicationWithdrawn
from shared.events.fields import RequestedItem
from shared.events.review import AdditionalDocumentsRequested, ReviewCompleted, ReviewStarted
from shared.ids import new_id
from tests.gateway.browser import Page
from tests.gateway.filed import Clerk, clerk_site
from tests.infra.databases import TestDatabase
from tests.services.document import files

ITEMS = (RequestedItem(code="RES_TAX"), RequestedItem(code="CAREER"))


@pytest.fixture
async def clerk(service_database: Callable[[str], TestDatabase], object_store: S3Server) -> AsyncIterator[Clerk]:
    clock = ManualClock(datetime(2026, 11, 20, 3, 0, tzinfo=UTC))
    async with clerk_site(service_database, clock, object_store) as made:
        yield made


def linked(page: Page) -> set[str]:
    """The fields that the list of mistakes links to."""
    return {href[1:] for href in page.values("a", "href") if href.startswith("#")} - {"content", "problem"}


async def test_the_case_page_says_where_it_stands_and_what_to_do(clerk: Clerk) -> None:
    page = await clerk.open()
    number = (await clerk.kept())["receipt_number"]
    for text in (
        number,
        "NGUYEN VAN AN",
        "Received",
        "Nothing to do now",
        "2 weeks to 1 month (until 20 December 2026)",
    ):
        assert text in page.shown, text
    assert "38.4 days (grants of November 2025)" in page.shown
    assert {f"{clerk.path}/withdrawal", f"{clerk.path}/contact"} <= set(page.links.values())
    await clerk.review(ReviewStarted)
    japanese = await clerk.open(lang="ja")
    assert "審査を開始しました" in japanese.shown
    assert "標準処理期間" in japanese.shown


async def test_the_owner_reads_what_the_officer_wrote(
    service_database: Callable[[str], TestDatabase], object_store: S3Server
) -> None:
    """At the item of the open request, and on the case page."""
    clock = ManualClock(datetime(2026, 11, 20, 3, 0, tzinfo=UTC))
    async with clerk_site(service_database, clock, object_store, examined=True) as clerk:
        assert clerk.examining is not None
        await clerk.examining.deliver(*await clerk.emitted(ApplicationSubmitted))
        assert "Messages from the officer" not in (await clerk.open()).shown
        client = clerk.examining.client
        officer = await clerk.front.site.officer(Role.EXAMINER, login_id="examiner.tyo")
        case = (await client.get(f"/v1/cases/by-application/{clerk.application_id}", headers=officer)).json()

        async def step(name: str, body: Any) -> Any:
            headers = officer | {"Idempotency-Key": str(new_id())}
            return await client.post(f"/v1/cases/{case['id']}/{name}", json=body, headers=headers)

        await step("start", None)
        items = [{"code": "RES_TAX", "message": "令和7年度分"}, {"code": "CAREER", "message": "前職の分"}]
        asked = await step("document-requests", {"items": items, "due_on": "2026-12-04"})
        await clerk.review(
            AdditionalDocumentsRequested, request_id=asked.json()["request_id"], due_on=date(2026, 12, 4), items=ITEMS
        )
        page = await clerk.open("/requested-documents")
        assert page.shown.index("令和7年度分") < page.shown.index("前職の分")
        shown = (await clerk.open()).shown
        assert "Messages from the officer" in shown
        assert "令和7年度分" in shown


async def test_a_withdrawal_says_what_it_means_and_is_confirmed(clerk: Clerk) -> None:
    page = await clerk.open("/withdrawal")
    assert "The special period ends at that moment" in page.shown
    wrong = await clerk.browser.send(page, "Withdraw")
    assert (wrong.status, linked(wrong)) == (422, {"reason", "confirmed"})
    assert (await clerk.kept())["status"] == "received"
    done = await clerk.browser.send(wrong, "Withdraw", reason="退職のため", confirmed="yes")
    assert "The application is withdrawn." in done.shown
    assert len(await clerk.emitted(ApplicationWithdrawn)) == 1
    assert f"{clerk.path}/withdrawal" not in done.links.values()
    assert ("Receipt" in done.links, "proof of the pending" in done.shown) == (True, False)
    assert (await clerk.open("/withdrawal")).path == clerk.path


async def test_a_withdrawal_after_the_decision_is_refused_with_the_reason(clerk: Clerk) -> None:
    page = await clerk.open("/withdrawal")
    await clerk.review(ReviewCompleted)
    late = await clerk.browser.send(page, "Withdraw", reason="x", confirmed="yes")
    assert late.status == 409
    assert "cannot be withdrawn" in late.shown


async def test_contact_and_address_are_changed(clerk: Clerk) -> None:
    page = await clerk.open("/contact")
    wrong = await clerk.browser.send(page, "Change the contact details", email="nobody", language="ja")
    assert (wrong.status, linked(wrong)) == (422, {"email"})
    assert wrong.form("Change the contact details").fields["email"] == "nobody"
    asked = await clerk.browser.send(wrong, "Change the contact details", email="new@gmial.com", language="ja")
    assert (asked.status, "Did you mean new@gmail.com?" in asked.shown) == (200, True)
    done = await clerk.browser.send(asked, "Change the contact details", email="new@example.com", language="ja")
    assert "new@example.com (日本語)" in done.shown
    page = await clerk.open("/contact")
    typed = {"address": "梅田1-1", "lives_there_from": "令和8年12月1日"}
    wrong = await clerk.browser.send(page, "Record the change of address", **typed)
    assert linked(wrong) == {"address"}
    assert wrong.form("Record the change of address").fields["lives_there_from"] == "令和8年12月1日"
    assert wrong.form("Change the contact details").fields["email"] == "new@example.com"
    done = await clerk.browser.send(wrong, "Record the change of address", address="大阪府大阪市北区梅田1-1")
    assert "大阪府大阪市北区梅田１－１" in done.shown
    assert "The receipt number stays the same." in done.shown
    assert "from 1 December 2026" in (await clerk.open("/contact")).shown


async def test_requested_documents_are_answered_item_by_item(clerk: Clerk) -> None:
    none = await clerk.open("/requested-documents")
    assert "No documents are requested now." in none.shown
    request_id = new_id()
    await clerk.review(AdditionalDocumentsRequested, request_id=request_id, due_on=date(2026, 12, 4), items=ITEMS)
    assert "Submit them by 4 December 2026." in (await clerk.open()).shown
    page = await clerk.open("/requested-documents")
    assert "Due on 4 December 2026 (14 days left)" in page.shown
    early = await clerk.browser.send(page, "Submit all of it")
    assert (early.status, linked(early)) == (422, {"item-0", "item-1"})
    bad = await clerk.browser.upload(early, early.form_to("/0", codes="RES_TAX"), b"no pdf")
    assert (bad.status, "item-0" in linked(bad)) == (422, True)
    page = await clerk.browser.upload(bad, bad.form_to("/0", codes="RES_TAX"), files.pdf(2))
    assert "scan.pdf" in page.shown
    await clerk.exchange()
    empty = await clerk.browser.send(page, "Save the reason")
    assert linked(empty) == {"why-1"}
    page = await clerk.browser.send(page, "Save the reason", **{"why-1": "前の勤務先が廃業したため"})
    assert "前の勤務先が廃業したため" in page.shown
    assert "All are answered." in page.shown
    done = await clerk.browser.send(page, "Submit all of it")
    assert "The additional documents are submitted." in done.shown
    (event,) = await clerk.emitted(AdditionalDocumentsSubmitted)
    assert (len(event.document_ids), event.not_submitted) == (1, ("CAREER",))
    after = await clerk.open("/requested-documents")
    assert "前の勤務先が廃業したため" in after.shown
    link = await clerk.browser.client.get(after.links["scan.pdf"])
    assert link.status_code == 303
    strange = await clerk.browser.client.get(f"{clerk.path}/requested-documents/{new_id()}")
    assert strange.status_code == 404


async def test_answers_are_taken_back(clerk: Clerk) -> None:
    asked = {"request_id": new_id(), "due_on": date(2026, 12, 4), "items": ITEMS[:1]}
    await clerk.review(AdditionalDocumentsRequested, **asked)
    page = await clerk.open("/requested-documents")
    page = await clerk.browser.send(page, "Save the reason", **{"why-0": "x"})
    page = await clerk.browser.send(page, "Remove the reason")
    page = await clerk.browser.upload(page, page.form_to("/0", codes="RES_TAX"), files.pdf(1))
    page = await clerk.browser.send(page, "Remove the file")
    assert "Not answered" in page.shown


async def test_files_of_an_answer_are_put_in_order(clerk: Clerk) -> None:
    asked = {"request_id": new_id(), "due_on": date(2026, 12, 4), "items": ITEMS[:1]}
    await clerk.review(AdditionalDocumentsRequested, **asked)
    page = await clerk.open("/requested-documents")
    for number in (1, 2, 3):
        page = await clerk.browser.upload(page, page.form_to("/0", codes="RES_TAX"), files.pdf(number))

    async def order() -> list[str]:
        (item,) = (await clerk.kept("/requested-documents"))["open"]["items"]
        return list(item["document_ids"])

    first, second, third = await order()
    buttons = [button for form in page.forms for button in form.buttons if button.endswith((" up", " down"))]
    assert [button.rpartition(" ")[2] for button in buttons] == ["down", "up", "down", "up"]
    (last,) = (form for form in page.forms if form.fields.get("document_id") == third)
    last.fields["do"] = "up:0"
    page = await clerk.browser.send(page, last)
    assert await order() == [first, third, second]
    await clerk.exchange()
    await clerk.browser.send(page, "Submit all of it")
    (event,) = await clerk.emitted(AdditionalDocumentsSubmitted)
    assert [str(one) for one in event.document_ids] == [first, third, second]


async def test_after_a_grant_the_page_says_what_to_pay_and_to_send(clerk: Clerk) -> None:
    assert (await clerk.open("/after-grant")).path.startswith(clerk.path)
    await clerk.review(ReviewCompleted)
    assert "How to pay and what to send" in (await clerk.open()).links
    page = await clerk.open("/after-grant")
    for text in ("5,500 yen", "135-0064", "Never send the passport. Keep it with you.", "Charge for this way: 550 yen"):
        assert text in page.shown, text
    wrong = await clerk.browser.send(page, "Record the dispatch")
    assert linked(wrong) == {"tracking_number", "residence_card_enclosed"}
    labels = await clerk.open("/after-grant/labels")
    assert "NGUYEN VAN AN 様" in labels.shown
    sent = {"tracking_number": "1234-5678-9012", "residence_card_enclosed": "yes"}
    done = await clerk.browser.send(wrong, "Record the dispatch", **sent)
    assert "The dispatch is recorded." in done.shown
    assert "Waiting for the fee and the old card" in done.shown


async def test_a_refusal_says_who_explains_it(clerk: Clerk) -> None:
    await clerk.review(ReviewCompleted, outcome="refused", fee_yen=0)
    assert "See how to ask for the reasons" in (await clerk.open()).shown
    page = await clerk.open("/after-grant")
    assert "Tokyo Regional Immigration Services Bureau" in page.shown
    assert "Ask for the reasons" in page.shown


async def test_a_refusal_names_its_reason_in_plain_words_and_the_way_out(clerk: Clerk) -> None:
    await clerk.review(ReviewCompleted, outcome="refused", fee_yen=0, reason_code="duties_not_met")
    page = await clerk.open()
    for words in ("The reasons", "Taxes or social insurance were not paid", "What you can do now", "Pay what is due"):
        assert words in page.shown, words
    assert "You can apply again until" in page.shown


async def test_corrections_are_shown_side_by_side(clerk: Clerk) -> None:
    assert "A correction takes effect at once." in (await clerk.open("/correction")).shown
    await clerk.correct({"occupation": "経理"})
    page = await clerk.open("/correction")
    assert {"Occupation", "経理"} <= {text for texts in page.texts.values() for text in texts}
    assert "入力を誤ったため" in page.shown
    await clerk.review(ReviewStarted)
    assert "the examiner has to agree" in (await clerk.open("/correction")).shown
    await clerk.review(ReviewCompleted)
    assert "The decision is made" in (await clerk.open("/correction")).shown


async def _topic(clerk: Clerk) -> Page:
    """The page on which the first topic of the form is corrected."""
    page = await clerk.open("/correction")
    topic = next(href for href in page.links.values() if href.startswith(f"{clerk.path}/correction/"))
    return await clerk.browser.open(f"{topic}?lang=en")


async def test_a_topic_is_corrected_after_a_look_at_the_changes(clerk: Clerk) -> None:
    page = await _topic(clerk)
    before = (await clerk.kept())["form"]
    assert page.form(CHECK).fields["occupation"] == before["occupation"]
    nothing = await clerk.browser.send(page, CHECK)
    assert (nothing.status, linked(nothing)) == (422, {"reason"})
    assert "Nothing was changed." in nothing.shown
    typed = {"occupation": "経理", "home_address": "Hanoi", "reason": "入力を誤ったため"}
    confirm = await clerk.browser.send(page, CHECK, **typed)
    shown = {text for texts in confirm.texts.values() for text in texts}
    assert {"Occupation", before["occupation"], "経理", "入力を誤ったため"} <= shown
    assert (await clerk.kept())["form"] == before
    again = await clerk.browser.send(confirm, "Go back and change")
    assert again.form(CHECK).fields["occupation"] == "経理"
    assert again.form(CHECK).fields["reason"] == "入力を誤ったため"
    done = await clerk.browser.send(confirm, "Make the correction")
    assert "The application is corrected." in done.shown
    assert (await clerk.kept())["form"] == before | {"occupation": "経理", "home_address": "Ｈａｎｏｉ"}
    late = await clerk.browser.send(confirm, "Make the correction")
    assert late.status in (409, 422)


@pytest.mark.parametrize("which", ["topic", "files"])
async def test_a_correction_is_made_after_somebody_elses(clerk: Clerk, which: str) -> None:
    """Nothing typed is lost, and one look at the changes is enough."""
    page = await _topic(clerk) if which == "topic" else await clerk.open("/correction/files")
    typed = {"reason": "入力を誤ったため"}
    if which == "topic":
        typed["occupation"] = "営業"
    else:
        page = await clerk.browser.upload(page, page.form_to("/PHOTO"), files.jpeg())
        await clerk.exchange()
    confirm = await clerk.browser.send(page, CHECK, **typed)
    await clerk.correct({"occupation": "経理"})
    late = await clerk.browser.send(confirm, "Make the correction")
    assert (late.status, "Somebody else changed this application first." in late.shown) == (409, True)
    confirm = await clerk.browser.send(late, CHECK)
    done = await clerk.browser.send(confirm, "Make the correction")
    assert "The application is corrected." in done.shown


async def test_a_refused_correction_shows_each_mistake_at_its_field(clerk: Clerk) -> None:
    page = await _topic(clerk)
    typed = {"birth_date": "when I was young", "occupation": "", "reason": "x"}
    confirm = await clerk.browser.send(page, CHECK, **typed)
    wrong = await clerk.browser.send(confirm, "Make the correction")
    assert wrong.status == 422
    assert "birth_date" in linked(wrong)
    assert wrong.form(CHECK).fields["birth_date"] == "when I was young"


async def test_the_examiner_is_asked_once_the_examination_has_begun(clerk: Clerk) -> None:
    await clerk.review(ReviewStarted)
    page = await _topic(clerk)
    confirm = await clerk.browser.send(page, CHECK, occupation="経理", reason="x")
    done = await clerk.browser.send(confirm, "Ask for the correction")
    assert "The correction is sent to the examiner." in done.shown
    assert "The examiner is looking at the correction" in done.shown
    assert (await clerk.browser.open(page.path)).path == f"{clerk.path}/correction"


async def test_photo_and_documents_are_corrected_after_a_look_at_the_changes(clerk: Clerk) -> None:
    """New files wait until the correction is made; what is taken off is chosen; nothing else changes."""
    page = await clerk.open("/correction/files")
    before = await clerk.kept()
    nothing = await clerk.browser.send(page, CHECK, reason="x")
    assert (nothing.status, "Nothing was changed." in nothing.shown) == (422, True)
    refused = await clerk.browser.upload(page, page.form_to("/PHOTO"), b"no picture")
    assert (refused.status, linked(refused)) == (422, {"PHOTO"})
    for _ in range(2):
        page = await clerk.browser.upload(page, page.form_to("/PHOTO"), files.jpeg())
    unticked = page.form_to("/SEVERAL")
    codes = unticked.fields.pop("codes")
    assert codes == ""
    none = await clerk.browser.upload(page, unticked, files.pdf(2))
    assert (none.status, linked(none)) == (422, {"SEVERAL"})
    unticked.fields["codes"] = "RES_TAX"
    page = await clerk.browser.upload(page, unticked, files.pdf(2))
    unticked.fields["codes"] = "CAREER"
    page = await clerk.browser.upload(page, unticked, files.pdf(3))
    assert (await clerk.kept())["documents"] == before["documents"]
    await clerk.exchange()
    second = [form for form in page.forms if "Remove the file" in form.buttons][-1]
    second.fields["do"] = "remove"
    page = await clerk.browser.send(page, second)
    off = next(name for name in page.form(CHECK).fields if name.startswith("removed-"))
    confirm = await clerk.browser.send(page, CHECK, reason="撮り直したため", **{off: "yes"})
    assert {"The photo as filed", "The new photo"} <= set(confirm.links)
    for href in (confirm.links["The new photo"],):
        assert (await clerk.browser.client.get(href)).status_code == 303
    assert (await clerk.browser.client.get(f"{clerk.path}/correction/files/{new_id()}")).status_code == 404
    late = await clerk.browser.upload(page, page.form_to("/PHOTO"), files.jpeg(1200, 1600))
    stale = await clerk.browser.send(confirm, "Make the correction")
    assert (stale.status, "Somebody else changed this application first." in stale.shown) == (409, True)
    await clerk.exchange()
    confirm = await clerk.browser.send(late, CHECK, reason="撮り直したため")
    done = await clerk.browser.send(confirm, "Make the correction")
    assert "The application is corrected." in done.shown
    after = await clerk.kept()
    assert after["photo_id"] not in (None, before["photo_id"])
    assert after["documents"][:-1] == before["documents"]
    assert after["form"] == before["form"]


async def test_the_order_of_documents_is_corrected_too(clerk: Clerk) -> None:
    """Moving a file keeps what was typed and ticked; the order alone is a correction."""
    page = await clerk.open("/correction/files")
    several = page.form_to("/SEVERAL")
    for code in ("RES_TAX", "CAREER"):
        several.fields["codes"] = code
        page = await clerk.browser.upload(page, several, files.pdf(2))
    await clerk.exchange()
    confirm = await clerk.browser.send(page, CHECK, reason="追加")
    await clerk.browser.send(confirm, "Make the correction")
    page = await clerk.open("/correction/files")
    before = (await clerk.kept())["documents"]
    assert len(before) == 3
    last = before[-1]["document_id"]
    form = page.form(CHECK)
    form.fields |= {"do": f"up:{last}", "reason": "順番の誤り"}
    page = await clerk.browser.send(page, form)
    assert "順番の誤り" in page.shown
    wanted = [one["document_id"] for one in (*before[:-2], before[-1], before[-2])]
    assert page.form(CHECK).fields["order"].split() == wanted
    assert (await clerk.kept())["documents"] == before
    confirm = await clerk.browser.send(page, CHECK)
    assert "Order of the documents" in confirm.shown
    await clerk.browser.send(confirm, "Make the correction")
    after = (await clerk.kept())["documents"]
    assert [one["document_id"] for one in after] == wanted
    assert sorted(map(str, after)) == sorted(map(str, before))


CHECK = "Look at the changes"
OTHER_ORGANISATION = {"corporate_number": "2120901007402", "name": "見本工業株式会社"}
PAGES = (
    "",
    "/correction",
    "/correction/files",
    "/correction/applicant",
    "/withdrawal",
    "/contact",
    "/requested-documents",
    "/after-grant",
    "/after-grant/labels",
)


async def test_nobody_else_sees_the_pages(clerk: Clerk) -> None:
    stranger = await clerk.front.browser()
    for page in PAGES:
        assert (await stranger.open(f"{clerk.path}{page}")).path.startswith("/sign-in")
    other = await clerk.front.site.person(
        clerk.officer, applicant={"email": "other@example.co.jp"}, organisation=OTHER_ORGANISATION
    )
    await stranger.sign_in(other.login_id, other.password)
    for page in PAGES:
        assert (await stranger.client.get(f"{clerk.path}{page}")).status_code == 404, page
