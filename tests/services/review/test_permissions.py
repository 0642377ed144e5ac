"""Permissions: every cell of role and route, and any set of roles against an oracle of its own."""

import asyncio
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.review.cases.domain.states import State
from shared.auth import OFFICER_ROLES, Actor, Role
from shared.http import api_routes
from shared.ids import new_id
from tests.services.review.desk import FEE, GRANT, MAILING, MATERIALS, Desk, card
from tests.support import tokens

READERS = {Role.EXAMINER, Role.CHIEF_EXAMINER, Role.CARD_OFFICE, Role.AUDITOR}
EXAMINER, CHIEF, CARD = {Role.EXAMINER}, {Role.CHIEF_EXAMINER}, {Role.CARD_OFFICE}
# The matrix, written down once more by hand: route -> (roles that may, a body that is well formed).
MATRIX: dict[str, tuple[set[Role], Any]] = {
    "GET /v1/cases": (READERS, None),
    "GET /v1/cases/checklist": (READERS, None),
    "GET /v1/cases/counts": (READERS, None),
    "GET /v1/cases/lists": (READERS, None),
    "GET /v1/cases/notices": (READERS - {Role.AUDITOR}, None),
    "POST /v1/cases/next": (EXAMINER, None),
    "GET /v1/cases/undelivered": (READERS - {Role.AUDITOR}, None),
    "POST /v1/cases/{case_id}/undelivered/{undelivered_id}/informed": (READERS - {Role.AUDITOR}, {"means": "post"}),
    "GET /v1/cases/by-application/{application_id}": (READERS, None),
    "GET /v1/cases/proposals": (CHIEF, None),
    "POST /v1/cases/decisions": (CHIEF, {"cases": [{"case_id": str(new_id()), "proposal_id": str(new_id())}]}),
    "GET /v1/cases/{case_id}": (READERS, None),
    "GET /v1/cases/{case_id}/timeline": (READERS, None),
    "GET /v1/cases/{case_id}/file": (READERS, None),
    "POST /v1/cases/{case_id}/start": (EXAMINER, None),
    "POST /v1/cases/{case_id}/examination": (EXAMINER, {"findings": {}}),
    "POST /v1/cases/{case_id}/document-requests": (
        EXAMINER,
        {"items": [{"code": "RES_TAX", "message": "x"}], "due_on": "2026-07-29"},
    ),
    "POST /v1/cases/{case_id}/more-time/{more_time_id}": (EXAMINER, {"agreed": True}),
    "POST /v1/cases/{case_id}/interview": (EXAMINER, {}),
    "POST /v1/cases/{case_id}/interview/move": (EXAMINER, {"held_at": "2026-07-20T10:00:00+09:00"}),
    "POST /v1/cases/{case_id}/interview/cancel": (EXAMINER, {"reason": "x"}),
    "POST /v1/cases/{case_id}/same-person": (
        EXAMINER,
        {"other_case_id": str(new_id()), "finding": "both_needed", "reason": "x"},
    ),
    "POST /v1/cases/{case_id}/corrections/{correction_id}": (EXAMINER, {"agreed": True}),
    "POST /v1/cases/{case_id}/proposal": (EXAMINER, GRANT),
    "POST /v1/cases/{case_id}/decision": (CHIEF, {"approve": True}),
    "POST /v1/cases/{case_id}/recall": (CHIEF, {"reason": "x"}),
    "POST /v1/cases/{case_id}/take": (EXAMINER, None),
    "POST /v1/cases/{case_id}/hand-over": (EXAMINER, {"examiner_id": str(new_id()), "reason": "x"}),
    "POST /v1/cases/{case_id}/return": (EXAMINER, {"reason": "x"}),
    "POST /v1/cases/{case_id}/assignment": (CHIEF, {"examiner_id": str(new_id())}),
    "POST /v1/cases/{case_id}/take-back": (CHIEF, {"reason": "x"}),
    "POST /v1/cases/{case_id}/transfer": (CHIEF, {"office": "NGY", "reason": "x"}),
    "POST /v1/cases/{case_id}/flags": (CHIEF, {"code": "urgent", "reason": "x"}),
    "POST /v1/cases/{case_id}/flags/{code}/removal": (CHIEF, {"reason": "x"}),
    "POST /v1/cases/{case_id}/reassignment": (CHIEF, {"examiner_id": str(new_id())}),
    "POST /v1/cases/{case_id}/termination": (CHIEF, {"reason_code": "left_japan"}),
    "POST /v1/cases/{case_id}/fee": (CARD, FEE),
    "POST /v1/cases/{case_id}/card-materials-received": (CARD, MATERIALS),
    "POST /v1/cases/{case_id}/counter-reception": (CARD, {"amount_yen": 5500}),
    "POST /v1/cases/{case_id}/card": (CARD, card()),
    "POST /v1/cases/{case_id}/mailing": (CARD, MAILING),
    "POST /v1/cases/{case_id}/counter-visit": (CARD, {"reason_code": "returned_mail"}),
    "POST /v1/cases/{case_id}/card-return": (CARD, {"kind": "returned"}),
    "POST /v1/cases/{case_id}/delivery": (CARD, None),
    "POST /v1/cases/{case_id}/certificate": (CARD, {"method": "POST"}),
    "POST /v1/cases/{case_id}/certificate-revocation": (CARD, {"reason_code": "returned", "reason": "返納"}),
}
# Routes that a new case permits; every other one is refused with 409 until the case has come further.
AT_ONCE = ("start", "termination", "assignment", "transfer", "flags")
ON_A_CASE = [route for route in MATRIX if "{" in route]


async def send(desk: Desk, route: str, actor: Actor | None, case_id: UUID, application_id: UUID) -> tuple[int, str]:
    """Status and problem code of a request to `route`."""
    method, path = route.split()
    headers = {"Idempotency-Key": str(new_id())} | (tokens.bearer(actor, desk.clock) if actor else {})
    answer = await desk.service.client.request(
        method,
        path.format(
            case_id=case_id,
            application_id=application_id,
            correction_id=new_id(),
            more_time_id=new_id(),
            undelivered_id=new_id(),
            code="urgent",
        ),
        json=MATRIX[route][1],
        headers=headers,
    )
    return answer.status_code, answer.json().get("code", "") if answer.status_code >= 400 else ""


def _actor(role: Role) -> Actor:
    return tokens.officer(role) if role in OFFICER_ROLES else tokens.person(role)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("route", MATRIX)
async def test_a_role_gets_through_exactly_where_the_matrix_says(open_desk: Desk, route: str, role: Role) -> None:
    status, code = await send(open_desk, route, _actor(role), new_id(), new_id())
    if role not in MATRIX[route][0]:
        assert (status, code) == (403, "forbidden")
    elif route in ON_A_CASE:
        assert (status, code) == (404, "not-found"), "permitted, but there is no such case"
    else:
        assert (status, code) == (200, "") or (route, code) == ("POST /v1/cases/next", "queue-empty")


@pytest.mark.parametrize("route", MATRIX)
async def test_nobody_gets_through_unsigned_in(open_desk: Desk, route: str) -> None:
    assert (await send(open_desk, route, None, new_id(), new_id()))[0] == 401


@pytest.mark.parametrize("route", MATRIX)
async def test_an_officers_role_in_the_hands_of_somebody_outside_does_not_count(open_desk: Desk, route: str) -> None:
    role = next(iter(MATRIX[route][0]))
    outside = tokens.person(role, organisation=True)
    assert (await send(open_desk, route, outside, new_id(), new_id()))[0] == 403


@pytest.mark.parametrize("route", ON_A_CASE)
async def test_a_case_of_another_office_is_not_there(open_desk: Desk, route: str) -> None:
    case = await open_desk.open(office="OSA")
    before = await open_desk.lines()
    for role in MATRIX[route][0] - {Role.AUDITOR}:
        answer = await send(open_desk, route, tokens.officer(role, office="TYO"), case.id, case.application_id)
        assert answer == (404, "not-found")
    assert await open_desk.lines() == before
    assert await open_desk.state(case.id) == State.RECEIVED


@pytest.mark.parametrize("route", [route for route in ON_A_CASE if route.startswith("GET")])
async def test_an_auditor_reads_the_cases_of_every_office(open_desk: Desk, route: str) -> None:
    case = await open_desk.open(office="OSA")
    auditor = tokens.officer(Role.AUDITOR, office="TYO")
    assert (await send(open_desk, route, auditor, case.id, case.application_id))[0] == 200


@pytest.mark.parametrize("role", sorted(READERS - {Role.AUDITOR}))
async def test_an_officer_without_an_office_sees_nothing(open_desk: Desk, role: Role) -> None:
    case = await open_desk.open()
    homeless = Actor(kind="officer", id=new_id(), roles=frozenset({role}), session_id=new_id())
    assert (await send(open_desk, "GET /v1/cases/{case_id}", homeless, case.id, new_id()))[0] == 404
    assert await send(open_desk, "GET /v1/cases", homeless, case.id, new_id()) == (403, "no-office")


async def test_the_matrix_names_every_route_of_the_service(open_desk: Desk) -> None:
    routes = {
        f"{method} {context.path_format}"
        for context, _ in api_routes(open_desk.service.app)
        for method in context.methods or ()
        if (context.path_format or "").startswith("/v1/cases")
    }
    assert not routes - set(MATRIX), f"MATRIX has no line for {routes - set(MATRIX)}"
    assert routes == set(MATRIX)


def _oracle(route: str, roles: frozenset[Role], is_officer: bool, same_office: bool) -> int:
    """The answer that a signed-in caller gets for a fresh case, worked out without the service's own tables."""
    if not is_officer or not roles & MATRIX[route][0]:
        return 403
    audits = Role.AUDITOR in roles
    if not same_office and not audits:
        return 404
    if route.startswith("GET"):
        return 200
    if route.endswith("/informed"):
        return 404  # the case is there, and all its messages arrived
    return 200 if route.rpartition("/")[2] in AT_ONCE else 409


@pytest.mark.parametrize("route", ON_A_CASE)
async def test_any_set_of_roles_gets_what_the_oracle_says(open_desk: Desk, route: str) -> None:
    loop = asyncio.get_running_loop()

    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(
        roles=st.frozensets(st.sampled_from(Role), max_size=4),
        extra=st.booleans(),
        is_officer=st.sampled_from([True, True, True, False]),
        office=st.sampled_from(["TYO", "OSA"]),
    )
    def holds(roles: frozenset[Role], extra: bool, is_officer: bool, office: str) -> None:
        # Half of the time one of the roles that count is among them: sets drawn blindly seldom have one.
        mixed = roles | MATRIX[route][0] if extra else roles
        actor = Actor(
            kind="officer" if is_officer else "person",
            id=new_id(),
            roles=mixed,
            office=office if is_officer else None,
            session_id=new_id(),
        )

        async def ask() -> int:
            case = await open_desk.open(office="TYO")
            return (await send(open_desk, route, actor, case.id, case.application_id))[0]

        got = asyncio.run_coroutine_threadsafe(ask(), loop).result(30)
        assert got == _oracle(route, mixed, is_officer, office == "TYO"), (
            "does a new case permit it? Then it is in AT_ONCE"
        )

    await asyncio.to_thread(holds)
