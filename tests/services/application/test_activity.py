"""The activity of an application: asked where the status of residence has several, and it decides the form."""

from dataclasses import replace
from typing import Any

import pytest

from services.application.forms import catalogue
from services.application.forms.catalogue import current_form
from services.application.forms.extend.n import EXTEND_N
from services.application.forms.sections import section_form
from tests.services.application.people import Filer, codes, pointers
from tests.services.application.test_forms import TODAY


@pytest.fixture
def designated(monkeypatch: pytest.MonkeyPatch) -> None:
    """特定活動 is offered in sections N and R."""
    both = tuple(
        replace(form, statuses=("DESIGNATED",), offered=True) for form in (EXTEND_N, section_form("EXTEND", "R"))
    )
    monkeypatch.setattr(catalogue, "FORMS", both)


@pytest.mark.usefixtures("designated")
@pytest.mark.parametrize(("activity", "section"), [("N6", "N"), ("R3", "R"), ("09", None), ("XX", None), (None, None)])
def test_the_activity_decides_the_form(activity: str | None, section: str | None) -> None:
    form = current_form("EXTEND", "DESIGNATED", TODAY, activity)
    assert (form and form.section) == section


@pytest.mark.usefixtures("designated")
async def test_a_draft_keeps_its_activity(filer: Filer) -> None:
    await filer.activate()
    application_id = await filer.begin(status_of_residence="DESIGNATED", activity="N6", form={})
    view = await filer.get(f"/{application_id}")
    assert (view["activity"], view["form_version"]) == ("N6", EXTEND_N.version)


@pytest.mark.usefixtures("designated")
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"activity": None}, "required"),
        ({"activity": "ZZ"}, "not-a-choice"),
        ({"status_of_residence": "ENG_HUM_INT", "activity": "N2"}, "not-asked"),
    ],
)
async def test_an_activity_that_does_not_fit_is_refused_with_the_choices(
    filer: Filer, changes: dict[str, Any], code: str
) -> None:
    await filer.activate()
    answer = await filer.post("", filer.draft(**({"status_of_residence": "DESIGNATED", "form": {}} | changes)))
    assert (answer.status_code, codes(answer), pointers(answer)) == (422, [code], ["/activity"])
    if code != "not-asked":
        assert "N6 Graduate of a university in Japan" in answer.json()["errors"][0]["message"]
