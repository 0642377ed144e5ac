"""Every answer of a service or of the gateway is one that its OpenAPI document lists, and none is an error of its own.

Requests are made from the documents by Schemathesis: well-formed ones and broken ones. `make test-system` sends a few
to every route, the same each time; `make fuzz` sends `EXAMPLES` of them, others each time.
"""

import os
from itertools import count
from typing import Any

import pytest
import schemathesis
from schemathesis.checks import not_a_server_error
from schemathesis.config import GenerationConfig, PhasesConfig, ProjectConfig, ProjectsConfig, SchemathesisConfig
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from services.gateway.edge.exposure import service_behind
from shared.http.limits import KIB, MAX_ERRORS
from tests.fuzz.documents import document
from tests.fuzz.house import WholeSystem

pytestmark = pytest.mark.system

# How many requests of each kind every route gets; unset: few, and always the same.
EXAMPLES = os.environ.get("ZAIRYU_FUZZ_EXAMPLES")
FEW = 3
# An answer that refuses names at most so many mistakes, each in a line or two.
LARGEST_REFUSAL = 64 * KIB


def a_refusal_is_bounded(ctx: Any, response: Any, case: Any) -> None:
    """A check of Schemathesis: what is refused is not sent back at length."""
    if response.status_code >= 400:
        assert len(response.content) <= LARGEST_REFUSAL
        assert response.content == b"" or len(response.json().get("errors") or ()) <= MAX_ERRORS


CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    a_refusal_is_bounded,
]
_numbers = count()


def _schema(name: str) -> schemathesis.BaseSchema:
    generation = GenerationConfig(deterministic=EXAMPLES is None, max_examples=int(EXAMPLES or FEW))
    phases = PhasesConfig()
    phases.coverage.enabled = EXAMPLES is not None
    project = ProjectConfig(generation=generation, phases=phases)
    seed = 1 if EXAMPLES is None else None
    config = SchemathesisConfig(seed=seed, projects=ProjectsConfig(default=project))
    return schemathesis.openapi.from_dict(document(name), config=config)


registration = _schema("registration")
application = _schema("application")
documents = _schema("document")
review = _schema("review")
notification = _schema("notification")
gateway = _schema("gateway")


@pytest.fixture(autouse=True)
def _signed_in(house: WholeSystem) -> None:
    house.renew()


def check(case: "schemathesis.Case[Any]", house: WholeSystem, service: str) -> None:
    """Send `case` as everybody to records that are there; those who make them up are sent in `make fuzz` alone."""
    made_up = dict(case.path_parameters or {})
    turn = next(_numbers)
    for number, (caller, headers) in enumerate(house.callers.items(), turn):
        if EXAMPLES is None and number % 3:
            continue
        there = {name: house.some_of(name, number) for name in made_up}
        known = {name: value for name, value in there.items() if value is not None}
        paths = [made_up | known] if EXAMPLES is None or not known else [made_up | known, made_up]
        url = house.urls[service]
        if caller == "through the gateway" and service != "gateway":
            if service_behind(case.path) is None:
                continue
            url = house.urls["api"]
        for parameters in paths:
            case.path_parameters.update(parameters)
            case.call_and_validate(base_url=url, headers=headers | house.place(), checks=CHECKS)


@registration.parametrize()
def test_registration_answers_as_its_document_says(case: "schemathesis.Case[Any]", house: WholeSystem) -> None:
    """[attacks F13] For every caller, well-formed and broken requests alike."""
    check(case, house, "registration")


@application.parametrize()
def test_application_answers_as_its_document_says(case: "schemathesis.Case[Any]", house: WholeSystem) -> None:
    """[attacks F13, faults 4, faults 5] For every caller, well-formed and broken requests alike."""
    check(case, house, "application")


@documents.parametrize()
def test_document_answers_as_its_document_says(case: "schemathesis.Case[Any]", house: WholeSystem) -> None:
    """[attacks F13] For every caller, well-formed and broken requests alike."""
    check(case, house, "document")


@review.parametrize()
def test_review_answers_as_its_document_says(case: "schemathesis.Case[Any]", house: WholeSystem) -> None:
    """[attacks F13] For every caller, well-formed and broken requests alike."""
    check(case, house, "review")


@notification.parametrize()
def test_notification_answers_as_its_document_says(case: "schemathesis.Case[Any]", house: WholeSystem) -> None:
    """[attacks F13] For every caller, well-formed and broken requests alike."""
    check(case, house, "notification")


@gateway.parametrize()
def test_the_gateways_own_interface_answers_as_its_document_says(
    case: "schemathesis.Case[Any]", house: WholeSystem
) -> None:
    """[attacks F13, faults 1] With a session, with a token, and with nothing."""
    check(case, house, "gateway")
