"""Every text, number and time of every request goes through a reader, or says why not: nothing can be forgotten."""

import types
from collections.abc import Iterator
from datetime import date, datetime
from enum import Enum
from typing import Annotated, Any, Literal, Union, get_args, get_origin
from uuid import UUID

import annotated_types
import pytest
from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from shared.http import api_routes
from shared.text.typed import AnyJson, AsSent, Believable, Typed, TypedDay, TypedNumber
from tests.guards.test_route_permissions import BUILT, build

READERS = (Typed, TypedNumber, TypedDay, Believable, AsSent, AnyJson)
# Nothing that is typed: bounded by what they are.
CLOSED: tuple[type, ...] = (bool, UUID, Enum, SecretStr, bytes)


def unread(kind: Any, marks: tuple[Any, ...] = ()) -> Iterator[str]:
    """The parts of a field's type that have neither a reader nor a reason."""
    origin = get_origin(kind)
    if origin is Annotated:
        inner, *more = get_args(kind)
        yield from unread(inner, (*marks, *more))
    elif any(isinstance(mark, READERS) or type(mark).__name__ == "UnfinishedNumber" for mark in marks):
        lengths = [m for m in flat(marks) if isinstance(m, annotated_types.MaxLen | annotated_types.MinLen)]
        if lengths and any(isinstance(mark, Typed) for mark in marks):
            yield "a length beside a reader: give the reader `most`, else the message counts entries"
    elif origin in (Union, types.UnionType):
        for each in get_args(kind):
            yield from unread(each, marks)
    elif origin is Literal or kind is type(None):
        return
    elif origin in (list, tuple, set, frozenset):
        for each in get_args(kind):
            if each is not Ellipsis:
                yield from unread(each)
    elif origin is dict:
        for each in get_args(kind):
            yield from unread(each)
    elif isinstance(kind, type) and issubclass(kind, BaseModel):
        for name, field in kind.model_fields.items():
            yield from (f"{kind.__name__}.{name}: {found}" for found in of_field(field))
    elif isinstance(kind, type) and issubclass(kind, CLOSED):
        return
    elif kind in (int, float):
        # A bound also refuses what is no number (NaN).
        if not any(isinstance(m, annotated_types.Le | annotated_types.Lt) for m in flat(marks)):
            yield "a number without a greatest value"
    elif kind is str:
        if not any(getattr(mark, "pattern", None) for mark in flat(marks)):
            yield "a text without a reader"
    elif kind in (date, datetime):
        yield "a time without bounds"
    else:
        yield f"{kind} is not known to this guard"


def flat(marks: tuple[Any, ...]) -> Iterator[Any]:
    """The constraints in the annotations, those inside of `Field(...)` as well."""
    for mark in marks:
        if isinstance(mark, FieldInfo):
            yield from flat(tuple(mark.metadata))
        else:
            yield mark


def of_field(field: FieldInfo) -> Iterator[str]:
    """The same of a field of a model, whose annotations pydantic has taken apart."""
    yield from unread(field.annotation, tuple(field.metadata))


@pytest.mark.parametrize("service", BUILT)
def test_every_field_of_every_request_is_read(service: str) -> None:
    """[faults 2, faults 4, faults 11, faults 12, faults 29] A new field without a reader is found here."""
    found = set()
    for route, needs in api_routes(build(service)):
        for body in needs.body_params:
            found |= {f"{route.path_format} {each}" for each in of_field(body.field_info)}
    assert found == set()


@pytest.mark.parametrize("service", BUILT)
def test_every_number_and_time_in_an_address_is_bounded(service: str) -> None:
    """[faults 5, faults 20] Texts in an address are only compared, and NUL in them is 422 everywhere."""
    found = set()
    for route, needs in api_routes(build(service)):
        for given in (*parameters(needs, "query"), *parameters(needs, "path")):
            found |= {f"{route.path_format} {given.name}: {e}" for e in of_field(given.field_info) if "reader" not in e}
    assert found == set()


def parameters(dependant: Any, place: str) -> Iterator[Any]:
    """The parameters of a route and of everything it depends on."""
    yield from getattr(dependant, f"{place}_params")
    for inner in dependant.dependencies:
        yield from parameters(inner, place)


@pytest.mark.parametrize(
    "kind",
    [str, Annotated[str, "no reader"], list[str], dict[str, int], int, date, datetime, str | None, dict[str, Any]],
)
def test_the_guard_sees_what_is_missing(kind: Any) -> None:
    assert list(unread(kind))
