"""Mails that anybody can cause, to whom and how often; and answers that reveal nothing of it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from shared.events.registration import LoginIdReminded, PasswordResetRequested, UsageRegistrationSubmitted
from shared.events.registration_drafts import UsageRegistrationDraftLinkSent
from tests.services.registration.drafts import DRAFTS, begun
from tests.services.registration.post_office import PostOffice
from tests.services.registration.site import APPLICANT, RegistrationClient, submission
from tests.services.registration.test_constant_work_sign_in import Work, work  # noqa: F401 - a fixture
from tests.support.forwarded import forwarded

STRANGER = "198.51.100.9"
HOME = "203.0.113.5"
_OTHERS = ("4011001098993", "2120901007402", "7000012050002")


async def _submit(site: RegistrationClient, number: int) -> dict[str, Any]:
    """Submit a usage registration in another person's name, each time from another address."""
    answer = await site.post("/v1/usage-registrations", submission(), headers=forwarded(f"198.51.100.{number}"))
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_an_address_that_is_merely_named_gets_three_mails_an_hour(
    site: RegistrationClient, post_office: PostOffice
) -> None:
    """[attacks F20] Eight usage registrations in one name are eight receipts and three mails."""
    receipts = {(await _submit(site, number))["receipt_number"] for number in range(8)}
    assert len(receipts) == 8, "nobody is kept from handing in"
    assert len(await post_office.mails(APPLICANT["email"])) == 3


async def test_receipts_and_links_to_drafts_are_counted_together(site: RegistrationClient) -> None:
    """[attacks F20] Two routes are not twice as many mails."""
    for number in range(2):
        await _submit(site, number)
    for number in range(4):
        await site.post(DRAFTS, {"email": APPLICANT["email"].upper()}, headers=forwarded(f"192.0.2.{number}"))
    await site.work_timers()
    await _submit(site, 9)
    reported = [event.told_by_mail for event in await site.events(UsageRegistrationSubmitted)]
    assert (reported, len(await site.events(UsageRegistrationDraftLinkSent))) == ([True, True, False], 1)


async def test_who_showed_that_the_address_is_theirs_gets_every_receipt(site: RegistrationClient) -> None:
    """[attacks F20] A stranger uses up nothing of who opened the link of a draft, or has signed in."""
    writer = await begun(site, "other@example.jp")
    for number in range(5):
        await _submit(site, number)
        await site.post(DRAFTS, {"email": "other@example.jp"}, headers=forwarded(f"192.0.2.{number}"))
    body = submission(applicant={"email": "other@example.jp"})
    body["applicant"].pop("email")
    await writer.save(body)
    assert (await writer.submit()).status_code == 201
    assert (await site.events(UsageRegistrationSubmitted))[-1].told_by_mail is True


async def test_the_anonymous_answer_names_neither_organisation_nor_account(site: RegistrationClient) -> None:
    """[attacks F20] Not of one piece, not of a draft, not when it is submitted again with the same key."""
    writer = await begun(site, "other@example.jp")
    body = submission()
    body["applicant"].pop("email")
    await writer.save(body)
    answers = [
        await site.post("/v1/usage-registrations", submission(), key="one-key-only"),
        await site.post("/v1/usage-registrations", submission(), key="one-key-only"),
        await writer.submit(),
        await writer.submit(),
    ]
    assert [answer.status_code for answer in answers] == [201] * 4
    for answer in answers:
        assert (answer.json()["account_id"], answer.json()["organisation_id"]) == (None, None)
    ids = [await site.ids(answer.json()["id"]) for answer in answers]
    assert not [str(value) for one in ids for value in one.values() if str(value) in answers[0].text]


async def test_who_has_signed_in_is_told_what_is_theirs(site: RegistrationClient) -> None:
    person = await site.person()
    more = {"role": "rso_staff", "pledged_organisations": [{"corporate_number": "2120901007402", "name": "見本工業"}]}
    documents = ["UA_CHECK", "UA_FORM", "UA_PLEDGE", "UA_CATEGORY", "UA_AGENT_CERT"]
    made = await site.submit(await site.signed_in(person), documents=documents, **more)
    assert (made["account_id"], made["organisation_id"]) == (str(person.account_id), str(person.organisation_id))


Ask = Callable[[RegistrationClient, str, str], Awaitable[int]]


async def _resets(site: RegistrationClient, login_id: str, address: str) -> int:
    before = len(await site.events(PasswordResetRequested))
    await site.post("/v1/password-resets", {"login_id": login_id}, headers=forwarded(address))
    await site.work_timers()
    return len(await site.events(PasswordResetRequested)) - before


async def _reminders(site: RegistrationClient, login_id: str, address: str) -> int:
    before = len(await site.events(LoginIdReminded))
    await site.post("/v1/login-id-reminders", {"email": APPLICANT["email"]}, headers=forwarded(address))
    await site.work_timers()
    return len(await site.events(LoginIdReminded)) - before


@pytest.mark.parametrize("ask", [_resets, _reminders])
async def test_a_stranger_does_not_use_up_the_owners_mails(site: RegistrationClient, ask: Ask) -> None:
    """[attacks F21] Requests from where the owner signed in recently are counted apart, and are also three an hour."""
    person = await site.person()
    assert (await site.sign_in(person.login_id, address=HOME)).status_code == 201
    strangers = [await ask(site, person.login_id, f"198.51.100.{number}") for number in range(6)]
    assert strangers == [1, 1, 1, 0, 0, 0]
    owner = [await ask(site, person.login_id, HOME) for _ in range(5)]
    assert owner == [1, 1, 1, 0, 0]


async def test_beginning_a_draft_does_the_same_whichever_address_got_mails(
    site: RegistrationClient,
    work: Work,  # noqa: F811 - the fixture
) -> None:
    """[attacks F26] The same statements for an address past its three mails, one with a draft, and a new one."""
    for number in range(5):
        await site.post(DRAFTS, {"email": "full@example.jp"}, headers=forwarded(f"192.0.2.{number}"))
    await begun(site, "has.one@example.jp")
    done = {}
    for number, email in enumerate(("full@example.jp", "has.one@example.jp", "new@example.jp")):
        work.statements = []
        answer = await site.post(DRAFTS, {"email": email}, headers=forwarded(f"198.51.100.{number}"))
        done[email] = (answer.status_code, answer.json(), work.statements)
    assert done["full@example.jp"][2] != []
    assert done["full@example.jp"] == done["has.one@example.jp"] == done["new@example.jp"]


async def test_handing_in_does_the_same_whichever_address_got_mails(
    site: RegistrationClient,
    work: Work,  # noqa: F811 - the fixture
) -> None:
    """[attacks F26] The same statements where the receipt is mailed and where it is not."""
    done = []
    for number in range(5):
        work.statements = []
        await _submit(site, number)
        done.append(list(work.statements))
    reported = [event.told_by_mail for event in await site.events(UsageRegistrationSubmitted)]
    assert reported == [True, True, True, False, False]
    assert done[2] == done[3] == done[4]


async def test_a_draft_that_is_asked_for_ten_times_with_one_key_is_begun_once(site: RegistrationClient) -> None:
    body = {"email": "new@example.jp"}
    answers = await asyncio.gather(*(site.post(DRAFTS, body, key="one-key-only") for _ in range(10)))
    assert {answer.status_code for answer in answers} == {202}
    await site.work_timers()
    await site.work_timers()
    assert len(await site.events(UsageRegistrationDraftLinkSent)) == 1
    assert await site.service.journal_problems() == []
