"""The engine of forms: conditions in groups, rows that ask the form around them, options that depend on something."""

from dataclasses import replace
from datetime import date
from typing import Any

import jsonschema_rs
import pytest

from services.application.forms.checks import activity_agrees, contradictions
from services.application.forms.extend.n import EXTEND_N
from services.application.forms.field import Condition, Field, Filing, Form, Kind, OptionsBy, Rows
from services.application.forms.form import Facts, Filled, FormVersion, hints_of, missing_fields, read_form
from services.application.forms.schema import form_schema
from services.application.forms.shared_lines import Line, written_out
from shared.errors import Text

TODAY = date(2026, 11, 20)
ALONE = Filing(by_agent=False, category_known=True)
BY_AGENT = Filing(by_agent=True, category_known=False)


def choice(code: str, options: str, **more: Any) -> Field:
    return Field(code, Text(code, code), Kind.CHOICE, options={name: Text(name, name) for name in options}, **more)


def text(code: str, **more: Any) -> Field:
    return Field(code, Text(code, code), Kind.TEXT, most=10, **more)


KIND = choice("kind", "ABC")
NOTE = text(
    "note", required=True, when=((Condition("kind", one_of=("A",)),), (Condition("other.kind", one_of=("A",)),))
)
OTHER = choice("other.kind", "ABC")
AGENT = text(
    "agent",
    required=True,
    when=((Condition(filing="by_agent"), Condition("kind", one_of=("B",))), (Condition("kind", one_of=("C",)),)),
)
PLACES = Rows(
    "places",
    Text("places", "places"),
    (
        text("name", required=True),
        text("seats", required=True, when=((Condition("kind", one_of=("B",)),),)),
        text("food", required=True, when=((Condition("kind", one_of=("B",)), Condition("name", one_of=("bar",))),)),
    ),
    most=3,
)
FIELD_OF_WORK = choice("field", "XY", by_status={"SSW2": ("Y",)})
WORK = choice("work", "123", options_by=OptionsBy("field", {"X": ("1", "2"), "Y": ("3",)}))
WORKS = Rows("works", Text("works", "works"), (FIELD_OF_WORK, WORK), most=2)
FORM = replace(EXTEND_N, items=(KIND, NOTE, OTHER, AGENT, PLACES, WORKS), checks=(), statuses=("SSW1", "SSW2"))


def missing(values: dict[str, Any], filing: Filing = ALONE) -> list[str]:
    return [item.code for item in missing_fields(FORM, Form(values), filing)]


def refused(
    values: dict[str, Any], filing: Filing = ALONE, form: FormVersion = FORM, status: str | None = None
) -> bool:
    return not jsonschema_rs.Draft202012Validator(form_schema(form, status, filing)).is_valid(values)


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        ({}, []),
        ({"kind": "A"}, ["note"]),
        ({"other": {"kind": "A"}}, ["note"]),
        ({"kind": "A", "other": {"kind": "A"}}, ["note"]),
        ({"kind": "B", "other": {"kind": "B"}}, []),
        ({"kind": "A", "note": "x"}, []),
    ],
)
def test_a_field_is_required_where_any_group_of_conditions_holds(values: dict[str, Any], wanted: list[str]) -> None:
    assert missing(values) == wanted
    assert refused(values) == bool(wanted)


@pytest.mark.parametrize(
    ("kind", "filing", "wanted"),
    [("B", BY_AGENT, ["agent"]), ("B", ALONE, []), ("C", ALONE, ["agent"]), ("C", BY_AGENT, ["agent"])],
)
def test_a_group_about_the_filing_counts_beside_the_others(kind: str, filing: Filing, wanted: list[str]) -> None:
    assert missing({"kind": kind}, filing) == wanted
    assert refused({"kind": kind}, filing) == bool(wanted)


@pytest.mark.parametrize(
    ("kind", "row", "wanted"),
    [
        ("A", {"name": "hall"}, []),
        ("B", {"name": "hall"}, ["places.0.seats"]),
        ("B", {"name": "bar"}, ["places.0.seats", "places.0.food"]),
        ("B", {"name": "bar", "seats": "9", "food": "no"}, []),
        ("B", {"name": "hall", "seats": "9"}, []),
    ],
)
def test_a_row_asks_what_an_answer_of_the_form_around_it_asks_for(
    kind: str, row: dict[str, Any], wanted: list[str]
) -> None:
    values = {"kind": kind, "places": [row]}
    assert [code for code in missing(values) if code.startswith("places")] == wanted
    assert refused({"other": {"kind": "B"}, "note": "x", "agent": "x", **values}) == bool(wanted)


@pytest.mark.parametrize(
    ("row", "fits"), [({"field": "X", "work": "2"}, True), ({"work": "3"}, True), ({"field": "Y", "work": "2"}, False)]
)
def test_an_option_goes_with_the_answer_that_it_depends_on(row: dict[str, Any], fits: bool) -> None:
    values = {"works": [row]}
    found = [(problem.pointer, problem.code) for problem in contradictions(Filled(FORM, Form(values), "SSW1", TODAY))]
    assert found == ([] if fits else [("/form/works/0/work", "does-not-go-together")])
    assert refused(values) == (not fits)


def test_a_status_of_residence_may_have_fewer_options() -> None:
    values = {"works": [{"field": "X"}]}
    assert read_form(FORM, values, "SSW1")[1] == []
    (problem,) = read_form(FORM, values, "SSW2")[1]
    assert (problem.pointer, problem.code) == ("/form/works/0/field", "not-in-list")
    assert not refused(values, status="SSW1")
    assert refused(values, status="SSW2")


def test_a_month_needs_its_year_and_its_month() -> None:
    form = replace(FORM, items=(Field("month", Text("月", "month"), Kind.MONTH),))
    assert read_form(form, {"month": "2026年4月"}) == ({"month": "2026-04"}, [])
    assert read_form(form, {"month": "2026/4/30"}) == ({"month": "2026-04"}, [])
    assert [problem.code for problem in read_form(form, {"month": "2026"})[1]] == ["month-missing"]
    assert refused({"month": "2026"}, form=form)


def test_a_group_in_a_group_is_known_and_its_unknown_fields_are_named() -> None:
    form = replace(FORM, items=(text("org.office.name"),))
    assert read_form(form, {"org": {"office": {"name": "x"}}}) == ({"org": {"office": {"name": "x"}}}, [])
    (problem,) = read_form(form, {"org": {"office": {"colour": "x"}}})[1]
    assert (problem.pointer, problem.code) == ("/form/org/office/colour", "unknown-field")


def test_shared_lines_are_written_once() -> None:
    shared: dict[str, list[Line]] = {
        "job.title": [{"code": "job.title", "ja": "役職名", "en": "Position", "most": 60}],
        "party.corp_no": [
            {"code": "party.corp_no", "ja": "法人番号", "en": "Number", "when": [{"field": "party.has", "in": [True]}]}
        ],
    }
    as_it_is, changed, of_party = written_out(
        [
            "job.title",
            {"like": "job.title", "most": 40},
            {
                "as": "rso",
                "ja": "機関の",
                "en": "RSO: ",
                "when": [{"field": "used", "in": [True]}],
                "fields": ["party.corp_no"],
            },
        ],
        shared,
    )
    assert as_it_is["most"] == 60
    assert (changed["code"], changed["most"]) == ("job.title", 40)
    assert (of_party["code"], of_party["ja"], of_party["en"]) == ("rso.corp_no", "機関の法人番号", "RSO: Number")
    assert of_party["when"] == [{"field": "used", "in": [True]}, {"field": "rso.has", "in": [True]}]
    with pytest.raises(KeyError):
        list(written_out(["no.such.line"], shared))


def test_a_condition_on_a_table_asks_whether_any_row_has_the_answer() -> None:
    condition = Condition("works.field", one_of=("X",))
    assert not condition.holds(Form({}), ALONE)
    assert not condition.holds(Form({"works": [{"field": "Y"}, {}]}), ALONE)
    assert condition.holds(Form({"works": [{"field": "Y"}, {"field": "X"}]}), ALONE)
    assert Condition("works.field", empty=True).holds(Form({"works": [{}]}), ALONE)


def test_an_activity_is_the_one_with_which_the_application_was_begun() -> None:
    form = replace(
        FORM,
        items=(choice("designated.kind", "ABC"),),
        checks=(activity_agrees,),
        facts=Facts(activity="designated.kind"),
    )
    values = Form({"designated": {"kind": "A"}})
    assert list(contradictions(Filled(form, values, "DESIGNATED", TODAY, "A"))) == []
    assert list(contradictions(Filled(form, values, "MEDICAL", TODAY))) == []
    (problem,) = contradictions(Filled(form, values, "DESIGNATED", TODAY, "B"))
    assert (problem.pointer, problem.code) == ("/form/designated/kind", "activity-differs")
    assert form.answers_of("B", "DESIGNATED") == {"designated.kind": "B"}
    assert form.answers_of("X", "DESIGNATED") == form.answers_of(None, "DESIGNATED") == {}


def test_an_answer_that_criteria_do_not_want_is_a_hint_and_no_problem() -> None:
    form = replace(FORM, items=(Field("paid", Text("支払", "Paid"), Kind.YES_NO, doubtful=(False,)),))
    (hint,) = hints_of(form, {"paid": False}, {"paid": False})
    assert (hint.pointer, hint.code) == ("/form/paid", "criteria")
    assert hints_of(form, {"paid": True}, {"paid": True}) == []
    assert list(contradictions(Filled(form, Form({"paid": False}), "SSW1", TODAY))) == []


def test_dates_in_order_and_parts_within_their_whole() -> None:
    begun, ended = (Field(code, Text(code, code), Kind.PARTIAL_MONTH) for code in ("from", "to"))
    hours, practice = (Field(code, Text(code, code), Kind.NUMBER, most=99) for code in ("hours", "practice"))
    form = replace(FORM, items=(begun, replace(ended, after="from"), hours, replace(practice, part_of="hours")))

    def found(**values: Any) -> list[tuple[str, str]]:
        filled = Filled(form, Form(values), "SSW1", TODAY)
        return [(problem.pointer, problem.code) for problem in contradictions(filled)]

    assert found(**{"from": "2020-04", "to": "2020-03"}) == [("/form/to", "before-its-beginning")]
    assert found(**{"from": "2020-04", "to": "2020"}) == []
    assert found(hours=10, practice=11) == [("/form/practice", "more-than-the-whole")]
    assert found(hours=10, practice=10) == found(practice=11) == []
