"""The rights to file (利用者区分 and 手続): one test for each cell of the published matrix, and of the guide's."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from shared.auth import Actor, Role
from shared.auth.actor import APPLICANT_ROLES
from shared.clock import ManualClock
from shared.ids import new_id
from tests.infra.databases import Databases, TestDatabase
from tests.services.registration.site import RegistrationClient
from tests.support.service import running

PROCEDURES = ("COE", "CHANGE", "EXTEND", "ACQUIRE", "WORKCERT", "EXTRA_ACT", "REENTRY")
# Class and status of residence, then one letter a procedure: o may file, x may not.
MATRIX = {
    ("self", "ENG_HUM_INT"): "ooooooo",
    ("legal_rep", "ENG_HUM_INT"): "ooooooo",
    ("relative", "DEPENDENT"): "ooooxxo",
    ("lawyer_scrivener", "ENG_HUM_INT"): "ooooooo",
    ("org_staff", "ENG_HUM_INT"): "ooooooo",
    ("supervising_org_staff", "TITP2_B"): "ooooooo",
    ("public_interest_staff", "ENG_HUM_INT"): "ooooooo",
    ("rso_staff", "SSW1"): "ooooooo",
    # A class files for its own statuses alone ...
    ("self", "DIPLOMAT"): "xxxxxxx",
    ("self", "OFFICIAL"): "xxxxxxx",
    ("self", "TEMP_VISITOR"): "xxxxxxx",
    ("org_staff", "TITP1_B"): "xxxxxxx",
    ("org_staff", "TITP2_B"): "xxxxxxx",
    ("org_staff", "TITP3_B"): "xxxxxxx",
    ("supervising_org_staff", "TITP1_B"): "ooooooo",
    ("supervising_org_staff", "TITP3_B"): "ooooooo",
    ("supervising_org_staff", "ENG_HUM_INT"): "xxxxxxx",
    ("rso_staff", "SSW2"): "ooooooo",
    ("rso_staff", "ENG_HUM_INT"): "xxxxxxx",
    # ... a relative asks for a certificate of eligibility for listed statuses alone ...
    ("relative", "SPOUSE_JP"): "ooooxxo",
    ("relative", "ENG_HUM_INT"): "xoooxxo",
    # ... and these for any.
    ("legal_rep", "TEMP_VISITOR"): "ooooooo",
    ("lawyer_scrivener", "TITP2_B"): "ooooooo",
    ("public_interest_staff", "TITP2_B"): "ooooooo",
}
CELLS = [
    (role, status, procedure, cell == "o")
    for (role, status), row in MATRIX.items()
    for procedure, cell in zip(PROCEDURES, row, strict=True)
]
Answers = dict[tuple[str, str, str], bool]


@pytest.fixture(scope="module")
def answers(databases: Databases) -> Iterator[Answers]:
    """The answers of one service for every class and status."""
    database = databases.create("registration")
    yield asyncio.run(_ask(database))
    databases.give_back(database)


async def _ask(database: TestDatabase) -> Answers:
    clock = ManualClock(datetime(2026, 11, 20, 3, 0, tzinfo=UTC))
    found: Answers = {}
    async with running("registration", database, clock=clock) as service:
        site = RegistrationClient(service, clock)
        for role, status in MATRIX:
            actor = Actor(kind="person", id=new_id(), roles=frozenset({Role(role)}), session_id=new_id())
            answer = await site.get(f"/v1/accounts/me/rights?status={status}", await site.bearer(actor))
            assert answer.status_code == 200, answer.text
            assert {right["role"] for right in answer.json()["rights"]} == {role}
            found |= {(role, status, right["procedure"]): right["may_file"] for right in answer.json()["rights"]}
    return found


@pytest.mark.parametrize(
    ("role", "status", "procedure", "allowed"), CELLS, ids=["-".join(map(str, cell[:3])) for cell in CELLS]
)
def test_a_class_may_file_what_the_matrix_says(
    answers: Answers, role: str, status: str, procedure: str, allowed: bool
) -> None:
    assert answers[role, status, procedure] is allowed


def test_the_matrix_has_every_class_and_every_procedure(answers: Answers) -> None:
    assert {role for role, _ in MATRIX} == {role.value for role in APPLICANT_ROLES}
    others = {procedure for _, _, procedure in answers} - set(PROCEDURES)
    # Permanent residence (永住許可) is asked for at the counter.
    assert others == {"PR"}
    assert not any(allowed for (_, _, procedure), allowed in answers.items() if procedure in others)
