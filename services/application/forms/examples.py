"""Complete applications of invented people: the example of each form, with days that fit the day of its filing."""

from collections.abc import Mapping
from copy import deepcopy
from datetime import date, timedelta
from typing import Any

from services.application.forms.catalogue import current_form, offered_forms
from services.application.forms.form import FormVersion
from shared.reference.statuses import activities

# From the day of filing to the end of a present stay, and from a birth to that day.
STAY_LEFT, SINCE_BIRTH = timedelta(days=60), timedelta(days=10)


def answers_on(form: FormVersion, day: date) -> dict[str, Any]:
    """The answers of the example, as somebody files them on `day`."""
    answers = deepcopy(dict(form.example))
    if form.facts.stay_expiry:
        _put(answers, form.facts.stay_expiry, (day + STAY_LEFT).isoformat())
    if form.facts.cause_on:
        for code in (form.facts.birth_date, form.facts.cause_on):
            _put(answers, code, (day - SINCE_BIRTH).isoformat())
    return answers


def draft_on(form: FormVersion, day: date) -> dict[str, Any]:
    """The body that begins a draft of the example on `day`, for the first of the form's statuses."""
    status = form.statuses[0]
    return {
        "procedure": form.procedure,
        "combined_with": [],
        "status_of_residence": status,
        "activity": activity_of(form, day),
        "form": answers_on(form, day),
        "notify": {"email": "hanako@example.jp", "language": "ja"},
    }


def activity_of(form: FormVersion, day: date) -> str | None:
    """The activity that leads from the first of the form's statuses to it; None where there is only one."""
    status = form.statuses[0]
    choices = (choice.code for choice in activities(status, form.procedure, day))
    return next((code for code in choices if current_form(form.procedure, status, day, code) is form), None)


def linked_examples() -> Mapping[str, Mapping[str, str]]:
    """An example of OpenAPI for the newest version of each form: a link, because together they are large."""
    return {
        form.version: {
            "summary": " ".join(part for part in (form.procedure, form.section, *form.activities) if part),
            "externalValue": f"/v1/forms/{form.version}/example",
        }
        for form in offered_forms(date.max)
        if current_form(form.procedure, form.statuses[0], date.max, activity_of(form, date.max)) is form
    }


def _put(answers: dict[str, Any], code: str, value: str) -> None:
    *groups, name = code.split(".")
    for group in groups:
        answers = answers.setdefault(group, {})
    answers[name] = value
