"""Models of the answers that the Python client reads, from the OpenAPI documents of the services.

Generated is what the client names (`application.Saved`) and what that contains. A value that a newer server sends is no
error: fields may be added, and a choice may have further values.
"""

import ast
import keyword
import re
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from tests.clients.documents import document

SERVICES = ("application", "document", "notification")
_PREFIX = "#/components/schemas/"
_FORMATS = {"uuid": "uuid.UUID", "date-time": "dt.datetime", "date": "dt.date"}
_SIMPLE = {"integer": "int", "number": "float", "boolean": "bool", "null": "None"}
_HEAD = '''"""Answers of the {service} service. Generated from its OpenAPI document by `python -m tests.clients`."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, Literal

from pydantic import Field

from zairyu_client.models.base import Model
'''
Schema = Mapping[str, Any]


def named(folder: Path) -> dict[str, set[str]]:
    """The models that the client names, by service."""
    found: dict[str, set[str]] = {service: set() for service in SERVICES}
    for path in folder.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in found:
                found[node.value.id].add(node.attr)
    return found


def module(service: str, names: set[str]) -> str:
    """The text of the module of one service."""
    schemas = document(service)["components"]["schemas"]
    by_name = {_class_name(name): schema for name, schema in schemas.items()}
    if unknown := names - set(by_name):
        raise SystemExit(f"{service} answers with no {', '.join(sorted(unknown))}")
    parts = [_definition(name, by_name[name]) for name in _in_order(sorted(names), by_name)]
    return _HEAD.format(service=service) + "".join(f"\n\n{part}" for part in parts)


def _in_order(names: list[str], by_name: Mapping[str, Schema]) -> list[str]:
    """These and what they contain, each behind what it contains."""
    found: dict[str, bool] = {}

    def add(name: str) -> None:
        if name not in found:
            found[name] = False
            for used in _used(by_name[name]):
                add(used)
            ordered.append(name)

    ordered: list[str] = []
    for name in names:
        add(name)
    return ordered


def _used(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield _class_name(node["$ref"].removeprefix(_PREFIX))
        for value in node.values():
            yield from _used(value)
    elif isinstance(node, list):
        for value in node:
            yield from _used(value)


def _class_name(name: str) -> str:
    """`Page_ImportView_` is `PageImportView`; of a name with its module the last word, which is its own."""
    return "".join(part[:1].upper() + part[1:] for part in re.split(r"[^A-Za-z0-9]+", name.rsplit("__", 1)[-1]))


def _definition(name: str, schema: Schema) -> str:
    if "properties" not in schema:
        return f"{name} = {_type(schema)}\n"
    required = set(schema.get("required", ()))
    lines = [_documented(schema.get("description") or f"{name} of an answer.")]
    lines += [_field(field, value, field in required) for field, value in schema["properties"].items()]
    return f"class {name}(Model):\n" + textwrap.indent("\n".join(lines), "    ") + "\n"


def _documented(text: str) -> str:
    first = " ".join(text.partition("\n\n")[0].split()).replace("\\", "\\\\")
    wrapped = textwrap.wrap(first, 110)
    return '"""' + "\n".join(wrapped) + ("\n" if len(wrapped) > 1 else "") + '"""\n'


def _field(name: str, schema: Schema, required: bool) -> str:
    kind = _type(schema)
    if keyword.iskeyword(name) or hasattr(BaseModel, name):
        return f'{name}_: {kind} = Field({"" if required else "None, "}alias="{name}")'
    if required:
        return f"{name}: {kind}"
    default = schema.get("default")
    if kind.startswith(("list[", "dict[")):
        return f"{name}: {kind} = Field(default_factory={kind.partition('[')[0]})"
    if isinstance(default, str | int | float | bool):
        return f"{name}: {kind} = {default!r}"
    return f"{name}: {kind} = None" if "None" in kind.split(" | ") else f"{name}: {kind} | None = None"


def _type(schema: Schema) -> str:
    if "$ref" in schema:
        return _class_name(schema["$ref"].removeprefix(_PREFIX))
    if choices := schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf"):
        return " | ".join(dict.fromkeys(part for choice in choices for part in _type(choice).split(" | ")))
    if "const" in schema:
        return _literal([schema["const"]])
    if "enum" in schema:
        return _literal(schema["enum"])
    kind = schema.get("type")
    if kind == "string":
        return _FORMATS.get(schema.get("format", ""), "str")
    if kind == "array":
        return f"list[{_type(schema.get('items', {}))}]"
    if kind == "object":
        values = schema.get("additionalProperties")
        return f"dict[str, {_type(values) if isinstance(values, dict) else 'Any'}]"
    return _SIMPLE.get(str(kind), "Any")


def _literal(values: list[Any]) -> str:
    listed = "Literal[" + ", ".join(map(repr, values)) + "]"
    return f"{listed} | str" if isinstance(values[0], str) else listed
