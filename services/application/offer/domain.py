"""A form as JSON values: topics with their fields, conditions, options, JSON Schema and example.

Everything is derived from the form's data, so that a line of data is all that a new field needs.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from services.application.forms.field import Condition, Field, Item, Kind, Rows
from services.application.forms.form import FormVersion
from services.application.forms.schema import form_schema
from services.application.forms.together import PARTS
from shared.errors import Text
from shared.languages import Lang
from shared.reference.periods import period_name
from shared.reference.permitted_periods import permitted_periods
from shared.reference.procedures import PROCEDURES, combination_allowed
from shared.reference.statuses import STATUSES, activities
from shared.translations import words

Json = dict[str, Any]


def title_of(form: FormVersion, day: date) -> Text:
    """The name of the procedure, with the section where it has one."""
    name = PROCEDURES.get(day, form.procedure).name
    if not form.section:
        return name
    if form.activities:
        return Text("{name}（高度専門職、{activity}）", "{name} (highly skilled professional, {activity})").with_values(
            name=name, activity=_highly_skilled(form, day)
        )
    return Text("{name}（区分{section}）", "{name} (section {section})").with_values(name=name, section=form.section)


def _highly_skilled(form: FormVersion, day: date) -> Text:
    return next(row.name for row in activities(form.statuses[0], form.procedure, day) if row.code in form.activities)


def activities_of(form: FormVersion, day: date) -> list[str]:
    """The activities that lead to this form, for those of its statuses of which the activity decides the section."""
    return sorted(
        {
            activity.code
            for status in form.statuses
            for activity in activities(status, form.procedure, day)
            if activity.section == form.section and activity.code in (form.activities or (activity.code,))
        }
    )


def combinations_of(form: FormVersion, day: date) -> list[str]:
    """The procedures that may be filed together with this one."""
    return [part.procedure for part in PARTS if combination_allowed(form.procedure, part.procedure, day)]


def published(form: FormVersion, status: str | None, combined_with: Sequence[str], day: date, lang: Lang) -> Json:
    """The form for a status of residence (None: all its fields), with the parts of the procedures filed with it."""
    return {
        "version": form.version,
        "procedure": form.procedure,
        "section": form.section,
        "statuses": list(form.statuses),
        "activities": activities_of(form, day),
        "combined_with": list(combined_with),
        "title": words(title_of(form, day), lang),
        "valid_from": form.valid_from and form.valid_from.isoformat(),
        "topics": [
            {
                "code": topic.code,
                "title": words(topic.title, lang),
                "items": [_item(item, form, status, day, lang) for item in topic.items],
            }
            for topic in form.topics_for(status)
        ],
        "schema": form_schema(form, status),
        "example": dict(form.example),
    }


def _item(item: Item, form: FormVersion, status: str | None, day: date, lang: Lang) -> Json:
    rows = None
    if isinstance(item, Rows):
        rows = {"most": item.most, "fields": [_item(field, form, status, day, lang) for field in item.fields]}
    field = item if isinstance(item, Field) else None
    return {
        "code": item.code,
        "pointer": item.pointer,
        "kind": field.kind.value if field else "rows",
        "label": words(item.label, lang),
        "help": words(item.help, lang) if item.help else None,
        "sample": (field.sample or None) if field else None,
        "most": item.most,
        "unit": field.unit if field else "",
        "required": _required(item),
        "when": [[_condition(condition) for condition in group] for group in item.when],
        "options": _options(field, form, status, day, lang) if field else None,
        "options_by": _options_by(field) if field else None,
        "rows": rows,
        "paper_item": item.item or None,
    }


def _required(item: Item) -> str:
    if not item.required:
        return "never"
    return "sometimes" if item.when else "always"


def _condition(condition: Condition) -> Json:
    if condition.filing:
        return {"filing": condition.filing}
    if condition.one_of:
        return {"field": condition.field, "in": list(condition.one_of)}
    if condition.none_of:
        return {"field": condition.field, "not_in": list(condition.none_of)}
    return {"field": condition.field, "empty": bool(condition.empty)}


def _options(field: Field, form: FormVersion, status: str | None, day: date, lang: Lang) -> list[Json] | None:
    choices = _choices(field, form, status, day)
    return [{"code": code, "label": words(label, lang)} for code, label in choices.items()] or None


def _options_by(field: Field) -> Json | None:
    if field.options_by is None:
        return None
    lists = {answer: list(codes) for answer, codes in field.options_by.lists.items()}
    return {"field": field.options_by.field, "lists": lists}


def _choices(field: Field, form: FormVersion, status: str | None, day: date) -> Mapping[str, Text]:
    """The codes to choose from with their words; empty where it is written freely."""
    if field.kind is Kind.STATUS:
        return {row.code: row.name for row in STATUSES.on(day)}
    if field.kind is Kind.PERIOD and status is not None and field.code == form.facts.requested_period:
        return {code: period_name(code) for code in permitted_periods(status, day, form.procedure).choices}
    return field.options
