"""Examples of every form: one that is accepted, and one that is refused with every reason that the form can give."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from services.application.forms.catalogue import FORMS
from services.application.forms.checks import contradictions
from services.application.forms.field import Field, Filing, Form, Item, Kind, Rows
from services.application.forms.form import Filled, FormVersion, missing_fields, read_form
from services.application.forms.highly_skilled import highly_skilled_forms

TODAY = date(2026, 11, 20)
BY_AGENT = Filing(by_agent=True, category_known=False)
FOLDER = Path(__file__).parents[2] / "examples"
ALL = (*FORMS, *highly_skilled_forms(FORMS))
each_form = pytest.mark.parametrize("form", ALL, ids=lambda form: form.version)

# What a form refuses by the checks that it has.
REASONS = {
    "activity_agrees": set(),
    "cause_has_come": {"differs-from-birth"},
    "certified_work_has_length": {"ends-before-it-begins"},
    "certifies_present_status": {"status-differs"},
    "child_is_represented": {"required"},
    "intended_stay_has_length": {"no-length"},
    "jobs_end_after_they_begin": {"left-before-joined"},
    "listed_university_named": {"required"},
    "period_permitted": {"period-not-permitted"},
    "points_reach": {"points-short"},
    "rd_costs_reach": {"share-too-small"},
    "staff_add_up": {"more-than-staff"},
    "status_changed": {"status-not-changed"},
    "status_unchanged": {"status-differs"},
    "work_has_length": {"no-length"},
}
# What it refuses by what its fields say of themselves.
ALWAYS = {"required", "in-the-future", "cannot-be-true"}


def refused(form: FormVersion) -> dict[str, Any]:
    path = FOLDER / form.version / "refused.json"
    assert path.exists(), f"there is no example of {form.version} that is refused"
    content: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return content


def columns(item: Item) -> tuple[Field, ...]:
    return item.fields if isinstance(item, Rows) else (item,)


def fields_of(form: FormVersion, status: str) -> list[Field]:
    return [field for item in form.items_for(status) for field in columns(item)]


def reasons_of(form: FormVersion, status: str) -> set[str]:
    """Every reason for which the form can be refused once it is read."""
    fields = fields_of(form, status)
    found = set(ALWAYS).union(*(REASONS[check.__name__] for check in form.checks))
    codes = {item.code for item in form.items_for(status)}
    if "jobs" not in codes:
        found -= REASONS["jobs_end_after_they_begin"]
    if "hsp.add2.rd_cost" not in codes:
        found -= REASONS["rd_costs_reach"]
    if form.activities:
        # Another kind of the same status may be applied for.
        found -= REASONS["status_changed"]
    found |= {"before-its-beginning"} if any(field.after for field in fields) else set()
    found |= {"more-than-the-whole"} if any(field.part_of for field in fields) else set()
    return found | ({"does-not-go-together"} if any(field.options_by for field in fields) else set())


def kind_at(form: FormVersion, status: str, pointer: str) -> Kind | None:
    code = pointer.removeprefix("/form/").replace("/", ".")
    for item in form.items_for(status):
        if isinstance(item, Field):
            if item.code == code:
                return item.kind
        elif code.startswith(f"{item.code}."):
            inner = code.removeprefix(f"{item.code}.").partition(".")[2]
            return next((field.kind for field in item.fields if field.code == inner), None)
    return None


@each_form
def test_the_accepted_example_lacks_and_contradicts_nothing(form: FormVersion) -> None:
    assert form.example, f"there is no example of {form.version} that is accepted"
    values, problems = read_form(form, form.example, form.statuses[0])
    assert problems == []
    filled = Filled(form, Form(values), form.statuses[0], TODAY)
    assert list(missing_fields(form, filled.form, BY_AGENT, filled.status)) == []
    assert list(contradictions(filled)) == []


@each_form
def test_what_cannot_be_read_is_refused_at_its_field_for_each_kind_of_field(form: FormVersion) -> None:
    example = refused(form)
    status, given = example["status"], example["unreadable"]
    _, problems = read_form(form, given["form"], status)
    assert [[problem.pointer, problem.code] for problem in problems] == given["problems"]
    assert all(problem.message.ja and problem.message.en for problem in problems)
    wrong = {kind_at(form, status, pointer) for pointer, _ in given["problems"]}
    tables = {pointer for pointer, code in given["problems"] if code == "not-a-table"}
    asked = [item for item in form.items_for(status) if item.pointer not in tables]
    assert {field.kind for item in asked for field in columns(item)} <= wrong
    shapes = {"not-a-group"} | ({"not-a-table"} if any(isinstance(item, Rows) for item in form.items) else set())
    assert {"unknown-field"} | shapes <= {code for _, code in given["problems"]}


@each_form
def test_what_cannot_be_true_is_refused_with_every_reason_of_the_form(form: FormVersion) -> None:
    example = refused(form)
    status, given = example["status"], example["refused"]
    values, unreadable = read_form(form, given["form"], status)
    assert (unreadable, values) == ([], given["form"])
    filled = Filled(form, Form(values), status, TODAY)
    found = [[item.pointer, "required"] for item in missing_fields(form, filled.form, BY_AGENT, status)]
    found += [[problem.pointer, problem.code] for problem in contradictions(filled)]
    assert found == given["problems"]
    assert {code for _, code in found} >= reasons_of(form, status)


def test_there_are_no_examples_of_forms_that_do_not_exist() -> None:
    assert {path.name for path in FOLDER.iterdir()} <= {form.version for form in ALL}
