"""The values that a field may have, as a JSON Schema says it and as a contract keeps it.

A field is named by its path: `applicant/name`, `items/*/code`; `*` is any item of a list or any key of a map. Its shape
is the alternatives of its value, as words: `string`, `string/uuid`, `"granted"` (a word of a closed list), `null`,
`list`, `map`, `object`, `missing` where it may be left out, `anything`, which an object without a word on its inside
is as well.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

Schema = Mapping[str, Any]
ANYTHING, MISSING = "anything", "missing"


def shape_of(root: Schema, path: str, schema: Schema | None = None) -> frozenset[str]:
    """The alternatives of the field at `path`; `missing` alone where there is no such field."""
    places, found = [root if schema is None else schema], frozenset[str]()
    for step in path.split("/") if path else ():
        inner = [each for place in places for branch in _branches(root, place) for each in _inside(branch, step)]
        places = [each for each in inner if each is not None]
        found = frozenset({MISSING}) if None in inner or not places else frozenset()
    return found | {word for place in places for word in _words(root, place)}


def fields_of(root: Schema, schema: Schema | None = None, within: str = "") -> Iterator[str]:
    """The paths of all fields, those of objects inside others included."""
    for branch in _branches(root, root if schema is None else schema):
        steps = {**branch.get("properties", {}), **({"*": branch["items"]} if "items" in branch else {})}
        if isinstance(branch.get("additionalProperties"), Mapping):
            steps["*"] = branch["additionalProperties"]
        for name, inner in steps.items():
            path = f"{within}/{name}".strip("/")
            yield path
            if path.count("/") < 8:  # a tree has no end
                yield from fields_of(root, inner, path)


def named(root: Schema, path: str, schema: Schema | None = None) -> str:
    """`path` with `*` for the keys of maps, and up to where a schema says nothing more."""
    steps: list[str] = []
    places: list[Schema] = [root if schema is None else schema]
    for step in path.split("/") if path else ():
        branches = [each for place in places for each in _branches(root, place) if each.get("type") != "null"]
        if branches and all(_is_open(branch) for branch in branches):
            break
        is_property = any(step in branch.get("properties", {}) for branch in branches)
        is_map = any(isinstance(branch.get("additionalProperties"), Mapping) for branch in branches)
        steps.append(step if is_property or not is_map else "*")
        inner = [each for branch in branches for each in _inside(branch, steps[-1])]
        places = [each for each in inner if each is not None]
    return "/".join(steps)


def unmet(now: frozenset[str], promised: frozenset[str]) -> frozenset[str]:
    """The alternatives of `now` that a reader of `promised` does not know."""
    return frozenset(word for word in now if not _is_met(word, promised))


def _is_met(word: str, promised: frozenset[str]) -> bool:
    if word in promised or ANYTHING in promised:
        return True
    if word.startswith('"'):
        return "string" in promised
    return word.partition("/")[0] in promised or (word == "integer" and "number" in promised)


def _branches(root: Schema, schema: Schema) -> list[Schema]:
    """The alternatives of a schema, references followed."""
    if "$ref" in schema:
        target: Any = root
        for step in schema["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        return _branches(root, target)
    for name in ("anyOf", "oneOf", "allOf"):
        if name in schema:
            return [branch for each in schema[name] for branch in _branches(root, each)]
    return [schema]


def _inside(branch: Schema, step: str) -> Iterator[Schema | None]:
    """The schema of a step inside a branch; None where it may be missing."""
    properties = branch.get("properties", {})
    if step in properties:
        yield properties[step]
        if step not in branch.get("required", ()):
            yield None
    elif step == "*" and "items" in branch:
        yield branch["items"]
    elif isinstance(branch.get("additionalProperties"), Mapping):
        yield branch["additionalProperties"]
    elif branch.get("type") == "object":
        yield None


def _words(root: Schema, schema: Schema) -> Iterator[str]:
    for branch in _branches(root, schema):
        kind = branch.get("type", ANYTHING)
        if "const" in branch or "enum" in branch:
            yield from (json.dumps(each, ensure_ascii=False) for each in branch.get("enum", [branch.get("const")]))
        elif kind == "array":
            yield "list"
        elif kind == "object" and isinstance(branch.get("additionalProperties"), Mapping):
            yield "map"
        elif kind == "object" and _is_open(branch):
            yield ANYTHING
        elif isinstance(kind, list):
            yield from kind
        else:
            yield f"{kind}/{branch['format']}" if "format" in branch else kind


def _is_open(branch: Schema) -> bool:
    """Whether a schema says nothing of what is inside."""
    if branch.get("type") is None and not branch.get("properties"):
        return "enum" not in branch and "const" not in branch
    has_words = "properties" in branch or isinstance(branch.get("additionalProperties"), Mapping)
    return branch.get("type") == "object" and not has_words
