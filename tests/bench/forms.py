"""The cost of the largest form: section V read and checked, as a save and a check of a draft do."""

import time
from collections.abc import Mapping
from datetime import date
from random import Random
from typing import Any

from services.application.forms.catalogue import FORMS
from services.application.forms.checks import contradictions
from services.application.forms.field import Field, Filing, Form
from services.application.forms.form import Filled, FormVersion, missing_fields, read_form
from tests.bench.line import Line
from tests.services.application.test_forms_agree import answer, put

_ROUNDS = 50
_ROWS = 2
_DAY = date(2026, 11, 20)
_FILING = Filing(by_agent=True, category_known=False)


def measure() -> list[Line]:
    """Milliseconds of processor time, of the example and with every field filled in; the best of several rounds."""
    largest = max(FORMS, key=lambda form: len(form.items))
    full = _filled(largest)
    what = f"{largest.version} read and checked"
    return [
        Line(f"{what}, example", _timed(largest, largest.example), "ms CPU", 5.0, at_most=True),
        Line(f"{what}, all {len(largest.items)} items", _timed(largest, full), "ms CPU", 5.0, at_most=True),
    ]


def _filled(form: FormVersion) -> dict[str, Any]:
    random, values = Random(1), dict[str, Any]()
    for item in form.items_for(form.statuses[0]):
        if isinstance(item, Field):
            put(values, item.code, answer(item, random))
        else:
            rows = [{field.code: answer(field, random) for field in item.fields} for _ in range(min(_ROWS, item.most))]
            put(values, item.code, rows)
    return values


def _timed(form: FormVersion, raw: Mapping[str, Any]) -> float:
    status, taken = form.statuses[0], []
    for _ in range(_ROUNDS):
        began = time.process_time()
        values, _problems = read_form(form, raw, status)
        filled = Filled(form, Form(values), status, _DAY)
        list(missing_fields(form, filled.form, _FILING, status))
        list(contradictions(filled))
        taken.append(time.process_time() - began)
    return min(taken) * 1000
