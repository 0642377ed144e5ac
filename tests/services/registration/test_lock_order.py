"""Commands that need an account and its links take the account first, and before it the lock of all officers where one
mailbox must stay one officer's: they wait for each other, and never both ways."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import httpx
import pytest

from services.registration.accounts.domain.standing import AccountState
from services.registration.accounts.schemas.answers import Nothing
from services.registration.accounts.store import accounts, email_changes
from services.registration.audit import Tag
from services.registration.authentication.commands.password_links import issue_link
from services.registration.officers.commands.officers import NewOfficer, make
from shared.auth import Actor
from shared.clock import ManualClock
from shared.events.registration import EmailChangeRequested
from shared.work import RequestIdentity, Work
from tests.services.registration.bureau import OfficerAdmin
from tests.services.registration.site import OTHER_PASSWORD, PASSWORD, Person, RegistrationClient
from tests.support.keys import unsealed
from tests.support.waiting import eventually

Use = Callable[[], Awaitable[httpx.Response]]


async def _password_link(site: RegistrationClient, person: Person) -> Use:
    await site.post("/v1/password-resets", {"login_id": person.login_id})
    await site.work_timers()
    token = await site.link()
    return lambda: site.set_password(token, OTHER_PASSWORD)


async def _email_link(site: RegistrationClient, person: Person) -> Use:
    body = {"email": "new@example.jp", "email_again": "new@example.jp", "password": PASSWORD}
    asked = await site.post("/v1/accounts/me/email", body, headers=await site.signed_in(person))
    assert asked.status_code == 202, asked.text
    link = unsealed((await site.events(EmailChangeRequested))[-1].sealed_link)
    return lambda: site.post(f"/v1/email-links/{link.rpartition('/')[2]}")


@pytest.mark.parametrize("sent", [_password_link, _email_link])
async def test_a_link_that_is_replaced_while_it_is_used_is_worth_nothing(
    site: RegistrationClient, sent: Callable[[RegistrationClient, Person], Awaitable[Use]]
) -> None:
    person = await site.person()
    use = await sent(site, person)

    async def replace(work: Work) -> Nothing:
        account = await accounts.locked_account(work.session, person.account_id)
        uses.append(asyncio.ensure_future(use()))
        await eventually(site.waiting)
        await email_changes.end_all(work.session, account.id, work.now)
        await issue_link(work, site.context, account, "reset")
        work.journal("account", account.id, Tag.LINK_SEND)
        return Nothing()

    uses: list[asyncio.Future[httpx.Response]] = []
    await site.context.commands.run(Actor(kind="system"), RequestIdentity("replace"), replace)
    refused = await uses[0]
    assert (refused.status_code, refused.json()["code"]) == (404, "link-not-valid")
    assert (await site.sign_in(person.login_id, PASSWORD)).status_code == 201


async def test_a_mailbox_that_another_officer_gets_while_its_link_is_used_stays_theirs(bureau: OfficerAdmin) -> None:
    site, officer_id, email = bureau.site, await bureau.invited(), "new@example.go.jp"
    assert (await bureau.post(f"/{officer_id}/email", {"email": email})).status_code == 202
    link = unsealed((await site.events(EmailChangeRequested))[-1].sealed_link)

    async def take(work: Work) -> Nothing:
        account = await make(work, NewOfficer("second", email, "TYO", frozenset({"examiner"})), AccountState.REGISTERED)
        uses.append(asyncio.ensure_future(site.post(f"/v1/email-links/{link.rpartition('/')[2]}")))
        await eventually(site.waiting)
        work.journal("account", account.id, Tag.OFFICER_CREATE)
        return Nothing()

    uses: list[asyncio.Future[httpx.Response]] = []
    await site.context.commands.run(Actor(kind="system"), RequestIdentity("take"), take)
    refused = await uses[0]
    assert (refused.status_code, refused.json()["code"]) == (409, "officer-known")
    assert (await bureau.state(officer_id))["email"] != email


async def test_resets_and_uses_of_a_link_at_the_same_time_leave_one_password_and_no_error(
    site: RegistrationClient, clock: ManualClock
) -> None:
    person, password = await site.person(), PASSWORD
    for turn in range(6):
        clock.advance(timedelta(days=1))
        use = await _password_link(site, person)
        await site.post("/v1/password-resets", {"login_id": person.login_id})
        *used, _ = await asyncio.gather(use(), use(), site.work_timers())
        codes = sorted(answer.status_code for answer in used)
        assert codes in ([200, 404], [404, 404]), f"turn {turn}"
        password = OTHER_PASSWORD if codes[0] == 200 else password
        assert (await site.sign_in(person.login_id, password)).status_code == 201
    assert await site.service.journal_problems() == []
