"""Permissions and sight as rules, for every set of roles, without a server."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.review.app import create_app
from services.review.settings import Settings
from shared.auth import Actor, Permission, Record, Role, permissions_of, sees
from shared.http import api_routes
from shared.ids import new_id
from tests.services.review.test_permissions import MATRIX
from tests.support import keys


@given(
    st.frozensets(st.sampled_from(Role)),
    st.sampled_from(["officer", "person", "client", "system", "anonymous"]),
)
def test_no_permission_of_the_service_admits_what_the_matrix_does_not(roles: frozenset[Role], kind: Any) -> None:
    actor = Actor(kind=kind, id=new_id(), roles=roles)
    for route, permissions in PERMISSIONS.items():
        assert route in MATRIX, f"MATRIX of test_permissions.py has no line for {route}"
        admitted = all(permission.allows(actor) for permission in permissions)
        assert admitted == (kind == "officer" and bool(roles & MATRIX[route][0])), route


@given(st.sampled_from(["TYO", "OSA", None]), st.booleans(), st.sampled_from(["TYO", "OSA"]))
def test_sight_is_the_own_office_or_the_auditors(own: str | None, audits: bool, office: str) -> None:
    role = Role.AUDITOR if audits else Role.EXAMINER
    actor = Actor(kind="officer", id=new_id(), roles=frozenset({role}), office=own)
    assert sees(actor, Record.CASE, office) == (audits or own == office)


def _permissions() -> dict[str, list[Permission]]:
    nowhere = "postgresql+asyncpg://nobody@127.0.0.1:1/none"
    made = Settings(database_url=nowhere, **keys.secrets("review"), parts="api")
    return {
        f"{method} {context.path_format}": permissions_of(dependant)
        for context, dependant in api_routes(create_app(made))
        for method in context.methods or ()
        if (context.path_format or "").startswith("/v1/cases")
    }


PERMISSIONS = _permissions()
