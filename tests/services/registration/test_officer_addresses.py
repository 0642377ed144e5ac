"""An officer's mail address: asked for by an administrator, and changed by the reader of the new mailbox."""

import asyncio
from datetime import timedelta
from email.message import EmailMessage
from uuid import UUID, uuid4

import httpx
import pytest

from shared.auth import Role
from shared.clock import ManualClock
from shared.events.registration import EmailChanged, EmailChangeRequested, OfficerInvited, PasswordResetRequested
from shared.ids import new_id
from tests.services.notification.conftest import part
from tests.services.registration.bureau import ADDRESS, NEW, REASON, OfficerAdmin
from tests.services.registration.post_office import PostOffice
from tests.services.registration.site import OTHER_PASSWORD, RegistrationClient
from tests.support.keys import unsealed

OTHER = "ichiro.new@example.go.jp"


async def _ask(
    bureau: OfficerAdmin, officer_id: str | UUID, email: str = OTHER, key: str | None = None
) -> httpx.Response:
    return await bureau.post(f"/{officer_id}/email", {"email": email}, key)


async def _token(site: RegistrationClient) -> str:
    """The token of the link that went to a new address last."""
    asked = (await site.events(EmailChangeRequested))[-1]
    return unsealed(asked.sealed_link).rpartition("/")[2]


async def _use(site: RegistrationClient, token: str) -> httpx.Response:
    return await site.post(f"/v1/email-links/{token}")


def _subject(mail: EmailMessage) -> str:
    """The subject of a mail, in English."""
    return str(mail["Subject"]).partition("】")[2].partition(" / ")[0]


def _code(answer: httpx.Response) -> tuple[int, str | None]:
    return answer.status_code, answer.json().get("code")


async def test_an_officers_address_changes_with_the_link_and_everything_else_stays(bureau: OfficerAdmin) -> None:
    site = bureau.site
    officer_id, login_id, app, _ = await bureau.working()
    secret = (await site.both_steps(login_id, app))["session_secret"]
    await site.post("/v1/password-resets", {"login_id": login_id})
    await site.work_timers()
    assert len(await site.events(PasswordResetRequested)) == 1
    in_old_mailbox = await site.link()
    before = await bureau.state(officer_id)

    asked = await _ask(bureau, officer_id)
    assert (asked.status_code, asked.json()["revision"]) == (202, before["revision"])
    (mailed,) = await site.events(EmailChangeRequested)
    assert unsealed(mailed.recipient.sealed_address) == OTHER
    assert await bureau.state(officer_id) == before

    assert (await _use(site, await _token(site))).status_code == 200
    after = await bureau.state(officer_id)
    assert after == before | {"email": OTHER, "revision": before["revision"] + 1}
    (changed,) = await site.events(EmailChanged)
    reported = [unsealed(to.sealed_address) for to in (changed.recipient_old, changed.recipient_new)]
    assert reported == [NEW["email"], OTHER]
    assert (await site.exchange(secret)).status_code == 200, "sessions stay"
    assert _code(await site.set_password(in_old_mailbox, OTHER_PASSWORD)) == (404, "link-not-valid")
    assert len(await site.events(OfficerInvited)) == 1, "who has a password gets no link to set one"
    again = await _use(site, await _token(site))
    assert _code(again) == (404, "link-not-valid")
    assert "officers ask an administrator" in again.json()["detail"]

    lines = await site.journal()
    (by,) = [line["actor_id"] for line in lines if line["action"] == "officer:ask_email_change"]
    assert str(by) == str(bureau.administrator_id)
    assert [str(line["aggregate_id"]) for line in lines if line["action"] == "account:change_email"] == [officer_id]
    assert OTHER not in str(lines)
    assert await site.service.journal_problems() == []


async def test_an_officer_without_an_address_gets_one_and_can_be_helped_from_then_on(
    bureau: OfficerAdmin, post_office: PostOffice
) -> None:
    site, address = bureau.site, f"{uuid4().hex}@example.go.jp"
    headers = await site.officer(Role.EXAMINER, login_id="examiner.tyo")
    officer_id = (await site.get("/v1/accounts/me", headers)).json()["id"]
    assert _code(await bureau.post(f"/{officer_id}/second-factor-reset")) == (409, "no-mail-address")
    assert (await _ask(bureau, officer_id, address)).status_code == 202
    assert (await _use(site, await _token(site))).status_code == 200
    assert (await bureau.state(officer_id))["email"] == address
    assert len(await post_office.mails(address)) == 2, "the link, and that it was used"
    assert (await bureau.post(f"/{officer_id}/second-factor-reset")).status_code == 200


async def test_who_was_invited_to_a_wrong_address_gets_in_with_the_right_one(
    bureau: OfficerAdmin, post_office: PostOffice
) -> None:
    site, wrong, right = bureau.site, *(f"{uuid4().hex}@example.go.jp" for _ in range(2))
    officer_id = await bureau.invited(email=wrong, language="en")
    first = await bureau.link()
    assert (await _ask(bureau, officer_id, right)).status_code == 202
    assert (await _use(site, await _token(site))).status_code == 200
    assert _code(await site.set_password(first)) == (404, "link-not-valid")
    assert (await site.set_password(await bureau.link())).status_code == 200
    assert (await bureau.state(officer_id))["state"] == "active"
    to_wrong, to_right = await post_office.mails(wrong), await post_office.mails(right)
    assert {_subject(mail) for mail in to_wrong} == {
        "Set the password of your officer account",
        "Email address changed",
    }
    assert {_subject(mail) for mail in to_right} == {
        "Confirm your email address",
        "Email address changed",
        "Set the password of your officer account",
        "Password changed",
    }
    (warning,) = [mail for mail in to_wrong if _subject(mail) == "Email address changed"]
    assert "If this was not you, contact us immediately" in part(warning, "plain")


@pytest.mark.parametrize(
    "email", [ADDRESS, ADDRESS.upper(), ADDRESS.replace("@", "+2@"), ADDRESS.replace("example", "ｅｘａｍｐｌｅ")]
)
async def test_an_administrator_gives_nobody_their_own_mailbox(bureau: OfficerAdmin, email: str) -> None:
    officer_id = await bureau.invited()
    assert _code(await _ask(bureau, officer_id, email)) == (403, "own-account")
    assert await bureau.site.events(EmailChangeRequested) == []


async def test_a_mailbox_of_another_officer_is_refused_and_that_of_a_closed_account_is_free(
    bureau: OfficerAdmin,
) -> None:
    officer_id = await bureau.invited()
    other_id = await bureau.invited(email=OTHER)
    for email in (OTHER, OTHER.upper(), OTHER.replace("@", "+2@")):
        assert _code(await _ask(bureau, officer_id, email)) == (409, "officer-known"), email
    assert "email-unchanged" in (await _ask(bureau, officer_id, NEW["email"].upper())).text
    for wrong in ({}, {"email": "no address"}, {"email": OTHER, "roles": ["administrator"]}):
        assert (await bureau.post(f"/{officer_id}/email", wrong)).status_code == 422, wrong
    assert (await _ask(bureau, new_id())).status_code == 404
    assert await bureau.site.events(EmailChangeRequested) == []
    # The same mailbox in another spelling is theirs already.
    assert (await _ask(bureau, officer_id, NEW["email"].replace("@", "+2@"))).status_code == 202
    assert (await bureau.post(f"/{other_id}/close", REASON)).status_code == 200
    assert (await _ask(bureau, officer_id)).status_code == 202


async def test_a_link_is_refused_where_another_officer_got_the_mailbox_meanwhile(bureau: OfficerAdmin) -> None:
    site = bureau.site
    officer_id, other_id = await bureau.invited(), await bureau.invited(email="other@example.go.jp")
    tokens = []
    for one in (officer_id, other_id):
        assert (await _ask(bureau, one)).status_code == 202
        tokens.append(await _token(site))
    answers = await asyncio.gather(*(_use(site, token) for token in tokens), bureau.post("", NEW | {"email": OTHER}))
    refused = [_code(answer) for answer in answers if answer.status_code not in (200, 201)]
    assert refused == [(409, "officer-known")] * 2, "one of three has the mailbox"
    found = [(await bureau.state(one))["email"] for one in (officer_id, other_id)]
    changed = len(await site.events(EmailChanged))
    assert found.count(OTHER) == changed <= 1
    lost = next(token for token, answer in zip(tokens, answers, strict=False) if answer.status_code == 409)
    assert "officer's account with this email address" in (await _use(site, lost)).json()["title"]
    assert len(await site.events(EmailChanged)) == changed
    assert await site.service.journal_problems() == []


async def test_a_newer_link_ends_the_one_before_and_both_end_with_time(
    bureau: OfficerAdmin, clock: ManualClock
) -> None:
    site = bureau.site
    officer_id = await bureau.invited()
    answers = await asyncio.gather(*(_ask(bureau, officer_id, key="the-same") for _ in range(5)))
    assert {answer.status_code for answer in answers} == {202}
    assert len(await site.events(EmailChangeRequested)) == 1
    first = await _token(site)
    assert (await _ask(bureau, officer_id, "third@example.go.jp")).status_code == 202
    assert _code(await _use(site, first)) == (404, "link-not-valid")
    last = await _token(site)
    clock.advance(timedelta(hours=73))
    assert _code(await _use(site, last)) == (404, "link-not-valid")
    assert await site.events(EmailChanged) == []


@pytest.mark.parametrize("step", ["suspend", "close"])
async def test_a_stopped_or_closed_account_gets_no_other_address(bureau: OfficerAdmin, step: str) -> None:
    site = bureau.site
    officer_id, *_ = await bureau.working()
    assert (await _ask(bureau, officer_id)).status_code == 202
    assert (await bureau.post(f"/{officer_id}/{step}", REASON)).status_code == 200
    assert _code(await _ask(bureau, officer_id)) == (409, "step-not-possible")
    assert _code(await _use(site, await _token(site))) == (404, "link-not-valid")
    assert (await bureau.state(officer_id))["email"] == NEW["email"]


async def test_nobody_but_an_administrator_asks_and_that_for_officers_alone(bureau: OfficerAdmin) -> None:
    site = bureau.site
    officer_id, _, _, officers = await bureau.working()
    for headers in (officers, await site.officer(Role.AUDITOR, login_id="auditor.tyo"), await site.officer()):
        answer = await site.post(f"/v1/officers/{officer_id}/email", {"email": OTHER}, headers=headers)
        assert answer.status_code == 403
    person = await site.person(await site.officer(login_id="second.approver"))
    assert (await _ask(bureau, person.account_id)).status_code == 404
    assert await site.events(EmailChangeRequested) == []
