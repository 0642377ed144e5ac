"""The whole system, started once for all end-to-end tests and ended after them."""

from collections.abc import Iterator

import pytest

from deploy.local.stack import LocalStack
from deploy.local.system import System, running_system


@pytest.fixture(scope="package")
def system(stack: LocalStack) -> Iterator[System]:
    """On the servers of the session. Other tests kill those servers: by then nothing may watch over them any more."""
    with running_system(stack=stack) as running:
        yield running
