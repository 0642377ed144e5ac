"""The pages of docs/api are current, and a reader finds in them each route and each event."""

from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest

from shared.events import CATALOGUE
from tests.apis import __main__
from tests.apis.examples import example_of, type_of
from tests.apis.pages import SERVICES, fields, permission, reached
from tests.clients.documents import document

STATE = {"enum": ["RECEIVED", "DECIDED"]}


def test_the_pages_are_what_the_code_says(capsys: pytest.CaptureFixture[str]) -> None:
    assert __main__.main(["--check"]) == 0, capsys.readouterr().out


@pytest.mark.parametrize("service", SERVICES)
def test_a_route_stands_with_its_permission_parameters_answers_and_an_example(service: str) -> None:
    page = (__main__.FOLDER / f"{service}.md").read_text("utf-8")
    for path, item in document(service)["paths"].items():
        for method, operation in item.items():
            section = page.partition(f"\n### `{method.upper()} {path}`\n")[2].partition("\n### ")[0]
            assert f"Permission: {permission(operation)}." in section, path
            assert all(f"| `{each}`" in section for each in _named(operation)), path
            assert all(status in section for status in operation["responses"]), path
            assert "```json" in section or not _has_json(operation), path


@pytest.mark.parametrize(
    ("method", "path", "place"),
    [
        ("get", "/v1/cases/{case_id}", "from outside as `/api/v1/cases/{case_id}`"),
        ("post", "/oauth/token", "from outside as `/oauth/token`"),
        ("post", "/payments/callback", "from outside as `/payments/callback`, by signed notices"),
        ("get", "/v1/review/operations/state", "from the operators' port, as `/api/v1/review/operations/state`"),
        ("post", "/v1/sessions", "from inside the system alone"),
    ],
)
def test_a_route_says_from_where_it_is_called(method: str, path: str, place: str) -> None:
    assert reached(method, path) == place


@pytest.mark.parametrize("service", SERVICES)
def test_every_reference_of_a_document_leads_somewhere(service: str) -> None:
    found = document(service)
    for reference in set(_references(found)):
        target: Any = found
        for step in reference.removeprefix("#/").split("/"):
            assert step in target, f"{service} refers to {reference}, which is not there"
            target = target[step]


def test_an_event_stands_with_its_fields() -> None:
    page = (__main__.FOLDER / "events.md").read_text("utf-8")
    for event in CATALOGUE:
        section = page.partition(f"`{event.event_type()}`")[2].partition("\n### ")[0]
        assert all(f"| `{name}`" in section for name in event.model_fields), event


def test_an_example_is_made_of_those_of_the_parts() -> None:
    schema = {
        "$defs": {"State": STATE},
        "type": "object",
        "properties": {
            "state": {"$ref": "#/$defs/State"},
            "days": {"type": "array", "items": {"type": "string", "format": "date"}},
            "procedure": {"anyOf": [{"type": "string"}, {"type": "null"}]},
            "unheard_of": {"type": "string"},
            "count": {"type": "integer", "examples": [7]},
        },
    }
    example = example_of(schema, schema)
    jsonschema_rs.validator_for(schema).validate(example)
    assert example == {
        "state": "RECEIVED",
        "days": ["2026-12-01"],
        "procedure": "EXTEND",
        "unheard_of": "...",
        "count": 7,
    }


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "array", "items": STATE}, "list of `RECEIVED`, `DECIDED`"),
        ({"anyOf": [{"type": "string", "format": "uuid"}, {"type": "null"}]}, "uuid or null"),
        ({"enum": list(range(20))}, "`0`, `1`, `2`, `3`, `4`, `5`, `6`, `7`, `8`, `9` and 10 more"),
        ({}, "anything"),
    ],
)
def test_the_values_of_a_field_are_a_few_words(schema: dict[str, Any], words: str) -> None:
    assert type_of(schema, schema) == words


def test_fields_inside_objects_and_lists_stand_after_them() -> None:
    one = {"type": "object", "properties": {"state": {**STATE, "description": "of the case"}}, "required": ["state"]}
    several = {"type": "array", "items": one}
    schema = {"type": "object", "properties": {"case": {"anyOf": [one, {"type": "null"}]}, "cases": several}}
    assert list(fields(schema, schema))[2:] == [
        "| `case` | object or null |  |",
        "| `case/state` (required) | `RECEIVED`, `DECIDED` | of the case |",
        "| `cases` | list of object |  |",
        "| `cases/*/state` (required) | `RECEIVED`, `DECIDED` | of the case |",
    ]


def _named(operation: dict[str, Any]) -> Iterator[str]:
    return (each["name"] for each in operation.get("parameters", ()) if each["name"] != "X-Correlation-Id")


def _has_json(operation: dict[str, Any]) -> bool:
    return any(
        bool(answer.get("content", {}).get("application/json", {}).get("schema"))
        for status, answer in operation["responses"].items()
        if status < "300"
    )


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for name, value in node.items():
            if name == "$ref" and isinstance(value, str):
                yield value
            else:
                yield from _references(value)
    elif isinstance(node, list):
        for each in node:
            yield from _references(each)
