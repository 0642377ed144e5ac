"""Acquiring a status of residence: a child born in Japan, and somebody who lost Japanese nationality."""

from copy import deepcopy
from datetime import date, timedelta
from typing import Any

import pytest

from services.application.forms.acquire import ACQUIRE
from services.application.forms.field import Form
from services.application.forms.form import Filled
from shared.auth import Role
from shared.clock import legal_date
from tests.services.application.people import Filer, codes
from tests.support.service import RunningService
from tests.support.tokens import person

BORN = date(2026, 11, 5)


@pytest.fixture
def mother(service: RunningService) -> Filer:
    """A mother who files for her child, alone."""
    return Filer(service, person(Role.LEGAL_REP))


def acquisition(**changes: Any) -> dict[str, Any]:
    """The body of an application for a new child."""
    form = deepcopy(dict(ACQUIRE.example)) | changes
    form.pop("intermediary", None)
    return {"procedure": "ACQUIRE", "status_of_residence": "DEPENDENT", "form": form}


async def attach_all(filer: Filer, application_id: str, *, photo: bool = False) -> None:
    """Every document that is required, in one file, and a photo where there is one."""
    wanted = (await filer.get(f"/{application_id}/check"))["required_documents"]
    needed = [document["code"] for document in wanted if document["requirement"] == "required"]
    needed = [code for code in needed if code != "PHOTO"]
    revision = (await filer.get(f"/{application_id}"))["revision"]
    body: dict[str, Any] = {"documents": [{"document_id": await filer.file(), "codes": needed or ["OTHER"]}]}
    body |= {"photo_id": await filer.file("photo")} if photo else {}
    answer = await filer.put(f"/{application_id}/documents", body, revision)
    assert answer.status_code == 200, answer.text


def problems(day: date, **changes: Any) -> list[tuple[str, str]]:
    form = deepcopy(dict(ACQUIRE.example)) | changes
    filled = Filled(ACQUIRE, Form(form), "DEPENDENT", day)
    return [(problem.pointer, problem.code) for check in ACQUIRE.checks for problem in check(filled)]


async def test_a_mother_files_for_her_child_without_card_and_photo(mother: Filer) -> None:
    await mother.activate()
    application_id = await mother.begin(**acquisition())
    wanted = (await mother.get(f"/{application_id}/check"))["required_documents"]
    assert "PHOTO" not in {document["code"] for document in wanted}
    await attach_all(mother, application_id)
    answer = await mother.submit(application_id)
    assert answer.status_code == 200, answer.text
    assert answer.json()["receipt_number"].startswith("東オンＡ26")
    assert answer.json()["special_period_end"] is None
    (event,) = await mother.service.events()
    named = (event.procedure, event.form_section, event.office, event.requested_period)  # type: ignore[attr-defined]
    assert named == ("ACQUIRE", "NONE", "TYO", "Y3")
    # The 60 days count from the birth, not from the receipt.
    expected = (await mother.get(f"/{application_id}/expectation"))["standard"]
    assert (expected["longest_days"], expected["until"]) == (60, None)


async def test_a_late_acquisition_is_refused_by_its_name(mother: Filer) -> None:
    await mother.activate()
    late = legal_date(mother.clock.now()) - timedelta(days=31)
    cause = {"cause": "BIRTH", "cause_date": late.isoformat(), "reason": "x"}
    application_id = await mother.begin(**acquisition(birth_date=late.isoformat(), acquire=cause))
    answer = await mother.submit(application_id)
    assert (answer.status_code, answer.json()["code"]) == (422, "acquisition-late")
    assert "counter" in answer.json()["detail"]


@pytest.mark.parametrize(("days", "late"), [(0, False), (30, False), (31, True), (61, True)])
async def test_thirty_days_are_counted_from_the_cause(mother: Filer, days: int, late: bool) -> None:
    await mother.activate()
    born = (legal_date(mother.clock.now()) - timedelta(days=days)).isoformat()
    cause = {"cause": "BIRTH", "cause_date": born, "reason": "x"}
    application_id = await mother.begin(**acquisition(birth_date=born, acquire=cause))
    found = (await mother.get(f"/{application_id}/check"))["problems"]
    named = [problem["pointer"] for problem in found if problem["code"] == "acquisition-late"]
    assert named == (["/form/acquire/cause_date"] if late else [])


@pytest.mark.parametrize(
    ("cause", "asked"), [("BIRTH", "BIRTH_PROOF"), ("NATIONALITY", "NATIONALITY"), ("OTHER", "CAUSE_PROOF")]
)
async def test_the_cause_decides_the_documents(mother: Filer, cause: str, asked: str) -> None:
    await mother.activate()
    given = {"cause": cause, "cause_date": BORN.isoformat(), "reason": "x"}
    application_id = await mother.begin(**acquisition(acquire=given))
    wanted = (await mother.get(f"/{application_id}/check"))["required_documents"]
    required = {document["code"] for document in wanted if document["requirement"] == "required"}
    assert asked in required
    assert required.isdisjoint({"BIRTH_PROOF", "NATIONALITY", "CAUSE_PROOF"} - {asked})


def test_the_day_of_a_birth_is_the_date_of_birth() -> None:
    cause = dict(ACQUIRE.example["acquire"]) | {"cause_date": "2026-11-04"}
    assert problems(BORN, acquire=cause) == [("/form/acquire/cause_date", "differs-from-birth")]
    assert problems(BORN, acquire=cause, birth_date="2026-11") == []
    future = cause | {"cause_date": "2026-11-06"}
    assert problems(BORN, acquire=future) == [("/form/acquire/cause_date", "in-the-future")]


def test_a_child_is_represented_and_an_adult_need_not_be() -> None:
    assert problems(BORN, agent={}) == [
        ("/form/agent/name", "required"),
        ("/form/agent/relationship", "required"),
        ("/form/agent/postal", "required"),
        ("/form/agent/address", "required"),
        ("/form/agent/tel", "required"),
    ]
    lost = {"cause": "NATIONALITY", "cause_date": "2026-11-01", "reason": "x"}
    assert problems(BORN, agent={}, acquire=lost, birth_date="2010-11-05") == []
    assert len(problems(BORN, agent={}, acquire=lost, birth_date="2010-11-06")) == 5


async def test_highly_skilled_2_cannot_be_acquired(mother: Filer) -> None:
    await mother.activate()
    answer = await mother.post("", mother.draft(**acquisition() | {"status_of_residence": "HSP2"}))
    assert (answer.status_code, answer.json()["code"]) == (422, "not-offered")


async def test_a_re_entry_permit_is_filed_together_with_an_acquisition(mother: Filer) -> None:
    await mother.activate()
    answer = await mother.post("", mother.draft(**acquisition(), combined_with=["WORKCERT"]))
    assert codes(answer) == ["combination-not-allowed"]
    application_id = await mother.begin(**acquisition(), combined_with=["REENTRY"])
    problems = (await mother.get(f"/{application_id}/check"))["problems"]
    assert "/form/reentry/kind" in {problem["pointer"] for problem in problems}
