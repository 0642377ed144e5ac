"""Whatever is sent to registration, it answers as its OpenAPI document says, and never with an error of its own.

Requests are made from the document by Schemathesis: well formed ones and broken ones. `make test` sends a few to every
route, the same each time; `make fuzz` sends as many as it is told, and others each time.
"""

import os
from collections.abc import Iterator
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

from services.registration.app import create_app
from services.registration.settings import Settings
from tests.fuzz.registration import Met, served
from tests.infra.databases import Databases
from tests.support import keys
from tests.support.forwarded import forwarded

# How many requests of each kind every route gets from everybody; unset: few, and always the same.
EXAMPLES = os.environ.get("ZAIRYU_FUZZ_EXAMPLES")
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


def _schema() -> schemathesis.BaseSchema:
    nowhere = "postgresql+asyncpg://nobody:nothing@127.0.0.1:1/nowhere"
    app = create_app(Settings(database_url=nowhere, **keys.secrets("registration"), parts="api"))
    generation = GenerationConfig(deterministic=EXAMPLES is None, max_examples=int(EXAMPLES or 4))
    phases = PhasesConfig()
    phases.coverage.enabled = EXAMPLES is not None
    project = ProjectConfig(generation=generation, phases=phases)
    seed = 1 if EXAMPLES is None else None
    config = SchemathesisConfig(seed=seed, projects=ProjectsConfig(default=project))
    return schemathesis.openapi.from_dict(app.openapi(), config=config)


schema = _schema()
_addresses = count(1)


@pytest.fixture(scope="module")
def met(databases: Databases) -> Iterator[Met]:
    database = databases.create("registration")
    with served(database) as found:
        yield found
    databases.give_back(database)


@schema.parametrize()
def test_what_is_answered_is_what_the_document_says(case: "schemathesis.Case[Any]", met: Met) -> None:
    for headers in met.callers.values():
        for known in ({}, met.known):
            for name in set(case.path_parameters or ()) & set(known):
                case.path_parameters[name] = known[name]
            if known and not set(case.path_parameters or ()) & set(known):
                continue
            # Everybody comes from an address of their own, or most would only hear that they are too many.
            number = next(_addresses)
            place = forwarded(f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}")
            case.call_and_validate(base_url=met.url, headers=headers | place, checks=CHECKS)
