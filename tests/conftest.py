"""What all tests share: the fixtures of the real servers (docs/local-stack.md describes them)."""

from pathlib import Path

import pytest

pytest_plugins = ["tests.infra.fixtures"]

_TESTS = Path(__file__).parent
# These run all six services: one worker does it, so that they are started once and the other has a core for itself.
_WHOLE_SYSTEM = (_TESTS / "e2e", _TESTS / "faults")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what talks to a broker as `kafka`, and keep the tests of the whole system on one pytest-xdist worker."""
    for item in items:
        if isinstance(item, pytest.Function) and {"broker", "stack"} & set(item.fixturenames):
            item.add_marker(pytest.mark.kafka)
        if any(folder in item.path.parents for folder in _WHOLE_SYSTEM):
            item.add_marker(pytest.mark.xdist_group("system"))
