"""The same request again, at once or later: one effect, one answer."""

import asyncio

from services.registration.usage_registration.domain.receipt_number import is_intact
from shared.events.registration import UsageRegistrationApproved, UsageRegistrationSubmitted
from tests.services.registration.site import REQUIREMENTS, RegistrationClient, submission


async def test_ten_parallel_submissions_with_one_key_have_one_effect(site: RegistrationClient) -> None:
    answers = await asyncio.gather(
        *(site.post("/v1/usage-registrations", submission(), key="same-key-once") for _ in range(10))
    )
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    assert len(await site.events(UsageRegistrationSubmitted)) == 1
    assert len(await site.journal()) == 1


async def test_the_same_key_with_another_request_is_refused(site: RegistrationClient) -> None:
    assert (await site.post("/v1/usage-registrations", submission(), key="one-key-only")).status_code == 201
    other = submission(applicant={"email": "other@example.jp"})
    answer = await site.post("/v1/usage-registrations", other, key="one-key-only")
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency-key-reused")


async def test_ten_people_of_a_new_organisation_at_once_make_one_organisation(site: RegistrationClient) -> None:
    bodies = [submission(applicant={"email": f"staff{n}@example.co.jp"}) for n in range(10)]
    answers = await asyncio.gather(*(site.post("/v1/usage-registrations", body) for body in bodies))
    found = [answer.json() for answer in answers]
    ids = [await site.ids(one["id"]) for one in found]
    assert len({one["organisation_id"] for one in ids}) == 1
    assert len({one["account_id"] for one in ids}) == 10
    numbers = sorted(one["receipt_number"] for one in found)
    assert [number[6:12] for number in numbers] == [f"{n:06d}" for n in range(1, 11)]
    assert all(is_intact(number, 2) for number in numbers)


async def test_two_approvals_at_once_send_one_link(site: RegistrationClient) -> None:
    submitted, officer = await site.submit(), await site.officer()
    body = {"requirements": REQUIREMENTS}
    answers = await asyncio.gather(*(site.decide(submitted["id"], "approve", body, officer) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409, 409]
    assert len(await site.events(UsageRegistrationApproved)) == 1


async def test_a_link_used_twice_at_once_works_once(site: RegistrationClient) -> None:
    submitted, officer = await site.submit(), await site.officer()
    token = await site.approve(submitted["id"], officer)
    answers = await asyncio.gather(*(site.set_password(token, f"violet ladder {n} in rain") for n in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 404, 404, 404]
