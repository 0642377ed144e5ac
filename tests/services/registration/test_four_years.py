"""One account through four years of clock time, and into the years after them."""

from datetime import UTC, date, datetime, timedelta

import jwt

from shared.clock import ManualClock
from shared.events.registration import (
    AccountActivated,
    PeriodicReportApproved,
    RegistrationExpired,
    RegistrationExpiring,
)
from tests.services.registration.life import memberships, officer_now, report
from tests.services.registration.site import PASSWORD, REQUIREMENTS, RegistrationClient, submission


def _claims(token: str) -> dict[str, object]:
    claims: dict[str, object] = jwt.decode(token, options={"verify_signature": False})
    return claims


async def _until(site: RegistrationClient, clock: ManualClock, day: date) -> None:
    """Let the days pass, and the jobs of every week and of the last day run."""
    end = datetime(day.year, day.month, day.day, 3, 0, tzinfo=UTC)
    while clock.now() < end:
        clock.advance(min(timedelta(days=30), end - clock.now()))
        await site.work_timers()


async def test_an_account_lives_through_two_terms_and_is_registered_again(
    site: RegistrationClient, clock: ManualClock
) -> None:
    await site.officer()
    submitted = await site.submit()
    token = await site.approve(submitted["id"], await officer_now(site))
    login_id = (await site.set_password(token)).json()["login_id"]

    # The first term: nothing to do for almost three years.
    await _until(site, clock, date(2029, 9, 19))
    assert await site.events(RegistrationExpiring) == []
    await _until(site, clock, date(2029, 9, 20))
    (reminder,) = await site.events(RegistrationExpiring)
    assert (reminder.valid_until, reminder.report_due_on) == (date(2029, 11, 20), date(2029, 10, 20))
    secret = (await site.sign_in(login_id)).json()["session_secret"]
    headers = {"Authorization": f"Bearer {(await site.exchange(secret)).json()['access_token']}"}
    filed = (await site.post("/v1/periodic-reports", report(), headers=headers)).json()
    approval = {"requirements": REQUIREMENTS}
    await site.post(f"/v1/periodic-reports/{filed['id']}/approve", approval, headers=await officer_now(site))
    (approved,) = await site.events(PeriodicReportApproved)
    assert approved.valid_until == date(2032, 11, 20)

    # The second term: into the fifth year, valid beyond the first end.
    await _until(site, clock, date(2030, 11, 20))
    answer = (await site.exchange((await site.sign_in(login_id)).json()["session_secret"])).json()
    assert _claims(answer["access_token"])["roles"] == ["org_staff"]
    assert "lapsed" not in _claims(answer["access_token"])
    await _until(site, clock, date(2032, 10, 21))
    assert [event.valid_until for event in await site.events(RegistrationExpiring)] == [
        date(2029, 11, 20),
        date(2032, 11, 20),
        date(2032, 11, 20),
    ]
    await _until(site, clock, date(2032, 11, 21))
    (expired,) = await site.events(RegistrationExpired)
    assert expired.valid_until == date(2032, 11, 20)

    # Over: what was filed can be read.
    answer = (await site.exchange((await site.sign_in(login_id)).json()["session_secret"])).json()
    assert _claims(answer["access_token"])["lapsed"] is True
    assert _claims(answer["access_token"])["org"] == str((await site.ids(submitted["id"]))["organisation_id"])
    headers = {"Authorization": f"Bearer {answer['access_token']}"}
    assert (await site.get(f"/v1/usage-registrations/{submitted['id']}", headers)).status_code == 200
    assert (await site.get("/v1/accounts/me/rights", headers)).json()["lapsed"] is True
    refused = await site.post("/v1/periodic-reports", report(), headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (403, "registration-expired")

    # Registered again, with the same account, which can be read with while the new registration is examined.
    again = (await site.post("/v1/usage-registrations", submission(), headers=headers)).json()
    assert again["account_id"] == str((await site.ids(submitted["id"]))["account_id"])
    assert (await site.sign_in(login_id)).status_code == 201
    reported = len(await site.events(AccountActivated))
    path = f"/v1/usage-registrations/{again['id']}/approve"
    assert (await site.post(path, approval, headers=await officer_now(site))).status_code == 200
    assert [event.valid_until for event in (await site.events(AccountActivated))[reported:]] == [date(2035, 11, 21)]
    answer = (await site.exchange((await site.sign_in(login_id, PASSWORD)).json()["session_secret"])).json()
    assert "lapsed" not in _claims(answer["access_token"])
    (held,) = await memberships(site, {"Authorization": f"Bearer {answer['access_token']}"})
    assert (held["state"], held["valid_until"]) == ("active", "2035-11-21")
    assert await site.service.journal_problems() == []
