"""The way of an organisation's staff from the form to an access token."""

from datetime import date

from services.registration.accounts.store.organisations import Organisation
from services.registration.usage_registration.domain.receipt_number import is_intact
from shared.events.registration import (
    AccountActivated,
    OrganisationCategoryChanged,
    UsageRegistrationApproved,
    UsageRegistrationSubmitted,
)
from tests.services.registration.site import PASSWORD, REQUIREMENTS, RegistrationClient, submission
from tests.support.keys import unsealed


async def test_a_person_registers_is_approved_sets_a_password_and_gets_a_token(site: RegistrationClient) -> None:
    submitted = await site.submit()
    assert submitted["status"] == "submitted"
    assert submitted["receipt_number"].startswith("東利申26-000001-")
    assert is_intact(submitted["receipt_number"], 2)

    ids = {name: str(value) for name, value in (await site.ids(submitted["id"])).items()}
    officer = await site.officer()
    answer = await site.decide(submitted["id"], "approve", {"requirements": REQUIREMENTS, "note": "確認済み"}, officer)
    assert answer.json() == {"status": "approved", "valid_until": "2029-11-20"}

    login_id = (await site.set_password(await site.link())).json()["login_id"]
    session = (await site.sign_in(login_id.lower().replace("-", " "))).json()
    assert session["kind"] == "person"
    assert session["roles"] == ["org_staff"]
    assert session["organisation_id"] == ids["organisation_id"]
    assert session["account_id"] == ids["account_id"]
    assert session["expires_at"] == "2026-11-20T15:00:00Z"

    token = (await site.exchange(session["session_secret"])).json()
    assert token["expires_at"] == "2026-11-20T03:05:00Z"
    me = (await site.get("/v1/accounts/me", {"Authorization": f"Bearer {token['access_token']}"})).json()
    assert me["login_id"] == login_id
    assert me["memberships"] == [
        {
            "organisation_id": ids["organisation_id"],
            "organisation_name": "株式会社見本",
            "category": "CAT3",
            "treated_as": "CAT2",
            "role": "org_staff",
            "state": "active",
            "valid_until": "2029-11-20",
        }
    ]
    assert await site.service.journal_problems() == []


async def test_every_step_is_told_once_and_nobodys_address_in_clear(site: RegistrationClient) -> None:
    person = await site.person()
    events = await site.service.events()
    assert [type(event) for event in events] == [
        UsageRegistrationSubmitted,
        OrganisationCategoryChanged,
        UsageRegistrationApproved,
        AccountActivated,
    ]
    submitted, changed, approved, activated = events
    assert isinstance(submitted, UsageRegistrationSubmitted)
    assert isinstance(changed, OrganisationCategoryChanged)
    assert isinstance(approved, UsageRegistrationApproved)
    assert isinstance(activated, AccountActivated)
    assert submitted.office == "TYO"
    assert (changed.category, changed.treated_as, changed.valid_from) == ("CAT3", "CAT2", date(2026, 11, 20))
    assert approved.valid_until == date(2029, 11, 20)
    open_ = unsealed
    assert open_(approved.sealed_link).startswith("http://127.0.0.1:8000/password/")
    assert open_(activated.sealed_login_id) == person.login_id
    assert open_(activated.recipient.sealed_address) == "hanako@example.co.jp"
    assert activated.roles == ("org_staff",)
    assert all("hanako" not in event.model_dump_json() for event in events)


async def test_officers_see_what_waits_longest_first_and_reading_one_leaves_a_line(site: RegistrationClient) -> None:
    numbers = ("4011001098993", "7123456789012", "2120901007402")
    made = [await site.submit(organisation={"corporate_number": number}) for number in numbers]
    officer = await site.officer()
    first = (await site.get("/v1/usage-registrations?status=submitted&limit=2", officer)).json()
    second = (
        await site.get(f"/v1/usage-registrations?status=submitted&limit=2&cursor={first['next']}", officer)
    ).json()
    assert [item["id"] for item in first["items"] + second["items"]] == [one["id"] for one in made]
    assert second["next"] is None
    assert "hanako" not in str(first)

    whole = (await site.get(f"/v1/usage-registrations/{made[0]['id']}", officer)).json()
    assert whole["applicant"]["email"] == "hanako@example.co.jp"
    assert [row["action"] for row in await site.journal()].count("usage_registration:read") == 1


async def test_returned_is_mended_and_approved(site: RegistrationClient) -> None:
    submitted, officer = await site.submit(), await site.officer()
    items = [{"code": "UA_PLEDGE", "message": "誓約書に日付がありません。"}]
    answer = await site.decide(submitted["id"], "return", {"items": items}, officer)
    assert answer.json()["status"] == "returned"

    corrected = submission(receipt_number=submitted["receipt_number"], organisation={"employees": 30})
    path = f"/v1/usage-registrations/{submitted['id']}/resubmit"
    assert (await site.post(path, corrected | {"receipt_number": "東利申26-000009-2"})).status_code == 404
    other = submission(receipt_number=submitted["receipt_number"], applicant={"email": "someone@example.jp"})
    assert (await site.post(path, other)).status_code == 404
    again = await site.post(path, corrected)
    assert again.status_code == 200
    assert again.json()["receipt_number"] == submitted["receipt_number"]
    await site.approve(submitted["id"], officer)
    assert len(await site.events(UsageRegistrationSubmitted)) == 2
    assert await site.service.journal_problems() == []


async def test_somebody_who_has_an_account_gets_another_role_without_another_account(site: RegistrationClient) -> None:
    officer = await site.officer()
    person = await site.person(officer)
    headers = await site.signed_in(person)
    documents = ["UA_CHECK", "UA_FORM", "UA_PLEDGE", "UA_CATEGORY", "UA_AGENT_CERT"]
    pledged = [{"corporate_number": "2120901007402", "name": "見本工業株式会社"}]
    second = await site.submit(headers, role="rso_staff", documents=documents, pledged_organisations=pledged)
    assert second["account_id"] == str(person.account_id)
    await site.decide(second["id"], "approve", {"requirements": REQUIREMENTS}, officer)
    activated = (await site.events(AccountActivated))[-1]
    assert activated.roles == ("org_staff", "rso_staff")
    assert (await site.sign_in(person.login_id, PASSWORD)).json()["roles"] == ["org_staff", "rso_staff"]

    same = await site.post("/v1/usage-registrations", submission(), headers=headers)
    assert (same.status_code, same.json()["code"]) == (409, "already-registered")
    assert await site.service.journal_problems() == []


async def test_an_organisation_is_recognised_across_its_staff_and_changed_only_by_approval(
    site: RegistrationClient,
) -> None:
    first = await site.submit()
    second = await site.submit(organisation={"name": "他社の名前"}, applicant={"email": "taro@example.co.jp"})
    ids, others = await site.ids(first["id"]), await site.ids(second["id"])
    assert ids["organisation_id"] == others["organisation_id"]
    assert ids["account_id"] != others["account_id"]
    officer = await site.officer()
    await site.approve(first["id"], officer)
    token = await site.link()
    await site.set_password(token)
    async with site.service.db.read() as session:
        organisation = await session.get(Organisation, ids["organisation_id"])
    assert organisation.name == "株式会社見本"


async def test_the_category_is_history_and_told_only_when_it_changes(site: RegistrationClient) -> None:
    officer = await site.officer()
    await site.approve((await site.submit())["id"], officer)
    await site.approve((await site.submit(applicant={"email": "a@example.jp"}))["id"], officer)
    proof = {"category": "CAT1"}
    await site.approve((await site.submit(organisation=proof, applicant={"email": "b@example.jp"}))["id"], officer)
    changes = [(e.category, e.treated_as) for e in await site.events(OrganisationCategoryChanged)]
    assert changes == [("CAT3", "CAT2"), ("CAT1", "CAT1")]


async def test_category_4_is_not_lifted_by_a_usage_registration(site: RegistrationClient) -> None:
    officer = await site.officer()
    documents = ["UA_CHECK", "UA_FORM", "UA_PLEDGE"]
    await site.approve((await site.submit(organisation={"category": "CAT4"}, documents=documents))["id"], officer)
    (changed,) = await site.events(OrganisationCategoryChanged)
    assert (changed.category, changed.treated_as) == ("CAT4", "CAT4")
