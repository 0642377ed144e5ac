"""Somebody else's records by their id: like an id that does not exist, on every route that people may call with one."""

from datetime import UTC, datetime
from typing import Any

import pytest

from shared.auth import Actor, Role
from shared.clock import ManualClock
from shared.ids import new_id
from tests.services.registration.authenticator import Authenticator
from tests.services.registration.life import memberships, report
from tests.services.registration.outside import AUTHORIZATIONS, CLIENTS, vendor
from tests.services.registration.site import Person, RegistrationClient, submission

# Route -> its body, and what the owner is answered.
ROUTES: dict[str, tuple[Any, int]] = {
    "GET /v1/usage-registrations/{registration_id}": (None, 200),
    "POST /v1/usage-registrations/{registration_id}/upload-token": ({}, 409),
    "POST /v1/usage-registrations/{registration_id}/resubmit": (submission(), 409),
    "GET /v1/periodic-reports/{report_id}": (None, 200),
    "POST /v1/periodic-reports/{report_id}/resubmit": (report(), 200),
    "POST /v1/accounts/me/memberships/{membership_id}/leave": (None, 200),
    "DELETE /v1/accounts/me/sessions/{session_id}": (None, 204),
    "DELETE /v1/accounts/me/passkeys/{passkey_id}": (None, 204),
    "GET /v1/usage-registration-drafts/{draft_id}": (None, 200),
    "PUT /v1/usage-registration-drafts/{draft_id}": ({"role": "rso_staff"}, 200),
    "GET /v1/usage-registration-drafts/{draft_id}/check": (None, 200),
    "POST /v1/usage-registration-drafts/{draft_id}/submit": (None, 422),
    "POST /v1/usage-registration-drafts/{draft_id}/upload-token": (None, 200),
    "DELETE /v1/usage-registration-drafts/{draft_id}": (None, 204),
    "GET /v1/organisations/{organisation_id}": (None, 200),
    "GET /v1/organisations/{organisation_id}/colleagues": (None, 200),
    "GET /v1/accounts/me/clients/{client_id}": (None, 200),
    "PATCH /v1/accounts/me/clients/{client_id}": ({"name": "another"}, 200),
    "POST /v1/accounts/me/clients/{client_id}/secrets": (None, 201),
    "DELETE /v1/accounts/me/clients/{client_id}/secrets/{secret_id}": (None, 204),
    "DELETE /v1/accounts/me/clients/{client_id}": (None, 204),
    "DELETE /v1/accounts/me/authorizations/{authorization_id}": (None, 204),
}
# Needs an identity provider: test_identity.py.
WITH_PROVIDER = {"DELETE /v1/accounts/me/identities/{identity_id}"}
# By the gateway's key alone: test_gateways.py.
OF_GATEWAY = {"PUT /v1/gateways/{process_id}", "DELETE /v1/gateways/{process_id}"}
REPORTING = datetime(2029, 10, 1, 3, 0, tzinfo=UTC)


async def test_every_route_that_people_call_with_an_id_is_tried(site: RegistrationClient) -> None:
    document = site.service.app.openapi()
    found = {
        f"{method.upper()} {path}"
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        if "_id}" in path and not _for_officers(operation)
    }
    assert found == set(ROUTES) | WITH_PROVIDER | OF_GATEWAY


def _for_officers(operation: dict[str, Any]) -> bool:
    return any(permission["kinds"] == ["officer"] for permission in operation["x-permission"])


@pytest.mark.parametrize("route", ROUTES)
async def test_a_record_is_its_owners_alone(site: RegistrationClient, clock: ManualClock, route: str) -> None:
    officer = await site.officer()
    owner = await site.person(officer)
    stranger = await site.person(
        officer, organisation={"corporate_number": "2120901007402"}, applicant={"email": "stranger@example.jp"}
    )
    clock.advance(REPORTING - clock.now())
    mine = await site.signed_in(owner)
    known = await _records(site, owner, mine)
    body, expected = ROUTES[route]
    method, path = route.split(" ")
    name = path[path.index("{") + 1 : path.index("}")]

    async def ask(who: dict[str, str], record_id: str) -> Any:
        headers = who | {"Idempotency-Key": str(new_id()), "Accept-Language": "en", "If-Match": "*"}
        filled = path.replace(f"{{{name}}}", record_id).format_map(known)
        return await site.service.client.request(method, filled, json=body, headers=headers)

    theirs = await site.signed_in(stranger)
    rows = len(await site.journal())
    refused, unknown = await ask(theirs, known[name]), await ask(theirs, str(new_id()))
    assert (refused.status_code, unknown.status_code) == (404, 404), refused.text
    assert _without_request(refused.json()) == _without_request(unknown.json())
    assert len(await site.journal()) == rows
    own = await ask(mine, known[name])
    assert own.status_code == expected, own.text


def _without_request(problem: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in problem.items() if name != "request_id"}


async def _records(site: RegistrationClient, owner: Person, headers: dict[str, str]) -> dict[str, str]:
    """The ids of what belongs to `owner`: among others a report that was returned."""
    filed = (await site.post("/v1/periodic-reports", report(), headers=headers)).json()
    officer = await site.bearer(Actor(kind="officer", id=new_id(), roles=frozenset({Role.USER_APPROVAL}), office="TYO"))
    items = {"items": [{"code": "UA_USERLIST", "message": "退職者が載っています"}]}
    returned = await site.post(f"/v1/periodic-reports/{filed['id']}/return", items, headers=officer)
    assert returned.status_code == 200, returned.text
    asked = (await site.post("/v1/accounts/me/passkeys/options", headers=headers)).json()["public_key"]
    body = {"credential": Authenticator().create(asked)}
    passkey = (await site.post("/v1/accounts/me/passkeys", body, headers=headers)).json()
    sessions = (await site.get("/v1/accounts/me/sessions", headers)).json()["items"]
    begin = {"language": "ja", "role": "rso_staff"}
    draft = (await site.post("/v1/usage-registration-drafts", begin, headers=headers)).json()
    system = await vendor(site, headers)
    await system.family(headers)
    return {
        "registration_id": str(owner.registration_id),
        "membership_id": (await memberships(site, headers))[0]["id"],
        "report_id": filed["id"],
        "session_id": sessions[0]["id"],
        "passkey_id": passkey["id"],
        "organisation_id": str(owner.organisation_id),
        "draft_id": draft["id"],
        "client_id": system.client_id,
        "secret_id": (await site.get(f"{CLIENTS}/{system.client_id}", headers)).json()["secrets"][0]["id"],
        "authorization_id": (await site.get(AUTHORIZATIONS, headers)).json()["items"][0]["id"],
    }
