"""What all tests share: the fixtures of the real servers (docs/local-stack.md describes them)."""

from typing import Any

import pytest
import structlog
from xdist.scheduler import LoadScopeScheduling

# What a service logs in a test, without the values of local variables: to show them all stops everything for seconds.
structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="%H:%M:%S.%f", utc=True),
        structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
    ]
)

pytest_plugins = ["tests.infra.fixtures"]

# These run all six services: one worker does it, so that they are started once and the other has a core for itself.
_WHOLE_SYSTEM = ("tests/e2e/", "tests/faults/")


class SystemTogether(LoadScopeScheduling):  # type: ignore[misc]  # pytest-xdist publishes no types for it
    """Every test for whichever worker is free, but those of the whole system in one piece."""

    def _split_scope(self, nodeid: str) -> str:
        return "whole system" if nodeid.startswith(_WHOLE_SYSTEM) else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> SystemTogether:
    """How pytest-xdist hands out the tests."""
    return SystemTogether(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what talks to a broker as `kafka`."""
    for item in items:
        if isinstance(item, pytest.Function) and {"broker", "stack"} & set(item.fixturenames):
            item.add_marker(pytest.mark.kafka)
