"""The checklist by procedure and status, and the evidence for its answers."""

from typing import Any

import pytest

from services.review.cases.domain.states import State
from services.review.examination.domain.checklist import CHECKLIST, checklist_of
from shared.reference.codes import Procedure
from shared.reference.statuses import STATUSES
from tests.services.review.desk import Desk

DOCUMENT = "01a20911-fd7b-71e3-a6cc-c196b4396416"  # of every case of these tests, by the example of its event
STRANGER = "01a20911-fd7b-71e3-a6cc-c196b4396499"


def _codes(procedure: str, status: str) -> set[str]:
    return {question.code for question in checklist_of(procedure, status)}


def test_a_student_is_asked_of_studies_and_a_worker_of_pay() -> None:
    student, worker = _codes("EXTEND", "STUDENT"), _codes("EXTEND", "ENG_HUM_INT")
    assert "studies" in student and "salary_equal_to_japanese" not in student
    assert "salary_equal_to_japanese" in worker and "studies" not in worker


def test_somebody_who_is_still_abroad_is_not_asked_of_taxes_here() -> None:
    assert "taxes" not in _codes("COE", "ENG_HUM_INT")
    assert "taxes" in _codes("CHANGE", "ENG_HUM_INT")


def test_the_skilled_worker_is_asked_of_the_field_and_not_of_simple_labour() -> None:
    found = _codes("EXTEND", "SSW1")
    assert {"ssw_field", "ssw_support", "ssw_dispatch"} <= found
    assert "job_not_simple_labour" not in found
    assert "ssw_support" not in _codes("EXTEND", "SSW2")


@pytest.mark.parametrize("procedure", Procedure)
def test_every_case_has_a_checklist_and_every_question_a_case(procedure: Procedure) -> None:
    statuses = {row.code for row in STATUSES.rows}
    assert all({"status_applicability", "immigration_history"} <= _codes(procedure, status) for status in statuses)
    assert {status for question in CHECKLIST for status in question.statuses or ()} <= statuses


async def test_the_route_lists_the_questions_of_a_kind_of_cases_or_all(desk: Desk) -> None:
    every = [one["code"] for one in (await desk.get(desk.examiner, "/checklist")).json()]
    asked = await desk.get(desk.examiner, "/checklist", procedure="EXTEND", status_of_residence="STUDENT")
    assert {one["code"] for one in asked.json()} == _codes("EXTEND", "STUDENT")
    assert every == [question.code for question in CHECKLIST]


async def test_evidence_is_kept_with_its_answer(desk: Desk) -> None:
    case = await desk.at(State.UNDER_REVIEW)
    evidence = {"taxes": [{"document_id": case.document_ids[0], "page": 3}, {"field": "job.salary"}]}
    body = {"findings": {"taxes": "no"}, "evidence": evidence}
    await desk.done(desk.examiner, case.id, "examination", body)
    (shown,) = (await desk.get(desk.examiner, f"/{case.id}")).json()["examinations"]
    assert shown["evidence"]["taxes"] == [
        {"document_id": case.document_ids[0], "page": 3, "field": None},
        {"document_id": None, "page": None, "field": "job.salary"},
    ]
    assert shown["findings"]["immigration_history"] == "not_asked"
    assert await desk.service.journal_problems() == []


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        ({"findings": {"studies": "yes"}}, "unknown-question", "/findings/studies"),
        ({"evidence": {"studies": [{"field": "tel"}]}}, "unknown-question", "/evidence/studies"),
        ({"evidence": {"taxes": [{}]}}, "evidence-missing", "/evidence/taxes/0"),
        (
            {"evidence": {"taxes": [{"page": 2, "field": "tel"}]}},
            "page-without-document",
            "/evidence/taxes/0/document_id",
        ),
        ({"evidence": {"taxes": [{"document_id": STRANGER}]}}, "unknown-document", "/evidence/taxes/0/document_id"),
        ({"evidence": {"taxes": [{"document_id": DOCUMENT, "page": 0}]}}, "invalid", "/evidence/taxes/0/page"),
    ],
)
async def test_an_answer_or_evidence_that_cannot_be_is_refused(
    desk: Desk, body: dict[str, Any], code: str, pointer: str
) -> None:
    case = await desk.at(State.UNDER_REVIEW)
    refused = await desk.post(desk.examiner, case.id, "examination", {"findings": {}} | body)
    assert refused.status_code == 422
    problem = refused.json()
    assert (problem["errors"][0]["pointer"], (await desk.case(case.id)).state) == (pointer, "UNDER_REVIEW")
    assert code in (problem["code"], problem["errors"][0]["code"])
    assert (await desk.get(desk.examiner, f"/{case.id}")).json()["examinations"] == []
