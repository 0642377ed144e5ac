"""The rights matrix where applications are begun and filed: class, procedure, the applicant's age, and illness."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from shared.auth import Role
from shared.clock import ManualClock
from shared.reference.codes import Procedure
from tests.infra.databases import TestDatabase
from tests.services.application.people import DECLARED, Filer
from tests.support.service import RunningService, running
from tests.support.tokens import person

ALLOWED = {
    Role.SELF: True,
    Role.LEGAL_REP: True,
    Role.RELATIVE: True,  # whether the applicant is under 16 or ill is asked when the form is there
    Role.LAWYER_SCRIVENER: True,
    Role.ORG_STAFF: True,
    Role.SUPERVISING_ORG_STAFF: False,  # interns of supervising organisations alone
    Role.PUBLIC_INTEREST_STAFF: True,
    Role.RSO_STAFF: False,  # specified skilled workers alone
}
DRAFT = {
    "procedure": "EXTEND",
    "status_of_residence": "ENG_HUM_INT",
    "form": {},
    "notify": {"email": "linh@example.jp", "language": "en"},
}


@pytest.fixture
async def service(service_database: Callable[[str], TestDatabase]) -> AsyncIterator[RunningService]:
    clock = ManualClock(datetime(2026, 11, 20, 3, 0, tzinfo=UTC))
    async with running("application", service_database("application"), clock=clock) as started:
        yield started


@pytest.mark.parametrize(("role", "allowed"), ALLOWED.items())
async def test_a_class_begins_an_extension_as_the_matrix_says(
    service: RunningService, role: Role, allowed: bool
) -> None:
    filer = Filer(service, person(role))
    await filer.activate()
    answer = await filer.post("", DRAFT)
    assert answer.status_code == (201 if allowed else 403), answer.text
    if not allowed:
        assert answer.json()["code"] == "role-may-not-file"


# Birth dates on 2026-11-20, when the applicant's age decides: 14, 15 and 16 years.
FOURTEEN, FIFTEEN, SIXTEEN = "2011-12-01", "2010-12-01", "2010-11-01"
CONDITIONS = [("1990-01-01", False), ("1990-01-01", True), *((born, False) for born in (FOURTEEN, FIFTEEN, SIXTEEN))]


def _may_file(role: Role, born: str, unable: bool) -> bool:
    if role is Role.RELATIVE:
        return unable or born in (FOURTEEN, FIFTEEN)
    return role is not Role.SELF or born != FOURTEEN


@pytest.mark.parametrize(("born", "unable"), CONDITIONS)
@pytest.mark.parametrize("role", [role for role, allowed in ALLOWED.items() if allowed])
async def test_age_and_illness_decide_as_the_matrix_says(
    service: RunningService, role: Role, born: str, unable: bool
) -> None:
    filer = Filer(service, person(role))
    await filer.activate()
    begun = await filer.post("", DRAFT | {"form": {"birth_date": born, "applicant_unable": unable}})
    assert begun.status_code == 201, begun.text
    path = f"/{begun.json()['id']}"
    reported = {problem["code"] for problem in (await filer.get(f"{path}/check"))["problems"]}
    assert ("role-may-not-file" in reported) is not _may_file(role, born, unable)
    refused = await filer.post(f"{path}/submit", DECLARED)
    assert refused.status_code in (403, 422), "nothing else is filled in"
    assert ("role-may-not-file" in refused.text) is not _may_file(role, born, unable)


# A certificate of eligibility for this status is nothing that a relative may ask for.
BEGUN = [
    (role, procedure, allowed and (role, procedure) != (Role.RELATIVE, Procedure.COE))
    for role, allowed in ALLOWED.items()
    for procedure in (Procedure.COE, Procedure.CHANGE)
]


@pytest.mark.parametrize(("role", "procedure", "allowed"), BEGUN)
async def test_a_class_begins_another_procedure_as_the_matrix_says(
    service: RunningService, role: Role, procedure: str, allowed: bool
) -> None:
    filer = Filer(service, person(role))
    await filer.activate()
    answer = await filer.post("", DRAFT | {"procedure": procedure})
    assert answer.status_code == (201 if allowed else 403), answer.text
    if not allowed:
        assert answer.json()["code"] == "role-may-not-file"


@pytest.mark.parametrize("procedure", [Procedure.PR, Procedure.REENTRY, Procedure.EXTRA_ACT])
@pytest.mark.parametrize("role", ALLOWED)
async def test_what_has_no_form_of_its_own_is_begun_by_nobody(
    service: RunningService, role: Role, procedure: str
) -> None:
    filer = Filer(service, person(role))
    await filer.activate()
    answer = await filer.post("", DRAFT | {"procedure": procedure})
    assert (answer.status_code, answer.json()["code"]) == (422, "not-offered")


async def test_who_acts_under_a_registration_that_is_over_reads_and_files_nothing(service: RunningService) -> None:
    filer = Filer(service)
    await filer.activate()
    begun = await filer.post("", DRAFT)
    path = f"/{begun.json()['id']}"
    # The account may be active through another registration: what counts is the one acted under.
    filer.actor = replace(filer.actor, lapsed=True)
    assert (await filer.request("GET", path)).status_code == 200
    for where, body in (("", DRAFT), (f"{path}/submit", DECLARED)):
        refused = await filer.post(where, body)
        assert refused.status_code in (403, 422)
        assert refused.json()["code"] == "account-expired"
