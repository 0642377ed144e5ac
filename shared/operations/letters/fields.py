"""An event beside its schema: each field with what is expected there, what came, and the rule that it breaks.

A value is shown only where the schema declares it and it fits: an event carries nothing personal, but a field that is
wrong, or that nobody declared, may hold anything. Of those the kind and the length are shown.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel, Field, ValidationError

from shared.events.base import Event

_LONGEST = 80
_MOST_FIELDS = 300
_SEALED = "sealed"


class EventField(BaseModel):
    """One field of an event."""

    path: str = Field(examples=["documents.0.document_id"])
    expected: str = Field(description="type and format by the schema; empty where nothing is declared")
    is_required: bool
    found: str | None = Field(description="the value, or its kind where it may not be shown; null: missing")
    problem: str | None = Field(description="the rule that it breaks, e.g. `uuid_parsing`")


def read_fields(model: type[Event], value: bytes) -> list[EventField]:
    """The fields of `value` by `model`, in the order of the schema; those that nobody declared come last.

    A body that is no JSON object has one field without a path, with the problem.
    """
    try:
        body = json.loads(value)
    except (ValueError, RecursionError):
        return [_of_body(_kind_of_bytes(value), "json_invalid")]
    if not isinstance(body, dict):
        return [_of_body(kind_of(body), "model_type")]
    schema = model.model_json_schema()
    problems = _problems(model, value)
    fields = list(_walk(schema, schema.get("$defs", {}), body, "", problems))
    # A rule of the whole event has no field of its own.
    fields += [_of_body("", rule) for path, rule in problems.items() if not path]
    return fields[:_MOST_FIELDS]


def kind_of(value: Any) -> str:
    """The kind and size of a value that may not be shown itself."""
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int() | float():
            return "number"
        case str():
            return f"text, {len(value)} characters"
        case list():
            return f"list, {len(value)} items"
        case _:
            return f"object, {len(value)} fields"


def _kind_of_bytes(value: bytes) -> str:
    return f"{len(value)} bytes"


def _of_body(found: str, problem: str) -> EventField:
    return EventField(path="", expected="object", is_required=True, found=found, problem=problem)


def _problems(model: type[Event], value: bytes) -> dict[str, str]:
    try:
        model.model_validate_json(value)
    except ValidationError as error:
        found = error.errors(include_input=False, include_url=False)
        return {".".join(map(str, one["loc"])): one["type"] for one in reversed(found)}
    return {}


def _walk(
    schema: Mapping[str, Any],
    definitions: Mapping[str, Any],
    body: Mapping[str, Any],
    at: str,
    problems: dict[str, str],
) -> Iterator[EventField]:
    declared: Mapping[str, Any] = schema.get("properties", {})
    required = set(schema.get("required", ()))
    for name, part in declared.items():
        yield from _field(part, definitions, body, name, f"{at}{name}", name in required, problems)
    for name in body:
        if name not in declared:
            # The name itself was chosen by its sender.
            yield EventField(
                path=f"{at}{name[:_LONGEST]}",
                expected="",
                is_required=False,
                found=kind_of(body[name]),
                problem=problems.get(f"{at}{name}"),
            )


def _field(
    part: Mapping[str, Any],
    definitions: Mapping[str, Any],
    body: Mapping[str, Any],
    name: str,
    path: str,
    is_required: bool,
    problems: dict[str, str],
) -> Iterator[EventField]:
    inner = _inner(part, definitions)
    problem = next((rule for at, rule in problems.items() if at == path or at.startswith(f"{path}.")), None)
    value = body.get(name)
    nested = _nested(inner, definitions, value)
    own = problems.get(path)
    if name not in body:
        found = None
    elif nested is not None or problem is not None:
        found = kind_of(value)
    else:
        found = _shown(name, value)
    yield EventField(
        path=path,
        expected=_expected(part, definitions),
        is_required=is_required,
        found=found,
        problem=own or (problem if nested is None else None),
    )
    for place, schema, each in nested or ():
        yield from _walk(schema, definitions, each, f"{path}.{place}", problems)


def _nested(
    inner: Mapping[str, Any], definitions: Mapping[str, Any], value: Any
) -> list[tuple[str, Mapping[str, Any], Mapping[str, Any]]] | None:
    """The objects inside a value that the schema describes, each with its place; None where there are none."""
    if isinstance(value, dict) and "properties" in inner:
        return [("", inner, value)]
    items = _inner(inner.get("items", {}), definitions)
    if isinstance(value, list) and "properties" in items and all(isinstance(each, dict) for each in value):
        return [(f"{number}.", items, each) for number, each in enumerate(value)]
    return None


def _inner(part: Mapping[str, Any], definitions: Mapping[str, Any]) -> Mapping[str, Any]:
    """A part of the schema itself: behind a reference, and without the null that it may also be."""
    if "$ref" in part:
        found: Mapping[str, Any] = definitions[part["$ref"].rsplit("/", 1)[-1]]
        return found
    for one in part.get("anyOf", ()):
        if one.get("type") != "null":
            return _inner(one, definitions)
    return part


def _expected(part: Mapping[str, Any], definitions: Mapping[str, Any]) -> str:
    inner = _inner(part, definitions)
    words = [str(inner.get("format") or inner.get("type", ""))]
    if values := inner.get("enum"):
        words = [" | ".join(map(str, values))]
    if inner.get("type") == "array":
        words.append(f"of {_expected(inner.get('items', {}), definitions)}")
    for name, sign in (("minimum", ">="), ("maximum", "<="), ("minLength", "length >="), ("maxLength", "length <=")):
        if name in inner:
            words.append(f"{sign} {inner[name]}")
    if any(one.get("type") == "null" for one in part.get("anyOf", ())):
        words.append("or null")
    return " ".join(words)


def _shown(name: str, value: Any) -> str:
    if isinstance(value, str) and name.startswith("sealed_"):
        return _SEALED
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
