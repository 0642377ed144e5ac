"""User classes of organisations: documents, pledges and requirements of each, and roles that do not stand in for
one another."""

from datetime import date

import jwt
import pytest

from shared.reference.approval_requirements import approval_requirements
from shared.reference.usage_documents import BY_FORM, usage_documents
from tests.services.registration.life import COMMISSIONED, DOCUMENTS, PLEDGED, add_role, memberships, of_class
from tests.services.registration.site import RegistrationClient, submission

REQUIRED = {
    "org_staff": {"agent_requirements", "notifications_made", "pledge_submitted", "stable_business"},
    "supervising_org_staff": {"agent_requirements", "pledge_submitted"},
    "public_interest_staff": {"agent_requirements", "pledge_submitted", "agent_certificate"},
    "rso_staff": {"agent_requirements", "pledge_submitted", "agent_certificate"},
}


@pytest.mark.parametrize("role", DOCUMENTS)
async def test_each_class_is_approved_with_its_own_documents_and_checklist(site: RegistrationClient, role: str) -> None:
    for missing in set(DOCUMENTS[role]) - BY_FORM:
        body = submission(**of_class(role, documents=[code for code in DOCUMENTS[role] if code != missing]))
        refused = await site.post("/v1/usage-registrations", body)
        assert [e["code"] for e in refused.json()["errors"]] == ["document-missing"], missing
    made = await site.submit(**of_class(role))
    officer = await site.officer()
    listed = (await site.get(f"/v1/usage-registrations/{made['id']}/requirements", officer)).json()
    assert {line["code"] for line in listed} == REQUIRED[role]
    for missing in REQUIRED[role]:
        confirmed = dict.fromkeys(REQUIRED[role] - {missing}, True)
        refused = await site.decide(made["id"], "approve", {"requirements": confirmed}, officer)
        assert [e["pointer"] for e in refused.json()["errors"]] == [f"/requirements/{missing}"]
    confirmed = dict.fromkeys(REQUIRED[role], True)
    approved = await site.decide(made["id"], "approve", {"requirements": confirmed}, officer)
    assert approved.status_code == 200, approved.text
    kept = (await site.get(f"/v1/usage-registrations/{made['id']}/requirements", officer)).json()
    assert {line["code"]: line["confirmed"] for line in kept} == confirmed
    assert await site.service.journal_problems() == []


@pytest.mark.parametrize("role", COMMISSIONED)
async def test_who_is_commissioned_names_by_whom_and_may_send_the_lists_of_a_shared_pledge(
    site: RegistrationClient, role: str
) -> None:
    without = await site.post("/v1/usage-registrations", submission(**of_class(role, pledged_organisations=[])))
    assert without.json()["errors"][0]["code"] == "pledge-list-missing"
    several = of_class(role, pledged_organisations=PLEDGED)
    made = await site.submit(**several | {"documents": [*DOCUMENTS[role], "UA_PLEDGE_LIST", "UA_PLEDGE_BY_USER"]})
    seen = (await site.get(f"/v1/usage-registrations/{made['id']}", await site.officer())).json()
    assert seen["pledged"] == PLEDGED


async def test_staff_of_the_organisation_itself_name_no_others(site: RegistrationClient) -> None:
    refused = await site.post("/v1/usage-registrations", submission(pledged_organisations=PLEDGED))
    assert refused.json()["errors"][0]["code"] == "pledge-list-not-asked"


def test_documents_follow_the_day() -> None:
    def asked(day: date) -> set[str]:
        return {row.code for row in usage_documents("usage_registration", "rso_staff", day)}

    always = {"UA_CHECK", "UA_FORM", "UA_PLEDGE", "UA_AGENT_CERT", "UA_CATEGORY"}
    assert asked(date(2025, 3, 31)) == always | {"UA_COMMISSION"}
    assert asked(date(2025, 4, 1)) == always | {"UA_PLEDGE_LIST"}
    assert "UA_PLEDGE_BY_USER" in asked(date(2026, 1, 5))
    assert "UA_PLEDGE_BY_USER" not in asked(date(2026, 1, 4))
    report = {row.code for row in usage_documents("periodic_report", "rso_staff", date(2026, 1, 5))}
    assert "UA_PLEDGE_BY_USER" in report
    assert "UA_FORM" not in report


def test_stability_is_asked_of_categories_3_and_4() -> None:
    day = date(2026, 11, 20)
    for category, asked in (("CAT1", False), ("CAT2", False), ("CAT3", True), ("CAT4", True)):
        codes = {row.code for row in approval_requirements("org_staff", category, day)}
        assert ("stable_business" in codes) is asked


async def test_an_approval_as_supervising_organisation_is_none_as_support_organisation(
    site: RegistrationClient,
) -> None:
    officer = await site.officer()
    person = await site.person(officer, **of_class("supervising_org_staff"))
    made = await site.submit(await site.signed_in(person), **of_class("rso_staff"))
    session = (await site.sign_in(person.login_id)).json()
    assert session["roles"] == ["supervising_org_staff"]
    headers = await site.signed_in(person)
    waiting = next(one for one in await memberships(site, headers) if one["role"] == "rso_staff")
    assert waiting["state"] == "applied"
    refused = await site.post("/v1/accounts/me/active-membership", {"membership_id": waiting["id"]}, headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (403, "registration-expired")
    body = {"reason_code": "requirements_not_met", "reason": "証明書がない"}
    assert (await site.decide(made["id"], "reject", body, officer)).status_code == 200
    session = (await site.sign_in(person.login_id)).json()
    assert session["roles"] == ["supervising_org_staff"]


async def test_a_session_goes_on_under_another_membership(site: RegistrationClient) -> None:
    officer = await site.officer()
    person = await site.person(officer)
    secret = await site.session(person)
    headers = {"Authorization": f"Bearer {(await site.exchange(secret)).json()['access_token']}"}
    await add_role(site, headers, "rso_staff", officer)
    await add_role(site, headers, "org_staff", officer, organisation={"corporate_number": "2120901007402"})
    held = await memberships(site, headers)
    assert len(held) == 3
    for chosen in held:
        answer = await site.post("/v1/accounts/me/active-membership", {"membership_id": chosen["id"]}, headers=headers)
        assert answer.status_code == 200, answer.text
        assert answer.json()["lapsed"] is False
        token = (await site.exchange(secret)).json()["access_token"]
        claims = jwt.decode(token, options={"verify_signature": False})
        assert (claims["org"], claims["roles"]) == (chosen["organisation_id"], [chosen["role"]])
        seen = await memberships(site, {"Authorization": f"Bearer {token}"})
        assert [one["id"] for one in seen if one["active"]] == [chosen["id"]]
    assert await site.service.journal_problems() == []


async def test_nobody_acts_under_a_membership_of_somebody_else(site: RegistrationClient) -> None:
    officer = await site.officer()
    person = await site.person(officer)
    other = await site.person(officer, applicant={"email": "jiro@example.jp"})
    (theirs,) = await memberships(site, await site.signed_in(other))
    answer = await site.post(
        "/v1/accounts/me/active-membership",
        {"membership_id": theirs["id"]},
        headers=await site.signed_in(person),
    )
    assert answer.status_code == 404
