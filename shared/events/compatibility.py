"""Can a reader of one schema read what a writer of another one wrote?

Old and new run side by side during a deployment, and old events wait on topics and among the dead letters; so both
directions are asked. The comparator knows the JSON Schema keywords that the models produce. A keyword that it does
not know is itself a finding: nothing passes unseen.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from shared.events.schemas import Schema

_NOTES = frozenset({"$schema", "$id", "$defs", "title", "description", "default", "examples", "x-topic", "x-key"})
_LOWER = ("minimum", "exclusiveMinimum", "minLength", "minItems")
_UPPER = ("maximum", "exclusiveMaximum", "maxLength", "maxItems")
_SHAPE = frozenset({"type", "properties", "required", "items", "enum", "const", "anyOf", "$ref", "pattern", "format"})
_KNOWN = _NOTES | _SHAPE | frozenset(_LOWER) | frozenset(_UPPER)


@dataclass(frozen=True, slots=True)
class Break:
    """One reason why `reader` ("older" or "newer") cannot rely on what the other writes. `at` is a JSON pointer."""

    reader: str
    at: str
    why: str

    def __str__(self) -> str:
        return f"{self.at or '/'}: {self.why} (hurts the {self.reader} reader)"


def compare(older: Schema, newer: Schema) -> list[Break]:
    """The incompatible changes between `older` and `newer`; empty where every reader can read every event."""
    found = [
        Break("older", "", f"{name} changed from {older.get(name)} to {newer.get(name)}")
        for name in ("$id", "x-topic", "x-key")
        if older.get(name) != newer.get(name)
    ]
    found += [Break("older", at, why) for at, why in _gaps(_Node(older, older), _Node(newer, newer), "", removal=True)]
    found += [Break("newer", at, why) for at, why in _gaps(_Node(newer, newer), _Node(older, older), "", removal=False)]
    return found


def compare_all(older: Mapping[str, Schema], newer: Mapping[str, Schema]) -> tuple[int, list[tuple[str, Break]]]:
    """(number of files visited, breaks by file). A file that is gone is a break; a new one is not."""
    found: list[tuple[str, Break]] = []
    names = sorted(older.keys() | newer.keys())
    for name in names:
        if name not in newer:
            found.append((name, Break("older", "", "the event is gone, but its readers and stored events are not")))
        elif name in older:
            found.extend((name, each) for each in compare(older[name], newer[name]))
    return len(names), found


@dataclass(frozen=True, slots=True)
class _Node:
    """A schema together with the document in which its `$ref`s are looked up."""

    schema: Schema
    root: Schema

    def unknown(self) -> str | None:
        """A keyword that the comparator cannot judge: a strange one, or one beside `$ref` or `anyOf`."""
        alone = self.schema.keys() & {"$ref", "anyOf"}
        strange = self.schema.keys() - (_NOTES | alone if alone else _KNOWN)
        if strange or "$ref" not in self.schema:
            return min(strange, default=None)
        return self.resolved().unknown()

    def resolved(self) -> "_Node":
        if "$ref" not in self.schema:
            return self
        name = self.schema["$ref"].removeprefix("#/$defs/")
        return _Node(self.root["$defs"][name], self.root).resolved()

    def part(self, schema: Schema) -> "_Node":
        return _Node(schema, self.root)

    def branches(self) -> "list[_Node]":
        return [self.part(branch).resolved() for branch in self.schema["anyOf"]]

    def values(self) -> list[Any] | None:
        if "const" in self.schema:
            return [self.schema["const"]]
        values: list[Any] | None = self.schema.get("enum")
        return values


def _gaps(reader: _Node, data: _Node, at: str, *, removal: bool) -> Iterator[tuple[str, str]]:
    """The places at which some value that fits `data` would not fit `reader`."""
    if unknown := reader.unknown() or data.unknown():
        yield at, f"keyword {unknown!r} is unknown to the comparator: teach it before using it"
        return
    reader, data = reader.resolved(), data.resolved()
    if "anyOf" in data.schema:
        for branch in data.branches():
            yield from _gaps(reader, branch, at, removal=removal)
        return
    if "anyOf" in reader.schema:
        attempts = [list(_gaps(branch, data, at, removal=removal)) for branch in reader.branches()]
        yield from min(attempts, key=len)
        return
    if reader.schema.get("type") != data.schema.get("type"):
        yield at, f"type {data.schema.get('type')} where {reader.schema.get('type')} is expected"
        return
    yield from _value_gaps(reader, data, at)
    if reader.schema.get("type") == "array":
        yield from _gaps(
            reader.part(reader.schema.get("items", {})),
            data.part(data.schema.get("items", {})),
            f"{at}/*",
            removal=removal,
        )
    if reader.schema.get("type") == "object":
        yield from _object_gaps(reader, data, at, removal=removal)


def _value_gaps(reader: _Node, data: _Node, at: str) -> Iterator[tuple[str, str]]:
    known, possible = reader.values(), data.values()
    if known is not None and possible is None:
        yield at, f"any value where only {known} are known"
    elif known is not None and possible is not None and (strange := [v for v in possible if v not in known]):
        yield at, f"values {strange} are not known"
    for name in ("pattern", "format"):
        if name in reader.schema and reader.schema[name] != data.schema.get(name):
            yield at, f"{name} {data.schema.get(name)!r} where {reader.schema[name]!r} is expected"
    for name in _LOWER:
        if name in reader.schema and data.schema.get(name, float("-inf")) < reader.schema[name]:
            yield at, f"{name} {data.schema.get(name)} where {reader.schema[name]} is expected"
    for name in _UPPER:
        if name in reader.schema and data.schema.get(name, float("inf")) > reader.schema[name]:
            yield at, f"{name} {data.schema.get(name)} where {reader.schema[name]} is expected"


def _object_gaps(reader: _Node, data: _Node, at: str, *, removal: bool) -> Iterator[tuple[str, str]]:
    expected, offered = reader.schema.get("properties", {}), data.schema.get("properties", {})
    always = set(data.schema.get("required", ()))
    for name in reader.schema.get("required", ()):
        if name not in always:
            yield f"{at}/{name}", "required, but may be missing"
    for name, part in expected.items():
        if name not in offered:
            # A reader would take the default for ever, and a later field of that name could mean something else.
            if removal and name not in reader.schema.get("required", ()):
                yield f"{at}/{name}", "removed: keep the field and stop filling it"
            continue
        if name not in always and part.get("default") != offered[name].get("default"):
            yield f"{at}/{name}", f"default changed: {part.get('default')} and {offered[name].get('default')}"
        yield from _gaps(reader.part(part), data.part(offered[name]), f"{at}/{name}", removal=removal)
