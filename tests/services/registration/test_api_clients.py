"""Letting API clients in: who may, for how long, who sees them, and what ends them."""

import logging
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from services.registration.oauth.domain.api_clients import comes_from, network, redirect_uri
from services.registration.revocation.store.revocations import revoked_ids
from shared.clock import ManualClock
from tests.services.registration.life import add_role, colleague, memberships
from tests.services.registration.outside import (
    CLIENTS,
    Vendor,
    changes_reported,
    claims,
    client_input,
    refusal,
    somebody_elsewhere,
    vendor,
)
from tests.services.registration.site import RegistrationClient


async def _delete(site: RegistrationClient, path: str, headers: dict[str, str]) -> int:
    return (await site.service.client.delete(path, headers=headers)).status_code


async def _revoked(site: RegistrationClient, since: datetime) -> set[str]:
    async with site.service.db.read() as session:
        return {str(found) for found in await revoked_ids(session, since, site.clock.now())}


async def test_a_client_acts_for_its_organisation_in_one_role_with_a_secret_that_is_shown_once(
    site: RegistrationClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    person = await site.person()
    headers = await site.signed_in(person)
    made = await site.post(CLIENTS, client_input(networks=["203.0.113.0/24"]), headers=headers)
    assert made.status_code == 201, made.text
    body = made.json()
    assert (body["role"], body["revision"], len(body["secrets"])) == ("org_staff", 1, 1)
    assert datetime.fromisoformat(body["expires_at"]) == site.clock.now() + timedelta(days=365)
    system = Vendor(site, body["id"], body["client_secret"])
    token = claims(await system.token())
    assert (token["kind"], token["sub"], token["client_id"]) == ("client", body["id"], body["id"])
    assert (token["org"], token["obo"]) == (str(person.organisation_id), str(person.account_id))
    assert (token["roles"], token["scope"]) == (["org_staff"], "application:read application:write")
    shown = await site.get(f"{CLIENTS}/{body['id']}", headers)
    listed = await site.get(CLIENTS, headers)
    assert listed.json()["items"] == [shown.json()]
    assert shown.json()["secrets"][0]["last_used_at"] is not None
    assert await changes_reported(site) == ["client_created"]
    async with site.service.db.read() as session:
        kept = [
            str(await session.scalar(text(f"SELECT string_agg(t::text, '') FROM {table} t")))
            for table in ("journal", "outbox", "api_clients", "api_client_secrets")
        ]
    everything = "".join(kept) + shown.text + listed.text + caplog.text
    assert system.secret not in everything
    assert await site.service.journal_problems() == []


async def test_a_person_without_an_organisation_has_clients_of_their_own(site: RegistrationClient) -> None:
    person = await site.person()
    async with site.service.db.transaction() as session:
        # Professionals act for nobody but their clients: the same membership, without an organisation.
        await session.execute(text("UPDATE memberships SET organisation_id = NULL, role = 'lawyer_scrivener'"))
    system = await vendor(site, await site.signed_in(person))
    token = claims(await system.token())
    assert ("org" in token, token["obo"], token["roles"]) == (False, str(person.account_id), ["lawyer_scrivener"])


WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"scopes": ["registration:write"]}, "/scopes/0", "scope"),
    ({"scopes": ["review:read"]}, "/scopes/0", "scope"),
    ({"scopes": []}, "/scopes", "too-few"),
    ({"role": "rso_staff"}, "/role", "role-not-held"),
    ({"role": "user_approval"}, "/role", "role-not-held"),
    ({"networks": ["0.0.0.0/0"]}, "/networks/0", "network"),
    ({"networks": ["203.0.113.5/24"]}, "/networks/0", "network"),
    ({"redirect_uris": ["http://vendor.example/callback"]}, "/redirect_uris/0", "redirect-uri"),
    ({"expires_at": "2027-11-20T03:00:01Z"}, "/expires_at", "expiry-out-of-range"),
    ({"expires_at": "2026-11-20T03:00:00Z"}, "/expires_at", "expiry-out-of-range"),
    ({"name": "一行目\x1b"}, "/name", "control-character"),
    ({"account_id": "01a20911-fd7b-71e3-a6cc-c1916bbe12df"}, "/account_id", "unknown-field"),
]


async def test_what_is_not_right_is_refused_with_its_reason_and_lets_nobody_in(site: RegistrationClient) -> None:
    headers = await site.signed_in(await site.person())
    for changes, pointer, code in WRONG:
        refused = await site.post(CLIENTS, client_input(**changes), headers=headers)
        assert refused.status_code == 422, changes
        assert [(e["pointer"], e["code"]) for e in refused.json()["errors"]] == [(pointer, code)]
    assert (await site.get(CLIENTS, headers)).json() == {"items": []}


async def test_only_a_fresh_session_of_a_valid_registration_lets_systems_in_or_lets_them_do_more(
    site: RegistrationClient, clock: ManualClock
) -> None:
    person = await site.person()
    secret = await site.session(person)
    headers = await site.header(secret)
    system = await vendor(site, headers)
    path = f"{CLIENTS}/{system.client_id}"
    clock.advance(timedelta(minutes=20))
    stale = await site.header(secret)
    attempts = [
        await site.post(CLIENTS, client_input(), headers=stale),
        await site.post(f"{path}/secrets", headers=stale),
        await site.service.client.patch(path, json={"networks": []}, headers=stale | {"If-Match": '"1"'}),
    ]
    assert {(a.status_code, a.json()["code"]) for a in attempts} == {(403, "step-up-required")}
    # Taking away needs no proof: who finds a stolen session must be quick.
    async with site.service.db.transaction() as session:
        await session.execute(text("UPDATE memberships SET valid_until = '2026-11-19', valid_from = '2026-01-01'"))
    lapsed = await site.signed_in(person)
    refused = await site.post(CLIENTS, client_input(), headers=lapsed)
    assert (refused.status_code, refused.json()["code"]) == (403, "registration-expired")
    assert (await site.post(f"{path}/secrets", headers=lapsed)).json()["code"] == "registration-expired"
    assert refusal(await system.token()) == (400, "unauthorized_client")
    assert await _delete(site, path, await site.header(secret)) == 204


async def test_a_secret_is_replaced_while_the_old_one_still_works(site: RegistrationClient) -> None:
    headers = await site.signed_in(await site.person())
    system = await vendor(site, headers)
    path = f"{CLIENTS}/{system.client_id}"
    (old,) = (await site.get(path, headers)).json()["secrets"]
    added = await site.post(f"{path}/secrets", headers=headers)
    assert added.status_code == 201
    newer = Vendor(site, system.client_id, added.json()["client_secret"])
    assert [(await each.token()).status_code for each in (system, newer)] == [200, 200]
    third = await site.post(f"{path}/secrets", headers=headers)
    assert (third.status_code, third.json()["code"]) == (409, "two-secrets")
    assert await _delete(site, f"{path}/secrets/{old['id']}", headers) == 204
    assert refusal(await system.token()) == (401, "invalid_client")
    assert (await newer.token()).status_code == 200
    assert await _delete(site, f"{path}/secrets/{old['id']}", headers) == 404
    assert (await site.post(f"{path}/secrets", headers=headers)).status_code == 201
    assert await changes_reported(site) == ["client_created", "client_secret_added", "client_secret_added"]
    assert await site.service.journal_problems() == []


async def test_name_networks_and_end_are_changed_by_who_read_them_last(site: RegistrationClient) -> None:
    headers = await site.signed_in(await site.person())
    system = await vendor(site, headers)
    path = f"{CLIENTS}/{system.client_id}"

    async def change(if_match: str | None, **body: Any) -> Any:
        sent = headers | ({"If-Match": if_match} if if_match else {})
        return await site.service.client.patch(path, json=body, headers=sent)

    tag = (await site.get(path, headers)).headers["etag"]
    assert (await change(None, name="x")).status_code == 428
    assert (await change(tag)).json()["errors"][0]["code"] == "nothing-to-change"
    changed = await change(tag, name="給与システム", networks=["198.51.100.7/32"])
    assert (changed.status_code, changed.json()["name"], changed.headers["etag"]) == (200, "給与システム", '"2"')
    assert (await change(tag, name="x")).status_code == 412
    assert refusal(await system.token()) == (401, "invalid_client")
    assert (await system.token("198.51.100.7")).status_code == 200
    assert await changes_reported(site) == ["client_created", "client_changed"]
    assert await site.service.journal_problems() == []


async def test_a_client_ends_when_it_was_said_to_and_can_be_prolonged_by_a_year_at_most(
    site: RegistrationClient, clock: ManualClock
) -> None:
    person = await site.person()
    headers = await site.signed_in(person)
    ends = clock.now() + timedelta(days=2)
    system = await vendor(site, headers, expires_at=ends.isoformat())
    clock.advance(timedelta(days=2) - timedelta(seconds=90))
    last = await system.token()
    assert last.json()["expires_in"] == 90, "no token outlives its client"
    clock.advance(timedelta(seconds=90))
    assert refusal(await system.token()) == (401, "invalid_client")
    headers = await site.signed_in(person)
    later = (clock.now() + timedelta(days=300)).isoformat()
    path = f"{CLIENTS}/{system.client_id}"
    prolonged = await site.service.client.patch(path, json={"expires_at": later}, headers=headers | {"If-Match": "*"})
    assert prolonged.status_code == 200, prolonged.text
    assert (await system.token()).status_code == 200


async def test_colleagues_see_and_end_each_others_clients_and_nobody_else_does(site: RegistrationClient) -> None:
    officer = await site.officer()
    person = await site.person(officer)
    system = await vendor(site, await site.signed_in(person))
    path = f"{CLIENTS}/{system.client_id}"
    mate = await site.signed_in(await colleague(site, officer, "jiro@example.co.jp"))
    secret = await site.session(await somebody_elsewhere(site, officer))
    stranger = await site.header(secret)
    await add_role(site, stranger, "rso_staff", officer)
    secret_id = (await site.get(path, mate)).json()["secrets"][0]["id"]
    lines = {line["role"]: line["id"] for line in await memberships(site, stranger)}
    for role in ("org_staff", "rso_staff"):
        # First of another organisation; then of the same one in another role, which is as foreign.
        body = {"membership_id": lines[role]}
        assert (await site.post("/v1/accounts/me/active-membership", body, headers=stranger)).status_code == 200
        stranger = await site.header(secret)
        assert (await site.get(path, stranger)).status_code == 404, role
        assert (await site.post(f"{path}/secrets", headers=stranger)).status_code == 404
        assert await _delete(site, f"{path}/secrets/{secret_id}", stranger) == 404
        assert await _delete(site, path, stranger) == 404
        patched = await site.service.client.patch(path, json={"name": "x"}, headers=stranger | {"If-Match": "*"})
        assert patched.status_code == 404
        assert (await site.get(CLIENTS, stranger)).json() == {"items": []}
    assert (await system.token()).status_code == 200
    before = site.clock.now() - timedelta(seconds=1)
    assert [item["id"] for item in (await site.get(CLIENTS, mate)).json()["items"]] == [system.client_id]
    assert await _delete(site, path, mate) == 204
    assert refusal(await system.token()) == (401, "invalid_client")
    assert await _revoked(site, before) == {system.client_id}
    assert await _delete(site, path, mate) == 404
    assert (await site.get(path, mate)).json()["revoke_reason"] == "revoked"
    assert (await changes_reported(site))[-1] == "client_revoked"
    assert await site.service.journal_problems() == []


async def test_a_client_has_no_more_rights_than_who_let_it_in(site: RegistrationClient, clock: ManualClock) -> None:
    officer = await site.officer()
    person = await site.person(officer)
    headers = await site.signed_in(person)
    system = await vendor(site, headers)
    account = f"/v1/accounts/{person.account_id}"
    # Suspended and restored: a stop is no end.
    assert (await site.post(f"{account}/suspend", {"reason_code": "x"}, headers=officer)).status_code == 200
    assert refusal(await system.token()) == (400, "unauthorized_client")
    assert await _revoked(site, clock.now()) == {system.client_id}
    assert (await site.post(f"{account}/lift", headers=officer)).status_code == 200
    assert (await system.token()).status_code == 200
    assert await _revoked(site, clock.now()) == set()
    # The organisation's approval is over.
    async with site.service.db.transaction() as session:
        await session.execute(
            text("UPDATE organisation_approvals SET valid_until = '2026-11-20', valid_from = '2026-01-01'")
        )
    clock.advance(timedelta(days=1))
    assert refusal(await system.token()) == (400, "unauthorized_client")


async def test_a_client_ends_with_the_membership_it_came_from_and_all_of_them_with_the_account(
    site: RegistrationClient,
) -> None:
    officer = await site.officer()
    person = await site.person(officer)
    secret = await site.session(person)
    headers = await site.header(secret)
    system = await vendor(site, headers)
    await add_role(site, headers, "rso_staff", officer)
    lines = {line["role"]: line["id"] for line in await memberships(site, headers)}
    switched = await site.post(
        "/v1/accounts/me/active-membership", {"membership_id": lines["rso_staff"]}, headers=headers
    )
    assert switched.status_code == 200
    other = await vendor(site, await site.header(secret))
    before = site.clock.now() - timedelta(seconds=1)
    left = await site.post(f"/v1/accounts/me/memberships/{lines['org_staff']}/leave", headers=headers)
    assert left.json()["account_state"] == "active"
    assert refusal(await system.token()) == (401, "invalid_client")
    assert claims(await other.token())["roles"] == ["rso_staff"]
    clients = {system.client_id, other.client_id}
    assert await _revoked(site, before) & clients == {system.client_id}
    closed = await site.post(f"/v1/accounts/{person.account_id}/close", {"reason_code": "x"}, headers=officer)
    assert closed.status_code == 200
    assert refusal(await other.token()) == (401, "invalid_client")
    assert await _revoked(site, before) >= clients
    assert (await changes_reported(site)).count("client_revoked") == 2
    assert await site.service.journal_problems() == []


def test_networks_and_addresses_are_read_strictly() -> None:
    assert network("2001:db8::7") == "2001:db8::7/128"
    assert comes_from("203.0.113.5", [])
    assert comes_from("::ffff:203.0.113.5", ["203.0.113.0/24"])
    assert comes_from("2001:db8::7", ["2001:db8::7/128"])
    assert not comes_from("2001:db8::8", ["2001:db8::7/128"])
    assert not comes_from("unknown", ["203.0.113.0/24"])
    for good in ("https://a.example/b?c=d", "http://127.0.0.1:8765/cb", "http://[::1]/cb"):
        assert redirect_uri(good) == good
    for bad in (
        "http://localhost/cb",
        "http://127.0.0.1.evil.example/cb",
        "https://a.example/#x",
        "https://u@a.example/",
        "https://a.example/\r\nSet-Cookie:x",
        "https://a.example\\@b.example/",
        "https:///cb",
        "https://a.example:99999/",
        "javascript:alert(1)",
        "//a.example/cb",
        "vendor.example/cb",
    ):
        with pytest.raises(ValueError):
            redirect_uri(bad)
