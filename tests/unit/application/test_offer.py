"""Forms as they are offered: every form of a day, for each of its statuses and for all."""

from datetime import date

import pytest

from services.application.forms.catalogue import offered_forms
from services.application.forms.form import FormVersion
from services.application.offer.domain import combinations_of, published

TODAY = date(2026, 11, 29)


@pytest.mark.parametrize("form", offered_forms(TODAY), ids=lambda form: form.version)
def test_a_form_is_published_with_its_topics_choices_and_conditions(form: FormVersion) -> None:
    whole = published(form, None, [], TODAY, "en")
    assert (whole["version"], whole["procedure"], whole["statuses"]) == (
        form.version,
        form.procedure,
        list(form.statuses),
    )
    assert whole["title"]
    items = [item for topic in whole["topics"] for item in topic["items"]]
    assert {item["code"] for item in items} == {item.code for item in form.items}
    assert {item["required"] for item in items} <= {"always", "sometimes", "never"}
    assert form.procedure not in combinations_of(form, TODAY)
    of_one = published(form, form.statuses[0], combinations_of(form, TODAY)[:1], TODAY, "ja")
    one = [item for topic in of_one["topics"] for item in topic["items"]]
    assert {item["code"] for item in one} <= {item["code"] for item in items}
    assert all(item["rows"]["fields"] for item in one if item["kind"] == "rows")
