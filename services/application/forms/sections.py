"""The forms of COE, CHANGE and EXTEND for every section (区分), made from the table `data/forms.json`.

The table says for each procedure from when its forms are valid, which answers are its facts and what is checked; and
for each section which statuses of residence it serves, what is checked besides, and which documents an answer decides:
the conditional ones, and the group by which their lists differ.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from typing import Any

from services.application.forms import checks
from services.application.forms.field import Condition
from services.application.forms.form import Check, Facts, FormVersion
from services.application.forms.loading import condition_of, load_blocks, load_example, read_data

CHECKS: Mapping[str, Check] = {
    check.__name__: check
    for check in (
        checks.activity_agrees,
        checks.intended_stay_has_length,
        checks.jobs_end_after_they_begin,
        checks.period_permitted,
        checks.staff_add_up,
        checks.status_changed,
        checks.status_unchanged,
        checks.work_has_length,
    )
}


@cache
def section_forms() -> tuple[FormVersion, ...]:
    """Every form of the table, by procedure and section."""
    return tuple(_forms())


def section_form(procedure: str, section: str) -> FormVersion:
    """The form of a procedure for a section. Raises StopIteration where the table has none."""
    return next(form for form in section_forms() if (form.procedure, form.section) == (procedure, section))


def _forms() -> Iterator[FormVersion]:
    table = read_data("forms.json")
    for procedure, common in table["procedures"].items():
        for section, own in table["sections"].items():
            if procedure in own.get("procedures", (procedure,)):
                yield _form(procedure, common, section, own)


def _conditions(*parts: Mapping[str, Any], what: str) -> dict[str, Condition]:
    return {code: condition_of(asked) for part in parts for code, asked in part.get(what, {}).items()}


def _form(procedure: str, common: Mapping[str, Any], section: str, own: Mapping[str, Any]) -> FormVersion:
    begun = date.fromisoformat(common["valid_from"])
    name = f"{procedure}-{section}".lower()
    return FormVersion(
        version=f"{name}-{begun}",
        procedure=procedure,
        statuses=tuple(own["statuses"]),
        section=section,
        items=load_blocks(procedure, begun, "applicant", f"sections/{section.lower()}", "agent"),
        facts=Facts(**common["facts"], **own.get("facts", {})),
        valid_from=begun,
        checks=tuple(CHECKS[check] for check in (*common["checks"], *own["checks"])),
        documents=_conditions(read_data("forms.json"), common, own, what="documents"),
        document_groups=_conditions(own, what="document_groups"),
        example=load_example(name),
    )
