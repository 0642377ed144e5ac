"""The token endpoint: who is let in, every refusal of the standard, and what a token is good for elsewhere."""

from base64 import b64encode
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from services.application.tables import Application
from services.registration.authentication.domain.throttle import CLIENT_PAIR
from shared.auth import Actor, Role
from shared.ids import new_id
from shared.reference.scopes import SCOPES
from tests.infra.databases import TestDatabase
from tests.services.registration.outside import CALLBACK, VERIFIER, Vendor, claims, refusal, somebody_elsewhere, vendor
from tests.services.registration.site import RegistrationClient
from tests.support.service import running

TOKEN = "/oauth/token"


async def _raw(site: RegistrationClient, body: str, **headers: str) -> httpx.Response:
    sent = {"Content-Type": "application/x-www-form-urlencoded"} | {k.replace("_", "-"): v for k, v in headers.items()}
    return await site.service.client.post(TOKEN, content=body, headers=sent)


async def test_both_ways_to_show_the_secret_work_and_nothing_is_kept_by_caches(site: RegistrationClient) -> None:
    system = await vendor(site, await site.signed_in(await site.person()))
    form = {"grant_type": "client_credentials", "client_id": system.client_id, "client_secret": system.secret}
    for answer in (await system.token(), await site.service.client.post(TOKEN, data=form)):
        assert answer.status_code == 200, answer.text
        body = answer.json()
        assert (body["token_type"], body["expires_in"]) == ("Bearer", 300)
        assert set(body) == {"access_token", "token_type", "expires_in", "scope"}, "no refresh token (RFC 6749 4.4.3)"
        assert (answer.headers["cache-control"], answer.headers["pragma"]) == ("no-store", "no-cache")


async def test_a_token_has_the_scopes_that_were_asked_for_and_granted(site: RegistrationClient) -> None:
    system = await vendor(site, await site.signed_in(await site.person()))
    assert claims(await system.token(scope="application:read"))["scope"] == "application:read"
    for scope in ("document:read", "application:read document:read", "registration:write", " "):
        assert refusal(await system.token(scope=scope)) == (400, "invalid_scope"), scope


FORMS: list[tuple[dict[str, str], tuple[int, str]]] = [
    ({}, (400, "invalid_request")),
    ({"grant_type": ""}, (400, "invalid_request")),
    ({"grant_type": "password", "username": "x", "password": "y"}, (400, "unsupported_grant_type")),
    ({"grant_type": "authorization_code"}, (400, "invalid_request")),
    ({"grant_type": "authorization_code", "code": "x", "redirect_uri": CALLBACK}, (400, "invalid_request")),
    (
        {"grant_type": "authorization_code", "code": "x", "redirect_uri": CALLBACK, "code_verifier": VERIFIER},
        (400, "invalid_grant"),
    ),
    ({"grant_type": "refresh_token"}, (400, "invalid_request")),
    ({"grant_type": "refresh_token", "refresh_token": "x"}, (400, "invalid_grant")),
    ({"grant_type": "refresh_token", "refresh_token": f"{new_id().hex}.x"}, (400, "invalid_grant")),
]


async def test_what_cannot_be_granted_is_refused_in_the_words_of_the_standard(site: RegistrationClient) -> None:
    system = await vendor(site, await site.signed_in(await site.person()))
    for form, expected in FORMS:
        answer = await system.ask(TOKEN, form)
        assert refusal(answer) == expected, form
        assert answer.headers["cache-control"] == "no-store"
    shown = b64encode(f"{system.client_id}:{system.secret}".encode()).decode()
    ids = f"client_id={system.client_id}&client_secret={system.secret}"
    grant = "grant_type=client_credentials"
    for answer, expected in (
        (await _raw(site, f"{grant}&{grant}&{ids}"), (400, "invalid_request")),
        (await _raw(site, f"{grant}&{ids}", Authorization=f"Basic {shown}"), (400, "invalid_request")),
        (await _raw(site, f"{grant}&client_id=x", Authorization=f"Basic {shown}"), (400, "invalid_request")),
        (await _raw(site, "{}", Content_Type="application/json"), (400, "invalid_request")),
        (await _raw(site, "\N{SNOWMAN}"), (400, "invalid_request")),
        (await _raw(site, "&".join(f"a{n}=1" for n in range(50))), (400, "invalid_request")),
        (await _raw(site, f"{grant}&client_id={system.client_id}"), (400, "invalid_request")),
        (await _raw(site, grant, Authorization="Bearer abc"), (401, "invalid_client")),
        (await _raw(site, grant, Authorization="Basic ???"), (401, "invalid_client")),
        (await _raw(site, grant, Authorization="Basic YWJj"), (401, "invalid_client")),
    ):
        assert refusal(answer) == expected, answer.request.content
    # Asked with an idempotency key too: what comes here is never kept.
    assert (await _raw(site, f"{grant}&{ids}", Idempotency_Key="k")).status_code == 200


async def test_unknown_clients_and_wrong_secrets_are_answered_the_same(site: RegistrationClient) -> None:
    officer = await site.officer()
    system = await vendor(site, await site.signed_in(await site.person(officer)))
    other = await vendor(site, await site.signed_in(await somebody_elsewhere(site, officer)))
    answers = [
        await Vendor(site, client_id, secret).token()
        for client_id, secret in (
            (system.client_id, "wrong"),
            (system.client_id, other.secret),
            (str(new_id()), system.secret),
            ("no id at all", "x"),
        )
    ]
    assert len({(a.status_code, a.text, a.headers["www-authenticate"]) for a in answers}) == 1
    assert refusal(answers[0]) == (401, "invalid_client")


async def test_a_client_bound_to_networks_is_good_from_there_alone(site: RegistrationClient) -> None:
    networks = ["198.51.100.0/24", "2001:db8::7/128"]
    system = await vendor(site, await site.signed_in(await site.person()), networks=networks)
    for address, status in (
        ("198.51.100.200", 200),
        ("198.51.101.1", 401),
        ("2001:db8::7", 200),
        ("2001:db8::8", 401),
        # A client that writes a header of its own is behind the gateway, which writes the last entry.
        ("198.51.100.200, 203.0.113.5", 401),
        ("unknown", 401),
    ):
        assert (await system.token(address)).status_code == status, address


async def test_wrong_secrets_are_slowed_and_the_right_one_never_is(site: RegistrationClient) -> None:
    system = await vendor(site, await site.signed_in(await site.person()))
    wrong = Vendor(site, system.client_id, "wrong")
    answers = [refusal(await wrong.token()) for _ in range(CLIENT_PAIR.free + 2)]
    assert set(answers[:-1]) == {(401, "invalid_client")}
    last = await wrong.token()
    assert (refusal(last), answers[-1]) == ((429, "slow_down"), (429, "slow_down"))
    assert int(last.headers["retry-after"]) > 0
    assert (await system.token()).status_code == 200
    assert refusal(await wrong.token("198.51.100.9")) == (401, "invalid_client")


async def test_the_metadata_name_what_there_is(site: RegistrationClient) -> None:
    found = (await site.get("/.well-known/oauth-authorization-server")).json()
    assert found["issuer"] == site.context.settings.public_url
    assert found["token_endpoint"] == f"{found['issuer']}/oauth/token"
    assert found["grant_types_supported"] == ["authorization_code", "client_credentials", "refresh_token"]
    assert (found["code_challenge_methods_supported"], found["scopes_supported"]) == (["S256"], list(SCOPES))


async def test_another_service_lets_a_client_do_what_its_scopes_say_for_its_organisation(
    site: RegistrationClient, service_database: Callable[[str], TestDatabase]
) -> None:
    person = await site.person()
    system = await vendor(site, await site.signed_in(person))
    draft = {"procedure": "EXTEND", "status_of_residence": "ENG_HUM_INT", "form": {}}
    async with running("application", service_database("application"), clock=site.clock) as applications:
        # The keys that registration publishes, in place of the tests' own.
        applications.app.state.verifier = site.service.app.state.verifier

        async def ask(method: str, headers: dict[str, str]) -> Any:
            sent = headers | {"Idempotency-Key": str(new_id())}
            body = draft if method == "POST" else None
            return await applications.client.request(method, "/v1/applications", json=body, headers=sent)

        def bearer(answer: httpx.Response) -> dict[str, str]:
            return {"Authorization": f"Bearer {answer.json()['access_token']}"}

        reading = bearer(await system.token(scope="application:read"))
        refused = await ask("POST", reading)
        assert (refused.status_code, refused.json()["code"]) == (403, "scope-not-granted")
        made = await ask("POST", bearer(await system.token()))
        assert made.status_code == 201, made.text
        (seen,) = (await ask("GET", reading)).json()["items"]
        assert seen["id"] == made.json()["id"]
        # It is the organisation's, and who let the system in answers for it.
        (mine,) = (await ask("GET", await site.signed_in(person))).json()["items"]
        assert mine["id"] == seen["id"]
        async with applications.db.read() as session:
            row = (await session.scalars(select(Application))).one()
        assert (row.owner_id, row.account_id) == (person.organisation_id, person.account_id)
        # At registration the same token is worth nothing: it was given for another service.
        at_home = await site.get("/v1/accounts/me", reading)
        assert (at_home.status_code, at_home.json()["code"]) == (403, "scope-not-granted")


# Reading alone, and nothing of sessions, factors, clients or what others were let do.
_OF_BOTH = {
    "GET /v1/organisations/{organisation_id}",
    "GET /v1/organisations/{organisation_id}/colleagues",
    "GET /v1/usage-registrations/{registration_id}",
    "GET /v1/periodic-reports/{report_id}",
}
REACHED = {
    "client": _OF_BOTH,
    "person": _OF_BOTH
    | {
        "GET /v1/accounts/me",
        "GET /v1/accounts/me/memberships",
        "GET /v1/accounts/me/rights",
        "GET /v1/periodic-reports/due",
    },
}


@pytest.mark.parametrize("kind", ["person", "client"])
async def test_no_scope_lets_an_outside_system_near_somebodys_way_in(site: RegistrationClient, kind: str) -> None:
    person = await site.person()
    actor = Actor(
        kind=kind,  # type: ignore[arg-type]
        id=person.account_id,
        organisation_id=person.organisation_id,
        roles=frozenset({Role.ORG_STAFF}),
        session_id=new_id(),
        client_id=new_id(),
        scopes=frozenset(SCOPES),
    )
    headers = await site.bearer(actor)
    reached = set()
    for path, operations in site.service.app.openapi()["paths"].items():
        for method, operation in operations.items():
            if any(permission["public"] for permission in operation.get("x-permission", [])):
                continue
            filled = "/".join(str(new_id()) if part.startswith("{") else part for part in path.split("/"))
            answer = await site.service.client.request(method, filled, headers=headers | {"Idempotency-Key": "k"})
            if answer.status_code != 403:
                reached.add(f"{method.upper()} {path}")
    assert reached == REACHED[kind]
    if kind == "person":
        shown = (await site.get("/v1/accounts/me", headers)).json()
        assert (shown["name"], shown["login_id"]) == ("見本 花子", None)
