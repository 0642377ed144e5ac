"""The whole way of a periodic report in a browser: registration and the document service behind the gateway."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from deploy.local.object_store import ObjectStore as S3Server
from shared.clock import ManualClock
from shared.events.registration import PeriodicReportSubmitted
from tests.gateway.browser import Browser, Page
from tests.gateway.identity import Identity, report_files, with_documents
from tests.infra.databases import TestDatabase
from tests.services.document import files
from tests.services.registration.life import add_role, colleague, of_class, officer_now
from tests.services.registration.site import PASSWORD, REQUIREMENTS, Person, RegistrationClient
from tests.support.service import RunningService

REPORT = "/account/periodic-report"
SEND, ROW = "Submit the report", "Add a row"
OPENS = datetime(2029, 9, 20, 3, 0, tzinfo=UTC)
CAT4 = {"organisation": {"category": "CAT4"}}
TYPED = {"category": "CAT4", "pledge_accepted": "yes", "UA_CHECK": "yes", "UA_USERLIST": "yes", "UA_PLEDGE": "yes"}
OTHER_ORGANISATION = {"corporate_number": "2120901007402", "name": "見本工業株式会社"}


@dataclass
class ReportPages:
    """The gateway with registration and the document service, and an officer who decides."""

    front: Identity
    document: RunningService
    officer: dict[str, str]

    @property
    def site(self) -> RegistrationClient:
        return self.front.site

    def go(self, moment: datetime = OPENS) -> None:
        self.front.clock.advance(moment - self.front.clock.now())

    async def page(self, person: Person, lang: str = "en") -> tuple[Browser, Page]:
        """The page of the report, in a browser of somebody who was sent there by a mail."""
        browser = await self.front.browser()
        asked = await browser.open(REPORT)
        assert asked.path == "/sign-in?return_to=%2Faccount%2Fperiodic-report&done=ended"
        signed_in = await browser.send(asked, "Sign in", login_id=person.login_id, password=PASSWORD)
        assert signed_in.path == REPORT
        return browser, signed_in if lang == "en" else await browser.open(f"{REPORT}?lang={lang}")

    async def exchange_events(self) -> None:
        """Deliver the events of each of the two services to the other."""
        await report_files(self.document, self.site)
        handled = self.document.app.state.handlers
        await self.document.deliver(*(e for e in await self.site.service.events() if type(e) in handled))

    async def decide(self, step: str, body: Any) -> None:
        (event, *_) = reversed(await self.site.events(PeriodicReportSubmitted))
        path = f"/v1/periodic-reports/{event.periodic_report_id}/{step}"
        answer = await self.site.post(path, body, headers=await officer_now(self.site))
        assert answer.status_code == 200, answer.text

    async def documents_submitted(self) -> dict[str, Any]:
        """The documents of the last report as its officer sees them: as a file or on paper."""
        event = (await self.site.events(PeriodicReportSubmitted))[-1]
        seen = await self.site.get(f"/v1/periodic-reports/{event.periodic_report_id}", await officer_now(self.site))
        return {line["code"]: line["handed_in"] for line in seen.json()["document_list"] if line["handed_in"]}


@pytest.fixture
async def house(service_database: Callable[[str], TestDatabase], object_store: S3Server) -> AsyncIterator[ReportPages]:
    clock = ManualClock(datetime(2026, 11, 20, 3, 0, tzinfo=UTC))
    async with with_documents(service_database, clock, object_store) as (front, document):
        yield ReportPages(front, document, await front.site.officer())


def linked(page: Page) -> set[str]:
    """The fields that the list of mistakes links to. Each is on the page."""
    found = {link[1:] for link in page.values("a", "href") if link.startswith("#")} - {"content"}
    assert found <= {attributes["id"] for _, attributes in page.tags if "id" in attributes}
    return found


async def test_a_clerk_submits_a_file_and_paper_and_loses_nothing_by_mistakes(house: ReportPages) -> None:
    person = await house.site.person(house.officer, **CAT4)
    house.go()
    browser, page = await house.page(person)
    assert {"20 September 2029", "20 October 2029", "20 November 2029"} <= set(page.texts["dd"])
    assert '<dd><span lang="ja">株式会社見本</span></dd>' in page.answer.text
    assert REPORT in (await browser.open("/account")).values("a", "href")
    assert "pledged_organisations_0_name" not in page.form(SEND).fields, "this role names nobody"

    empty = await browser.send(page, SEND)
    lacking = {"category", "pledge_accepted"}
    assert (empty.status, linked(empty)) == (422, lacking)
    in_order = [link for link in empty.values("a", "href") if link.startswith("#")]
    assert (in_order[1], in_order[-1]) == ("#category", "#pledge_accepted"), "as they stand on the page"
    without_file = await browser.send(empty, SEND, **TYPED | {"category": "CAT3"})
    assert (without_file.status, linked(without_file)) == (422, {"UA_CATEGORY"})
    assert "Proof of the category: Upload a file, or choose to submit it on paper" in without_file.links
    kept = without_file.form(SEND).fields
    assert TYPED.items() <= (kept | {"category": "CAT4"}).items() and kept["category"] == "CAT3"

    # The files are sent in another tab; the form in the first one stays as it is.
    files_page = await browser.follow(without_file, "Upload PDF files (opens in a new tab, and what you typed is kept)")
    refused = await browser.upload(files_page, files_page.form_to("/UA_REPORT"), b"no pdf")
    assert (refused.status, linked(refused)) == (422, {"UA_REPORT"})
    twice = await browser.upload(refused, refused.form_to("/UA_REPORT"), files.pdf(1))
    twice = await browser.upload(twice, twice.form_to("/UA_REPORT"), files.pdf(2))
    first, second = (form for form in twice.forms if "document_id" in form.fields)
    await browser.send(twice, first)
    early = await browser.send(without_file, SEND, category="CAT4")
    assert (early.status, linked(early)) == (422, {"UA_REPORT"}), "sent, and registration has not heard of it"
    assert TYPED.items() <= early.form(SEND).fields.items()
    await house.exchange_events()
    done = await browser.send(early, SEND)

    (event,) = await house.site.events(PeriodicReportSubmitted)
    assert "The report was received" in done.shown
    assert {event.receipt_number, "Under review"} <= set(done.texts["dd"] + done.texts["strong"])
    assert "見本 花子" in done.texts["span"]
    assert "Submit paper documents" in done.shown
    assert [str(one) for one in event.document_ids] == [second.fields["document_id"]]
    on_paper = dict.fromkeys(("UA_CHECK", "UA_USERLIST", "UA_PLEDGE"), "paper")
    assert await house.documents_submitted() == on_paper | {"UA_REPORT": "file"}
    later = await browser.open(REPORT)
    assert (event.receipt_number in later.shown, SEND in later.shown, "was received" in later.shown) == (
        True,
        False,
        False,
    )
    again = await browser.send(early, SEND)
    assert (again.path, len(await house.site.events(PeriodicReportSubmitted))) == (REPORT, 1)
    assert (await browser.open(f"{REPORT}/documents?role=org_staff")).path == REPORT


async def test_a_returned_report_is_corrected_on_the_same_page_and_extends_the_term(house: ReportPages) -> None:
    person = await house.site.person(house.officer, **of_class("rso_staff", **CAT4))
    other = await colleague(house.site, house.officer, "jiro@example.co.jp", **of_class("rso_staff", **CAT4))
    house.go()
    browser, page = await house.page(person)
    form = page.form(SEND)
    assert form.enter == SEND, "Enter in a field adds no row"
    assert form.fields["pledged_organisations_0_corporate_number"] == "2120901007402", "as it was registered"
    page = await browser.send(page, ROW, **TYPED)
    assert (page.status, page.form(SEND).fields["pledged_organisations_1_name"]) == (200, "")
    twice = {"pledged_organisations_1_corporate_number": "2120901007402", "pledged_organisations_1_name": "工業"}
    wrong = await browser.send(page, SEND, **twice)
    lacking = {"UA_AGENT_CERT"}
    assert (wrong.status, linked(wrong)) == (422, lacking | {"pledged_organisations_1_corporate_number"})
    assert TYPED.items() | twice.items() <= wrong.form(SEND).fields.items()
    sent = await browser.open(f"{REPORT}/documents")
    for code in ("UA_REPORT", "UA_AGENT_CERT"):
        sent = await browser.upload(sent, sent.form_to(f"/{code}"), files.pdf())
    await house.exchange_events()
    emptied = dict.fromkeys(twice, "") | {"UA_PLEDGE_BY_USER": "yes"}
    documents_submitted = await browser.send(wrong, SEND, **emptied)
    assert "The report was received" in documents_submitted.shown, documents_submitted.shown
    await house.exchange_events()

    await house.decide("return", {"items": [{"code": "UA_USERLIST", "message": "退職者が載っています"}]})
    mender, returned = await house.page(other)
    assert "退職者が載っています" in returned.texts["span"]
    assert "They are submitted again, unless you upload another file or choose paper." in returned.shown
    fields = returned.form(SEND).fields
    assert (fields["category"], fields["UA_USERLIST"], fields["pledge_accepted"]) == ("CAT4", "yes", "")
    assert fields["pledged_organisations_0_name"] == "見本工業株式会社"
    sent = await mender.open(f"{REPORT}/documents")
    await mender.upload(sent, sent.form_to("/UA_USERLIST"), files.pdf(3))
    await house.exchange_events()
    corrected = await mender.send(await mender.open(REPORT), SEND, pledge_accepted="yes")
    assert "The report was received" in corrected.shown, corrected.shown
    first, second = await house.site.events(PeriodicReportSubmitted)
    assert (first.receipt_number, first.periodic_report_id) == (second.receipt_number, second.periodic_report_id)
    assert set(first.document_ids) < set(second.document_ids), "the files that were right stay"
    assert (await house.documents_submitted())["UA_USERLIST"] == "file"
    assert "退職者が載っています" not in corrected.shown

    await house.decide("approve", {"requirements": REQUIREMENTS})
    approved = await mender.open(REPORT)
    assert {"Approved", "20 November 2032", "20 September 2032"} <= set(approved.texts["dd"])
    assert "Nothing is due yet. You can submit it from 20 September 2032" in approved.shown
    assert SEND not in approved.shown


async def test_a_rejected_report_says_why_and_another_is_submitted_while_the_term_lasts(house: ReportPages) -> None:
    person = await house.site.person(house.officer, **CAT4)
    house.go(OPENS + timedelta(days=35))
    browser, page = await house.page(person)
    assert "The due date has passed" in page.shown
    await browser.send(page, SEND, **TYPED, UA_REPORT="yes")
    await house.decide("reject", {"reason_code": "requirements_not_met", "reason": "継続性を確認できません"})
    rejected = await browser.open(REPORT)
    assert "Rejected" in rejected.texts["dd"]
    assert '<dd><span lang="ja">継続性を確認できません</span></dd>' in rejected.answer.text
    again = await browser.send(rejected, SEND, **TYPED, UA_REPORT="yes")
    assert "The report was received" in again.shown
    assert len({event.receipt_number for event in await house.site.events(PeriodicReportSubmitted)}) == 2
    await house.decide("return", {"items": [{"code": "UA_PLEDGE", "message": "日付がありません"}]})
    house.go(OPENS + timedelta(days=70))
    browser, late = await house.page(person)
    assert "The registration has ended, but the report was submitted before that" in late.shown
    await browser.send(late, SEND, pledge_accepted="yes")
    assert "You can continue once the submitted report is approved" in (await browser.open(REPORT)).shown
    await house.decide("reject", {"reason_code": "requirements_not_met", "reason": "継続性を確認できません"})
    over = await browser.open(REPORT)
    assert "you cannot submit a report" in over.shown
    assert (SEND in over.shown, "/usage-registration?role=org_staff" in over.values("a", "href")) == (False, True)


async def test_before_the_day_the_page_says_from_when_in_both_languages(house: ReportPages) -> None:
    person = await house.site.person(house.officer)
    house.go(OPENS - timedelta(days=1))
    browser, page = await house.page(person)
    assert "Nothing is due yet. You can submit it from 20 September 2029." in page.shown
    assert SEND not in page.shown
    japanese = await browser.open(f"{REPORT}?lang=ja")
    assert (japanese.h1, "まだ提出できません。2029年9月20日から提出できます。" in japanese.shown) == ("定期報告", True)
    forced = await browser.client.post(REPORT, headers={"Origin": house.front.url})
    assert forced.status_code == 403
    csrf = page.forms[0].fields["csrf_token"]
    upload = f"/upload/periodic-report/org_staff/UA_CHECK?csrf_token={csrf}"
    early = await browser.client.post(
        upload, files={"file": ("a.pdf", files.pdf())}, data={"kind": "pdf"}, headers={"Origin": house.front.url}
    )
    assert (early.status_code, early.headers["location"]) == (303, REPORT)
    house.go()
    await browser.sign_in(person.login_id, PASSWORD, lang="en")
    form = await browser.open(f"{REPORT}?lang=ja")
    wrong = await browser.send(form, "定期報告を提出する", category="CAT3")
    assert "#pledge_accepted" in wrong.values("a", "href")
    assert "カテゴリー立証資料: ファイルをアップロードするか、書面での提出を選択してください" in wrong.links


async def test_who_has_two_roles_switches_and_a_form_of_the_other_one_is_not_taken(house: ReportPages) -> None:
    person = await house.site.person(house.officer, **CAT4)
    house.go(datetime(2026, 12, 20, 3, 0, tzinfo=UTC))
    officer = await officer_now(house.site)
    await add_role(
        house.site, await house.site.signed_in(person), "org_staff", officer, organisation=OTHER_ORGANISATION
    )
    house.go(datetime(2029, 10, 25, 3, 0, tzinfo=UTC))
    browser, page = await house.page(person)
    assert "Reports in other roles" in page.shown
    first = page.form(SEND).fields["organisation_id"]
    switched = await browser.send(page, "Switch to this role")
    assert (switched.path, "You have switched to the other role" in switched.shown) == (f"{REPORT}?done=switched", True)
    assert switched.form(SEND).fields["organisation_id"] != first
    refused = await browser.send(page, SEND, **TYPED, UA_REPORT="yes")
    assert (refused.status, "Your current role has changed since the form was opened" in refused.shown) == (409, True)
    assert await house.site.events(PeriodicReportSubmitted) == []


async def test_roles_that_a_session_holds_at_once_are_chosen_by_a_link(house: ReportPages) -> None:
    person = await house.site.person(house.officer, **CAT4)
    await add_role(house.site, await house.site.signed_in(person), "rso_staff", house.officer)
    house.go()
    browser, page = await house.page(person)
    assert ("Choose the role you are reporting for" in page.shown, SEND in page.shown) == (True, False)
    links = [link for link in page.values("a", "href") if link.startswith(f"{REPORT}?role=")]
    assert links == [f"{REPORT}?role=org_staff", f"{REPORT}?role=rso_staff"]
    assert set(links) < set((await browser.open("/account")).values("a", "href"))
    org, rso = [await browser.open(link) for link in links]
    fields = rso.form(SEND).fields
    rows = {f"pledged_organisations_{place}_name": f"{'株式会社見本工業' * 6}{place}" for place in range(500)}
    sent = await browser.client.post(links[1], data={**fields, **rows}, headers={"Origin": house.front.url})
    many = Page(sent)
    assert (many.status, many.form(SEND).fields["pledged_organisations_499_name"]) == (
        422,
        f"{'株式会社見本工業' * 6}499",
    )
    rest = dict.fromkeys(("UA_REPORT", "UA_AGENT_CERT", "UA_PLEDGE_BY_USER"), "yes")
    done = await browser.send(rso, SEND, **TYPED | rest)
    assert (done.path, "The report was received" in done.shown) == (f"{links[1]}&done=handed-in", True)
    assert "The report was received" in (await browser.send(org, SEND, **TYPED, UA_REPORT="yes")).shown
    assert len(await house.site.events(PeriodicReportSubmitted)) == 2


async def test_an_officer_reads_that_this_is_for_organisations(house: ReportPages) -> None:
    app = await house.site.app_of("approver.tyo")
    browser = await house.front.browser()
    half = await browser.sign_in("approver.tyo", PASSWORD, return_to=REPORT)
    page = await browser.send(half, "Check the code", code=app.next())
    assert (page.path, "cannot be submitted with an officer's account" in page.shown) == (REPORT, True)
    assert SEND not in page.shown


async def test_another_language_and_another_row_leave_what_was_typed(house: ReportPages) -> None:
    """[newcomers S2-21, newcomers S3] The switch sends the form, and an empty first row does not stop the second."""
    person = await house.site.person(house.officer, **of_class("rso_staff", **CAT4))
    house.go()
    browser, page = await house.page(person)
    emptied = {"pledged_organisations_0_corporate_number": "", "pledged_organisations_0_name": ""}
    page = await browser.send(page, ROW, **TYPED | emptied)
    assert "pledged_organisations_1_name" in page.form(SEND).fields
    japanese = await browser.send(page, "日本語", pledged_organisations_1_name="工業")
    fields = japanese.form("定期報告を提出する").fields
    assert (japanese.h1, fields["pledged_organisations_0_name"]) == ("定期報告", "工業")
    assert TYPED.items() <= fields.items()
    assert japanese.form("定期報告を提出する").enter == "定期報告を提出する"
