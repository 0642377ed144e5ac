"""The approval desk: queues of usage registrations and periodic reports, one on one page, and its steps."""

import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from sqlalchemy import select

from deploy.local.object_store import ObjectStore as S3Server
from services.registration.authentication.api.begun_texts import KEPT_FOR
from services.registration.authentication.store.begun_texts import begun_texts, forget
from shared.auth import Role
from shared.clock import ManualClock
from shared.events.registration import UsageRegistrationReturned
from tests.gateway.approval import Bureau, linked
from tests.gateway.browser import Page
from tests.gateway.identity import with_documents
from tests.infra.databases import TestDatabase
from tests.support.keys import unsealed
from tests.support.service import RunningService

QUEUE = "/desk/registrations"
TICKS = {f"requirement-{code}": "yes" for code in ("agent_requirements", "notifications_made", "pledge_submitted")}
TICKS |= {"requirement-stable_business": "yes"}


def listed(page: Page) -> list[str]:
    """The ids of the registrations that the page links to."""
    found = (re.fullmatch(rf"{QUEUE}/([0-9a-f-]{{36}})", href) for href in page.values("a", "href"))
    return [one[1] for one in found if one]


@dataclass
class Desk(Bureau):
    """With the document service."""

    document: RunningService | None = None


@pytest.fixture
async def desk(service_database: Callable[[str], TestDatabase], object_store: S3Server) -> AsyncIterator[Desk]:
    clock = ManualClock(datetime(2026, 11, 20, 3, 0, tzinfo=UTC))
    async with with_documents(service_database, clock, object_store) as (front, document):
        made = Desk(front, document=document)
        await made.officer("approver", Role.USER_APPROVAL)
        yield made


async def test_the_queue_shows_what_waits_and_finds_by_status_class_and_number(desk: Desk) -> None:
    browser = desk.browsers["approver"]
    page = await browser.open("/desk?lang=en")
    assert {"Usage registrations", "Periodic reports"} <= set(page.links)
    assert "Nothing waits here." in (await browser.open(QUEUE)).shown
    first, number = await desk.submitted()
    second, _ = await desk.submitted(
        role="supervising_org_staff",
        applicant={"email": "other@example.co.jp"},
        documents=["UA_CHECK", "UA_FORM", "UA_PLEDGE", "UA_CATEGORY", "UA_AGENT_CERT"],
    )
    page = await browser.open(QUEUE)
    assert listed(page) == [first, second], "the longest waiting first"
    assert "Waiting for review (2)" in page.shown
    page = await browser.open(f"{QUEUE}?role=supervising_org_staff")
    assert listed(page) == [second]
    page = await browser.open(f"{QUEUE}?status=approved")
    assert "Nothing waits here." in page.shown
    wide = number.translate({ord("-"): "－"})
    page = await browser.open(f"{QUEUE}?receipt_number={wide}")
    assert listed(page) == [first]
    assert "Nothing fits." in (await browser.open(f"{QUEUE}?receipt_number=x")).shown
    assert (await browser.open(f"{QUEUE}?cursor=x&status=nonsense")).status == 200


async def test_one_is_returned_item_by_item_corrected_and_approved(desk: Desk) -> None:
    record_id, number = await desk.submitted()
    path, browser = f"{QUEUE}/{record_id}", desk.browsers["approver"]
    page = await browser.open(path)
    for text in (
        number,
        "株式会社見本",
        "見本 花子",
        "hanako@example.co.jp",
        "10,000,000",
        "On paper",
        "Not confirmed",
    ):
        assert text in page.shown, text
    page = await desk.step("approver", f"{path}/return", "Return")
    assert (page.status, linked(page)) == (422, {"items"})
    page = await browser.send(page, "Return", **{"message-0": "日付がありません。"})
    assert (page.status, linked(page)) == (422, {"code-0"})
    page = await browser.send(page, "Return", **{"code-0": "UA_PLEDGE", "message-1": "電話番号を確認してください。"})
    assert linked(page) == {"code-1"} and page.form("Return").fields["message-0"] == "日付がありません。"
    page = await browser.send(page, "Return", **{"code-1": "OTHER"})
    assert (page.path, "It was returned." in page.shown) == (f"{path}?done=return", True)
    assert {"Pledge", "Something else"} <= set(page.texts["dt"])
    assert "Return for correction" not in page.links, "it waits for the applicant"
    (event,) = await desk.front.site.events(UsageRegistrationReturned)
    # The applicant corrects it on the page to which the mail leads.
    applicant = await desk.front.browser()
    draft = await applicant.open(unsealed(event.sealed_link).removeprefix(desk.front.site.context.settings.public_url))
    assert "日付がありません。" in draft.shown and "電話番号を確認してください。" in draft.shown
    page = await desk.step("approver", f"{path}/rejection", "Refuse")
    assert linked(page) == {"reason_code", "reason"}


async def test_approval_needs_every_requirement_and_refusal_a_reason(desk: Desk) -> None:
    record_id, _ = await desk.submitted()
    path, browser = f"{QUEUE}/{record_id}", desk.browsers["approver"]
    page = await desk.step(
        "approver", f"{path}/approval", "Approve", note="電話で確認した", **dict(list(TICKS.items())[:2])
    )
    assert (page.status, linked(page)) == (422, {"requirement-pledge_submitted", "requirement-stable_business"})
    form = page.form("Approve").fields
    assert (form["note"], form["requirement-agent_requirements"]) == ("電話で確認した", "yes")
    page = await browser.send(page, "Approve", **TICKS)
    assert "It was approved." in page.shown and "20 November 2029" in page.shown
    assert await desk.front.site.link()
    # Another of the same organisation shows what is known by now.
    other_id, _ = await desk.submitted(applicant={"email": "taro@example.co.jp", "name": "見本 太郎"})
    page = await browser.open(f"{QUEUE}/{other_id}")
    assert "Last approved" in page.shown and "Category 3 (treated as Category 2)" in page.shown
    page = await desk.step(
        "approver", f"{QUEUE}/{other_id}/rejection", "Refuse", reason_code="duplicate", reason="既に承認しています。"
    )
    assert "It was refused." in page.shown and "既に承認しています。" in page.shown
    assert listed(await browser.open(path)) == [other_id], "the others of the organisation"


async def test_nobody_decides_their_own_and_two_do_not_decide_at_once(desk: Desk) -> None:
    own_id, _ = await desk.submitted(applicant={"email": "officer-0.tyo@example.go.jp"})
    page = await desk.browsers["approver"].open(f"{QUEUE}/{own_id}")
    assert "There is nothing that you can do now." in page.shown
    page = await desk.browsers["approver"].open(f"{QUEUE}/{own_id}/approval")
    assert page.path == f"{QUEUE}/{own_id}?done=not_now"
    record_id, _ = await desk.submitted(applicant={"email": "jiro@example.co.jp"}, organisation={"category": "CAT1"})
    await desk.officer("second", Role.USER_APPROVAL)
    late = await desk.browsers["second"].open(f"{QUEUE}/{record_id}/return?lang=en")
    await desk.step("approver", f"{QUEUE}/{record_id}/approval", "Approve", **dict(list(TICKS.items())[:3]))
    page = await desk.browsers["second"].send(late, "Return", **{"code-0": "UA_PLEDGE", "message-0": "印がない"})
    assert (page.status, page.form("Return").fields["message-0"]) == (409, "印がない"), "what was typed stays"


async def test_files_are_opened_and_another_office_sees_nothing(desk: Desk) -> None:
    assert desk.document is not None
    await desk.officer("osaka", Role.USER_APPROVAL, office="OSA")
    await desk.officer("examiner", Role.EXAMINER)
    record_id, _ = await desk.submitted()
    for path in (f"{QUEUE}/{record_id}", f"{QUEUE}/{record_id}/return"):
        assert (await desk.browsers["osaka"].get(path)).status_code == 404
        assert (await desk.browsers["examiner"].get(path)).status_code == 403
    unknown = await desk.browsers["approver"].get(f"{QUEUE}/{record_id}/files/{record_id}")
    assert unknown.status_code == 404


async def test_what_was_begun_is_there_again_for_its_officer_alone_until_it_is_sent(desk: Desk) -> None:
    record_id, _ = await desk.submitted()
    path, browser = f"{QUEUE}/{record_id}/return", desk.browsers["approver"]
    await desk.officer("second", Role.USER_APPROVAL)
    page = await browser.open(f"{path}?lang=en")
    form = page.form("Return")
    assert set(page.values("script", "src")) and form.attributes["data-keep"]

    async def keep(**typed: str) -> httpx.Response:
        sent = {"csrf_token": form.fields["csrf_token"]} | typed
        headers = {"Origin": browser.url, "Accept": "application/json"}
        return await browser.client.post(form.attributes["data-keep"], data=sent, headers=headers)

    kept = await keep(**{"code-0": "UA_PLEDGE", "message-0": "日付が\nありません。", "message-3": "四件目"})
    assert (kept.status_code, kept.json()["message"][:8]) == (200, "Saved on")
    page = await browser.open(path)
    fields = page.form("Return").fields
    assert (fields["code-0"], fields["message-0"]) == ("UA_PLEDGE", "日付が\nありません。")
    assert fields["message-3"] == "四件目" and "This is what you had written so far" in page.shown
    other = await desk.browsers["second"].open(path)
    assert "This is what you had written so far" not in other.shown
    page = await browser.send(page, "Discard what I had written")
    assert page.path == path and page.form("Return").fields["message-0"] == ""
    await keep(**{"code-0": "UA_PLEDGE", "message-0": "日付がありません。"})
    async with desk.front.site.service.db.read() as session:
        (sealed,) = await session.scalars(select(begun_texts.c.sealed))
    assert "日付" not in sealed
    await browser.send(await browser.open(path), "Return")
    async with desk.front.site.service.db.read() as session:
        assert (await session.execute(select(begun_texts))).all() == [], "it was sent"
    assert (await keep(csrf_token="none", note="x")).status_code == 403
    elsewhere = f"/desk/begun?of={QUEUE}"
    answer = await browser.client.post(
        elsewhere, data={"csrf_token": form.fields["csrf_token"]}, headers={"Origin": browser.url}
    )
    assert answer.status_code == 404


async def test_what_was_begun_is_over_after_seven_days_and_there_is_an_end_to_their_number(desk: Desk) -> None:
    site, office = desk.front.site, await desk.front.site.officer(login_id="writer.tyo")

    async def put(number: int) -> int:
        path = f"/v1/accounts/me/begun-texts/{number:064x}"
        answer = await site.service.client.put(path, json={"content": "{}"}, headers=office)
        return answer.status_code

    assert {await put(number) for number in range(200)} == {200}
    assert (await put(200), await put(0)) == (409, 200), "another one is refused, those that are there are saved"
    desk.front.clock.advance(timedelta(days=7, seconds=1))
    office = await site.officer(login_id="reader.tyo")
    async with site.service.db.transaction() as session:
        await forget(session, desk.front.clock.now() - KEPT_FOR)
        assert (await session.execute(select(begun_texts))).all() == []
