"""A case on one page, and its way by the pages of the next steps: from the start to the card, with every mistake."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from deploy.local.object_store import ObjectStore as S3Server
from services.review.cases.store import Case
from shared.auth import Role
from shared.clock import ManualClock, legal_date
from shared.events.notification import NotificationFailed
from shared.ids import new_id
from shared.reference.periods import add_months
from tests.gateway.browser import Page
from tests.gateway.desk import EXAMINING, Office, office_site
from tests.infra.databases import Databases


@pytest.fixture(scope="module")
async def office(databases: Databases, object_store: S3Server) -> AsyncIterator[Office]:
    """An office with an examiner, a chief examiner, one who is both, and the card office."""
    clock = ManualClock(datetime(2026, 11, 20, 3, 0, tzinfo=UTC))
    with databases.lent() as new:
        async with office_site(new, clock, object_store) as made:
            for name, roles in EXAMINING.items():
                await made.officer(name, *roles)
            await made.officer("both", Role.EXAMINER, Role.CHIEF_EXAMINER)
            yield made


def linked(page: Page) -> set[str]:
    """The fields that the list of mistakes links to."""
    return {href[1:] for href in page.values("a", "href") if href.startswith("#")} - {"content", "problem"}


async def case_page(office: Office, name: str, case_id: str | None = None, lang: str = "en") -> Page:
    return await office.browsers[name].open(f"/desk/cases/{case_id or office.case_id}?lang={lang}")


async def test_the_case_shows_form_documents_and_what_to_do(office: Office) -> None:
    page = await case_page(office, "examiner")
    kept = await office.clerk.kept()
    for text in (
        kept["receipt_number"],
        "NGUYEN VAN AN",
        "Received, not started",
        "End of the special period",
        "(0 days)",
        "Start the examination",
        "What was filed",
        kept["form"]["occupation"],
    ):
        assert text in page.shown, text
    assert "Propose an outcome" not in page.links
    assert "Not asked in this application" in page.shown
    assert "No" in page.texts["dd"], "an answer that was no"
    assert "This file was deleted, or cannot be shown." in page.shown, "files that the document service does not know"
    japanese = await case_page(office, "chief", lang="ja")
    assert {"審査を終止する"} <= set(japanese.links)
    assert "申請内容" in japanese.shown
    assert "Start the examination" not in (await case_page(office, "card office")).links


async def test_a_step_that_is_not_ones_own_leads_back_to_the_case(office: Office) -> None:
    browser = office.browsers["examiner"]
    for page in ("decision", "proposal", "fee", "termination", "correction", "same-person"):
        shown = await browser.open(f"/desk/cases/{office.case_id}/{page}?lang=en")
        assert shown.path == f"/desk/cases/{office.case_id}?done=not_now", page
        assert "This step is not possible" in shown.shown


async def test_a_case_goes_from_the_start_to_the_mailed_card(office: Office) -> None:
    """Every step on its page; the mistakes on the way keep what was typed."""
    case_id = await office.open_case()
    page = await office.step("examiner", "start", "Start", case_id)
    assert (page.path, "The examination began." in page.shown) == (f"/desk/cases/{case_id}?done=start", True)
    page = await office.step(
        "examiner", "findings", "Record", case_id, **{"finding-taxes": "no", "finding-landing_criteria": "unknown"}
    )
    assert {"No", "Unknown", "Not asked"} <= set(page.texts["span"])
    await _documents(office, case_id)
    await _interview(office, case_id)
    await _proposal(office, case_id)
    await _decision(office, case_id)
    await _card_office(office, case_id)


async def _documents(office: Office, case_id: str) -> None:
    page = await office.step("examiner", "document-request", "Request documents", case_id, due_on="2026-12-04")
    assert (page.status, linked(page)) == (422, {"items"})
    page = await office.browsers["examiner"].send(
        page, "Request documents", **{"message-1": "課税証明書", "due_on": "2026-11-20"}
    )
    assert (page.status, linked(page)) == (422, {"code-1"})
    page = await office.browsers["examiner"].send(page, "Request documents", **{"code-1": "RES_TAX"})
    assert (page.status, linked(page)) == (422, {"due_on"}), "the day has to be tomorrow or later"
    page = await office.browsers["examiner"].send(page, "More documents")
    form = page.form("Request documents")
    assert (form.fields["message-1"], form.fields["code-1"], "message-4" in form.fields) == (
        "課税証明書",
        "RES_TAX",
        True,
    )
    page = await office.browsers["examiner"].send(page, "Request documents", due_on="令和8年12月4日")
    assert "The documents were requested." in page.shown
    assert "課税証明書" in page.shown
    assert await office.state(case_id) == "DOCS_REQUESTED"
    assert "Propose an outcome" not in page.links, "the applicant still has time"
    office.clerk.front.clock.advance(timedelta(days=15))
    for name in office.apps:
        await office.again(name)
    page = await case_page(office, "examiner", case_id)
    assert "were due on 4 December 2026 and are late" in page.shown


async def _interview(office: Office, case_id: str) -> None:
    await office.step("examiner", "findings", "Record", case_id)
    page = await office.step("examiner", "interview", "Invite", case_id, held_on="2026-13-01", held_time="10:00")
    assert linked(page) == {"held_on"}
    page = await office.browsers["examiner"].send(page, "Invite", held_on="2026-12-20", held_time="noon")
    assert linked(page) == {"held_time"}
    page = await office.browsers["examiner"].send(page, "Invite", held_time="10:30", instructions="旅券を持参")
    assert "20 December 2026 10:30" in page.shown
    assert "旅券を持参" in page.shown
    assert await office.state(case_id) == "ON_HOLD_INTERVIEW"


async def _proposal(office: Office, case_id: str) -> None:
    page = await office.step("examiner", "proposal", "Propose", case_id)
    assert linked(page) == {"outcome"}
    periods = [a["value"] for tag, a in page.tags if tag == "option" and a["value"][:1] in "YM" and a["value"]]
    assert periods == ["Y5", "Y3", "Y1", "M3"]
    page = await office.browsers["examiner"].send(
        page, "Propose", outcome="refuse", period_of_stay="Y3", reason="職務内容が基準に適合しない"
    )
    assert linked(page) == {"reason_code"}
    fields = page.form("Propose").fields
    assert (fields["reason"], fields["period_of_stay"]) == ("職務内容が基準に適合しない", "Y3")
    page = await office.browsers["examiner"].send(page, "Propose", outcome="grant", period_of_stay="Y3")
    assert "The outcome was proposed." in page.shown
    assert await office.state(case_id) == "PROPOSED"


async def _decision(office: Office, case_id: str) -> None:
    page = await office.step("chief", "decision", "Confirm", case_id, approve="no")
    assert linked(page) == {"note"}
    assert {"Grant", "3 years", "Unknown"} <= {*page.texts["dd"], *page.texts["span"]}, "what the proposer saw"
    stale = await office.browsers["chief"].open(f"/desk/cases/{case_id}/decision?lang=en")
    page = await office.browsers["chief"].send(page, "Confirm", note="根拠を確認")
    assert await office.state(case_id) == "UNDER_REVIEW"
    page = await office.browsers["examiner"].open(f"/desk/cases/{case_id}/proposal?lang=en")
    assert page.form("Propose").fields["period_of_stay"] == "Y3", "as it was before it came back"
    await office.browsers["examiner"].send(page, "Propose", period_of_stay="Y1")
    refused = await office.browsers["chief"].send(stale, "Confirm", approve="yes", note="よい")
    assert (refused.status, "The case changed after you read it" in refused.shown) == (412, True)
    assert refused.form("Confirm").fields["note"] == "よい"
    assert {"Grant", "1 year"} <= {*refused.texts["dd"]}, "the proposal that waits now"
    page = await office.step("chief", "decision", "Confirm", case_id, approve="yes")
    assert await office.state(case_id) == "AWAITING_FEE"
    assert "There is nothing for you to do now" in page.shown


async def _card_office(office: Office, case_id: str) -> None:
    browser = office.browsers["card office"]
    waiting = await browser.open("/desk/cases?wait=fee&lang=en")
    page = await browser.follow(waiting, "Record")
    page = await browser.send(page, "Record", amount_yen="1", paid_on="2026-12-01", reference="PAY-1")
    assert (page.status, linked(page)) == (422, {"amount_yen"})
    assert page.form("Record").fields["reference"] == "PAY-1"
    page = await browser.send(page, "Record", amount_yen="27,000")
    assert "The fee was recorded." in page.shown
    assert "Record the fee" not in page.links
    page = await office.step("card office", "materials", "Record", case_id)
    assert linked(page) == {"residence_card_received"}
    page = await browser.send(page, "Record", residence_card_received="yes")
    assert await office.state(case_id) == "CARD_PRODUCTION"
    page = await office.step("card office", "card", "Record", case_id, card_number="AB1")
    assert linked(page) == {"card_number"}
    page = await browser.send(page, "Record", card_number="AB12345678CD")
    assert "AB********CD" in page.shown and "AB12345678CD" not in page.shown
    page = await office.step(
        "card office", "mailing", "Record", case_id, carrier="letter_pack_plus", tracking_number="1"
    )
    assert linked(page) == {"tracking_number"}
    page = await browser.send(page, "Record", tracking_number="1234-5678-9012")
    assert await office.state(case_id) == "DISPATCHED"
    page = await office.step("card office", "delivery", "Record", case_id)
    assert await office.state(case_id) == "DELIVERED"
    assert "There is nothing for you to do now" in page.shown


async def test_a_certificate_is_issued_and_a_card_collected(office: Office) -> None:
    coe = await office.open_case(procedure="COE", stay_expiry=None)
    both = office.browsers["both"]
    await office.step("both", "start", "Start", coe)
    page = await office.step("both", "proposal", "Propose", coe, outcome="grant", period_of_stay="Y1")
    assert "Decide" not in page.links, "four eyes"
    assert (await both.open(f"/desk/cases/{coe}/decision")).path.endswith("done=not_now")
    await office.step("chief", "decision", "Confirm", coe, approve="yes")
    await office.step("card office", "certificate", "Issue the certificate", coe, method="EMAIL")
    assert await office.state(coe) == "CERTIFICATE_ISSUED"


async def test_a_certificate_is_revoked_with_a_reason(office: Office) -> None:
    coe = await office.open_case(procedure="COE", stay_expiry=None)
    await office.step("examiner", "start", "Start", coe)
    await office.step("examiner", "proposal", "Propose", coe, outcome="grant", period_of_stay="Y1")
    await office.step("chief", "decision", "Confirm", coe, approve="yes")
    await office.step("card office", "certificate", "Issue the certificate", coe, method="POST")
    page = await office.browsers["card office"].open(f"/desk/cases/{coe}?lang=en")
    assert "TYO26-" in page.shown
    last = add_months(legal_date(office.clerk.front.clock.now()), 3)
    assert f"{last.day} {last:%B %Y}" in page.shown, "three months"
    assert "Print the certificate (PDF)" in page.links
    refused = await office.step("card office", "revocation", "Revoke", coe, reason="typed")
    assert linked(refused) == {"reason_code"}
    page = await office.browsers["card office"].send(refused, "Revoke", reason_code="wrong_entry")
    assert "The certificate was revoked." in page.shown
    assert "It says something wrong" in page.shown
    assert "Print the certificate (PDF)" not in page.links
    assert "Revoke the certificate" not in page.links


async def test_a_case_is_ended_and_given_to_another_examiner(office: Office) -> None:
    case_id = await office.open_case()
    await office.step("examiner", "start", "Start", case_id)
    page = await office.step("chief", "reassignment", "Reassign", case_id)
    assert linked(page) == {"examiner_id"}
    options = [a["value"] for tag, a in page.tags if tag == "option" and a["value"]]
    assert len(options) == 1, "the other examiner alone"
    late = await office.browsers["examiner"].open(f"/desk/cases/{case_id}/findings?lang=en")
    page = await office.browsers["chief"].send(page, "Reassign", examiner_id=options[0])
    assert "The case has another examiner." in page.shown
    refused = await office.browsers["examiner"].send(late, "Record", note="長い所見")
    assert (refused.status, refused.form("Record").fields["note"]) == (403, "長い所見"), "nothing typed is lost"
    assert "the chief examiner can reassign it" in refused.shown
    page = await office.step("chief", "termination", "End the case", case_id, reason_code="left_japan")
    assert await office.state(case_id) == "TERMINATED"


async def test_a_press_twice_takes_a_step_once(office: Office) -> None:
    case_id = await office.open_case()
    await office.step("examiner", "start", "Start", case_id)
    browser = office.browsers["examiner"]
    page = await browser.open(f"/desk/cases/{case_id}/findings?lang=en")
    for _ in range(2):
        shown = await browser.send(page, "Record", **{"finding-taxes": "yes"})
        assert "The findings were recorded." in shown.shown
    assert not [text for text in shown.texts.get("summary", ()) if text.startswith("Findings of")]


async def test_a_second_case_of_the_person_has_to_be_resolved(office: Office) -> None:
    key = ("a" * 64,)
    first, second = [await office.open_case(person_keys=key) for _ in range(2)]
    for case_id in (first, second):
        await office.step("examiner", "start", "Start", case_id)
        await office.step("examiner", "proposal", "Propose", case_id, outcome="grant", period_of_stay="Y1")
    await office.step("chief", "decision", "Confirm", first, approve="yes")
    page = await case_page(office, "chief", second)
    assert "This case cannot be decided until their relation is recorded" in page.shown
    page = await office.step("chief", "decision", "Confirm", second, approve="yes", note="確認済み")
    assert (page.status, page.form("Confirm").fields["note"]) == (409, "確認済み")
    page = await office.step("examiner", "same-person", "Record", second)
    assert {"finding", "reason"} <= linked(page)
    page = await office.browsers["examiner"].send(page, "Record", finding="both_needed", reason="転職")
    assert "The same person, and both applications are needed" in page.shown
    await office.step("chief", "decision", "Confirm", second, approve="yes")
    assert await office.state(second) == "AWAITING_FEE"


async def test_the_approver_sees_what_happened_since_the_proposal_and_decides_on_that(office: Office) -> None:
    case_id = await office.open_case()
    await office.step("examiner", "start", "Start", case_id)
    await office.step("examiner", "proposal", "Propose", case_id, outcome="grant", period_of_stay="Y1")
    chief = office.browsers["chief"]
    stale = await chief.open(f"/desk/cases/{case_id}/decision?lang=en")
    assert "Nothing has changed since the proposal." in stale.shown
    await office.step("chief", "flag", "Set the flag", case_id, code="urgent", reason="母国の葬儀")
    refused = await chief.send(stale, "Confirm", approve="yes", note="よい")
    assert (refused.status, refused.form("Confirm").fields["note"]) == (412, "よい")
    assert "The case was flagged" in refused.links, "what happened, with a link to it"
    assert await office.state(case_id) == "PROPOSED"
    await chief.send(refused, "Confirm")
    assert await office.state(case_id) == "AWAITING_FEE", "the second press is about what the page shows now"


async def test_a_grant_states_its_conditions_and_the_approver_reads_them(office: Office) -> None:
    case_id = await office.open_case(procedure="CHANGE", status_of_residence="SSW1", form_section="V")
    await office.step("examiner", "start", "Start", case_id)
    page = await office.step("examiner", "proposal", "Propose", case_id, outcome="grant", period_of_stay="Y1")
    assert linked(page) == {"condition-designated_activity"}
    stated: dict[str, Any] = {
        "condition-designated_activity": "工業製品製造業分野の業務",
        "condition-ssw_field": ["27", "30"],
    }
    page = await office.browsers["examiner"].send(page, "Propose", **stated)
    assert "The outcome was proposed." in page.shown
    page = await office.browsers["chief"].open(f"/desk/cases/{case_id}/decision?lang=en")
    assert "工業製品製造業分野の業務" in page.shown and "Industrial product manufacturing, " in page.shown


async def test_the_language_changes_with_what_was_typed(office: Office) -> None:
    case_id = await office.open_case()
    await office.step("examiner", "start", "Start", case_id)
    browser = office.browsers["examiner"]
    page = await browser.open(f"/desk/cases/{case_id}/interview?lang=en")
    japanese = await browser.send(page, "日本語", instructions="旅券")
    assert japanese.h1 == "事情聴取・実態調査を求める"
    assert japanese.form("求める").fields["instructions"] == "旅券"


async def test_an_officer_of_another_office_finds_no_case(office: Office) -> None:
    browser = await office.officer("osaka", Role.EXAMINER, Role.CHIEF_EXAMINER, Role.CARD_OFFICE, office="OSA")
    for page in ("", "/start", "/decision", "/fee"):
        assert (await browser.get(f"/desk/cases/{office.case_id}{page}")).status_code == 404, page


async def test_an_officer_informs_a_person_whom_an_important_mail_did_not_reach(office: Office) -> None:
    async with office.review.db.read() as session:
        case = await session.scalar(select(Case).where(Case.id == UUID(office.case_id)))
    number = case.receipt_number
    lost = {
        "notification_id": new_id(),
        "application_id": case.application_id,
        "party": "account",
        "must_reach": "documents",
    }
    await office.review.deliver(NotificationFailed.example(**lost))
    await office.again("examiner")
    browser = office.browsers["examiner"]
    assert "an important email did not arrive" in (await case_page(office, "examiner")).shown
    listed = await browser.follow(await browser.open("/desk?lang=en"), "Important emails that did not arrive")
    assert number in listed.shown
    assert "About documents to be submitted" in listed.shown
    form = await browser.follow(listed, "Record that the person was informed")
    assert linked(await browser.send(form, "Record")) == {"means"}
    assert linked(await browser.send(form, "Record", means="not_needed")) == {"note"}
    done = await browser.send(form, "Record", means="telephone", note="called on 20 November")
    assert "It was recorded that the person was informed." in done.shown
    assert number not in done.shown
    assert "By telephone: called on 20 November" in (await browser.open(form.path)).shown
    assert "an important email did not arrive" not in (await case_page(office, "examiner")).shown
