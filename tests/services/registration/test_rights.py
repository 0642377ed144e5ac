"""Who may file what (利用者区分 and 手続): one test for each cell of the published matrix, and of the guide's."""

from typing import Any

import pytest

from shared.auth import Actor, Role
from shared.ids import new_id
from tests.services.registration.site import Site

PROCEDURES = ("COE", "CHANGE", "EXTEND", "ACQUIRE", "WORKCERT", "EXTRA_ACT", "REENTRY")
# A status of residence that the class may handle; the first word of a row is the class, then one letter a procedure.
MATRIX = {
    "self": ("ENG_HUM_INT", "ooooooo"),
    "legal_rep": ("ENG_HUM_INT", "ooooooo"),
    "relative": ("DEPENDENT", "ooooxxo"),
    "lawyer_scrivener": ("ENG_HUM_INT", "ooooooo"),
    "org_staff": ("ENG_HUM_INT", "ooooooo"),
    "supervising_org_staff": ("TITP2_B", "ooooooo"),
    "public_interest_staff": ("ENG_HUM_INT", "ooooooo"),
    "rso_staff": ("SSW1", "ooooooo"),
}
CELLS = [
    (role, status, procedure, cell == "o")
    for role, (status, row) in MATRIX.items()
    for procedure, cell in zip(PROCEDURES, row, strict=True)
]
# Statuses that a class never files for.
NEVER = [("org_staff", "TITP2_B"), ("supervising_org_staff", "ENG_HUM_INT"), ("rso_staff", "ENG_HUM_INT")]


async def _rights(site: Site, role: str, status: str) -> dict[str, bool]:
    actor = Actor(kind="person", id=new_id(), roles=frozenset({Role(role)}), session_id=new_id())
    answer = await site.get(f"/v1/accounts/me/rights?status={status}", await site.bearer(actor))
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return {right["procedure"]: right["may_file"] for right in body["rights"] if right["role"] == role}


@pytest.mark.parametrize(
    ("role", "status", "procedure", "allowed"), CELLS, ids=[f"{cell[0]}-{cell[2]}" for cell in CELLS]
)
async def test_a_class_may_file_what_the_matrix_says(
    site: Site, role: str, status: str, procedure: str, allowed: bool
) -> None:
    assert (await _rights(site, role, status))[procedure] is allowed


@pytest.mark.parametrize(("role", "status"), NEVER)
async def test_a_class_files_for_its_own_statuses_alone(site: Site, role: str, status: str) -> None:
    found = await _rights(site, role, status)
    assert not any(found[procedure] for procedure in PROCEDURES)


async def test_a_relative_asks_for_certificates_of_listed_statuses_alone(site: Site) -> None:
    assert not (await _rights(site, "relative", "ENG_HUM_INT"))["COE"]
