"""Several members, roles and reports of organisations, for the tests of the life of an account."""

from typing import Any
from uuid import UUID

from shared.events.registration import UsageRegistrationApproved
from tests.services.registration.site import REQUIREMENTS, Person, RegistrationClient
from tests.support.keys import unsealed

REPORT_DOCUMENTS = ["UA_CHECK", "UA_REPORT", "UA_USERLIST", "UA_PLEDGE", "UA_CATEGORY"]
PLEDGED = [
    {"corporate_number": "2120901007402", "name": "見本工業株式会社"},
    {"corporate_number": "4011001098993", "name": "株式会社見本"},
]
DOCUMENTS = {
    "org_staff": ["UA_CHECK", "UA_FORM", "UA_PLEDGE", "UA_CATEGORY"],
    "supervising_org_staff": ["UA_CHECK", "UA_FORM", "UA_PLEDGE", "UA_CATEGORY"],
    "public_interest_staff": ["UA_CHECK", "UA_FORM", "UA_PLEDGE", "UA_CATEGORY", "UA_AGENT_CERT"],
    "rso_staff": ["UA_CHECK", "UA_FORM", "UA_PLEDGE", "UA_CATEGORY", "UA_AGENT_CERT"],
}
COMMISSIONED = ("public_interest_staff", "rso_staff")


def of_class(role: str, **changes: Any) -> dict[str, Any]:
    """The additions of that class to an ordinary usage registration."""
    pledged = PLEDGED[:1] if role in COMMISSIONED else []
    return {"role": role, "documents": DOCUMENTS[role], "pledged_organisations": pledged} | changes


def report(category: str = "CAT3", **changes: Any) -> dict[str, Any]:
    """The body of a periodic report that lacks nothing."""
    documents = [code for code in REPORT_DOCUMENTS if code != "UA_CATEGORY" or category != "CAT4"]
    return {"category": category, "documents": documents, "pledge_accepted": True} | changes


async def add_role(
    site: RegistrationClient, headers: dict[str, str], role: str, officer: dict[str, str], **changes: Any
) -> None:
    """Somebody who has signed in applies for one more role and is approved."""
    made = await site.submit(headers, **of_class(role, **changes))
    answer = await site.decide(made["id"], "approve", {"requirements": REQUIREMENTS}, officer)
    assert answer.status_code == 200, answer.text


async def colleague(site: RegistrationClient, officer: dict[str, str], email: str, **changes: Any) -> Person:
    """One more person of the same organisation, approved and with a password."""
    applicant = {"email": email} | changes.pop("applicant", {})
    submitted = await site.submit(applicant=applicant, **changes)
    answer = await site.decide(submitted["id"], "approve", {"requirements": REQUIREMENTS}, officer)
    assert answer.status_code == 200, answer.text
    approved = (await site.events(UsageRegistrationApproved))[-1]
    token = unsealed(approved.sealed_link).rpartition("/")[2]
    login_id = (await site.set_password(token)).json()["login_id"]
    return Person(
        **await site.ids(submitted["id"]),
        registration_id=UUID(submitted["id"]),
        login_id=login_id,
        password="midori no tsukue to kumo",
    )


async def memberships(site: RegistrationClient, headers: dict[str, str]) -> list[dict[str, Any]]:
    """The memberships as the person sees them."""
    answer = await site.get("/v1/accounts/me/memberships", headers)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


async def officer_now(site: RegistrationClient, login_id: str = "approver.tyo") -> dict[str, str]:
    """The header of an officer who signs in at this moment, with a new app: tokens last five minutes."""
    app = await site.app_of(login_id)
    opened = await site.second_step(await site.pending(login_id), code=app.code())
    return await site.header(opened.json()["session_secret"])
