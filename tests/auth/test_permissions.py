"""A route allows the callers that its permission names, and its document states them."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Annotated

import httpx
import pytest
from fastapi import APIRouter, FastAPI

from shared.auth import Actor, Caller, PerhapsCaller, Permission, Role, permit, public
from shared.http import create_app, unmarked_routes
from shared.ids import new_id
from tests.support import tokens


def build() -> FastAPI:
    cases = APIRouter(prefix="/v1/cases", dependencies=[permit(kinds=("officer",))])

    @cases.post("/{case_id}/decision", dependencies=[permit(Role.CHIEF_EXAMINER, Role.ADMINISTRATOR)])
    async def decide(case_id: str, caller: Caller) -> str:
        return str(caller.id)

    @cases.get("")
    async def every_officer() -> str:
        return "cases"

    other = APIRouter()

    @other.get("/v1/open", dependencies=[public])
    async def anybody(caller: PerhapsCaller) -> str:
        return caller.kind

    @other.get("/v1/mine")
    async def mine(actor: Annotated[Actor, permit()]) -> str:
        return actor.kind

    return create_app("t", "1", [cases, other], verifier=tokens.verifier())


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(build()), base_url="http://t") as made:
        yield made


CELLS = [
    ("POST", "/v1/cases/1/decision", None, 401),
    ("POST", "/v1/cases/1/decision", tokens.officer(Role.EXAMINER), 403),
    ("POST", "/v1/cases/1/decision", tokens.officer(Role.CHIEF_EXAMINER), 200),
    ("POST", "/v1/cases/1/decision", tokens.officer(Role.ADMINISTRATOR), 200),
    ("POST", "/v1/cases/1/decision", tokens.person(Role.CHIEF_EXAMINER), 403),
    ("GET", "/v1/cases", tokens.officer(Role.RECEPTION), 200),
    ("GET", "/v1/cases", tokens.person(), 403),
    ("GET", "/v1/open", None, 200),
    ("GET", "/v1/mine", None, 401),
    ("GET", "/v1/mine", tokens.person(), 200),
]


@pytest.mark.parametrize(("method", "path", "actor", "status"), CELLS)
async def test_a_route_lets_in_whom_its_permissions_name(
    client: httpx.AsyncClient, method: str, path: str, actor: Actor | None, status: int
) -> None:
    answer = await client.request(method, path, headers=tokens.bearer(actor) if actor else {})
    assert answer.status_code == status
    if status == 401:
        assert answer.headers["www-authenticate"] == 'Bearer realm="zairyu"'


def test_an_account_answers_for_what_its_outside_system_does() -> None:
    owner, client = new_id(), new_id()
    system = Actor(kind="client", id=client, client_id=client, on_behalf_of=owner, scopes=frozenset({"sample:read"}))
    assert (system.account_id, system.owner_id) == (owner, owner)
    organisation = new_id()
    assert replace(system, organisation_id=organisation).owner_id == organisation
    assert (Actor(kind="person", id=owner).account_id, Actor.anonymous().account_id) == (owner, None)
    assert not Permission(in_person=True).allows(system)
    assert Permission(in_person=True).allows(replace(system, scopes=None))


@pytest.mark.parametrize("header", ["Bearer", "Bearer ", "Basic dGFybzpwdw==", "Bearer a.b.c", "bearer x y"])
async def test_a_bad_token_is_refused_even_where_none_is_needed(client: httpx.AsyncClient, header: str) -> None:
    for path in ("/v1/open", "/v1/mine"):
        assert (await client.get(path, headers={"Authorization": header})).status_code == 401


async def test_the_permission_is_in_the_openapi_document(client: httpx.AsyncClient) -> None:
    paths = (await client.get("/openapi.json")).json()["paths"]
    decide = paths["/v1/cases/{case_id}/decision"]["post"]
    assert decide["x-permission"] == [
        {"public": False, "roles": [], "kinds": ["officer"]},
        {"public": False, "roles": ["administrator", "chief_examiner"], "kinds": []},
    ]
    assert decide["security"] == [{"access_token": []}]
    assert {"401", "403", "404", "422", "503"} <= set(decide["responses"])
    assert paths["/v1/open"]["get"]["security"] == [{}, {"access_token": []}], "who signed in may say so"


def test_a_route_without_a_permission_is_found_wherever_it_hides() -> None:
    inner = APIRouter(prefix="/inner")
    inner.get("/forgotten")(lambda: "x")
    outer = APIRouter(prefix="/v1")
    outer.include_router(inner)
    outer.get("/marked", dependencies=[public])(lambda: "x")
    assert unmarked_routes(create_app("t", "1", [outer])) == ["GET /v1/inner/forgotten"]
    assert unmarked_routes(build()) == []


@pytest.mark.parametrize(
    ("method", "scopes", "status"),
    [
        ("GET", None, 200),
        ("GET", frozenset({"sample:read"}), 200),
        ("GET", frozenset({"sample:write"}), 403),
        ("GET", frozenset({"other:read"}), 403),
        ("GET", frozenset[str](), 403),
        ("POST", frozenset({"sample:read"}), 403),
        ("POST", frozenset({"sample:write"}), 200),
    ],
)
async def test_a_limited_token_is_good_for_its_scopes_alone(
    method: str, scopes: frozenset[str] | None, status: int
) -> None:
    things = APIRouter(prefix="/v1/things")

    @things.api_route("", methods=["GET", "POST"])
    async def any_role(caller: Caller) -> str:
        return str(caller.id)

    app = create_app("t", "1", [things], verifier=tokens.verifier())
    app.state.service = "sample"
    actor = replace(tokens.person(), scopes=scopes)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://t") as client:
        answer = await client.request(method, "/v1/things", headers=tokens.bearer(actor))
    assert answer.status_code == status
    if status == 403:
        assert answer.json()["code"] == "scope-not-granted"
