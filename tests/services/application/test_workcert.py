"""The certificate of authorised employment, filed alone."""

from copy import deepcopy
from typing import Any

import pytest

from services.application.forms.field import Form
from services.application.forms.form import Filled
from services.application.forms.workcert import WORKCERT
from shared.auth import Role
from tests.services.application.people import Filer
from tests.services.application.test_acquire import attach_all
from tests.services.application.test_forms import TODAY
from tests.support.service import RunningService
from tests.support.tokens import person


@pytest.fixture
def employee(service: RunningService) -> Filer:
    return Filer(service, person(Role.SELF))


def certificate(status: str = "ENG_HUM_INT", **changes: Any) -> dict[str, Any]:
    form = deepcopy(dict(WORKCERT.example)) | changes
    form.pop("intermediary", None)
    return {"procedure": "WORKCERT", "status_of_residence": status, "form": form}


async def test_an_employee_files_alone_and_gets_no_special_period(employee: Filer) -> None:
    await employee.activate()
    application_id = await employee.begin(**certificate(stay_expiry="2026-12-31"))
    wanted = (await employee.get(f"/{application_id}/check"))["required_documents"]
    assert "PHOTO" not in {document["code"] for document in wanted}
    await attach_all(employee, application_id)
    answer = await employee.submit(application_id)
    assert answer.status_code == 200, answer.text
    assert answer.json()["receipt_number"].startswith("東オンＷ26")
    assert answer.json()["special_period_end"] is None
    (event,) = await employee.service.events()
    assert (event.procedure, event.form_section) == ("WORKCERT", "NONE")  # type: ignore[attr-defined]


@pytest.mark.parametrize("status", ["STUDENT", "DEPENDENT", "CULTURAL", "TRAINEE"])
async def test_a_status_that_may_not_work_has_no_certificate(employee: Filer, status: str) -> None:
    await employee.activate()
    answer = await employee.post("", employee.draft(**certificate(status)))
    assert (answer.status_code, answer.json()["code"]) == (422, "not-offered")


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"current_status": "SKILLED"}, "/form/current_status", "status-differs"),
        (
            {"workcert": dict(WORKCERT.example["workcert"]) | {"to": "2026-11-30"}},
            "/form/workcert/to",
            "ends-before-it-begins",
        ),
    ],
)
def test_what_cannot_be_true_is_named(change: dict[str, Any], pointer: str, code: str) -> None:
    filled = Filled(WORKCERT, Form(dict(WORKCERT.example) | change), "ENG_HUM_INT", TODAY)
    assert [(p.pointer, p.code) for check in WORKCERT.checks for p in check(filled)] == [(pointer, code)]
