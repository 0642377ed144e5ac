"""Every form of the catalogue: its example, its facts, its schema, and what the reference data says of it."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from services.application.forms import catalogue
from services.application.forms.catalogue import FORMS, current_form, form_of
from services.application.forms.checks import contradictions
from services.application.forms.extend.n import EXTEND_N, EXTEND_N_JANUARY
from services.application.forms.field import Condition, Field, Filing, Form, Item, Kind, Rows
from services.application.forms.form import Facts, Filled, FormVersion, missing_fields, read_form
from services.application.forms.reading import read_value
from services.application.forms.schema import form_schema
from services.application.forms.sections import section_form
from shared.reference.document_groups import document_group
from shared.reference.document_types import DOCUMENT_TYPES
from shared.reference.forms import ROW_LIMITS, row_limit
from shared.reference.lists import code_list
from shared.reference.procedures import PROCEDURES
from shared.reference.requirements import CONDITIONS
from shared.reference.statuses import STATUSES, activities, may_be_filed_online, section_of
from shared.text import BadValue

COE_N = section_form("COE", "N")
TODAY = date(2026, 11, 20)
BY_AGENT = Filing(by_agent=True, category_known=False)
MOST_ON_A_PAGE = 16
each_form = pytest.mark.parametrize("form", FORMS, ids=lambda form: form.version)


def fields_of(form: FormVersion) -> list[Field]:
    """Every field, those of tables too."""
    return [field for item in form.items for field in (item.fields if isinstance(item, Rows) else (item,))]


def example_of(form: FormVersion) -> dict[str, Any]:
    """A copy of the form's example that a test may change."""
    copied: dict[str, Any] = json.loads(json.dumps(form.example))
    return copied


def schema_errors(form: FormVersion, values: dict[str, Any]) -> list[str]:
    validator = jsonschema_rs.Draft202012Validator(form_schema(form, form.statuses[0], BY_AGENT))
    return ["/".join(map(str, error.instance_path)) for error in validator.iter_errors(values)]


@each_form
def test_the_example_is_readable_and_complete(form: FormVersion) -> None:
    values, problems = read_form(form, form.example, form.statuses[0])
    assert problems == []
    assert read_form(form, values, form.statuses[0]) == (values, [])
    filled = Filled(form, Form(values), form.statuses[0], TODAY)
    missing = [item.code for item in missing_fields(form, filled.form, BY_AGENT, filled.status)]
    assert not missing, f"the example of {form.version} in forms/data/examples/ has no value for {missing}"
    assert list(contradictions(filled)) == []


@each_form
def test_the_table_of_forms_names_the_form(form: FormVersion) -> None:
    page = (Path(__file__).parents[3] / "docs/application.md").read_text("utf-8")
    assert f"| `{form.version}` |" in page, f'"Forms" in docs/application.md has no line for {form.version}'


@each_form
def test_every_fact_is_a_field_of_the_form(form: FormVersion) -> None:
    codes = {item.code for item in form.items if isinstance(item, Field)}
    named = {fact: getattr(form.facts, fact) for fact in Facts.__slots__}
    assert {fact: code for fact, code in named.items() if code and code not in codes} == {}
    asked = {
        *codes,
        *(f"{item.code}.{field.code}" for item in form.items if isinstance(item, Rows) for field in item.fields),
    }
    deciding = [*form.documents.values(), *form.document_groups.values()]
    assert {condition.field for condition in deciding if not condition.filing} <= asked


@each_form
def test_the_documents_that_answers_decide_are_those_of_the_reference_data(form: FormVersion) -> None:
    known = CONDITIONS.keys() | {row.code for row in DOCUMENT_TYPES.rows}
    assert form.documents.keys() <= known
    axes = [document_group(form.procedure, status, None, form.valid_from or TODAY) for status in form.statuses]
    options = {option for axis in axes if axis is not None for option in axis.options}
    assert form.document_groups.keys() <= options


@each_form
def test_codes_are_unique_and_labels_are_in_both_languages(form: FormVersion) -> None:
    codes = [item.code for item in form.items]
    assert len(codes) == len(set(codes))
    assert all(label.ja and label.en for label in [item.label for item in form.items])
    assert all(field.label.ja and field.label.en for field in fields_of(form))


@each_form
def test_every_condition_asks_something_that_exists(form: FormVersion) -> None:
    codes = {item.code: item for item in form.items}

    def check(item: Item, beside: dict[str, Any]) -> None:
        for condition in (condition for group in item.when for condition in group):
            asked = beside.get(condition.field)
            assert condition.filing in ("", "by_agent", "category_unknown")
            assert bool(condition.filing) != isinstance(asked, Field), (item.code, condition)
            if isinstance(asked, Field):
                for value in (*condition.one_of, *condition.none_of):
                    assert read_value(asked, value) == value, (item.code, condition)
        if isinstance(item, Field) and item.options_by is not None:
            asked = beside[item.options_by.field]
            assert item.options_by.lists.keys() <= asked.options.keys(), item.code
            assert {code for codes in item.options_by.lists.values() for code in codes} <= item.options.keys()

    for item in form.items:
        check(item, codes)
        for field in item.fields if isinstance(item, Rows) else ():
            check(field, codes | {other.code: other for other in item.fields} if isinstance(item, Rows) else {})


@each_form
def test_every_item_is_on_one_page_of_the_form_and_no_page_is_long(form: FormVersion) -> None:
    for status in form.statuses:
        pages = form.topics_for(status)
        assert [item for page in pages for item in page.items] != []
        assert sorted(item.code for page in pages for item in page.items) == sorted(
            item.code for item in form.items_for(status)
        )
        assert len({page.code for page in pages}) == len(pages)
        assert {page.code: len(page.items) for page in pages if len(page.items) > MOST_ON_A_PAGE} == {}
        assert all(page.title.ja and page.title.en for page in pages)


@each_form
def test_a_field_explains_itself_in_both_languages_and_its_sample_is_taken(form: FormVersion) -> None:
    for field in fields_of(form):
        if field.help is not None:
            assert field.help.ja and field.help.en, field.code
        if field.sample:
            read_value(field, field.sample)


@each_form
def test_the_options_of_a_status_are_some_of_all(form: FormVersion) -> None:
    for status in form.statuses:
        for field in fields_of(form):
            codes = field.by_status.get(status)
            assert codes is None or (codes and set(codes) <= field.options.keys()), (field.code, status)


@each_form
def test_every_field_says_how_long_it_may_be_or_what_it_may_be(form: FormVersion) -> None:
    bounded = {Kind.TEXT, Kind.LINES, Kind.WIDE, Kind.HALF, Kind.LETTERS, Kind.DIGITS, Kind.NUMBER}
    for field in fields_of(form):
        assert (field.most is not None) == (field.kind in bounded), field.code
        assert bool(field.options) == (field.kind is Kind.CHOICE), field.code
        if field.kind in (Kind.TEXT, Kind.LINES, Kind.WIDE, Kind.HALF):
            assert field.most is not None
            assert len(read_value(field, "x" * field.most)) == field.most
            with pytest.raises(BadValue):
                read_value(field, "x" * (field.most + 1))


@each_form
def test_every_field_is_read_or_refused(form: FormVersion) -> None:
    for field in fields_of(form):
        with pytest.raises(BadValue):
            read_value(field, {"no": "value"})


@each_form
def test_the_section_is_one_of_each_status(form: FormVersion) -> None:
    day = form.valid_from or TODAY
    for status in form.statuses:
        sections = {row.section for row in activities(status, form.procedure, day)}
        assert form.section in (sections or {section_of(form.procedure, status, None, day)})
    assert PROCEDURES.get(day, form.procedure)


@each_form
def test_row_limits_are_those_of_the_reference_data(form: FormVersion) -> None:
    beside = {"industries": 1, "occupations": 1}
    tables = {item.code: item.most for item in form.items if isinstance(item, Rows)}
    for code in tables.keys() & {row.code for row in ROW_LIMITS.rows}:
        limit = row_limit(code, form.valid_from or TODAY)
        assert tables[code] + beside.get(code, 0) == limit.accepted >= limit.official


@each_form
def test_the_schema_accepts_the_example_and_refuses_what_is_missing_or_wrong(form: FormVersion) -> None:
    jsonschema_rs.meta.validate(form_schema(form))
    assert schema_errors(form, example_of(form)) == []
    for change in ({"sex": "X"}, {"favourite_colour": "red"}, {"occupation": "x" * 41}, {"criminal": {"has": True}}):
        assert schema_errors(form, example_of(form) | change) != [], change
    for item in missing_fields(form, Form({}), BY_AGENT, form.statuses[0]):
        if "." not in item.code and item.code in form.example:
            broken = example_of(form)
            del broken[item.code]
            assert schema_errors(form, broken) != [], item.code


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"tel": None, "mobile": None}, ""),
        ({"has_card": False, "residence_card_no": None}, ""),
        ({"has_family": True, "family": []}, "family"),
        ({"jobs": [{"country": "JPN"}]}, "jobs/0"),
    ],
)
def test_the_schema_asks_what_other_answers_ask_for(change: dict[str, Any], place: str) -> None:
    values = {code: value for code, value in (example_of(EXTEND_N) | change).items() if value is not None}
    assert place in schema_errors(EXTEND_N, values)


def test_the_schema_asks_for_the_agent_where_an_agent_files() -> None:
    values = {code: value for code, value in example_of(EXTEND_N).items() if code != "intermediary"}
    assert schema_errors(EXTEND_N, values) != []
    alone = form_schema(EXTEND_N, filing=Filing(by_agent=False, category_known=True))
    assert list(jsonschema_rs.Draft202012Validator(alone).iter_errors(values)) == []


def test_the_form_of_a_day_is_the_newest_that_has_begun() -> None:
    assert current_form("EXTEND", "ENG_HUM_INT", date(2026, 2, 26)) is EXTEND_N_JANUARY
    assert current_form("EXTEND", "ENG_HUM_INT", date(2026, 2, 27)) is EXTEND_N
    assert current_form("EXTEND", "TEMP_VISITOR", TODAY) is None
    assert form_of("extend-n-2026-01-05") is EXTEND_N_JANUARY
    with pytest.raises(LookupError, match="still stored"):
        form_of("extend-n-1990-01-01")


def test_a_form_of_next_april_is_not_used_today(monkeypatch: pytest.MonkeyPatch) -> None:
    later = replace(EXTEND_N, version="extend-n-2027-04-01", valid_from=date(2027, 4, 1))
    monkeypatch.setattr(catalogue, "FORMS", (later, *FORMS))
    assert current_form("EXTEND", "ENG_HUM_INT", date(2027, 3, 31)) is EXTEND_N
    assert current_form("EXTEND", "ENG_HUM_INT", date(2027, 4, 1)) is later


def test_what_is_not_offered_is_found_by_its_version_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    withheld = replace(COE_N, offered=False)
    monkeypatch.setattr(catalogue, "FORMS", (withheld,))
    assert current_form("COE", "ENG_HUM_INT", TODAY) is None
    assert form_of(COE_N.version) is withheld


@pytest.mark.parametrize("procedure", ["COE", "CHANGE", "EXTEND"])
def test_every_status_that_can_be_filed_online_has_a_form_for_each_of_its_activities(procedure: str) -> None:
    """高度専門職 is not among them: its forms have the table of points besides."""
    lacking = []
    for row in STATUSES.on(TODAY):
        if row.code.startswith("HSP") or not may_be_filed_online(row.code, procedure, TODAY):
            continue
        choices: list[str | None] = [choice.code for choice in activities(row.code, procedure, TODAY)]
        for activity in choices or [None]:
            form = current_form(procedure, row.code, TODAY, activity)
            if form is None or form.section != section_of(procedure, row.code, activity, TODAY):
                lacking.append((row.code, activity))
    assert lacking == []


def test_a_field_hidden_for_a_status_is_not_part_of_its_form() -> None:
    raw = {"it_cert": {"has": True, "name": "基本情報技術者試験"}}
    assert read_form(EXTEND_N, raw, "ENG_HUM_INT") == (raw, [])
    values, problems = read_form(EXTEND_N, raw, "NURSING")
    assert (values, [problem.code for problem in problems]) == ({}, ["unknown-field"])
    assert "it_cert" not in form_schema(EXTEND_N, "NURSING")["properties"]


def test_a_table_takes_as_many_rows_as_the_reference_data_says_and_no_more() -> None:
    row = example_of(EXTEND_N)["family"][0]
    most = row_limit("family", TODAY).accepted
    assert read_form(EXTEND_N, {"family": [row] * most})[1] == []
    (problem,) = read_form(EXTEND_N, {"family": [row] * (most + 1)})[1]
    assert (problem.pointer, problem.code) == ("/form/family", "too-many-rows")


@pytest.mark.parametrize(
    ("typed", "read"),
    [("2017年8月", "2017-08"), ("2017", "2017"), ("2017-08-15", "2017-08"), ("平成29年8月", "2017-08")],
)
def test_a_month_is_read_however_it_is_written(typed: str, read: str) -> None:
    assert read_form(EXTEND_N, {"jobs": [{"joined": typed}]}) == ({"jobs": [{"joined": read}]}, [])


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ({"ed_alpha": "ＡＢＣ"}, "not-letters"),
        ({"ed_num": "123"}, "not-digits"),
        ({"jobs": [{"employer_en": "x" * 201}]}, "too-long"),
        ({"card_receipt": "PIGEON"}, "not-in-list"),
    ],
)
def test_what_the_tool_does_not_take_is_refused(raw: dict[str, Any], code: str) -> None:
    assert [problem.code for problem in read_form(EXTEND_N, raw)[1]] == [code]


@pytest.mark.parametrize(
    ("form", "change", "pointer", "code"),
    [
        (EXTEND_N, {"jobs": [{"joined": "2020-04", "left": "2019"}]}, "/form/jobs/0/left", "left-before-joined"),
        (EXTEND_N, {"edu": {"graduated": "2099-03-31"}}, "/form/edu/graduated", "cannot-be-true"),
        (COE_N, {"stay_years": 0, "stay_months": 0}, "/form/stay_months", "no-length"),
    ],
)
def test_contradictions_of_the_new_fields_are_named(
    form: FormVersion, change: dict[str, Any], pointer: str, code: str
) -> None:
    filled = Filled(form, Form(example_of(form) | change), form.statuses[0], TODAY)
    assert [(problem.pointer, problem.code) for problem in contradictions(filled)] == [(pointer, code)]


def test_a_condition_asks_one_thing() -> None:
    form = Form({"a": "x"})
    assert Condition("a", one_of=("x", "y")).holds(form, BY_AGENT)
    assert not Condition("a", none_of=("x",)).holds(form, BY_AGENT)
    assert Condition("b", none_of=("x",)).holds(form, BY_AGENT)
    assert Condition("b", empty=True).holds(form, BY_AGENT)
    assert Condition(filing="by_agent").holds(form, BY_AGENT)
    assert not Condition(filing="category_unknown").holds(form, replace(BY_AGENT, category_known=True))


def test_nationality_is_the_list_of_the_reference_data() -> None:
    (nationality,) = [item for item in EXTEND_N.items if item.code == "nationality" and isinstance(item, Field)]
    assert list(nationality.options) == list(code_list("nationality"))
