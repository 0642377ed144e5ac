"""Rules of the reference data at work in a draft: documents by answers and group, windows of filing, rights."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from services.application.filing.domain.documents import missing_documents, wanted_documents
from services.application.filing.domain.draft import Draft, Standing
from services.application.filing.domain.permission import refusals
from services.application.forms.extend.n import EXTEND_N
from services.application.forms.field import Condition, Form
from shared.errors import FieldProblem

TODAY = date(2026, 11, 29)
FACTS = replace(EXTEND_N.facts, category="", cause_on="cause", support_entrusted="entrusted")


def _draft(
    procedure: str,
    status: str,
    answers: Mapping[str, Any],
    *,
    documents: Mapping[str, Condition] | None = None,
    groups: Mapping[str, Condition] | None = None,
    **changes: Any,
) -> Draft:
    version = replace(EXTEND_N, facts=FACTS, documents=documents or {}, document_groups=groups or {})
    whole: dict[str, Any] = {
        "version": version,
        "procedure": procedure,
        "combined_with": (),
        "status_of_residence": status,
        "activity": None,
        "role": "lawyer_scrivener",
        "form": Form(answers),
        "notify_email": None,
        "photo_id": None,
        "attachments": (),
        "files": {},
        "known_category": None,
        "standing": Standing("active"),
        "other_open": False,
    }
    return Draft(**(whole | changes))


def _needs(draft: Draft, code: str) -> str:
    """The need for the document: required, conditional, or none."""
    found = {wanted.code: wanted for wanted in wanted_documents(draft, TODAY)}
    if code not in found:
        return "not asked"
    assert found[code].required or found[code].condition is not None
    return "required" if found[code].required else "conditional"


@pytest.mark.parametrize(
    ("answer", "needs"), [(True, "required"), (False, "not asked"), (None, "conditional")], ids=["yes", "no", "empty"]
)
@pytest.mark.parametrize("named", ["SKILL_TRANSFER", "former_trainee"])
def test_an_answer_decides_a_conditional_document_by_its_code_or_that_of_its_condition(
    answer: bool | None, needs: str, named: str
) -> None:
    decides = {named: Condition("trained", one_of=(True,))}
    draft = _draft("COE", "NURSING", {"trained": answer}, documents=decides)
    assert _needs(draft, "SKILL_TRANSFER") == needs
    # What no answer decides is left to the filer.
    assert _needs(draft, "DISPATCH") == "conditional"


@pytest.mark.parametrize(
    ("relation", "required", "absent"),
    [("spouse", "SNAPS", "BIRTH_CERT"), ("child", "BIRTH_CERT", "SNAPS"), (None, "SNAPS", "BIRTH_CERT")],
)
def test_an_answer_decides_the_group_of_the_list_and_the_default_holds_without_it(
    relation: str | None, required: str, absent: str
) -> None:
    groups = {
        "PART_TIME": Condition("relation", none_of=("other",)),
        "CHILD": Condition("relation", one_of=("child",)),
    }
    draft = _draft("COE", "SPOUSE_JP", {"relation": relation}, groups=groups)
    assert (_needs(draft, required), _needs(draft, absent)) == ("required", "not asked")
    assert required in {problem.message.en.split("code ")[-1].rstrip(")") for problem in _missing(draft)}


def _missing(draft: Draft) -> list[FieldProblem]:
    return list(missing_documents(draft, wanted_documents(draft, TODAY), TODAY))


def test_the_documents_of_procedures_that_are_filed_together_are_asked_for_once() -> None:
    draft = _draft("EXTEND", "ENG_HUM_INT", {}, combined_with=("EXTRA_ACT", "WORKCERT"), known_category="CAT3")
    codes = [wanted.code for wanted in wanted_documents(draft, TODAY)]
    assert len(codes) == len(set(codes))
    assert _needs(draft, "EXTRA_ACTIVITY") == "conditional"
    # The extension requires it, the certificate only after a change of employer.
    assert _needs(draft, "ACTIVITY") == "required"
    assert _needs(draft, "RETIREMENT_CERT") == "conditional"


def test_the_activity_decides_the_list() -> None:
    teacher = _draft("CHANGE", "HSP1_A", {}, activity="I1", groups={"FULL_TIME": Condition("kind", empty=True)})
    assert (_needs(teacher, "HSP_TABLE"), _needs(teacher, "ACTIVITY_PROOF")) == ("required", "not asked")
    manager = _draft("CHANGE", "HSP1_C", {}, activity="M1", known_category="CAT4")
    assert (_needs(manager, "HSP_TABLE"), _needs(manager, "BIZ_PLAN")) == ("required", "required")


def _refused(draft: Draft) -> dict[str, FieldProblem]:
    return {problem.code: problem for problem in refusals(draft, TODAY)}


@pytest.mark.parametrize("procedure", ["EXTEND", "CHANGE"])
@pytest.mark.parametrize(("days", "late"), [(0, False), (-1, True)], ids=["the last day", "the day after"])
def test_an_application_for_a_stay_is_filed_until_its_last_day(procedure: str, days: int, late: bool) -> None:
    expiry = TODAY + timedelta(days=days)
    answers = {"stay_expiry": expiry.isoformat(), "current_period": "Y1"}
    found = _refused(_draft(procedure, "ENG_HUM_INT", answers))
    assert ("stay-expired" in found) is late
    assert "too-early" not in found


def test_a_change_is_not_too_early_and_an_extension_is() -> None:
    answers = {"stay_expiry": "2027-11-29", "current_period": "Y3"}
    assert "too-early" not in _refused(_draft("CHANGE", "ENG_HUM_INT", answers))
    assert "2027-08-29" in _refused(_draft("EXTEND", "ENG_HUM_INT", answers))["too-early"].message.ja


@pytest.mark.parametrize("procedure", ["COE", "WORKCERT"])
def test_a_certificate_is_filed_after_the_end_of_a_stay(procedure: str) -> None:
    answers = {"stay_expiry": "2020-01-01", "cause": "2020-01-01"}
    assert (
        not {"stay-expired", "too-early", "acquisition-late"} & _refused(_draft(procedure, "NURSING", answers)).keys()
    )


@pytest.mark.parametrize(("days", "late"), [(30, False), (31, True)])
def test_an_acquisition_is_filed_within_30_days_and_the_way_out_is_named(days: int, late: bool) -> None:
    cause = TODAY - timedelta(days=days)
    found = _refused(_draft("ACQUIRE", "DEPENDENT", {"cause": cause.isoformat()}))
    assert ("acquisition-late" in found) is late
    if late:
        problem = found["acquisition-late"]
        assert problem.pointer == "/form/cause"
        assert str(cause + timedelta(days=60)) in problem.message.en
        assert "窓口" in problem.message.ja


@pytest.mark.parametrize(
    ("status", "procedure", "present", "words"),
    [
        ("ENG_HUM_INT", "CHANGE", "TEMP_VISITOR", "Temporary Visitor"),
        ("TRAINEE", "CHANGE", "STUDENT", "Certificate of Eligibility"),
        ("HSP2", "EXTEND", "HSP2", "change of status"),
    ],
)
def test_what_is_excluded_says_why(status: str, procedure: str, present: str, words: str) -> None:
    found = _refused(_draft(procedure, status, {"current_status": present}))
    assert words in found["not-online"].message.en


def test_a_support_organisation_needs_the_whole_support() -> None:
    answers = {"birth_date": "1995-04-12", "entrusted": False}
    draft = _draft("EXTEND", "SSW1", answers, role="rso_staff")
    assert "entrusted" in _refused(draft)["role-may-not-file"].message.en
    assert "role-may-not-file" not in _refused(replace(draft, form=Form(answers | {"entrusted": True})))
