"""Hints that compare a form with a rule: what has ended, words of the job, the least pay."""

from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.application.changes.domain.hint import Hint
from services.application.changes.domain.rule_hints import expired, job_text, salary_floor
from services.application.filing.domain.draft import Draft, Standing
from services.application.forms.catalogue import FORMS, current_form
from services.application.forms.field import Field, Form, Kind
from services.application.forms.form import FormVersion, put_value
from shared.reference.expiries import EXPIRIES
from tests.services.application.test_forms import TODAY


def filled(form: FormVersion, status: str, changes: Mapping[str, Any], left_out: tuple[str, ...] = ()) -> Draft:
    """The form's example with `changes` by code."""
    values: dict[str, Any] = {}
    for item in form.items_for(status):
        value = changes.get(item.code, Form(form.example)[item.code])
        if value is not None and item.code not in left_out:
            put_value(values, item.code, value)
    return Draft(
        version=form,
        procedure=form.procedure,
        combined_with=(),
        status_of_residence=status,
        activity=form.activities[0] if form.activities else None,
        role="org_staff",
        form=Form(values),
        notify_email=None,
        photo_id=None,
        attachments=(),
        files={},
        known_category=None,
        standing=Standing("active"),
        other_open=False,
    )


def draft(
    procedure: str,
    status: str,
    changes: Mapping[str, Any] = MappingProxyType({}),
    activity: str | None = None,
    left_out: tuple[str, ...] = (),
) -> Draft:
    form = current_form(procedure, status, TODAY, activity)
    assert form is not None
    return filled(form, status, changes, left_out)


def words(hint: Hint) -> str:
    assert bool(hint.reasons) == (hint.found == "yes")
    assert len(hint.fields) == len(hint.reasons)
    return " ".join(reason.en for reason in hint.reasons)


def test_a_passport_that_has_ended_is_named_with_its_day() -> None:
    today = date(2026, 11, 29)
    hint = expired(draft("EXTEND", "ENG_HUM_INT", {"passport_expiry": "2026-11-28"}), today)
    assert hint.found == "yes"
    assert "Passport expiration: 2026-11-28" in words(hint)
    assert hint.fields == ("/form/passport_expiry",)
    assert expired(draft("EXTEND", "ENG_HUM_INT", {"passport_expiry": "2026-11-29"}), today).found == "no"
    assert expired(draft("EXTEND", "ENG_HUM_INT", left_out=("passport_expiry",)), today).found == "unknown"


def test_the_end_of_a_contract_and_of_a_stay_are_compared_as_well() -> None:
    future = (TODAY + timedelta(days=400)).isoformat()
    past = (TODAY - timedelta(days=1)).isoformat()
    hint = expired(draft("EXTEND", "SSW1", {"passport_expiry": future, "emp.to": past}), TODAY)
    assert hint.fields == ("/form/emp/to",)


@pytest.mark.parametrize("field", ["job.detail", "job.title"])
def test_work_that_does_not_fit_the_status_is_quoted(field: str) -> None:
    hint = job_text(draft("EXTEND", "ENG_HUM_INT", {"job.has_title": True, field: "客室の清掃と配膳"}), TODAY)
    assert hint.found == "yes"
    assert "清掃 (cleaning)" in words(hint)
    assert set(hint.fields) == {f"/form/{field.replace('.', '/')}"}
    assert "技術・人文知識・国際業務" in hint.reasons[0].ja


def test_a_job_that_fits_has_no_hint_and_one_that_is_not_there_is_unknown() -> None:
    texts = ("job.title", "job.detail", "job.change_detail")
    assert job_text(draft("EXTEND", "ENG_HUM_INT", {"job.detail": "設計と保守"}), TODAY).found == "no"
    assert job_text(draft("EXTEND", "ENG_HUM_INT", left_out=texts), TODAY).found == "unknown"
    assert job_text(draft("EXTEND", "STUDENT"), TODAY).found == "not_asked"


@pytest.mark.parametrize(("monthly", "found"), [(249_999, "yes"), (250_000, "no"), (None, "unknown")])
def test_the_least_yearly_pay_of_a_highly_skilled_professional(monthly: int | None, found: str) -> None:
    left_out = ("job.salary",) if monthly is None else ()
    form = draft("CHANGE", "HSP1_B", {"job.salary": monthly}, "N2", left_out)
    hint = salary_floor(form, TODAY)
    assert hint.found == found
    if found == "yes":
        assert "249,999 yen; twelve months are below 3,000,000 yen" in words(hint)
        assert hint.fields == ("/form/job/salary",)


def test_the_special_scheme_has_a_floor_of_its_own() -> None:
    form = draft("CHANGE", "HSP1_B", {"job.salary": 1_000_000, "hsp.special": True}, "N2")
    assert "20,000,000" in words(salary_floor(form, TODAY))


def test_a_specified_skilled_worker_is_compared_with_a_japanese_and_with_the_lowest_wage() -> None:
    fair = {"emp.salary": 200_000, "emp.salary_japanese": 200_000, "emp.hourly": 1_200}
    assert salary_floor(draft("EXTEND", "SSW1", fair), TODAY).found == "no"
    less = salary_floor(draft("EXTEND", "SSW1", fair | {"emp.salary": 199_999}), TODAY)
    assert less.fields == ("/form/emp/salary",)
    assert "199,999 yen, below 200,000 yen" in words(less)
    poor = salary_floor(draft("EXTEND", "SSW1", fair | {"emp.hourly": 1_022}), TODAY)
    assert poor.fields == ("/form/emp/hourly",)
    not_stated = draft("EXTEND", "SSW1", fair, left_out=("emp.salary_japanese",))
    assert salary_floor(not_stated, TODAY).found == "unknown"


def test_a_status_whose_form_has_no_figure_to_compare_with_is_not_asked() -> None:
    assert salary_floor(draft("EXTEND", "ENG_HUM_INT", {"job.salary": 1}), TODAY).found == "not_asked"
    assert salary_floor(draft("EXTEND", "STUDENT"), TODAY).found == "not_asked"


def test_every_field_that_names_an_end_is_a_day_of_some_form() -> None:
    days = {item.code for form in FORMS for item in form.items if isinstance(item, Field) and item.kind is Kind.DAY}
    assert {row.code for row in EXPIRIES.rows} <= days


_OF_EACH = [(form, status) for form in FORMS for status in form.statuses]
_HINTS = (expired, job_text, salary_floor)


@given(st.data())
def test_a_hint_has_reasons_exactly_where_it_says_yes_and_is_silent_where_it_is_not_asked(data: st.DataObject) -> None:
    """Of any form, with any of its answers missing, and any day, pay and text in the rest."""
    form, status = data.draw(st.sampled_from(_OF_EACH))
    fields = [item for item in form.items_for(status) if isinstance(item, Field)]
    left_out = data.draw(st.sets(st.sampled_from([field.code for field in fields])))
    changes: dict[str, Any] = {}
    for field in fields:
        if field.kind == "day" and data.draw(st.booleans()):
            changes[field.code] = data.draw(st.dates(date(2020, 1, 1), date(2032, 1, 1))).isoformat()
        if field.kind == "number" and field.unit == "yen":
            changes[field.code] = data.draw(st.integers(0, field.most or 10))
        if field.code in ("job.detail", "job.title"):
            changes[field.code] = data.draw(st.sampled_from(["清掃", "設計", "Cleaning", "x"]))
    case = filled(form, status, changes, tuple(left_out))
    asked = {field.code for field in fields}
    for rule in _HINTS:
        hint = rule(case, TODAY)
        words(hint)
        assert hint.found in ("yes", "no", "unknown", "not_asked")
        pointed = {pointer.removeprefix("/form/").replace("/", ".") for pointer in hint.fields}
        assert pointed <= asked - left_out, "the evidence is an answer that is there"
        if hint.found == "not_asked":
            assert hint.fields == ()
        if hint.found == "no":
            assert rule(filled(form, status, changes), TODAY).found != "not_asked"
