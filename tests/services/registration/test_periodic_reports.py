"""Periodic reports: once for each organisation, role and term, by any one member; what each decision leads to."""

import asyncio
from datetime import UTC, date, datetime, timedelta

from shared.clock import ManualClock
from shared.events.registration import (
    AccountActivated,
    OrganisationCategoryChanged,
    PeriodicReportApproved,
    PeriodicReportRejected,
    PeriodicReportReturned,
    PeriodicReportSubmitted,
    RegistrationExpired,
    RegistrationExpiring,
)
from tests.services.registration.life import colleague, memberships, officer_now, report
from tests.services.registration.site import REQUIREMENTS, RegistrationClient
from tests.support.keys import unsealed

APPROVAL = {"requirements": REQUIREMENTS}
CAT4 = {"organisation": {"category": "CAT4"}}
OPENS = datetime(2029, 9, 20, 3, 0, tzinfo=UTC)


def _go(clock: ManualClock, moment: datetime) -> None:
    clock.advance(moment - clock.now())


async def test_a_report_opens_at_the_reminder_and_renews_every_member_for_three_years(
    site: RegistrationClient, clock: ManualClock
) -> None:
    officer = await site.officer()
    person = await site.person(officer, **CAT4)
    other = await colleague(site, officer, "jiro@example.co.jp", **CAT4)
    _go(clock, OPENS - timedelta(days=1))
    early = await site.post("/v1/periodic-reports", report("CAT4"), headers=await site.signed_in(person))
    assert (early.status_code, early.json()["code"]) == (409, "report-not-open")
    await site.work_timers()
    assert await site.events(RegistrationExpiring) == []

    _go(clock, OPENS)
    await site.work_timers()
    reminders = await site.events(RegistrationExpiring)
    assert {event.account_id for event in reminders} == {person.account_id, other.account_id}
    assert {(event.valid_until, event.report_due_on) for event in reminders} == {
        (date(2029, 11, 20), date(2029, 10, 20))
    }
    headers = await site.signed_in(person)
    due = (await site.get("/v1/periodic-reports/due", headers)).json()
    assert (due["opens_on"], due["due_on"], due["is_open"]) == ("2029-09-20", "2029-10-20", True)
    assert due["documents"] == [], "what the form holds is not asked again"

    filed = await site.post("/v1/periodic-reports", report("CAT4"), headers=headers)
    assert filed.status_code == 201, filed.text
    assert filed.json()["receipt_number"].startswith("東定報29-000001-")
    assert filed.json()["late"] is False
    again = await site.post("/v1/periodic-reports", report("CAT4"), headers=await site.signed_in(other))
    assert (again.status_code, again.json()["code"]) == (409, "report-already-submitted")
    seen = (await site.get("/v1/periodic-reports/due", await site.signed_in(other))).json()
    assert (seen["report_id"], seen["report_status"]) == (filed.json()["id"], "submitted")
    assert seen["last_report_id"] == filed.json()["id"]

    queue = (await site.get("/v1/periodic-reports?status=submitted", await officer_now(site))).json()["items"]
    assert [line["id"] for line in queue] == [filed.json()["id"]]
    reported = len(await site.events(AccountActivated))
    decided = await site.post(
        f"/v1/periodic-reports/{filed.json()['id']}/approve", APPROVAL, headers=await officer_now(site)
    )
    assert decided.json() == {"status": "approved", "valid_until": "2032-11-20"}
    for one in (person, other):
        (held,) = await memberships(site, await site.signed_in(one))
        assert (held["state"], held["valid_until"]) == ("active", "2032-11-20")
    next_term = (await site.get("/v1/periodic-reports/due", await site.signed_in(other))).json()
    assert (next_term["report_id"], next_term["last_report_id"]) == (None, filed.json()["id"])
    assert {event.valid_until for event in (await site.events(AccountActivated))[reported:]} == {date(2032, 11, 20)}
    assert len(await site.events(PeriodicReportSubmitted)) == 1
    (approved,) = await site.events(PeriodicReportApproved)
    assert approved.valid_until == date(2032, 11, 20)
    changed = (await site.events(OrganisationCategoryChanged))[-1]
    assert (changed.category, changed.treated_as, changed.reason) == ("CAT4", "CAT2", "periodic_report_approved")
    assert await site.service.journal_problems() == []


async def test_a_returned_report_is_mended_by_a_colleague_and_a_rejected_one_filed_anew(
    site: RegistrationClient, clock: ManualClock
) -> None:
    officer = await site.officer()
    person = await site.person(officer)
    other = await colleague(site, officer, "jiro@example.co.jp")
    _go(clock, OPENS)
    filed = (await site.post("/v1/periodic-reports", report(), headers=await site.signed_in(person))).json()
    path = f"/v1/periodic-reports/{filed['id']}"
    items = {"items": [{"code": "UA_USERLIST", "message": "退職者が載っています"}]}
    assert (await site.post(f"{path}/return", items, headers=await officer_now(site))).json()["status"] == "returned"
    (returned,) = await site.events(PeriodicReportReturned)
    assert unsealed(returned.items[0].sealed_text) == "退職者が載っています"

    headers = await site.signed_in(other)
    assert (await site.get(path, headers)).json()["returned_items"][0]["code"] == "UA_USERLIST"
    corrected = await site.post(f"{path}/resubmit", report(), headers=headers)
    assert corrected.json()["receipt_number"] == filed["receipt_number"]
    body = {"reason_code": "requirements_not_met", "reason": "事業の継続性を確認できない"}
    assert (await site.post(f"{path}/reject", body, headers=await officer_now(site))).json()["status"] == "rejected"
    (rejected,) = await site.events(PeriodicReportRejected)
    assert rejected.account_id == other.account_id
    again = await site.post("/v1/periodic-reports", report(), headers=headers)
    assert again.status_code == 201
    late = await site.post(f"{path}/approve", APPROVAL, headers=await officer_now(site))
    assert (late.status_code, late.json()["code"]) == (409, "step-not-possible")
    assert await site.service.journal_problems() == []


async def test_a_report_accepted_after_the_term_brings_back_who_waited_for_it(
    site: RegistrationClient, clock: ManualClock
) -> None:
    officer = await site.officer()
    person = await site.person(officer)
    _go(clock, datetime(2029, 11, 19, 3, 0, tzinfo=UTC))
    filed = (await site.post("/v1/periodic-reports", report(), headers=await site.signed_in(person))).json()
    assert filed["late"] is True
    clock.advance(timedelta(days=5))
    await site.work_timers()
    (expired,) = await site.events(RegistrationExpired)
    assert expired.roles_left == ()
    reverted = (await site.events(OrganisationCategoryChanged))[-1]
    assert (reverted.category, reverted.treated_as, reverted.reason) == ("CAT3", "CAT3", "approval_ended")
    await site.post(f"/v1/periodic-reports/{filed['id']}/approve", APPROVAL, headers=await officer_now(site))
    (held,) = await memberships(site, await site.signed_in(person))
    assert (held["state"], held["valid_until"]) == ("active", "2032-11-20")
    assert (await site.events(OrganisationCategoryChanged))[-1].treated_as == "CAT2"
    assert await site.service.journal_problems() == []


async def test_a_report_returned_after_the_term_is_mended_all_the_same(
    site: RegistrationClient, clock: ManualClock
) -> None:
    officer = await site.officer()
    person = await site.person(officer)
    _go(clock, datetime(2029, 11, 19, 3, 0, tzinfo=UTC))
    filed = (await site.post("/v1/periodic-reports", report(), headers=await site.signed_in(person))).json()
    path = f"/v1/periodic-reports/{filed['id']}"
    clock.advance(timedelta(days=5))
    await site.work_timers()
    headers = await site.signed_in(person)
    # Nothing new can be handed in, and no file is taken while there is nothing to mend.
    for path_of_new, body in (("/v1/periodic-reports", report()), ("/v1/periodic-reports/upload-token", {})):
        refused = await site.post(path_of_new, body, headers=headers)
        assert (refused.status_code, refused.json()["code"]) == (403, "registration-expired"), refused.text
    items = {"items": [{"code": "UA_USERLIST", "message": "退職者が載っています"}]}
    await site.post(f"{path}/return", items, headers=await officer_now(site))
    assert (await site.post("/v1/periodic-reports/upload-token", {}, headers=headers)).status_code == 200
    assert (await site.post(f"{path}/resubmit", report(), headers=headers)).status_code == 200
    await site.post(f"{path}/approve", APPROVAL, headers=await officer_now(site))
    (held,) = await memberships(site, await site.signed_in(person))
    assert (held["state"], held["valid_until"]) == ("active", "2032-11-20")
    assert await site.service.journal_problems() == []


async def test_members_who_report_at_once_make_one_report(site: RegistrationClient, clock: ManualClock) -> None:
    officer = await site.officer()
    people = [await site.person(officer), await colleague(site, officer, "jiro@example.co.jp")]
    _go(clock, OPENS)
    headers = [await site.signed_in(one) for one in people]
    answers = await asyncio.gather(
        *(site.post("/v1/periodic-reports", report(), headers=one, key=f"at-once-{n}") for n, one in enumerate(headers))
    )
    assert sorted(answer.status_code for answer in answers) == [201, 409]
    same = await asyncio.gather(
        *(site.post("/v1/periodic-reports", report(), headers=headers[0], key="again") for _ in range(5))
    )
    assert {answer.status_code for answer in same} == {409}
    assert len(await site.events(PeriodicReportSubmitted)) == 1


async def test_a_report_is_there_for_its_members_and_officers_alone(
    site: RegistrationClient, clock: ManualClock
) -> None:
    officer = await site.officer()
    person = await site.person(officer)
    stranger = await colleague(site, officer, "saburo@example.jp", organisation={"corporate_number": "2120901007402"})
    _go(clock, OPENS)
    filed = (await site.post("/v1/periodic-reports", report(), headers=await site.signed_in(person))).json()
    path = f"/v1/periodic-reports/{filed['id']}"
    headers = await site.signed_in(stranger)
    assert (await site.get(path, headers)).status_code == 404
    assert (await site.post(f"{path}/resubmit", report(), headers=headers)).status_code == 404
    own = await site.officer(login_id="own.tyo", email="hanako@example.co.jp")
    refused = await site.post(f"{path}/approve", APPROVAL, headers=own)
    assert (refused.status_code, refused.json()["code"]) == (403, "own-registration")
    missing = await site.post(
        f"{path}/approve", {"requirements": REQUIREMENTS | {"stable_business": False}}, headers=await officer_now(site)
    )
    assert missing.json()["errors"][0]["pointer"] == "/requirements/stable_business"
    assert (await site.get(path, await officer_now(site))).json()["filed_by"] == "見本 花子"
    assert [row["action"] for row in await site.journal()].count("periodic_report:read") == 1


async def test_nobody_is_reminded_twice_or_while_the_report_is_examined(
    site: RegistrationClient, clock: ManualClock
) -> None:
    officer = await site.officer()
    person = await site.person(officer)
    _go(clock, OPENS)
    for _ in range(3):
        await site.work_timers()
        clock.advance(timedelta(days=1))
    assert len(await site.events(RegistrationExpiring)) == 1
    filed = (await site.post("/v1/periodic-reports", report(), headers=await site.signed_in(person))).json()
    _go(clock, datetime(2029, 10, 21, 3, 0, tzinfo=UTC))
    await site.work_timers()
    assert len(await site.events(RegistrationExpiring)) == 1
    body = {"reason_code": "requirements_not_met", "reason": "確認できない"}
    await site.post(f"/v1/periodic-reports/{filed['id']}/reject", body, headers=await officer_now(site))
    clock.advance(timedelta(hours=2))
    await site.work_timers()
    clock.advance(timedelta(hours=2))
    await site.work_timers()
    assert len(await site.events(RegistrationExpiring)) == 2
