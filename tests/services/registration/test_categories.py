"""The category of an organisation: recorded with proof, from a day on, with its history."""

from datetime import timedelta

import pytest

from shared.events.registration import OrganisationCategoryChanged
from shared.ids import new_id
from tests.services.registration.site import Person, RegistrationClient


@pytest.fixture
async def person(site: RegistrationClient, officer: dict[str, str]) -> Person:
    """Staff of an organisation of category 3, which is treated as 2 since 20 November 2026."""
    return await site.person(officer)


@pytest.fixture
async def officer(site: RegistrationClient) -> dict[str, str]:
    return await site.officer()


@pytest.mark.parametrize(
    ("listed", "withholding", "category", "treated"),
    [
        (True, None, "CAT1", "CAT1"),
        (False, 10_000_000, "CAT2", "CAT2"),
        (False, 9_999_999, "CAT3", "CAT2"),
        (False, None, "CAT4", "CAT4"),
    ],
)
async def test_the_category_follows_from_what_was_seen(
    site: RegistrationClient,
    person: Person,
    listed: bool,
    withholding: int | None,
    category: str,
    treated: str,
) -> None:
    path = f"/v1/organisations/{person.organisation_id}"
    site.clock.advance(timedelta(days=30))
    officer = await site.officer(login_id="second.tyo")
    body = {"listed_or_public": listed, "withholding_yen": withholding, "note": "seen", "valid_from": "2026-12-01"}
    answer = await site.post(f"{path}/category-proofs", body, headers=officer)
    assert answer.status_code == 201, answer.text
    assert answer.json() == {"category": category, "treated_as": treated, "valid_from": "2026-12-01"}
    seen = (await site.get(path, officer)).json()
    newest = seen["category_history"][0]
    assert (newest["category"], newest["valid_from"], newest["withholding_yen"]) == (
        category,
        "2026-12-01",
        withholding,
    )
    assert [entry["number"] for entry in seen["category_history"]] == [2, 1]
    reported = [(e.category, e.treated_as, str(e.valid_from)) for e in await site.events(OrganisationCategoryChanged)]
    before = [("CAT3", "CAT2", "2026-11-20")]
    # The same category proved again is one more entry, and no news.
    assert reported == before if category == "CAT3" else [*before, (category, treated, "2026-12-01")]
    assert await site.service.journal_problems() == []


@pytest.mark.parametrize("day", ["2026-11-19", "2026-11-21", "2026-02-30"])
async def test_the_history_grows_at_its_end_alone(
    site: RegistrationClient, person: Person, officer: dict[str, str], day: str
) -> None:
    body = {"listed_or_public": True, "valid_from": day}
    path = f"/v1/organisations/{person.organisation_id}"
    refused = await site.post(f"{path}/category-proofs", body, headers=officer)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/valid_from"
    assert len((await site.get(path, officer)).json()["category_history"]) == 1


async def test_members_see_their_organisation_without_what_officers_noted(
    site: RegistrationClient, person: Person, officer: dict[str, str]
) -> None:
    path = f"/v1/organisations/{person.organisation_id}"
    body = {"listed_or_public": False, "withholding_yen": 20_000_000, "note": "for officers"}
    await site.post(f"{path}/category-proofs", body, headers=officer)
    me = await site.signed_in(person)
    mine = (await site.get(path, me)).json()
    assert mine["category"]["treated_as"] == "CAT2"
    assert mine["approvals"][0]["role"] == "org_staff"
    assert "for officers" not in str(mine)
    assert mine["category_history"][0]["withholding_yen"] is None
    assert (await site.get(f"/v1/organisations/{new_id()}", me)).status_code == 404
    other = await site.person(
        officer, organisation={"corporate_number": "7000012050002"}, applicant={"email": "b@b.jp"}
    )
    refused = await site.get(path, await site.signed_in(other))
    unknown = await site.get(f"/v1/organisations/{new_id()}", await site.signed_in(other))
    assert (refused.status_code, refused.json()["code"]) == (unknown.status_code, unknown.json()["code"])
    assert refused.status_code == 404


async def test_officers_find_an_organisation_by_its_corporate_number(
    site: RegistrationClient, person: Person, officer: dict[str, str]
) -> None:
    found = (await site.get("/v1/organisations?corporate_number=4011001098993", officer)).json()
    assert [one["id"] for one in found] == [str(person.organisation_id)]
    assert (await site.get("/v1/organisations?corporate_number=7000012050002", officer)).json() == []
    assert (await site.get("/v1/organisations?corporate_number=4011001098994", officer)).status_code == 422


async def test_nobody_records_proof_for_the_organisation_they_work_for(
    site: RegistrationClient, person: Person
) -> None:
    colleague = await site.officer(login_id="colleague.tyo", email="HANAKO@example.co.jp")
    path = f"/v1/organisations/{person.organisation_id}"
    refused = await site.post(f"{path}/category-proofs", {"listed_or_public": True}, headers=colleague)
    assert (refused.status_code, refused.json()["code"]) == (403, "own-registration")
    assert len((await site.get(path, colleague)).json()["category_history"]) == 1
