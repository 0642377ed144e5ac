"""Contracts of events by consumer, and of the gateway's answers by service: producers give what is read.

The contracts are written by the tests themselves (tests/contracts/plugin.py): a run of tests in which a service reads a
field that is in no contract says so at its end.
"""

import ast
import json
import re
from collections.abc import Iterator
from copy import deepcopy
from importlib import import_module
from typing import Any

import pytest

from shared.events import by_type
from shared.events.application import ApplicationSubmitted
from shared.events.schemas import schema_of
from tests.clients.documents import document
from tests.contracts import notes
from tests.contracts.files import ASKING, EVENTS, ROUTES, broken, lacking, load, promised
from tests.contracts.notes import Asked, handling, kept
from tests.contracts.producers import answer_schema, event_schema, routes
from tests.contracts.reads import beyond
from tests.contracts.shapes import fields_of, named, shape_of, unmet
from tests.guards.sources import ROOT, WITH_DATABASE, python_files

BY_EVENT, BY_ROUTE = load(EVENTS), load(ROUTES)
_PASSED_ON = ("pages/kit/client.py", "edge/upstream.py", "edge/proxy.py")
SUBMITTED = "ApplicationSubmitted.v1"


@pytest.mark.parametrize("consumer", BY_EVENT)
def test_events_have_what_their_consumers_read(consumer: str) -> None:
    found = [
        sentence
        for subject, fields in BY_EVENT[consumer].items()
        for sentence in broken(consumer, subject, fields, event_schema(subject))
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("service", BY_ROUTE)
def test_answers_have_what_the_gateway_reads(service: str) -> None:
    known = set(routes(service))
    gone = sorted(BY_ROUTE[service].keys() - known)
    assert not gone, f"the gateway asks {service} for what it does not have: {gone}"
    found: list[str] = []
    for route, fields in BY_ROUTE[service].items():
        schema = answer_schema(service, route)
        found += broken("gateway", f"{service}'s {route}", fields, document(service), schema)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("service", WITH_DATABASE)
def test_every_subscription_is_compared(service: str) -> None:
    handlers = import_module(f"services.{service}.handlers").handlers
    subscribed = {event.event_type().removeprefix("zairyu.") for event in handlers(_Nobody())}
    lacking = subscribed ^ BY_EVENT.get(service, {}).keys()
    assert not lacking, f"run the tests of {service}'s handlers with `make contracts`: {sorted(lacking)}"


class _Nobody:
    """Stands where a service's `Commands` would: subscriptions can be listed without a database."""

    def handler(self, fn: object) -> object:
        return fn


def test_every_function_of_the_gateway_that_asks_a_service_is_compared() -> None:
    recorded, found = set(json.loads(ASKING.read_text("utf-8"))), set(_asking())
    lacking, gone = sorted(found - recorded), sorted(recorded - found)
    assert not lacking, f"no test comes by them, or `make contracts` was not run: {lacking}"
    assert not gone, f"run `make contracts`: they ask no service any more: {gone}"


def test_every_address_in_the_gateway_is_one_of_a_compared_route() -> None:
    compared = [re.sub(r"\{[^}]*\}", "{}", route.partition(" ")[2]) for each in BY_ROUTE.values() for route in each]
    lacking = {address for address in _addresses() if not any(_begins(route, address) for route in compared)}
    assert not lacking, f"no contract has a route that begins so: {sorted(lacking)}"


def _asking() -> Iterator[str]:
    """The functions with a call of a service: of a method that a client of a service has."""
    for path in python_files("services/gateway"):
        name = path.relative_to(ROOT).as_posix()
        if not name.endswith(_PASSED_ON):
            module = name.removesuffix(".py").replace("/", ".")
            for function, node in _functions(ast.parse(path.read_text("utf-8"))):
                if any(_is_asking(call) for call in ast.walk(node)):
                    yield f"{module}:{function}"


def _functions(tree: ast.AST, within: str = "") -> Iterator[tuple[str, ast.AST]]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{within}{node.name}", node
        elif isinstance(node, ast.ClassDef):
            yield from _functions(node, f"{within}{node.name}.")


def _is_asking(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    receiver = ast.unparse(node.func.value)
    return node.func.attr in {*notes.ASKING, "send"} and receiver not in ("router", "self", "upload")


def _addresses() -> Iterator[str]:
    """Addresses of services, and their beginnings, with `{}` for what is put in."""
    for path in python_files("services/gateway"):
        if path.relative_to(ROOT).as_posix().endswith((*_PASSED_ON, "edge/exposure.py")):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            text = _text(node)
            if text.startswith("/v1/"):
                yield text.partition("?")[0]


def _text(node: ast.AST) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _begins(route: str, address: str) -> bool:
    """Whether a route begins with an address, of which the last step may be cut off."""
    steps, wanted = route.split("/"), address.split("/")
    if len(wanted) > len(steps):
        return False
    *full, last = wanted
    same = all(theirs in (ours, "{}") or ours == "{}" for ours, theirs in zip(full, steps, strict=False))
    return same and (steps[len(full)].startswith(last) or "{}" in (steps[len(full)], last) or "{}" in last)


@pytest.mark.parametrize("consumer", BY_EVENT)
def test_a_field_that_is_read_cannot_go_and_one_that_nobody_reads_can(consumer: str) -> None:
    for subject, fields in BY_EVENT[consumer].items():
        schema = event_schema(subject)
        for name in schema["properties"]:
            less = deepcopy(dict(schema))
            del less["properties"][name]
            found = list(broken(consumer, subject, fields, less))
            sure = "missing" not in promised(fields.get(name, "missing"))
            expected = f"{consumer} reads {name} of {subject}, which is not there any more"
            assert (expected in found) == sure, (subject, name)
            assert name in fields or not found, found


def test_a_break_names_consumer_field_and_what_is_new() -> None:
    schema = deepcopy(schema_of(ApplicationSubmitted))
    fields = {"procedure": '"EXTEND"', "person_keys/*": "string", "receipt_number": "string"}
    schema["properties"] |= {
        "procedure": {"enum": ["EXTEND", "OTHER"]},
        "person_keys": {"type": "array", "items": {"type": "integer"}},
        "receipt_number": {"anyOf": [{"type": "string", "format": "number"}, {"type": "null"}]},
    }
    assert list(broken("review", SUBMITTED, fields, schema)) == [
        f'review reads procedure of {SUBMITTED} as "EXTEND"; now it may be "OTHER"',
        f"review reads person_keys/* of {SUBMITTED} as string; now it may be integer",
        f"review reads receipt_number of {SUBMITTED} as string; now it may be null",
    ]


@pytest.mark.parametrize(
    ("now", "then", "new"),
    [
        ({"string/uuid"}, {"string"}, set()),
        ({'"granted"'}, {"string"}, set()),
        ({"string"}, {'"granted"'}, {"string"}),
        ({"string"}, {"string/uuid"}, {"string"}),
        ({"integer"}, {"number"}, set()),
        ({"number"}, {"integer"}, {"number"}),
        ({"string"}, {"string", "null"}, set()),
        ({"string", "null"}, {"string"}, {"null"}),
        ({"string", "missing"}, {"string"}, {"missing"}),
        ({"list"}, {"anything"}, set()),
    ],
)
def test_a_reader_takes_less_than_was_promised_and_not_more(now: set[str], then: set[str], new: set[str]) -> None:
    assert unmet(frozenset(now), frozenset(then)) == new


@pytest.mark.parametrize(
    ("path", "given", "is_lacking"),
    [
        ("a", {"a": None}, False),
        ("a", {}, True),
        ("a/b", {}, False),
        ("a/b", {"a": None}, False),
        ("a/b", {"a": {}}, True),
        ("list", {"list": []}, False),
        ("list/*", {"list": [1]}, False),
        ("list/*/b", {"list": [{"b": 1}, {}]}, True),
        ("map/*/b", {"map": {"x": {"b": 1}, "y": {}}}, True),
        ("*/b", [{"b": 1}], False),
        ("*/b", [{}], True),
    ],
)
def test_an_answer_lacks_what_is_promised_and_not_in_it(path: str, given: Any, is_lacking: bool) -> None:
    found = lacking("gateway", "review's GET /v1/sample", {path: "string | null"}, given)
    assert [line.partition(", which is not in ")[0] for line in found] == [
        f"gateway reads {path} of review's GET /v1/sample" for _ in range(is_lacking)
    ]
    assert not lacking("gateway", "review's GET /v1/sample", {path: "missing | string"}, given)


def test_what_is_read_beyond_the_contracts_is_named_with_its_test() -> None:
    known = {
        "events": [["review", SUBMITTED, "office", "t"]],
        "answers": [
            ["review", "GET", "/v1/cases", "items/*/state", "t"],
            ["review", "GET", "/v1/cases/{}", "", "t"],
            ["review", "GET", "/v1/only-a-twin-has-it", "anything", "t"],
        ],
        "asking": [["services.gateway.pages.desk.next_case:take_next", "t"]],
    }
    new = {
        "events": [["review", SUBMITTED, "unheard_of", "tests/a.py::test"]],
        "answers": [
            ["review", "GET", "/v1/cases", "items/*/unheard_of", "tests/b.py::test"],
            # A route that the gateway only passes on has no contract.
            ["review", "POST", "/payments/callback", "", "tests/c.py::test"],
        ],
        "asking": [["services.gateway.pages.desk.next_case:unheard_of", "tests/d.py::test"]],
    }
    assert [(sentence, note[-1]) for sentence, (_, note) in beyond([known, new]).items()] == [
        ("gateway reads items/*/unheard_of of review's GET /v1/cases", "tests/b.py::test"),
        ("gateway reads the answer of review's POST /payments/callback", "tests/c.py::test"),
        (f"review reads unheard_of of {SUBMITTED}", "tests/a.py::test"),
        ("services.gateway.pages.desk.next_case:unheard_of asks a service", "tests/d.py::test"),
    ]


def test_the_shape_of_a_field_is_found_in_lists_maps_and_alternatives() -> None:
    schema: dict[str, Any] = {
        "$defs": {"One": {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]}},
        "type": "object",
        "properties": {
            "one": {"anyOf": [{"$ref": "#/$defs/One"}, {"type": "null"}]},
            "list": {"type": "array", "items": {"$ref": "#/$defs/One"}},
            "map": {"type": "object", "additionalProperties": {"type": "string", "format": "date"}},
            "either": {"oneOf": [{"$ref": "#/$defs/One"}, {"type": "object", "properties": {}}]},
            "open": {},
        },
        "required": ["one", "list", "map", "either"],
    }
    shapes = {
        path: shape_of(schema, path) for path in ("one", "one/a", "list/*/a", "map/*", "either/a", "open", "none")
    }
    assert shapes == {
        "one": {"object", "null"},
        "one/a": {"integer"},
        "list/*/a": {"integer"},
        "map/*": {"string/date"},
        "either/a": {"integer", "missing"},
        "open": {"anything", "missing"},
        "none": {"missing"},
    }
    assert set(fields_of(schema)) > {"one/a", "list/*/a", "map/*", "either/a"}
    assert [named(schema, path) for path in ("map/2027", "open/a/b", "list/*/a")] == ["map/*", "open", "list/*/a"]


def test_what_a_handler_reads_of_an_event_is_noted() -> None:
    notes.observe()
    before, event = dict(notes.events), ApplicationSubmitted.example()
    assert event.procedure
    with handling("review", [event]):
        assert event.receipt_number
        assert event.model_dump(include={"office"})
        assert event.applicant is not None and event.applicant.language
    assert event.legal_date
    read = {path for consumer, subject, path in notes.events.keys() - before.keys()}
    try:
        known = BY_EVENT["review"][SUBMITTED].keys() | {""}
        assert {"receipt_number", "office", "applicant", "applicant/language"} <= read | known
        assert not {"model_dump"} & read
    finally:
        notes.events.clear()
        notes.events.update(before)


def test_what_is_read_of_an_answer_is_noted() -> None:
    before, asked = dict(notes.answers), Asked("review", "GET", "/v1/sample")
    answer = kept({"a": 1, "b": {"c": [{"d": 2}, {"d": 3}]}, "e": {"f": 4}, "g": 5, "h": {"i": 6}}, asked, "")
    assert answer["a"] == 1
    assert [each["d"] for each in answer["b"]["c"]] == [2, 3]
    assert {**answer["e"]} == {"f": 4}
    assert json.dumps(answer["h"]) == '{"i": 6}'
    assert answer.get("none") is None
    read = {path for request, path in notes.answers.keys() - before.keys()}
    notes.answers.clear()
    notes.answers.update(before)
    assert read == {"a", "b", "b/c", "b/c/*/d", "e", "e/f", "h", "h/i", "none"}


def test_a_contract_names_events_of_the_catalogue() -> None:
    for contract in BY_EVENT.values():
        for subject in contract:
            assert by_type(f"zairyu.{subject}")
