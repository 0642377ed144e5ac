"""The JSON Schema (2020-12) of a form version: what a complete form looks like in normal form.

What is required always stands in `required`; what other answers decide stands in `allOf`, as `if` and `then`. Whether
a date or a name is possible, only reading the form finds out.
"""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Any

from services.application.forms.field import Condition, Field, Filing, Item, Kind, Rows
from services.application.forms.form import FormVersion
from shared.reference.statuses import STATUSES

_DAY = r"\d{4}-\d{2}-\d{2}"
_PATTERNS = {
    Kind.NAME: r"^[A-Z '.,-]+$",
    Kind.DAY: f"^{_DAY}$",
    Kind.PARTIAL_DAY: r"^\d{4}(-\d{2}(-\d{2})?)?$",
    Kind.MONTH: r"^\d{4}-\d{2}$",
    Kind.PARTIAL_MONTH: r"^\d{4}(-\d{2})?$",
    Kind.PERIOD: r"^((?=.)(Y\d+)?(M\d+)?(D\d+)?|INF|DIP)$",
    Kind.RESIDENCE_CARD: r"^[A-Z]{2}\d{8}[A-Z]{2}$",
    Kind.PASSPORT: r"^[A-Z0-9]{5,12}$",
    Kind.CORPORATE_NUMBER: r"^\d{13}$",
    Kind.EMPLOYMENT_INSURANCE: r"^\d{11}$",
    Kind.POSTAL_CODE: r"^\d{7}$",
    Kind.PHONE: r"^0\d{8,11}$",
    Kind.ANY_PHONE: r"^(0\d{8,11}|\+\d{7,15})$",
}


def form_schema(version: FormVersion, status: str | None = None, filing: Filing | None = None) -> dict[str, Any]:
    """The schema of `version` for a status of residence (None: of all its fields, which all its statuses satisfy).

    `filing` decides what depends on who files and on the known category; without it that counts as not required.
    """
    items = version.items_for(status)
    if status is None:
        items = tuple(replace(item, required=item.required and not item.hidden_for) for item in items)
    schema = _object(items, filing)
    title = f"{version.procedure} {version.section} {version.version}"
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title, **schema}


def _object(items: Iterable[Item], filing: Filing | None, columns: AbstractSet[str] | None = None) -> dict[str, Any]:
    """The object of these items; `columns` are those of the row that it is, which asks nothing of the form around."""
    schema = _empty_object()
    rules = []
    for item in items:
        *groups, name = item.code.split(".")
        inner = schema
        for group in groups:
            inner = inner["properties"].setdefault(group, _empty_object())
        inner["properties"][name] = _rows(item, filing) if isinstance(item, Rows) else _value(item)
        for asked in _questions(item, filing):
            if columns is not None and not _of_row(asked, columns):
                continue
            if asked:
                then = _given(item.code, {"minItems": 1} if isinstance(item, Rows) else None)
                rules.append(_rule(asked, then))
            else:
                _require(schema, item.code)
        rules += _rules_of_rows(item, filing) if isinstance(item, Rows) else _rules_of_options(item)
    if rules:
        schema["allOf"] = rules
    return schema


def _questions(item: Item, filing: Filing | None) -> list[tuple[Condition, ...]]:
    """The answers on which it depends whether `item` is required, in groups of which one is enough; () for always."""
    if not item.required:
        return []
    groups = []
    for group in item.when or ((),):
        about_filing = [condition for condition in group if condition.filing]
        if not about_filing or (filing is not None and all(getattr(filing, c.filing) for c in about_filing)):
            groups.append(tuple(condition for condition in group if not condition.filing))
    return [()] if () in groups else groups


def _of_row(asked: tuple[Condition, ...], columns: AbstractSet[str]) -> bool:
    return all(condition.field in columns for condition in asked)


def _rules_of_rows(rows: Rows, filing: Filing | None) -> list[dict[str, Any]]:
    """Rules by which answers of the form ask something of each row of a table."""
    rules = []
    for field in rows.fields:
        for asked in _questions(field, filing):
            if _of_row(asked, rows.columns):
                continue
            here = [condition for condition in asked if condition.field in rows.columns]
            around = [condition for condition in asked if condition.field not in rows.columns]
            then = _rule(here, _given(field.code)) if here else _given(field.code)
            rules.append(_rule(around, _at(rows.code, {"items": then})))
    return rules


def _rules_of_options(field: Field) -> list[dict[str, Any]]:
    if field.options_by is None:
        return []
    by = field.options_by
    return [
        _rule([Condition(by.field, one_of=(answer,))], _at(field.code, {"enum": list(codes)}))
        for answer, codes in by.lists.items()
    ]


def _rule(asked: Iterable[Condition], then: dict[str, Any]) -> dict[str, Any]:
    return {"if": {"allOf": [_holds(condition) for condition in asked]}, "then": then}


def _require(schema: dict[str, Any], code: str) -> None:
    for part in code.split("."):
        if part not in schema["required"]:
            schema["required"].append(part)
        schema = schema["properties"][part]


def _empty_object() -> dict[str, Any]:
    return {"type": "object", "properties": {}, "required": [], "additionalProperties": False}


def _rows(rows: Rows, filing: Filing | None) -> dict[str, Any]:
    schema = {"type": "array", "maxItems": rows.most, "items": _object(rows.fields, filing, rows.columns)}
    return _labelled(schema, rows)


def _value(field: Field) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string"}
    match field.kind:
        case Kind.YES_NO:
            schema = {"type": "boolean"}
        case Kind.NUMBER:
            schema = {"type": "integer", "minimum": 0, "maximum": field.most}
        case Kind.CHOICE:
            schema = {"enum": list(field.options)}
        case Kind.STATUS:
            schema = {"enum": list(dict.fromkeys(row.code for row in STATUSES.rows))}
        case Kind.LETTERS:
            schema["pattern"] = f"^[A-Z]{{{field.most}}}$"
        case Kind.DIGITS:
            schema["pattern"] = f"^[0-9]{{{field.most}}}$"
        case kind if kind in _PATTERNS:
            schema["pattern"] = _PATTERNS[kind]
        case _:
            schema |= {"minLength": 1} | ({"maxLength": field.most} if field.most else {})
    return _labelled(schema, field)


def _labelled(schema: Mapping[str, Any], item: Item) -> dict[str, Any]:
    return {"title": item.label.en, "description": item.label.ja, **schema}


def _holds(condition: Condition) -> dict[str, Any]:
    if condition.empty is not None:
        given = _given(condition.field)
        return {"not": given} if condition.empty else given
    if condition.one_of:
        return _given(condition.field, {"enum": list(condition.one_of)})
    return {"not": _given(condition.field, {"enum": list(condition.none_of)})}


def _at(code: str, value: Mapping[str, Any]) -> dict[str, Any]:
    """That the field, where it is filled in, has such a value."""
    schema: dict[str, Any] = dict(value)
    for part in reversed(code.split(".")):
        schema = {"properties": {part: schema}}
    return schema


def _given(code: str, value: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """That the field is filled in, with such a value."""
    schema: dict[str, Any] = dict(value or {})
    for part in reversed(code.split(".")):
        schema = {"type": "object", "required": [part], "properties": {part: schema}}
    return schema
