"""The guide over HTTP: questions until it names the form, and what is no answer."""

import pytest

from services.application.forms.catalogue import current_form, offered_forms
from tests.services.application.test_forms import TODAY
from tests.services.application.test_offer import published, read
from tests.support.service import RunningService
from tests.unit.reference.test_guide import ENDS


async def test_the_guide_asks_until_it_names_the_form(service: RunningService) -> None:
    answers = {"where": "japan", "need": "stay", "end": "soon", "held": "none", "purpose": "work", "work": "office"}
    query = "&".join(f"{name}={code}" for name, code in answers.items())
    step = await published(service, f"/v1/forms/guide?{query}")
    assert (step["question"]["code"], step["answers"], step["result"], step["stop"]) == ("office", answers, None, None)
    assert {option["code"] for option in step["question"]["options"]} >= {"contract", "transfer"}
    end = await published(service, f"/v1/forms/guide?{query}&office=contract")
    assert end["question"] is None
    form = current_form("EXTEND", "ENG_HUM_INT", TODAY)
    assert form is not None
    named = {name: end["result"][name] for name in ("procedure", "status", "activity", "version")}
    assert named == {
        "procedure": "EXTEND",
        "status": "ENG_HUM_INT",
        "activity": None,
        "version": form.version,
    }
    assert end["result"]["why"]["ja"] and end["result"]["why"]["en"]


async def test_the_guide_says_where_else_to_go(service: RunningService) -> None:
    step = await published(service, "/v1/forms/guide?where=visitor")
    assert (step["question"], step["result"]) == (None, None)
    assert "窓口" in step["stop"]["ja"]


@pytest.mark.parametrize(
    ("query", "pointer", "code"),
    [
        ("where=moon", "/where", "not-a-choice"),
        ("where=", "/where", "not-a-choice"),
        ("colour=red", "/colour", "unknown-question"),
        ("where=japan&where=abroad", "/where", "too-many"),
        (f"{'x' * 300}=1", f"/{'x' * 60}", "unknown-question"),
        ("a%2Fb=1", "/a~1b", "unknown-question"),
    ],
)
async def test_the_guide_refuses_what_is_no_answer(
    service: RunningService, query: str, pointer: str, code: str
) -> None:
    answer = await read(service, f"/v1/forms/guide?{query}")
    assert answer.status_code == 422, answer.text
    (error,) = answer.json()["errors"]
    assert (error["pointer"], error["code"]) == (pointer, code)


def test_every_end_of_the_guide_is_an_offered_form_and_every_offered_form_is_an_end() -> None:
    reached = {
        current_form(end.selection.procedure, end.selection.status, TODAY, end.selection.activity or None)
        for end in ENDS
    }
    assert None not in reached
    replaced = {"extend-n-2026-01-05"}
    assert {form.version for form in reached if form} == {form.version for form in offered_forms(TODAY)} - replaced
