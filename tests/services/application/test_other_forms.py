"""Every form of the catalogue, filed through the service: its example is accepted with the documents of its list."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.application.forms import catalogue
from services.application.forms.form import FormVersion
from services.application.forms.sections import section_form, section_forms
from shared.auth import Role
from shared.clock import legal_date
from shared.events.application import ApplicationSubmitted
from tests.services.application.people import Filer, codes, pointers
from tests.support.tokens import person

COE_N, EXTEND_R = section_form("COE", "N"), section_form("EXTEND", "R")
COE_DOCUMENTS = ("CAT_PROOF", "ACTIVITY", "CAREER", "REGISTRY", "BUSINESS", "FINANCIAL", "REP_DECL")
SSW_DOCUMENTS = 3


def _offer(monkeypatch: pytest.MonkeyPatch, *forms: FormVersion) -> None:
    monkeypatch.setattr(catalogue, "FORMS", tuple(replace(form, offered=True) for form in forms))


def _coe(filer: Filer, **changes: Any) -> dict[str, Any]:
    return filer.draft(procedure="COE", form=dict(COE_N.example) | changes)


def _extend_r(filer: Filer, status: str = "DEPENDENT", **changes: Any) -> dict[str, Any]:
    form = dict(EXTEND_R.example) | {"current_status": status}
    form["stay_expiry"] = (legal_date(filer.clock.now()) + timedelta(days=60)).isoformat()
    return filer.draft(status_of_residence=status, form=form | changes)


async def _filed(filer: Filer) -> ApplicationSubmitted:
    (event,) = await filer.service.events()
    assert isinstance(event, ApplicationSubmitted)
    return event


@pytest.mark.parametrize("form", section_forms(), ids=lambda form: form.version)
async def test_the_example_of_each_form_is_filed(filer: Filer, form: FormVersion) -> None:
    scrivener = Filer(filer.service, person(Role.LAWYER_SCRIVENER))
    await scrivener.activate()
    status, example = form.statuses[0], dict(form.example)
    if form.facts.stay_expiry:
        example["stay_expiry"] = (legal_date(filer.clock.now()) + timedelta(days=60)).isoformat()
    body = scrivener.draft(procedure=form.procedure, status_of_residence=status, form=example)
    application_id = await scrivener.begin(**body)
    wanted = (await scrivener.get(f"/{application_id}/check"))["required_documents"]
    await scrivener.attach(
        application_id, tuple(document["code"] for document in wanted if document["code"] != "PHOTO")
    )
    assert (await scrivener.get(f"/{application_id}/check"))["problems"] == []
    answer = await scrivener.submit(application_id)
    assert answer.status_code == 200, answer.text
    event = await _filed(scrivener)
    assert (event.procedure, event.form_section, event.form_version) == (form.procedure, form.section, form.version)
    assert (event.stay_expiry is None) == (form.procedure == "COE")


async def test_a_certificate_of_eligibility_is_filed_without_a_stay_and_without_a_special_period(filer: Filer) -> None:
    await filer.activate()
    application_id = await filer.begin(**_coe(filer))
    await filer.attach(application_id, COE_DOCUMENTS)
    assert (await filer.get(f"/{application_id}/check"))["problems"] == []
    answer = await filer.submit(application_id)
    assert answer.status_code == 200, answer.text
    assert answer.json()["special_period_end"] is None
    assert answer.json()["receipt_number"].startswith("東オン")
    event = await _filed(filer)
    assert (event.procedure, event.form_section, event.form_version) == ("COE", "N", COE_N.version)
    assert (event.stay_expiry, event.requested_period, event.receipt_method) == (None, None, "EMAIL")
    assert (event.nationality, event.category) == ("VNM", "CAT3")


async def test_a_certificate_asks_for_its_own_documents_and_fields(filer: Filer) -> None:
    await filer.activate()
    edu = dict(COE_N.example["edu"]) | {"level": "VOCATIONAL"}
    major = {"vocational": "MAJ_V01"}
    application_id = await filer.begin(**_coe(filer, edu=edu, major=major, visa_place=None))
    await filer.attach(application_id, COE_DOCUMENTS)
    answer = await filer.submit(application_id)
    assert pointers(answer) == ["/form/visa_place", "/documents"]
    assert "SENMONSHI" in answer.json()["errors"][1]["message"]
    unknown = await filer.post("", _coe(filer, stay_expiry="2027-01-15"))
    assert (unknown.status_code, codes(unknown)) == (422, ["unknown-field"])


async def test_a_dependent_files_an_extension_without_an_organisation(filer: Filer) -> None:
    dependent = Filer(filer.service, person(Role.SELF))
    await dependent.activate()
    body = _extend_r(dependent)
    del body["form"]["intermediary"]
    application_id = await dependent.begin(**body)
    await dependent.attach(application_id, ("PASSPORT_CARD", "REL_PROOF", "SUPPORTER_ID", "SUPPORTER_WORK", "RES_TAX"))
    answer = await dependent.submit(application_id)
    assert answer.status_code == 200, answer.text
    assert answer.json()["special_period_end"] is not None
    event = await _filed(dependent)
    assert (event.procedure, event.form_section, event.category) == ("EXTEND", "R", None)
    assert (event.stay_expiry, event.requested_period) == (legal_date(filer.clock.now()) + timedelta(days=60), "Y3")
    assert len(event.person_keys) == 2


async def test_documents_are_demanded_of_an_application_that_has_no_category(
    filer: Filer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The list of 特定技能 names documents that no category of the organisation decides."""
    _offer(monkeypatch, replace(EXTEND_R, statuses=("SSW1",)))
    await filer.activate()
    application_id = await filer.begin(**_extend_r(filer, "SSW1", requested_period="Y1"))
    await filer.attach(application_id, ("PASSPORT_CARD",))
    answer = await filer.submit(application_id)
    assert codes(answer) == ["document-missing"] * SSW_DOCUMENTS, answer.text
    assert await filer.service.events() == []


async def test_a_dependents_period_is_one_that_the_status_has(filer: Filer) -> None:
    await filer.activate()
    application_id = await filer.begin(**_extend_r(filer, requested_period="INF", current_status="STUDENT"))
    problems = (await filer.get(f"/{application_id}/check"))["problems"]
    named = [(problem["pointer"], problem["code"]) for problem in problems if problem["pointer"].startswith("/form")]
    assert named == [("/form/current_status", "status-differs"), ("/form/requested_period", "period-not-permitted")]
    assert all("None" not in problem["message"]["en"] for problem in problems)


async def test_the_activity_of_the_draft_is_an_answer_of_its_form(filer: Filer) -> None:
    await filer.activate()
    begun = filer.draft(procedure="COE", status_of_residence="DESIGNATED", activity="13", form={})
    application_id = await filer.begin(**begun)
    assert (await filer.get(f"/{application_id}"))["form"] == {"designated": {"kind": "13"}}
    problems = (await filer.get(f"/{application_id}/check"))["problems"]
    assert "/form/intern/university" in [problem["pointer"] for problem in problems]
