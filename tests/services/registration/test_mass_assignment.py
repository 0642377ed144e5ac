"""No body sets what is not its own to set: every object of every route refuses what it does not know."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from shared.auth import Actor, Role
from shared.auth.actor import OFFICER_ROLES
from shared.ids import new_id
from tests.services.registration.site import RegistrationClient

# What an attacker would like to set.
WISHED: dict[str, Any] = {
    "id": "00000000-0000-0000-0000-000000000001",
    "account_id": "00000000-0000-0000-0000-000000000001",
    "organisation_id": "00000000-0000-0000-0000-000000000001",
    "kind": "officer",
    "roles": ["administrator"],
    "office": "TYO",
    "state": "active",
    "status": "approved",
    "valid_until": "2099-12-31",
    "second_factor": True,
    "__class__": "officer",
}
# A passkey's answer belongs to the WebAuthn standard, which lets devices add to it; it is read, never assigned.
# What a draft's fields could not take is kept as it was typed, by the field's pointer; it is shown, never assigned.
FOREIGN = ("credential", "passkey", "unread")


async def test_every_object_in_every_body_refuses_what_it_does_not_know(site: RegistrationClient) -> None:
    document = site.service.app.openapi()
    open_ = [
        f"{method.upper()} {path}{pointer}"
        for method, path, body in _bodies(document)
        for pointer in _open(document, body, "")
    ]
    assert open_ == []


async def test_what_does_not_belong_into_a_body_is_refused_by_name_and_changes_nothing(
    site: RegistrationClient,
) -> None:
    person = Actor(kind="person", id=new_id(), roles=frozenset({Role.ORG_STAFF}), session_id=new_id())
    officer = Actor(kind="officer", id=new_id(), roles=OFFICER_ROLES, office="TYO", session_id=new_id())
    callers = [await site.bearer(actor) for actor in (person, officer)]
    document = site.service.app.openapi()
    tried = 0
    for method, path, body in _bodies(document):
        filled = path.replace("{token}", "x" * 43)
        filled = re.sub(r"\{[a-z]+_id\}", lambda _: str(new_id()), filled)
        known = set(_resolved(document, body).get("properties", {}))
        for headers in callers:
            answer = await site.service.client.request(
                method, filled, json=WISHED, headers=headers | {"Idempotency-Key": f"wish-{tried}"}
            )
            tried += 1
            if answer.status_code == 403:
                continue
            assert answer.status_code == 422, (method, path, answer.text)
            refused = {error["pointer"] for error in answer.json()["errors"] if error["code"] == "unknown-field"}
            assert refused == {f"/{name}" for name in set(WISHED) - known}, (method, path)
    assert tried > 40
    assert await site.journal() == []
    assert await site.service.events() == []


@pytest.mark.parametrize("asked", [{"roles": ["administrator"]}, {"scope": "admin"}, {"kind": "officer"}])
async def test_a_sign_in_gives_what_the_tables_say(site: RegistrationClient, asked: dict[str, Any]) -> None:
    person = await site.person()
    assert (await site.sign_in(person.login_id, **asked)).status_code == 422
    secret = await site.session(person)
    assert (await site.post("/v1/sessions/token", {"session_secret": secret, **asked})).status_code == 422


def _bodies(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, operations in document["paths"].items():
        if path.startswith("/v1/gateways/"):
            continue  # a gateway of another release reports what this one does not know
        for method, operation in operations.items():
            # The forms of RFC 6749 ignore what they do not know, as the standard says.
            if reported := operation.get("requestBody", {}).get("content", {}).get("application/json"):
                yield method, path, reported["schema"]


def _resolved(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def _open(document: dict[str, Any], schema: dict[str, Any], pointer: str) -> Iterator[str]:
    """The objects that would take any field."""
    schema = _resolved(document, schema)
    for part in (*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())):
        yield from _open(document, part, pointer)
    if "items" in schema:
        yield from _open(document, schema["items"], f"{pointer}/0")
    if schema.get("type") != "object":
        return
    if schema.get("additionalProperties", True) is True:
        yield pointer
    for name, part in schema.get("properties", {}).items():
        if name not in FOREIGN:
            yield from _open(document, part, f"{pointer}/{name}")
