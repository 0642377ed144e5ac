"""Forms of highly skilled professionals: the form of the main activity, with the point table."""

from copy import deepcopy
from typing import Any

import jsonschema_rs
import pytest

from services.application.forms.catalogue import FORMS, current_form, form_of, offered_forms
from services.application.forms.checks import contradictions
from services.application.forms.field import Condition, Field, Filing, Form, Item, Rows
from services.application.forms.form import Filled, FormVersion, missing_fields, read_form
from services.application.forms.highly_skilled import highly_skilled_forms
from services.application.forms.reading import read_value
from services.application.forms.schema import form_schema
from shared.reference.points import KIND_OF_STATUS, POINTS, RESEARCH
from shared.reference.statuses import activities
from tests.services.application.people import Filer, codes
from tests.services.application.test_acquire import attach_all
from tests.services.application.test_forms import TODAY

BY_AGENT = Filing(by_agent=True, category_known=False)
ENGINEER = "N2"
HSP = highly_skilled_forms(FORMS)


def engineer(procedure: str = "COE") -> FormVersion:
    form = current_form(procedure, "HSP1_A", TODAY, ENGINEER)
    assert form is not None
    return form


def filled(points: dict[str, Any], status: str = "HSP1_A", form: FormVersion | None = None) -> Filled:
    form = form or engineer("CHANGE")
    table = deepcopy(form.example["hsp"]) | points
    return Filled(form, Form(dict(form.example) | {"hsp": table}), status, TODAY)


def problems(case: Filled) -> list[tuple[str, str]]:
    return [(problem.pointer, problem.code) for problem in contradictions(case)]


def test_every_main_activity_of_every_procedure_has_a_form() -> None:
    for procedure in ("COE", "CHANGE", "EXTEND"):
        for status in (*KIND_OF_STATUS, "HSP2"):
            for activity in activities(status, procedure, TODAY):
                form = current_form(procedure, status, TODAY, activity.code)
                assert form is not None, (procedure, status, activity.code)
                assert (form.section, form.activities) == (activity.section, (activity.code,))
                assert form_of(form.version) is form
                assert form in offered_forms(TODAY)


def test_every_example_is_complete_and_every_schema_takes_it() -> None:
    for form in HSP:
        status = form.statuses[0]
        values, unreadable = read_form(form, form.example, status)
        assert unreadable == [], form.version
        case = Filled(form, Form(values), status, TODAY, form.activities[0])
        assert list(missing_fields(form, case.form, BY_AGENT, status)) == [], form.version
        assert problems(case) == [], form.version
        schema = form_schema(form, status, BY_AGENT)
        jsonschema_rs.meta.validate(schema)
        assert list(jsonschema_rs.Draft202012Validator(schema).iter_errors(values)) == [], form.version


def test_the_table_asks_what_counts_for_the_kind_and_nothing_else() -> None:
    form = engineer("CHANGE")
    for status, kind in KIND_OF_STATUS.items():
        asked = {item.code.removeprefix("hsp.") for item in form.items_for(status) if item.code.startswith("hsp.")}
        counted = {row.item for row in POINTS.rows if row.kind == kind and row.item != RESEARCH}
        others = {row.item for row in POINTS.rows if row.item != RESEARCH} - counted
        assert counted <= asked
        assert asked.isdisjoint(others)


def test_every_option_that_counts_can_be_chosen() -> None:
    form = engineer("CHANGE")
    for status, kind in KIND_OF_STATUS.items():
        fields = {item.code: item for item in form.items_for(status) if isinstance(item, Field)}
        for row in POINTS.rows:
            if row.kind == kind and row.item != RESEARCH:
                assert read_value(fields[f"hsp.{row.item}"], row.option) == row.option
                assert f"{row.points}点" in fields[f"hsp.{row.item}"].options[row.option].ja


def test_every_condition_of_the_table_asks_something_that_exists() -> None:
    form = engineer("CHANGE")
    items: dict[str, Item] = {item.code: item for item in form.items}
    conditions: list[Condition] = [
        condition for item in form.items if item.code.startswith("hsp.") for group in item.when for condition in group
    ]
    for condition in conditions:
        asked = items[condition.field]
        assert not isinstance(asked, Rows)
        for value in condition.one_of:
            assert read_value(asked, value) == value


def test_seventy_points_pass_and_fewer_are_refused_with_the_reasons() -> None:
    enough = {"edu": "05", "age": "00", "salary": "01", "add4": {"japan": "00"}, "two_degrees": "02"}
    assert problems(filled(enough)) == []
    short = filled(enough | {"two_degrees": "00"})
    assert problems(short) == [("/form/hsp/special", "points-short")]
    (problem,) = contradictions(short)
    assert "65点" in problem.message.ja and "学歴 10点" in problem.message.ja
    assert "65" in problem.message.en and "Annual salary: 40" in problem.message.en


def test_no_points_are_counted_for_the_special_scheme() -> None:
    form = engineer("CHANGE")
    case = Filled(form, Form(dict(form.example) | {"hsp": {"special": True}}), "HSP1_A", TODAY)
    assert problems(case) == []
    assert list(missing_fields(form, case.form, BY_AGENT, "HSP1_A")) == []


@pytest.mark.parametrize(("kind", "asked"), [("A", "hsp.age"), ("B", "hsp.licences"), ("C", "hsp.position")])
def test_the_second_stage_counts_by_the_table_that_it_names(kind: str, asked: str) -> None:
    form = current_form("CHANGE", "HSP2", TODAY, ENGINEER)
    assert form is not None
    case = Form(dict(form.example) | {"hsp": {"type": kind, "special": False}})
    missing = {item.code for item in missing_fields(form, case, BY_AGENT, "HSP2")}
    assert asked in missing
    assert {"hsp.age", "hsp.licences", "hsp.position"} & missing == {
        "A": {"hsp.age"},
        "B": {"hsp.age", "hsp.licences"},
        "C": {"hsp.position"},
    }[kind]


@pytest.mark.parametrize(
    ("points", "pointer", "code"),
    [
        (
            {"add2": {"rd_sme": "02", "rd_cost": 3, "sales": 100}},
            "/form/hsp/add2/rd_cost",
            "share-too-small",
        ),
        ({"add6": {"university": "01"}}, "/form/hsp/add6/ranked", "required"),
    ],
)
def test_additions_are_shown(points: dict[str, Any], pointer: str, code: str) -> None:
    assert problems(filled(points)) == [(pointer, code)]


async def test_an_engineer_is_filed_with_the_points_as_a_hint(filer: Filer) -> None:
    await filer.activate()
    form = engineer()
    body = filer.draft(
        procedure="COE", status_of_residence="HSP1_A", activity=ENGINEER, form=deepcopy(dict(form.example))
    )
    assert codes(await filer.post("", body | {"activity": None})) == ["required"]
    application_id = await filer.begin(**body)
    view = await filer.get(f"/{application_id}")
    assert (view["form_version"], view["activity"]) == (form.version, ENGINEER)
    hints = (await filer.get(f"/{application_id}/check"))["hints"]
    (hint,) = [hint for hint in hints if hint["code"] == "points"]
    assert "80点" in hint["message"]["ja"]
    await attach_all(filer, application_id, photo=True)
    answer = await filer.submit(application_id)
    assert answer.status_code == 200, answer.text
    assert answer.json()["receipt_number"].startswith("東オンＮＮ26")
