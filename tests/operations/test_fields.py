"""An event beside its schema: what came, what was expected, and no value that may be anybody's."""

import json
from typing import Any

import pytest

from shared.events import CATALOGUE, by_type
from shared.events.application import ApplicationSubmitted
from shared.events.base import Event
from shared.events.registration import PasswordResetRequested
from shared.operations.letters.fields import EventField, kind_of, read_fields

SECRET = "NGUYEN VAN AN"


def _read(model: type[Event] = ApplicationSubmitted, **changes: Any) -> dict[str, EventField]:
    body = json.loads(model.example().model_dump_json()) | changes
    return {field.path: field for field in read_fields(model, json.dumps(body).encode())}


def test_a_good_event_has_no_problem_and_shows_its_values() -> None:
    fields = _read()
    assert not [field for field in fields.values() if field.problem]
    assert fields["procedure"].found == "EXTEND"
    assert fields["application_id"].expected == "uuid"
    assert set(ApplicationSubmitted.model_fields) <= set(fields)


@pytest.mark.parametrize(
    ("value", "problem", "found"),
    [
        (SECRET, "uuid_parsing", "text, 13 characters"),
        (17, "uuid_type", "number"),
        (None, "uuid_type", "null"),
        ([SECRET], "uuid_type", "list, 1 items"),
    ],
)
def test_a_field_that_does_not_fit_names_its_rule_and_hides_its_value(value: Any, problem: str, found: str) -> None:
    field = _read(application_id=value)["application_id"]
    assert (field.problem, field.found) == (problem, found)


def test_a_field_that_is_missing_and_one_that_nobody_declared() -> None:
    body = json.loads(ApplicationSubmitted.example().model_dump_json())
    del body["procedure"]
    read = read_fields(ApplicationSubmitted, json.dumps(body | {"applicant_name": SECRET}).encode())
    fields = {field.path: field for field in read}
    assert (fields["procedure"].found, fields["procedure"].problem) == (None, "missing")
    assert (fields["applicant_name"].found, fields["applicant_name"].expected) == ("text, 13 characters", "")
    assert SECRET not in str(read)


def test_what_is_sealed_stays_sealed() -> None:
    sealed = [field for path, field in _read(PasswordResetRequested).items() if "sealed" in path]
    assert sealed
    assert {field.found for field in sealed} == {"sealed"}


@pytest.mark.parametrize("value", [b"", b"\xff", b"[]", b"17", b'"x"', b"{", b"[" * 100_000])
def test_a_body_that_is_no_object_is_one_line(value: bytes) -> None:
    (field,) = read_fields(ApplicationSubmitted, value)
    assert (field.path, bool(field.problem)) == ("", True)


def test_every_event_can_be_shown() -> None:
    for model in CATALOGUE:
        read = read_fields(by_type(model.event_type()), model.example().model_dump_json().encode())
        assert not [field for field in read if field.problem], model


def test_the_kind_of_anything_has_a_word() -> None:
    kinds = [kind_of(value) for value in (None, True, 1, 1.5, "x", [1], {"a": 1})]
    assert kinds == ["null", "boolean", "number", "number", "text, 1 characters", "list, 1 items", "object, 1 fields"]
