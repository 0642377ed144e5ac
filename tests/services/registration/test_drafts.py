"""A usage registration that is written over days and devices, before there is any account."""

import asyncio
from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

from shared.clock import ManualClock
from shared.events.registration import EmailChangeRequested, UsageRegistrationReturned, UsageRegistrationSubmitted
from shared.events.registration_drafts import (
    UsageRegistrationDraftDeleted,
    UsageRegistrationDraftExpiring,
    UsageRegistrationDraftLinkSent,
)
from tests.infra.databases import TestDatabase
from tests.services.registration.drafts import DRAFTS, EMAIL, Writer, begun, complete, links, points
from tests.services.registration.life import PLEDGED, of_class
from tests.services.registration.site import ORGANISATION, PASSWORD, RegistrationClient, submission
from tests.support.keys import unsealed
from tests.support.service import running


async def test_a_draft_is_begun_by_mail_saved_unfinished_and_handed_in(site: RegistrationClient) -> None:
    writer = await begun(site, language="en", role="org_staff")
    first = await writer.read()
    assert (first.json()["content"]["role"], first.json()["email"], first.headers["etag"]) == (
        "org_staff",
        EMAIL,
        '"1"',
    )

    saved = await writer.save({"role": "org_staff", "organisation": {"name": "株式会社見本", "postal_code": "100"}})
    assert (saved.status_code, saved.json()["complete"]) == (200, False)
    assert points(saved.json()) >= {
        ("/organisation/postal_code", "postal-code"),
        ("/organisation/corporate_number", "required"),
        ("/applicant/name", "required"),
        ("/pledge_accepted", "required"),
    }
    assert ("/applicant/email", "required") not in points(saved.json())
    refused = await writer.submit()
    assert refused.status_code == 422
    assert {(error["pointer"], error["code"]) for error in refused.json()["errors"]} == points(saved.json())

    assert (await writer.save(complete())).json()["problems"] == []
    answer = await writer.submit()
    assert answer.status_code == 201, answer.text
    assert answer.json()["receipt_number"].startswith("東利申26-000001-")
    assert answer.json()["id"] == writer.id
    again = await writer.submit()
    assert (again.status_code, again.json()) == (201, answer.json())

    over = (await writer.read()).json()
    assert (over["state"], over["content"]) == ("submitted", None)
    assert over["receipt_number"] == answer.json()["receipt_number"]
    late = await writer.save(complete(), '"3"')
    assert (late.status_code, late.json()["code"]) == (409, "draft-submitted")
    assert (await site.service.client.delete(writer.path(), headers=writer.header)).status_code == 409
    (reported,) = await site.events(UsageRegistrationSubmitted)
    assert unsealed(reported.recipient.sealed_address) == EMAIL
    officer = await site.officer()
    seen = (await site.get(f"/v1/usage-registrations/{writer.id}", officer)).json()
    assert (seen["applicant"]["name"], seen["applicant"]["email"]) == ("見本 花子", EMAIL)
    assert await site.service.journal_problems() == []


async def test_nothing_personal_and_no_key_is_in_the_journal_or_in_events(site: RegistrationClient) -> None:
    writer = await begun(site)
    await writer.save(complete())
    await writer.submit()
    for text in (str(await site.journal()), str(await site.service.events())):
        for secret in (EMAIL, "見本 花子", writer.key):
            assert secret not in text
    actions = [line["action"] for line in await site.journal()]
    assert actions == [
        "usage_registration:ask_draft",
        "usage_registration:begin_draft",
        "usage_registration:save_draft",
        "usage_registration:submit",
    ]


async def test_of_two_devices_the_one_that_read_before_the_other_saved_is_told_so(site: RegistrationClient) -> None:
    writer = await begun(site)
    old = (await writer.read()).headers["etag"]
    assert (await writer.save({"role": "org_staff"}, old)).headers["etag"] == '"2"'
    rows = len(await site.journal())
    stale = await writer.save({"role": "rso_staff"}, old)
    assert (stale.status_code, stale.json()["code"]) == (412, "changed-meanwhile")
    blind = await site.service.client.put(writer.path(), json={}, headers=writer.header)
    assert blind.status_code == 428
    assert (await writer.read()).json()["content"]["role"] == "org_staff"
    assert len(await site.journal()) == rows
    both = await asyncio.gather(*(writer.save({"role": role}, '"2"') for role in ("org_staff", "rso_staff")))
    assert sorted(answer.status_code for answer in both) == [200, 412]


async def test_ten_who_hand_in_one_draft_at_once_get_one_receipt(site: RegistrationClient) -> None:
    writer = await begun(site)
    await writer.save(complete())
    answers = await asyncio.gather(*(writer.submit(f"at-once-{number}") for number in range(10)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["receipt_number"] for answer in answers}) == 1
    assert len(await site.events(UsageRegistrationSubmitted)) == 1


async def test_a_draft_is_there_for_who_holds_it_alone(site: RegistrationClient, clock: ManualClock) -> None:
    mine, theirs = await begun(site), await begun(site, "taro@example.co.jp")
    person = await site.signed_in(await site.person(applicant={"email": "jiro@example.co.jp"}))
    begun_signed_in = await site.post(DRAFTS, {}, headers=person)
    of_account = Writer(site, begun_signed_in.json()["id"], mine.key)
    await mine.save(complete())
    assert (await mine.submit("same-key")).status_code == 201
    officer = await site.officer(login_id="second.tyo")
    strangers: list[tuple[Writer, dict[str, str]]] = [
        (mine, {"X-Draft-Key": theirs.key}),
        (mine, {"X-Draft-Key": "guessed"}),
        (mine, {}),
        (theirs, person),
        (of_account, {"X-Draft-Key": mine.key}),
        (of_account, officer),
    ]
    rows = len(await site.journal())
    for writer, header in strangers:
        for method, more in (("GET", ""), ("PUT", ""), ("DELETE", ""), ("GET", "/check"), ("POST", "/upload-token")):
            sent = header | {"If-Match": "*"}
            answer = await site.service.client.request(method, writer.path(more), headers=sent, json={})
            assert (answer.status_code, answer.json()["code"]) == (404, "draft-not-found"), (method, more, header)
        # Anonymous callers share their idempotency keys: an answer that is kept must not reach another one.
        submitted = await site.post(writer.path("/submit"), headers=header, key="same-key")
        assert submitted.status_code == 404
    assert len(await site.journal()) == rows

    clock.advance(timedelta(days=31))
    over = await theirs.read()
    assert (over.status_code, over.json()["code"]) == (404, "draft-not-found")


async def test_the_link_is_mailed_again_whoever_asks_and_the_first_still_works(site: RegistrationClient) -> None:
    writer = await begun(site)
    answers = [await site.post(f"{DRAFTS}/link", {"email": email}) for email in (EMAIL.upper(), "nobody@example.jp")]
    assert {(answer.status_code, answer.text) for answer in answers} == {(202, '{"status":"accepted","link_days":30}')}
    await site.work_timers()
    first, second = await links(site)
    assert (first.id, first.key) == (writer.id, writer.key)
    assert second.id == writer.id
    for one in (first, second):
        assert (await one.read()).status_code == 200


async def test_one_address_gets_three_mails_an_hour_whatever_is_asked_for(
    site: RegistrationClient, clock: ManualClock
) -> None:
    for _ in range(3):
        await begun(site)
        await site.post(f"{DRAFTS}/link", {"email": EMAIL})
    await site.work_timers()
    assert len(await site.events(UsageRegistrationDraftLinkSent)) == 3
    clock.advance(timedelta(hours=2))
    await begun(site)
    assert len(await site.events(UsageRegistrationDraftLinkSent)) == 4


async def test_what_no_form_has_and_what_no_mail_may_carry_is_refused(site: RegistrationClient) -> None:
    for email in ("a@example.jp\r\nBcc: b@example.jp", "a@example.jp, b@example.jp", "花子@example.jp", ""):
        for path in (DRAFTS, f"{DRAFTS}/link"):
            assert (await site.post(path, {"email": email})).status_code == 422, email
    assert (await site.post(DRAFTS, {})).json()["errors"][0]["pointer"] == "/email"
    writer = await begun(site)
    rows = len(await site.journal())
    for content, pointer in (
        ({"status": "approved"}, "/status"),
        ({"roles": ["administrator"]}, "/roles"),
        ({"role": "user_approval"}, "/role"),
        ({"applicant": {"kind": "officer"}}, "/applicant/kind"),
        ({"organisation": {"name": "見本\x00"}}, "/organisation/name"),
        ({"documents": [{"code": "UA_FORM", "owner_id": str(UUID(int=1))}]}, "/documents/0/owner_id"),
        ({"documents": ["CAREER"]}, "/documents/0"),
    ):
        answer = await writer.save(content, "*")
        assert answer.status_code == 422, content
        assert answer.json()["errors"][0]["pointer"] == pointer
    assert len(await site.journal()) == rows
    await writer.save(complete() | {"applicant": {"name": "x", "phone": "0312345678", "email": "other@example.jp"}})
    assert points(await writer.check()) == {("/applicant/email", "email-not-confirmed")}


async def test_the_check_names_each_row_of_the_pledge_that_is_wrong(site: RegistrationClient) -> None:
    writer = await begun(site)
    rows = [*PLEDGED, {"corporate_number": "4011001098994", "name": "誤り"}, {"corporate_number": "4011-0010-98993"}]
    await writer.save(complete(**of_class("rso_staff", pledged_organisations=rows)))
    found = await writer.check()
    assert points(found) == {
        ("/pledged_organisations/2/corporate_number", "corporate-number-check-digit"),
        ("/pledged_organisations/3/corporate_number", "organisation-repeated"),
        ("/pledged_organisations/3/name", "required"),
    }
    wanted = {line["code"]: line for line in found["documents"]}
    assert (wanted["UA_PLEDGE_LIST"]["required"], wanted["UA_PLEDGE_LIST"]["by_form"]) == (False, True)
    assert wanted["UA_PLEDGE_LIST"]["condition"] == "several"
    assert (wanted["UA_PLEDGE_LIST"]["ja"], wanted["UA_PLEDGE_LIST"]["handed_in"]) == (
        "外国人を受け入れる機関の名簿",
        None,
    )
    assert wanted["UA_PLEDGE"]["handed_in"] == "paper"
    direct = await site.post(
        "/v1/usage-registrations",
        submission(**of_class("rso_staff", pledged_organisations=[PLEDGED[0], PLEDGED[0]])),
    )
    assert ("/pledged_organisations/1/corporate_number", "organisation-repeated") in {
        (error["pointer"], error["code"]) for error in direct.json()["errors"]
    }


async def test_a_draft_that_nobody_touches_is_deleted_a_week_after_a_reminder(
    site: RegistrationClient, clock: ManualClock
) -> None:
    writer = await begun(site)
    clock.advance(timedelta(days=22))
    await site.work_timers()
    assert await site.events(UsageRegistrationDraftExpiring) == []
    await writer.save({"role": "org_staff"})
    clock.advance(timedelta(days=23))
    await site.work_timers()
    await site.work_timers()
    (reminder,) = await site.events(UsageRegistrationDraftExpiring)
    assert reminder.deleted_on == date(2027, 1, 11)
    _, newer = await links(site)
    assert (await writer.read()).status_code == 404, "the first link is over by now"
    assert (await newer.read()).json()["content"]["role"] == "org_staff"
    clock.advance(timedelta(days=6))
    await site.work_timers()
    assert (await newer.read()).status_code == 200
    clock.advance(timedelta(days=1))
    await site.work_timers()
    assert (await newer.read()).status_code == 404
    (gone,) = await site.events(UsageRegistrationDraftDeleted)
    assert (str(gone.usage_registration_id), gone.reason_code) == (writer.id, "untouched")
    assert await site.service.journal_problems() == []


async def test_after_an_outage_the_writer_is_reminded_before_anything_is_deleted(
    site: RegistrationClient, clock: ManualClock
) -> None:
    await begun(site)
    submitted = await begun(site, "taro@example.co.jp")
    await submitted.save(complete())
    await submitted.submit()
    clock.advance(timedelta(days=90))
    await site.work_timers()
    (latest,) = [link for link in await links(site) if link.id != submitted.id][-1:]
    assert (await latest.read()).json()["kept_until"] == "2027-02-25T03:00:00Z"
    assert await site.events(UsageRegistrationDraftDeleted) == []
    clock.advance(timedelta(days=7))
    await site.work_timers()
    assert (await latest.read()).status_code == 404
    # What is left of a draft that was handed in goes silently: the usage registration stays.
    assert len(await site.events(UsageRegistrationDraftDeleted)) == 1
    assert (await submitted.read()).status_code == 404


async def test_what_was_saved_survives_a_restart(
    service_database: Callable[[str], TestDatabase], clock: ManualClock
) -> None:
    database = service_database("registration")
    async with running("registration", database, clock=clock) as before:
        writer = await begun(RegistrationClient(before, clock))
        await writer.save({"organisation": ORGANISATION | {"name": "再起動後も残る"}})
    async with running("registration", database, clock=clock) as after:
        writer.site = RegistrationClient(after, clock)
        assert (await writer.read()).json()["content"]["organisation"]["name"] == "再起動後も残る"
        assert (await writer.save({"role": "org_staff"}, '"2"')).status_code == 200


async def test_who_has_signed_in_writes_for_one_more_membership(site: RegistrationClient) -> None:
    person = await site.person()
    header = await site.signed_in(person)
    answer = await site.post(DRAFTS, {"role": "supervising_org_staff"}, headers=header)
    assert (answer.status_code, answer.headers["etag"]) == (201, '"1"')
    path = answer.headers["location"]
    assert [one["id"] for one in (await site.get(DRAFTS, header)).json()] == [answer.json()["id"]]
    assert await site.events(UsageRegistrationDraftLinkSent) == []
    content = complete(**of_class("supervising_org_staff"))
    saved = await site.service.client.put(path, json=content, headers=header | {"If-Match": '"1"'})
    assert saved.json()["complete"] is True, saved.text
    submitted = await site.post(f"{path}/submit", headers=header)
    assert submitted.json()["account_id"] == str(person.account_id), submitted.text
    assert (await site.get(DRAFTS, header)).json() == []
    # The address of the account counts, also where it changes while the draft is written.
    draft = await site.post(DRAFTS, {}, headers=header)
    new = "hanako.new@example.co.jp"
    asking = {"email": new, "email_again": new, "password": PASSWORD}
    assert (await site.post("/v1/accounts/me/email", asking, headers=header)).status_code == 202
    asked = (await site.events(EmailChangeRequested))[-1]
    await site.post(f"/v1/email-links/{unsealed(asked.sealed_link).rpartition('/')[2]}")
    assert (await site.get(draft.headers["location"], header)).json()["email"] == new
    assert (await site.service.client.delete(draft.headers["location"], headers=header)).status_code == 204
    assert (await site.get(draft.headers["location"], header)).status_code == 404


async def test_what_was_returned_is_a_draft_again_that_its_mail_leads_to(site: RegistrationClient) -> None:
    writer = await begun(site)
    await writer.save(complete())
    first = (await writer.submit()).json()
    officer = await site.officer()
    item = {"code": "UA_PLEDGE", "message": "日付がありません。"}
    assert (await site.decide(writer.id, "return", {"items": [item]}, officer)).status_code == 200
    (reported,) = await site.events(UsageRegistrationReturned)
    place = unsealed(reported.sealed_link).rpartition("/")[2]
    mender = Writer(site, *place.split("."))
    assert mender.key != writer.key

    seen = (await mender.read()).json()
    assert (seen["state"], seen["receipt_number"], seen["returned_items"]) == ("open", first["receipt_number"], [item])
    assert (seen["content"]["organisation"]["name"], seen["content"]["applicant"]["name"]) == (
        "株式会社見本",
        "見本 花子",
    )
    assert points(await mender.check()) == {("/pledge_accepted", "required"), ("/terms_accepted", "required")}
    other = complete(role="supervising_org_staff", organisation={"corporate_number": "2120901007402"})
    assert points((await mender.save(other)).json()) == {
        ("/role", "not-to-be-changed"),
        ("/organisation/corporate_number", "not-to-be-changed"),
    }
    assert (await mender.submit()).status_code == 422
    # Who lost the mail asks for the link with the address alone.
    assert (await site.post(f"{DRAFTS}/link", {"email": EMAIL})).status_code == 202
    await site.work_timers()
    assert (await links(site))[-1].id == writer.id

    await mender.save(complete(organisation={"employees": 26}))
    again = await mender.submit()
    assert (again.status_code, again.json()["receipt_number"]) == (201, first["receipt_number"]), again.text
    assert (await mender.read()).json()["state"] == "submitted"
    row = (await site.get(f"/v1/usage-registrations/{writer.id}", officer)).json()
    assert (row["status"], row["organisation"]["employees"]) == ("submitted", 26)
    assert await site.service.journal_problems() == []


async def test_what_is_on_the_desk_again_or_decided_cannot_be_mended(site: RegistrationClient) -> None:
    officer = await site.officer()
    for end in ("resubmit", "reject"):
        handed_in = await site.submit()
        path = f"/v1/usage-registrations/{handed_in['id']}"
        await site.decide(handed_in["id"], "return", {"items": [{"code": "UA_FORM", "message": "空欄"}]}, officer)
        reported = (await site.events(UsageRegistrationReturned))[-1]
        mender = Writer(site, *unsealed(reported.sealed_link).rpartition("/")[2].split("."))
        if end == "resubmit":
            corrected = submission(receipt_number=handed_in["receipt_number"])
            assert (await site.post(f"{path}/resubmit", corrected)).status_code == 200
        rejected = await site.decide(
            handed_in["id"], "reject", {"reason_code": "other", "reason": "確認できません。"}, officer
        )
        assert rejected.status_code == 200, rejected.text
        assert (await mender.read()).json()["content"] is None
        late = await mender.save(complete(), "*")
        assert (late.status_code, late.json()["code"]) == (409, "draft-submitted")
