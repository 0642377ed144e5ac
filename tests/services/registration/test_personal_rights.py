"""From the identity provider to the filed application: what each class of persons may do at the application service."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx
import jwt
import pytest

from deploy.local.identity_provider.people import FOREIGNER, PARENT, RELATIVE, SCRIVENER
from shared.auth import Actor, KeySet, Role, TokenVerifier
from shared.clock import ManualClock, legal_date
from shared.events.registration import AccountActivated
from tests.infra.databases import TestDatabase
from tests.services.application.people import Filer, codes, complete_form
from tests.services.registration.identity import IdentitySite, identity_site
from tests.services.registration.test_rights import MATRIX, PROCEDURES
from tests.support.service import RunningService, running

CLASSES = {"self": FOREIGNER, "legal_rep": PARENT, "relative": RELATIVE, "lawyer_scrivener": SCRIVENER}


@dataclass
class TokenFiler(Filer):
    """Somebody who files with a token that registration gave them."""

    token: dict[str, str] = field(default_factory=dict)

    async def request(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        sent = self.token | {"Accept-Language": "en"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.service.client.request(method, f"/v1/applications{path}", json=body, headers=sent)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime(2026, 11, 20, 3, 0, tzinfo=UTC))


@pytest.fixture
async def site(service_database: Callable[[str], TestDatabase], clock: ManualClock) -> AsyncIterator[IdentitySite]:
    async with identity_site(service_database("registration"), clock) as started:
        yield started


@pytest.fixture
async def application(
    service_database: Callable[[str], TestDatabase], clock: ManualClock, site: IdentitySite
) -> AsyncIterator[RunningService]:
    """The application service, which checks tokens with the keys that this registration publishes."""
    async with running("application", service_database("application"), clock=clock) as started:
        keys = KeySet(site.signing.document, clock=clock)
        verifier = TokenVerifier(site.context.settings.token_issuer, keys, clock)
        started.app.state.runtime.verifier = started.app.state.verifier = verifier
        await keys.refresh()
        yield started


@pytest.mark.parametrize("role", CLASSES)
async def test_a_person_files_what_the_matrix_gives_their_class(
    site: IdentitySite, application: RunningService, role: str
) -> None:
    await site.registered(role, CLASSES[role])
    token = await site.header((await site.signed_in_by_identity(CLASSES[role]))["session_secret"])
    status = "DEPENDENT" if role == "relative" else "ENG_HUM_INT"
    row = MATRIX[role, status]
    answer = await site.get(f"/v1/accounts/me/rights?status={status}", token)
    found = {right["procedure"]: right["may_file"] for right in answer.json()["rights"]}
    assert {procedure: found[procedure] for procedure in PROCEDURES} == {
        procedure: cell == "o" for procedure, cell in zip(PROCEDURES, row, strict=True)
    }

    claims = jwt.decode(token["Authorization"].removeprefix("Bearer "), options={"verify_signature": False})
    assert claims["roles"] == [role]
    actor = Actor(kind="person", id=claims["sub"], roles=frozenset({Role(role)}))
    filer = TokenFiler(application, actor, token=token)
    today = legal_date(site.clock.now())
    application_id = await filer.begin()
    early = await filer.submit(application_id)
    assert "account-unknown" in codes(early), "nobody has told this service of the account yet"
    await application.deliver(*await site.events(AccountActivated))

    async def refused(**changes: Any) -> bool:
        """Whether the class is what stands in the way of an application for that person."""
        began = await filer.begin(form=complete_form(today, **changes))
        return "role-may-not-file" in codes(await filer.submit(began))

    # The form's applicant is an adult. Relatives act for who is under 16 or unable; nobody under 15 for themselves.
    assert await refused() is (role == "relative")
    assert await refused(applicant_unable=True) is False
    assert await refused(birth_date="2010-11-21") is False
    assert await refused(birth_date="2010-11-20") is (role == "relative")
    assert await refused(birth_date="2011-11-21") is (role == "self")

    unable: dict[str, Any] = {"applicant_unable": True} if role == "relative" else {}
    ready = await filer.begin(form=complete_form(today, **unable))
    check = await filer.get(f"/{ready}/check")
    asked = [document["code"] for document in check["required_documents"] if document["requirement"] == "required"]
    await filer.attach(ready, tuple(code for code in asked if code != "PHOTO"))
    filed = await filer.submit(ready)
    assert filed.status_code == 200, filed.text
