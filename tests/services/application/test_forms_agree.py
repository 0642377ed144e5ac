"""The JSON Schema of a form and the server's own check: generated answers are complete for both or for neither."""

from functools import cache
from random import Random
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.application.forms.catalogue import FORMS
from services.application.forms.checks import options_go_together
from services.application.forms.field import Field, Filing, Form, Kind
from services.application.forms.form import Filled, FormVersion, missing_fields, read_form
from services.application.forms.schema import form_schema
from tests.services.application.test_examples import TODAY

SAMPLES: dict[Kind, Any] = {
    Kind.NAME: "TRAN THI BINH",
    Kind.DAY: "2026-04-01",
    Kind.PARTIAL_DAY: "1995-04",
    Kind.MONTH: "2026-04",
    Kind.PARTIAL_MONTH: "2021",
    Kind.STATUS: "STUDENT",
    Kind.PERIOD: "Y1",
    Kind.RESIDENCE_CARD: "AB12345678CD",
    Kind.PASSPORT: "C1234567",
    Kind.CORPORATE_NUMBER: "4011001098993",
    Kind.EMPLOYMENT_INSURANCE: "13011234561",
    Kind.POSTAL_CODE: "1000013",
    Kind.PHONE: "0312345678",
    Kind.ANY_PHONE: "+842438251234",
}


@cache
def validator(form: FormVersion, status: str, filing: Filing) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(form_schema(form, status, filing))


def answer(field: Field, random: Random) -> Any:
    """A value in normal form."""
    match field.kind:
        case Kind.YES_NO:
            return random.random() < 0.5
        case Kind.CHOICE:
            return random.choice(list(field.options))
        case Kind.NUMBER:
            return random.randint(0, field.most or 0)
        case Kind.LETTERS:
            return "A" * (field.most or 0)
        case Kind.DIGITS:
            return "7" * (field.most or 0)
        case Kind.TEXT | Kind.LINES | Kind.WIDE:
            return "例"
        case Kind.HALF:
            return "Example"
        case kind:
            return SAMPLES[kind]


def put(values: dict[str, Any], code: str, value: Any) -> None:
    *groups, last = code.split(".")
    for group in groups:
        values = values.setdefault(group, {})
    if value is None:
        values.pop(last, None)
    else:
        values[last] = value


def changed(form: FormVersion, status: str, random: Random) -> dict[str, Any]:
    """The example of the form, with a few answers left out, added or replaced."""
    values: dict[str, Any] = read_form(form, form.example, status)[0]
    items = form.items_for(status)
    for _ in range(random.randint(0, 6)):
        item = random.choice(items)
        if isinstance(item, Field):
            put(values, item.code, None if random.random() < 0.4 else answer(item, random))
            continue
        rows = [dict(row) for row in Form(values)[item.code] or []]
        if rows and random.random() < 0.5:
            row, column = random.choice(rows), random.choice(item.fields)
            put(row, column.code, None if random.random() < 0.5 else answer(column, random))
        elif len(rows) < item.most:
            rows.append({column.code: answer(column, random) for column in item.fields if random.random() < 0.8})
        else:
            rows = []
        put(values, item.code, rows)
    return values


def accepted(form: FormVersion, values: dict[str, Any], status: str, filing: Filing) -> bool:
    """Whether the server reads the answers, lacks none, and finds that their options go together."""
    read, problems = read_form(form, values, status)
    filled = Filled(form, Form(read), status, TODAY)
    lacking = list(missing_fields(form, filled.form, filing, status))
    return not problems and not lacking and not list(options_go_together(filled))


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.version)
@settings(max_examples=25, deadline=None)
@given(random=st.randoms(use_true_random=False), by_agent=st.booleans(), category_known=st.booleans())
def test_the_schema_and_the_server_agree(
    form: FormVersion, random: Random, by_agent: bool, category_known: bool
) -> None:
    filing = Filing(by_agent=by_agent, category_known=category_known)
    status = random.choice(form.statuses)
    values = changed(form, status, random)
    errors = [
        f"{'/'.join(map(str, error.instance_path))}: {error.message[:120]}"
        for error in validator(form, status, filing).iter_errors(values)
    ]
    assert accepted(form, values, status, filing) == (errors == []), (status, filing, errors)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.version)
def test_the_example_of_the_form_is_complete_for_both(form: FormVersion) -> None:
    filing = Filing(by_agent=True, category_known=False)
    assert accepted(form, dict(form.example), form.statuses[0], filing)
    assert validator(form, form.statuses[0], filing).is_valid(form.example)
