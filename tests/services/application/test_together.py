"""Procedures filed together with a main one: their fields, documents and checks are part of the same application."""

from copy import deepcopy
from typing import Any

import pytest

from services.application.forms.catalogue import form_of
from services.application.forms.extend.n import EXTEND_N
from services.application.forms.field import Filing, Form
from services.application.forms.form import Filled, missing_fields, read_form
from services.application.forms.together import PARTS, Part, with_parts
from shared.clock import legal_date
from tests.services.application.people import CAT3_DOCUMENTS, Filer, codes, complete_form, pointers
from tests.services.application.test_forms import TODAY

each_part = pytest.mark.parametrize("part", PARTS, ids=lambda part: part.procedure)
BY_AGENT = Filing(by_agent=True, category_known=False)


def together(filer: Filer, *procedures: str, **changes: Any) -> dict[str, Any]:
    """The body of a draft with these procedures, complete."""
    form = complete_form(legal_date(filer.clock.now()))
    for part in PARTS:
        if part.procedure in procedures:
            form |= deepcopy(dict(part.example))
    return filer.draft(combined_with=list(procedures), form=form | changes)


@each_part
def test_the_example_of_a_part_completes_its_fields(part: Part) -> None:
    form = with_parts(EXTEND_N, [part.procedure])
    values, problems = read_form(form, form.example, "ENG_HUM_INT")
    assert problems == []
    assert list(missing_fields(form, Form(values), BY_AGENT, "ENG_HUM_INT")) == []
    filled = Filled(form, Form(values), "ENG_HUM_INT", TODAY)
    assert [problem for check in part.checks for problem in check(filled)] == []


@each_part
def test_a_part_is_asked_only_where_it_is_filed(part: Part) -> None:
    alone, both = EXTEND_N, with_parts(EXTEND_N, [part.procedure])
    assert both.items[: len(alone.items)] == alone.items
    assert with_parts(EXTEND_N, []) is EXTEND_N
    own = {item.code.split(".")[0] for item in part.items}
    _, problems = read_form(alone, {code: part.example[code] for code in own}, "ENG_HUM_INT")
    assert {problem.code for problem in problems} == {"unknown-field"}


def test_the_order_in_which_procedures_are_named_does_not_matter() -> None:
    assert form_of(EXTEND_N.version, ["REENTRY", "EXTRA_ACT"]) is form_of(EXTEND_N.version, ["EXTRA_ACT", "REENTRY"])


@pytest.mark.parametrize(
    ("procedure", "change", "pointer", "code"),
    [
        ("REENTRY", {"card_receipt": "POST"}, "/form/card_receipt", "counter-needed"),
        ("REENTRY", {"reentry.depart_date": "2026-01-01"}, "/form/reentry/depart_date", "in-the-past"),
        (
            "REENTRY",
            {"reentry.return_decided": "DECIDED", "reentry.return_date": "2027-02-01", "reentry.return_port": "成田"},
            "/form/reentry/return_date",
            "before-departure",
        ),
        ("EXTRA_ACT", {"extra.new.term_years": 0}, "/form/extra/new/term_months", "no-length"),
        ("WORKCERT", {"workcert.to": "2026-12-31"}, "/form/workcert/to", "ends-before-it-begins"),
    ],
)
def test_what_cannot_be_true_is_named(procedure: str, change: dict[str, Any], pointer: str, code: str) -> None:
    form = with_parts(EXTEND_N, [procedure])
    values = deepcopy(dict(form.example))
    for path, value in change.items():
        *groups, last = path.split(".")
        inside = values
        for group in groups:
            inside = inside[group]
        inside[last] = value
    filled = Filled(form, Form(values), "ENG_HUM_INT", TODAY)
    assert [(p.pointer, p.code) for check in form.checks for p in check(filled)] == [(pointer, code)]


async def test_three_procedures_are_filed_in_one_application(filer: Filer) -> None:
    await filer.activate()
    application_id = await filer.begin(**together(filer, "REENTRY", "EXTRA_ACT", "WORKCERT"))
    await filer.attach(application_id)
    # A place of work that is known is permitted by itself, on papers about it.
    lacking = await filer.submit(application_id)
    assert codes(lacking) == ["document-missing"]
    assert "EXTRA_ACTIVITY" in lacking.json()["errors"][0]["message"]
    await filer.attach(application_id, (*CAT3_DOCUMENTS, "EXTRA_ACTIVITY"))
    answer = await filer.submit(application_id)
    assert answer.status_code == 200, answer.text
    (event,) = await filer.service.events()
    assert set(event.combined_with) == {"REENTRY", "EXTRA_ACT", "WORKCERT"}  # type: ignore[attr-defined]


async def test_an_added_procedure_asks_for_its_own_fields(filer: Filer) -> None:
    await filer.activate()
    application_id = await filer.begin(**together(filer, "EXTRA_ACT", extra=None))
    await filer.attach(application_id)
    answer = await filer.submit(application_id)
    assert answer.status_code == 422
    assert set(codes(answer)) == {"required"}
    assert all(pointer.startswith("/form/extra/") for pointer in pointers(answer))


async def test_a_procedure_that_is_left_out_and_added_again_loses_nothing(filer: Filer) -> None:
    await filer.activate()
    application_id = await filer.begin(**together(filer, "EXTRA_ACT"))
    entered = (await filer.get(f"/{application_id}"))["form"]
    for combined_with in ([], ["EXTRA_ACT"]):
        revision = (await filer.get(f"/{application_id}"))["revision"]
        answer = await filer.request(
            "PATCH",
            f"/{application_id}",
            {"combined_with": combined_with},
            If_Match=f'"{revision}"',
            Content_Type="application/merge-patch+json",
        )
        assert answer.status_code == 200, answer.text
        form = (await filer.get(f"/{application_id}"))["form"]
        assert ("extra" in form) == bool(combined_with)
    assert form == entered
