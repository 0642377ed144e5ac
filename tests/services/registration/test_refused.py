"""Refusals: with the right problem, and without any change."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from shared.auth import OFFICER_ROLES, Actor, Role
from shared.auth.actor import ActorKind
from shared.events.registration import UsageRegistrationApproved, UsageRegistrationRejected
from shared.ids import new_id
from tests.services.registration.site import PASSWORD, REQUIREMENTS, RegistrationClient, submission
from tests.support.keys import unsealed

APPROVAL = {"requirements": REQUIREMENTS}
RETURN = {"items": [{"code": "UA_FORM", "message": "記入漏れ"}]}
REJECTION = {"reason_code": "requirements_not_met", "reason": "要件を満たさない"}
STEPS: list[tuple[str, dict[str, Any]]] = [("approve", APPROVAL), ("return", RETURN), ("reject", REJECTION)]


async def _unchanged(site: RegistrationClient, journal_rows: int) -> None:
    assert len(await site.journal()) == journal_rows


MISTAKES: list[tuple[dict[str, Any], str, str]] = [
    ({"organisation": {"corporate_number": "4011001098994"}}, "/organisation/corporate_number", "check-digit"),
    ({"organisation": {"postal_code": "12"}}, "/organisation/postal_code", "postal-code"),
    ({"organisation": {"prefecture": "48"}}, "/organisation/prefecture", "prefecture"),
    ({"organisation": {"capital_yen": -1}}, "/organisation/capital_yen", "too-small"),
    ({"organisation": {"name": "見本\x1bBcc: all@example.jp"}}, "/organisation/name", "control-character"),
    ({"applicant": {"email": "a@example.jp\r\nBcc: b@example.jp"}}, "/applicant/email", "email"),
    ({"applicant": {"email": "a@example.jp, b@example.jp"}}, "/applicant/email", "email"),
    ({"applicant": {"email": "花子@example.jp"}}, "/applicant/email", "email"),
    ({"applicant": {"name": "花子\ue000"}}, "/applicant/name", "private-use-character"),
    ({"documents": ["UA_CHECK", "UA_FORM", "UA_PLEDGE"]}, "/documents", "document-missing"),
    ({"role": "public_interest_staff"}, "/pledged_organisations", "pledge-list-missing"),
    ({"pledge_accepted": False}, "/pledge_accepted", "must-be-accepted"),
    ({"terms_accepted": False}, "/terms_accepted", "must-be-accepted"),
    ({"role": "user_approval"}, "/role", "not-a-choice"),
    ({"role": "self"}, "/role", "not-a-choice"),
    ({"roles": ["administrator"]}, "/roles", "unknown-field"),
    ({"status": "approved"}, "/status", "unknown-field"),
    ({"applicant": {"kind": "officer"}}, "/applicant/kind", "unknown-field"),
]


async def test_a_usage_registration_with_a_mistake_is_refused_where_it_is(site: RegistrationClient) -> None:
    for changes, pointer, code in MISTAKES:
        answer = await site.post("/v1/usage-registrations", submission(**changes))
        assert answer.status_code == 422, changes
        found = [error["code"] for error in answer.json()["errors"] if error["pointer"] == pointer]
        assert any(name.endswith(code) for name in found), (changes, answer.text)
    assert await site.service.events() == []
    assert await site.journal() == []


async def test_a_usage_registration_without_idempotency_key_is_refused(site: RegistrationClient) -> None:
    answer = await site.service.client.post("/v1/usage-registrations", json=submission())
    assert (answer.status_code, answer.json()["code"]) == (428, "idempotency-key-required")


async def test_approval_needs_every_requirement(site: RegistrationClient) -> None:
    submitted, officer = await site.submit(), await site.officer()
    rows = len(await site.journal())
    for missing in set(REQUIREMENTS) - {"agent_certificate"}:
        body = {"requirements": REQUIREMENTS | {missing: False}}
        answer = await site.decide(submitted["id"], "approve", body, officer)
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["pointer"] == f"/requirements/{missing}"
    await _unchanged(site, rows)


async def test_an_officer_cannot_decide_their_own(site: RegistrationClient) -> None:
    by_address = await site.officer(email="HANAKO@example.co.jp")
    hander_in = await site.officer(login_id="second.tyo")
    submitted = await site.submit()
    handed_in = await site.submit(hander_in, applicant={"email": "other@example.jp"})
    for step, body in STEPS:
        for officer, registration in ((by_address, submitted), (hander_in, handed_in)):
            answer = await site.decide(registration["id"], step, body, officer)
            assert (answer.status_code, answer.json()["code"]) == (403, "own-registration")


async def test_the_database_itself_refuses_that_an_officer_decides_their_own(site: RegistrationClient) -> None:
    submitted = await site.submit()
    with pytest.raises(IntegrityError, match="not_their_own"):
        async with site.service.db.transaction() as session:
            await session.execute(
                text("UPDATE usage_registrations SET decided_by = account_id WHERE id = :id"),
                {"id": UUID(submitted["id"])},
            )


async def test_what_is_decided_stays_decided(site: RegistrationClient) -> None:
    officer = await site.officer()
    for decision, decided in (STEPS[0], STEPS[2]):
        submitted = await site.submit(applicant={"email": f"{decision}@example.jp"})
        assert (await site.decide(submitted["id"], decision, decided, officer)).status_code == 200
        rows = len(await site.journal())
        for step, body in STEPS:
            answer = await site.decide(submitted["id"], step, body, officer)
            assert (answer.status_code, answer.json()["code"]) == (409, "step-not-possible")
        await _unchanged(site, rows)


async def test_only_the_returned_can_be_handed_in_again(site: RegistrationClient) -> None:
    submitted = await site.submit()
    body = submission(receipt_number=submitted["receipt_number"])
    answer = await site.post(f"/v1/usage-registrations/{submitted['id']}/resubmit", body)
    assert (answer.status_code, answer.json()["code"]) == (409, "step-not-possible")


async def test_no_other_role_decides_or_lists(site: RegistrationClient) -> None:
    submitted = await site.submit()
    for role in set(Role) - {Role.USER_APPROVAL}:
        kind: ActorKind = "officer" if role in OFFICER_ROLES else "person"
        headers = await site.bearer(Actor(kind=kind, id=new_id(), roles=frozenset({role})))
        for step, body in STEPS:
            assert (await site.decide(submitted["id"], step, body, headers)).status_code == 403, role
        assert (await site.get("/v1/usage-registrations", headers)).status_code == 403, role
        assert (await site.get(f"/v1/usage-registrations/{submitted['id']}", headers)).status_code == 404, role
    # The approving role in a person's hands is not an officer's.
    forged = await site.bearer(Actor(kind="person", id=new_id(), roles=frozenset({Role.USER_APPROVAL})))
    assert (await site.decide(submitted["id"], *STEPS[0], forged)).status_code == 403


async def test_nobody_decides_lists_or_reads_without_a_token(site: RegistrationClient) -> None:
    submitted = await site.submit()
    path = f"/v1/usage-registrations/{submitted['id']}"
    assert (await site.post(f"{path}/approve", APPROVAL)).status_code == 401
    assert (await site.get("/v1/usage-registrations")).status_code == 401
    assert (await site.get(path)).status_code == 401
    assert (await site.get("/v1/accounts/me")).status_code == 401


async def test_a_person_reads_their_own_and_nobody_elses(site: RegistrationClient) -> None:
    officer = await site.officer()
    mine = await site.person(officer)
    theirs = await site.submit(applicant={"email": "other@example.jp"})
    headers = await site.signed_in(mine)
    own = await site.get(f"/v1/usage-registrations/{mine.registration_id}", headers)
    assert own.status_code == 200
    assert own.json()["decided_by"] is None
    assert (await site.get(f"/v1/usage-registrations/{theirs['id']}", headers)).status_code == 404
    assert "usage_registration:read" not in [row["action"] for row in await site.journal()]


async def test_a_rejected_person_gets_no_link_and_may_try_again(site: RegistrationClient) -> None:
    submitted, officer = await site.submit(), await site.officer()
    await site.decide(submitted["id"], "reject", REJECTION, officer)
    (rejected,) = await site.events(UsageRegistrationRejected)
    assert unsealed(rejected.sealed_reason) == "要件を満たさない"
    assert await site.events(UsageRegistrationApproved) == []
    await site.person(officer)
    assert PASSWORD not in str(await site.journal())
    assert await site.service.journal_problems() == []
