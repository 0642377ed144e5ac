"""The whole system, started once for all end-to-end tests; what dies in it is started again."""

from collections.abc import Iterator

import pytest

from deploy.local.stack import LocalStack
from deploy.local.system import System, running_system


@pytest.fixture(scope="session")
def system(stack: LocalStack) -> Iterator[System]:
    """On the servers of the session, with databases of its own."""
    with running_system(stack=stack, watch=True) as running:
        yield running
