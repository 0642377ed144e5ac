"""One house for all tests of made-up requests."""

from collections.abc import Iterator

import pytest

from deploy.local.object_store import ObjectStore as S3Server
from tests.fuzz.house import WholeSystem, served
from tests.infra.databases import Databases, TestDatabase


@pytest.fixture(scope="session")
def house(databases: Databases, object_store: S3Server) -> Iterator[WholeSystem]:
    made: list[TestDatabase] = []

    def new(service: str) -> TestDatabase:
        made.append(databases.create(service))
        return made[-1]

    with served(new, object_store) as found:
        yield found
    for database in made:
        databases.give_back(database)
