"""Every route of registration against every role: one test for each cell."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from fastapi import FastAPI

from services.registration.app import create_app
from services.registration.settings import Settings
from shared.auth import Actor, Role
from shared.auth.actor import APPLICANT_ROLES, OFFICER_ROLES
from shared.clock import SystemClock
from shared.errors import Unavailable
from shared.ids import new_id
from tests.support import keys, tokens

EVERYBODY = frozenset({"anonymous", *(role.value for role in Role)})
SIGNED_IN = EVERYBODY - {"anonymous"}
PEOPLE = frozenset(role.value for role in APPLICANT_ROLES)
MEMBERS = frozenset({"org_staff", "supervising_org_staff", "public_interest_staff", "rso_staff"})
APPROVING = frozenset({"user_approval"})
ADMINISTERING = frozenset({"administrator"})
AUDITING = frozenset({"auditor"})
OPERATING = frozenset({"operator"})
EXAMINING = frozenset({"examiner", "chief_examiner"})
OFFICERS = frozenset(role.value for role in OFFICER_ROLES)
# The gateway itself has no role: it proves that it is the gateway.
NOBODY: frozenset[str] = frozenset()
ROUTES = {
    "POST /v1/usage-registrations": EVERYBODY,
    "GET /v1/usage-registrations": APPROVING,
    "GET /v1/usage-registrations/{registration_id}": SIGNED_IN,
    "GET /v1/usage-registrations/{registration_id}/requirements": APPROVING,
    "POST /v1/usage-registrations/{registration_id}/approve": APPROVING,
    "POST /v1/usage-registrations/{registration_id}/return": APPROVING,
    "POST /v1/usage-registrations/{registration_id}/reject": APPROVING,
    "POST /v1/usage-registrations/{registration_id}/resubmit": EVERYBODY,
    "POST /v1/usage-registrations/{registration_id}/upload-token": EVERYBODY,
    "POST /v1/usage-registration-drafts": EVERYBODY,
    "GET /v1/usage-registration-drafts": PEOPLE,
    "POST /v1/usage-registration-drafts/link": EVERYBODY,
    "GET /v1/usage-registration-drafts/{draft_id}": EVERYBODY,
    "PUT /v1/usage-registration-drafts/{draft_id}": EVERYBODY,
    "DELETE /v1/usage-registration-drafts/{draft_id}": EVERYBODY,
    "GET /v1/usage-registration-drafts/{draft_id}/check": EVERYBODY,
    "POST /v1/usage-registration-drafts/{draft_id}/submit": EVERYBODY,
    "POST /v1/usage-registration-drafts/{draft_id}/upload-token": EVERYBODY,
    "GET /v1/password-links/{token}": EVERYBODY,
    "POST /v1/password-links/{token}": EVERYBODY,
    "POST /v1/password-resets": EVERYBODY,
    "GET /v1/email-links/{token}": EVERYBODY,
    "POST /v1/email-links/{token}": EVERYBODY,
    "POST /v1/kept-forms": EVERYBODY,
    "POST /v1/kept-forms/open": EVERYBODY,
    "POST /v1/kept-forms/drop": EVERYBODY,
    "POST /v1/login-id-reminders": EVERYBODY,
    "POST /v1/sessions": EVERYBODY,
    "POST /v1/sessions/token": EVERYBODY,
    "POST /v1/sessions/end": EVERYBODY,
    "POST /v1/sessions/second-factor": EVERYBODY,
    "POST /v1/sessions/step-up": EVERYBODY,
    "POST /v1/sessions/passkey/options": EVERYBODY,
    "POST /v1/sessions/passkey": EVERYBODY,
    "GET /v1/accounts/me/second-factor": SIGNED_IN,
    "POST /v1/accounts/me/second-factor/totp": SIGNED_IN,
    "DELETE /v1/accounts/me/second-factor/totp": SIGNED_IN,
    "POST /v1/accounts/me/second-factor/totp/confirm": SIGNED_IN,
    "POST /v1/accounts/me/recovery-codes": SIGNED_IN,
    "POST /v1/accounts/me/passkeys/options": SIGNED_IN,
    "POST /v1/accounts/me/passkeys": SIGNED_IN,
    "DELETE /v1/accounts/me/passkeys/{passkey_id}": SIGNED_IN,
    "GET /v1/accounts/me/sessions": SIGNED_IN,
    "DELETE /v1/accounts/me/sessions/{session_id}": SIGNED_IN,
    "POST /v1/accounts/me/sign-out-everywhere": SIGNED_IN,
    "GET /.well-known/jwks.json": EVERYBODY,
    "GET /.well-known/revocations.json": EVERYBODY,
    "GET /.well-known/blocked-networks.json": EVERYBODY,
    "GET /v1/accounts/me": SIGNED_IN,
    "POST /v1/accounts/me/password": SIGNED_IN,
    "POST /v1/accounts/me/email": PEOPLE,
    "GET /v1/accounts/me/stay-abroad": PEOPLE,
    "PUT /v1/accounts/me/stay-abroad": PEOPLE,
    "DELETE /v1/accounts/me/stay-abroad": PEOPLE,
    "GET /v1/accounts/me/memberships": PEOPLE,
    "POST /v1/accounts/me/active-membership": PEOPLE,
    "POST /v1/accounts/me/memberships/{membership_id}/leave": PEOPLE,
    "GET /v1/accounts/me/rights": PEOPLE,
    "POST /v1/accounts/me/clients": PEOPLE,
    "GET /v1/accounts/me/clients": PEOPLE,
    "GET /v1/accounts/me/clients/{client_id}": PEOPLE,
    "PATCH /v1/accounts/me/clients/{client_id}": PEOPLE,
    "DELETE /v1/accounts/me/clients/{client_id}": PEOPLE,
    "POST /v1/accounts/me/clients/{client_id}/secrets": PEOPLE,
    "DELETE /v1/accounts/me/clients/{client_id}/secrets/{secret_id}": PEOPLE,
    "POST /v1/accounts/me/authorizations/preview": PEOPLE,
    "POST /v1/accounts/me/authorizations": PEOPLE,
    "GET /v1/accounts/me/authorizations": PEOPLE,
    "DELETE /v1/accounts/me/authorizations/{authorization_id}": PEOPLE,
    "POST /oauth/token": EVERYBODY,
    "POST /oauth/revoke": EVERYBODY,
    "GET /.well-known/oauth-authorization-server": EVERYBODY,
    "GET /v1/accounts/reasons": APPROVING | ADMINISTERING,
    "PUT /v1/accounts/me/begun-texts/{place}": OFFICERS,
    "GET /v1/accounts/me/begun-texts/{place}": OFFICERS,
    "DELETE /v1/accounts/me/begun-texts/{place}": OFFICERS,
    "GET /v1/usage-registrations/counts": APPROVING,
    "GET /v1/periodic-reports/counts": APPROVING,
    "GET /v1/accounts/{account_id}": APPROVING,
    "POST /v1/accounts/{account_id}/suspend": APPROVING,
    "POST /v1/accounts/{account_id}/lift": APPROVING,
    "POST /v1/accounts/{account_id}/close": APPROVING,
    "POST /v1/accounts/{account_id}/memberships/{membership_id}/end": APPROVING,
    "POST /v1/officers": ADMINISTERING,
    "GET /v1/officers": ADMINISTERING | AUDITING,
    "GET /v1/officers/colleagues": OFFICERS,
    "GET /v1/officers/{officer_id}": ADMINISTERING | AUDITING,
    "PUT /v1/officers/{officer_id}/roles": ADMINISTERING,
    "PUT /v1/officers/{officer_id}/office": ADMINISTERING,
    "PUT /v1/officers/{officer_id}/staff-number": ADMINISTERING,
    "POST /v1/officers/{officer_id}/email": ADMINISTERING,
    "POST /v1/officers/{officer_id}/invitation": ADMINISTERING,
    "POST /v1/officers/{officer_id}/suspend": ADMINISTERING,
    "POST /v1/officers/{officer_id}/lift": ADMINISTERING,
    "POST /v1/officers/{officer_id}/close": ADMINISTERING,
    "POST /v1/officers/{officer_id}/second-factor-reset": ADMINISTERING,
    "POST /v1/identity-requests": EVERYBODY,
    "POST /v1/identity-requests/finish": EVERYBODY,
    "POST /v1/identity-tickets": EVERYBODY,
    "POST /v1/identity-tickets/upload-token": EVERYBODY,
    "GET /v1/accounts/me/identities": PEOPLE,
    "DELETE /v1/accounts/me/identities/{identity_id}": PEOPLE,
    "POST /v1/personal-registrations": EVERYBODY,
    "POST /v1/password-links/{token}/confirm": EVERYBODY,
    "GET /v1/user-classes": EVERYBODY,
    "GET /v1/periodic-reports/due": MEMBERS,
    "POST /v1/periodic-reports": MEMBERS,
    "POST /v1/periodic-reports/upload-token": MEMBERS,
    "POST /v1/periodic-reports/{report_id}/resubmit": MEMBERS,
    "GET /v1/periodic-reports": APPROVING,
    "GET /v1/periodic-reports/{report_id}": SIGNED_IN,
    "POST /v1/periodic-reports/{report_id}/approve": APPROVING,
    "POST /v1/periodic-reports/{report_id}/return": APPROVING,
    "POST /v1/periodic-reports/{report_id}/reject": APPROVING,
    "GET /v1/organisations": APPROVING | AUDITING,
    "GET /v1/organisations/{organisation_id}": APPROVING | AUDITING | PEOPLE,
    "GET /v1/organisations/{organisation_id}/record": APPROVING | AUDITING | EXAMINING,
    "GET /v1/organisations/{organisation_id}/colleagues": PEOPLE,
    "POST /v1/organisations/{organisation_id}/category-proofs": APPROVING,
    "GET /v1/registration/operations/audit": AUDITING,
    "GET /v1/registration/operations/audit.csv": AUDITING,
    "GET /v1/registration/operations/audit/verification": AUDITING,
    "GET /v1/registration/operations/state": OPERATING,
    "GET /v1/registration/operations/blocks": OPERATING,
    "POST /v1/registration/operations/blocks": OPERATING,
    "POST /v1/registration/operations/blocks/{block_id}/lift": OPERATING,
    "GET /v1/registration/operations/gateways": OPERATING,
    "PUT /v1/gateways/{process_id}": NOBODY,
    "DELETE /v1/gateways/{process_id}": NOBODY,
    "GET /v1/registration/operations/samples": OPERATING,
    "GET /v1/registration/operations/sign-ins": OPERATING,
    "POST /v1/registration/operations/journal-rounds": OPERATING,
    "POST /v1/registration/operations/snapshots": OPERATING,
    "POST /v1/registration/operations/snapshots/{snapshot_id}/stop": OPERATING,
    "POST /v1/registration/operations/rebuilds/{rebuild_id}/switch": OPERATING,
    "GET /v1/registration/operations/letters": OPERATING,
    "GET /v1/registration/operations/letters/{letter_id}": OPERATING,
    "POST /v1/registration/operations/letter-orders": OPERATING,
    "GET /v1/registration/operations/letter-orders/{order_id}": OPERATING,
    "POST /v1/registration/operations/letter-orders/{order_id}/approve": OPERATING,
    "POST /v1/registration/operations/letter-orders/{order_id}/withdraw": OPERATING,
    "GET /v1/registration/operations/events": OPERATING,
    "GET /v1/registration/operations/invariants": OPERATING,
}
# Of the process itself, not of the service: health, metrics, the description of the API.
_OF_THE_PROCESS = ("/healthz", "/readyz", "/metrics", "/openapi.json", "/docs")


def _nowhere(*_: object) -> None:
    raise Unavailable()


@pytest.fixture(scope="module")
def app() -> FastAPI:
    """The service without a database: who may not call is refused before anything connects."""
    nowhere = "postgresql+asyncpg://nobody:nothing@127.0.0.1:1/nowhere"
    made = create_app(Settings(database_url=nowhere, **keys.secrets("registration"), parts="api"))
    made.state.verifier = tokens.verifier(SystemClock())
    db = made.state.runtime.db
    db.transaction = db.read = _nowhere
    return made


@pytest.fixture(scope="module")
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://service.test") as made:
        yield made


def test_every_route_has_its_row(app: FastAPI) -> None:
    found = {
        f"{method.upper()} {path}"
        for path, operations in app.openapi()["paths"].items()
        if not path.startswith(_OF_THE_PROCESS)
        for method in operations
    }
    assert found == set(ROUTES)


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("role", sorted(EVERYBODY))
async def test_a_role_reaches_its_routes_and_no_other(client: httpx.AsyncClient, role: str, route: str) -> None:
    method, path = route.split(" ")
    filled = "/".join(str(new_id()) if part.startswith("{") else part for part in path.split("/"))
    headers = {"Idempotency-Key": "key-1"}
    if role != "anonymous":
        kind = "officer" if Role(role) in OFFICER_ROLES else "person"
        fresh_until = datetime.now(UTC) + timedelta(minutes=20)
        roles = frozenset({Role(role)})
        actor = Actor(kind=kind, id=new_id(), roles=roles, session_id=new_id(), fresh_until=fresh_until)  # type: ignore[arg-type]
        headers |= tokens.bearer(actor)
    answer = await client.request(method, filled, headers=headers)
    if role in ROUTES[route]:
        assert answer.status_code not in (401, 403), answer.text
    else:
        assert answer.status_code == (401 if role == "anonymous" else 403), answer.text
