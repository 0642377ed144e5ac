"""The stored schemas say what the models say, and a change that would hurt a reader is found."""

import copy
import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from shared.events import CATALOGUE, __main__, schemas
from shared.events.application import ApplicationSubmitted
from shared.events.base import Event
from shared.events.compatibility import compare, compare_all
from shared.events.schemas import DIRECTORY, file_name, load, schema_of, texts
from shared.ids import new_id
from shared.messaging.envelope import Envelope

Schema = dict[str, Any]


def test_every_model_has_its_stored_schema_and_no_schema_lacks_a_model() -> None:
    stored = {path.name: path.read_text("utf-8") for path in DIRECTORY.glob("*.json")}
    wanted = texts(CATALOGUE)
    changed = sorted(name for name in stored.keys() | wanted.keys() if stored.get(name) != wanted.get(name))
    assert not changed, f"run `python -m shared.events export`: {changed}"


def test_every_stored_schema_stays_readable_in_both_directions() -> None:
    visited, found = compare_all(load(DIRECTORY), {file_name(e): schema_of(e) for e in CATALOGUE})
    assert visited == len(CATALOGUE) == len(list(DIRECTORY.glob("*.json")))
    assert not found, "\n".join(f"{name}: {each}" for name, each in found)


@pytest.mark.parametrize("event", CATALOGUE, ids=lambda event: event.__name__)
def test_a_schema_is_valid_and_accepts_the_example(event: type[Event]) -> None:
    schema = json.loads((DIRECTORY / file_name(event)).read_text("utf-8"))
    jsonschema_rs.meta.validate(schema)
    jsonschema_rs.Draft202012Validator(schema).validate(event.example().model_dump(mode="json"))


@pytest.mark.parametrize("event", CATALOGUE, ids=lambda event: event.__name__)
def test_the_comparator_looks_into_every_field_of_every_event(event: type[Event]) -> None:
    schema = schema_of(event)
    assert compare(schema, schema) == []
    for at, change in _retypings(schema):
        found = compare(schema, change)
        assert any(each.at == at for each in found), f"{event.__name__}{at} could change its type unseen"


@pytest.mark.parametrize("event", CATALOGUE, ids=lambda event: event.__name__)
def test_the_envelope_names_the_stored_schema(event: type[Event]) -> None:
    moment = datetime(2026, 7, 1, tzinfo=UTC)
    envelope = Envelope.of(event.example(), id=new_id(), source="tests", time=moment)
    assert envelope.dataschema == schema_of(event)["$id"]


def _retypings(schema: Schema) -> list[tuple[str, Schema]]:
    """For each field the same schema with another type for it."""
    found = []
    for name in schema["properties"]:
        change = copy.deepcopy(schema)
        is_boolean = change["properties"][name].get("type") == "boolean"
        change["properties"][name] = {"type": "string" if is_boolean else "boolean"}
        found.append((f"/{name}", change))
    return found


def _without(name: str) -> Callable[[Schema], None]:
    def change(schema: Schema) -> None:
        del schema["properties"][name]
        schema["required"] = [each for each in schema["required"] if each != name]

    return change


def _set(name: str, **keywords: Any) -> Callable[[Schema], None]:
    return lambda schema: schema["properties"][name].update(keywords)


def _put(name: str, part: Schema, *, required: bool = False) -> Callable[[Schema], None]:
    def change(schema: Schema) -> None:
        schema["properties"][name] = part
        if required:
            schema["required"].append(name)

    return change


def _required(names: list[str]) -> Callable[[Schema], None]:
    return lambda schema: schema.update(required=names)


def _recipient(change: Callable[[Schema], None]) -> Callable[[Schema], None]:
    return lambda schema: change(schema["$defs"]["Recipient"])


OLD: Schema = {
    "$id": "urn:zairyu:schema:zairyu.Sample.v1",
    "x-topic": "sample.events",
    "x-key": ["id"],
    "type": "object",
    "properties": {
        "id": {"type": "string", "format": "uuid"},
        "count": {"type": "integer", "minimum": 0, "maximum": 9},
        "outcome": {"type": "string", "enum": ["granted", "refused"]},
        "code": {"type": "string", "pattern": "^[A-Z]+$", "maxLength": 10},
        "ids": {"type": "array", "items": {"type": "string", "format": "uuid"}},
        "note": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": None},
        "recipient": {"anyOf": [{"$ref": "#/$defs/Recipient"}, {"type": "null"}], "default": None},
    },
    "required": ["id", "count", "outcome", "code", "ids"],
    "$defs": {
        "Recipient": {
            "type": "object",
            "properties": {"address": {"type": "string"}, "language": {"type": "string", "enum": ["ja", "en"]}},
            "required": ["address", "language"],
        }
    },
}

BREAKING: dict[str, tuple[Callable[[Schema], None], str]] = {
    "a required field is removed": (_without("count"), "/count"),
    "an optional field is removed": (_without("note"), "/note"),
    "a field is renamed": (
        lambda s: (_without("count")(s), _put("number", {"type": "integer"}, required=True)(s))[0],
        "/count",
    ),
    "a required field becomes optional": (_required(["id", "outcome", "code", "ids"]), "/count"),
    "a field becomes required": (_required([*OLD["required"], "note"]), "/note"),
    "a new field is required": (_put("extra", {"type": "string"}, required=True), "/extra"),
    "a type changes": (_set("count", type="string"), "/count"),
    "a number becomes a fraction": (_set("count", type="number"), "/count"),
    "a field may be null": (_put("count", {"anyOf": [{"type": "integer"}, {"type": "null"}]}), "/count"),
    "a field may no longer be null": (_put("note", {"type": "string", "default": None}), "/note"),
    "a closed list grows": (_set("outcome", enum=["granted", "refused", "partly"]), "/outcome"),
    "a closed list shrinks": (_set("outcome", enum=["granted"]), "/outcome"),
    "a closed list opens": (_put("outcome", {"type": "string"}), "/outcome"),
    "an open text closes": (_set("code", enum=["A"]), "/code"),
    "a pattern changes": (_set("code", pattern="^[A-Z0-9]+$"), "/code"),
    "a format changes": (_set("id", format="uri"), "/id"),
    "a format disappears": (_put("id", {"type": "string"}), "/id"),
    "a text may be longer": (_set("code", maxLength=20), "/code"),
    "a text must be shorter": (_set("code", maxLength=5), "/code"),
    "a number may be greater": (_set("count", maximum=10), "/count"),
    "a number must be greater": (_set("count", minimum=1), "/count"),
    "the items of a list change": (_set("ids", items={"type": "integer"}), "/ids/*"),
    "a list must have an item": (_set("ids", minItems=1), "/ids"),
    "a default changes": (_set("note", default="none"), "/note"),
    "an inner field is removed": (_recipient(_without("language")), "/recipient/language"),
    "an inner list grows": (_recipient(_set("language", enum=["ja", "en", "vi"])), "/recipient/language"),
    "an inner field is required": (_recipient(_put("id", {"type": "string"}, required=True)), "/recipient/id"),
    "the topic changes": (lambda s: s.update({"x-topic": "other.events"}), ""),
    "the key changes": (lambda s: s.update({"x-key": ["code"]}), ""),
    "the name changes": (lambda s: s.update({"$id": "urn:zairyu:schema:zairyu.Other.v1"}), ""),
    "a keyword is used that the comparator does not know": (_set("ids", uniqueItems=True), "/ids"),
    "a keyword stands beside a reference": (_put("note", {"anyOf": [{"type": "string"}], "minLength": 3}), "/note"),
}

HARMLESS: dict[str, Callable[[Schema], None]] = {
    "nothing changes": lambda s: None,
    "an optional field is added": _put("extra", {"anyOf": [{"type": "string"}, {"type": "null"}], "default": None}),
    "a description changes": _set("count", description="how many"),
    "an example changes": _set("count", examples=[4]),
    "an inner optional field is added": _recipient(_put("extra", {"type": "string", "default": "x"})),
    "the order of a list of values changes": _set("outcome", enum=["refused", "granted"]),
}


@pytest.mark.parametrize("name", BREAKING)
def test_a_breaking_change_is_found_where_it_is(name: str) -> None:
    change, at = BREAKING[name]
    new = copy.deepcopy(OLD)
    change(new)
    found = compare(OLD, new)
    assert at in {each.at for each in found}, found


@pytest.mark.parametrize(
    ("name", "reader"),
    [
        ("a required field is removed", "older"),
        ("a new field is required", "newer"),
        ("a closed list grows", "older"),
        ("a closed list shrinks", "newer"),
        ("a text may be longer", "older"),
        ("a text must be shorter", "newer"),
        ("a number may be greater", "older"),
        ("a number must be greater", "newer"),
        ("a field may be null", "older"),
        ("a field may no longer be null", "newer"),
    ],
)
def test_a_break_names_the_reader_that_it_hurts(name: str, reader: str) -> None:
    new = copy.deepcopy(OLD)
    BREAKING[name][0](new)
    assert {each.reader for each in compare(OLD, new)} == {reader}


@pytest.mark.parametrize("name", HARMLESS)
def test_a_harmless_change_passes(name: str) -> None:
    new = copy.deepcopy(OLD)
    HARMLESS[name](new)
    assert compare(OLD, new) == []


def test_a_vanished_event_is_a_break_and_a_new_one_is_not() -> None:
    visited, found = compare_all({"A.v1.json": OLD}, {})
    assert (visited, [name for name, _ in found]) == (1, ["A.v1.json"])
    assert compare_all({}, {"A.v1.json": OLD}) == (1, [])


def test_export_refuses_to_overwrite_an_older_schema_incompatibly(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    directory = tmp_path / "schemas"
    shutil.copytree(DIRECTORY, directory)
    path = directory / file_name(ApplicationSubmitted)
    released = schema_of(ApplicationSubmitted)
    released["required"].append("applicant_phone")
    released["properties"]["applicant_phone"] = {"type": "string"}
    path.write_text(schemas.as_text(released), "utf-8")

    assert __main__.export(directory, check=False) == 1
    assert "applicant_phone" in capsys.readouterr().out
    assert json.loads(path.read_text("utf-8")) == released


def test_export_writes_what_is_missing_and_check_only_reports_it(tmp_path: Path) -> None:
    assert __main__.export(tmp_path, check=True) == 1
    assert not list(tmp_path.iterdir())
    assert __main__.export(tmp_path, check=False) == 0
    assert len(list(tmp_path.iterdir())) == len(CATALOGUE)
    assert __main__.export(tmp_path, check=True) == 0
