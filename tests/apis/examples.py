"""An example of what a JSON Schema describes: its own first one, else one made of those of its parts."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from shared.events import CATALOGUE

Schema = Mapping[str, Any]

_TEXTS = {
    "date": "2026-12-01",
    "date-time": "2026-12-01T01:00:00Z",
    "email": "sato@example.co.jp",
    "uri": "https://zairyu.example",
    "uuid": "0198f0c2-0000-7000-8000-000000000001",
}
_VALUES: Mapping[str, Any] = {"boolean": False, "integer": 1, "number": 1.5, "null": None}
# A tree has no end.
_DEEPEST = 6


def example_of(root: Schema, schema: Schema, depth: int = 0, name: str = "") -> Any:
    """A value that fits `schema`. A text without an example is that of an event's field of this name, else `...`."""
    if schema.get("examples"):
        return schema["examples"][0]
    if "$ref" in schema:
        return example_of(root, resolved(root, schema), depth, name)
    for alternatives in ("anyOf", "oneOf", "allOf"):
        if alternatives in schema:
            return example_of(root, schema[alternatives][0], depth, name)
    if "const" in schema or "enum" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    kind = schema.get("type")
    if kind == "array":
        return [example_of(root, schema.get("items", {}), depth + 1, name)] if depth < _DEEPEST else []
    if kind == "object" or "properties" in schema:
        inner = schema.get("properties", {}) if depth < _DEEPEST else {}
        return {field: example_of(root, part, depth + 1, field) for field, part in inner.items()}
    if kind == "string":
        return _TEXTS.get(schema.get("format", ""), schema.get("default") or _texts_by_name().get(name, "..."))
    return schema.get("default", _VALUES.get(str(kind)))


@cache
def _texts_by_name() -> dict[str, str]:
    """Texts of the events' examples by the names of their fields; of lists the first item."""
    found: dict[str, str] = {}
    for event in CATALOGUE:
        for name, value in event.example().model_dump(mode="json").items():
            first = value[0] if isinstance(value, list) and value else value
            if isinstance(first, str):
                found.setdefault(name, first)
    return found


def resolved(root: Schema, schema: Schema) -> Schema:
    """`schema`, or the one that it refers to."""
    while "$ref" in schema:
        target: Any = root
        for step in schema["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        schema = target
    return schema


def type_of(root: Schema, schema: Schema) -> str:
    """A few words on the values of a field."""
    found = resolved(root, schema)
    for name in ("anyOf", "oneOf"):
        if name in found:
            return " or ".join(dict.fromkeys(type_of(root, each) for each in found[name]))
    if "const" in found or "enum" in found:
        words = [f"`{each}`" for each in found.get("enum", [found.get("const")])]
        return ", ".join(words) if len(words) <= 12 else f"{', '.join(words[:10])} and {len(words) - 10} more"
    kind = found.get("type", "anything")
    if kind == "array":
        return f"list of {type_of(root, found.get('items', {}))}"
    return str(found.get("format", kind))
