"""Fixtures of all tests: those of the real servers (docs/local-stack.md describes them)."""

import gc
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from hypothesis import HealthCheck, settings
from xdist.scheduler import LoadScopeScheduling

from tests.support.parts import restarts

# No time is asserted: an example of a property may take long on a busy machine.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

# What a service logs in a test, without the values of local variables: to show them all stops everything for seconds.
structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="%H:%M:%S.%f", utc=True),
        structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
    ]
)

pytest_plugins = ["tests.infra.fixtures", "tests.contracts.plugin"]

# Collecting makes a million objects and no garbage to speak of: to look for some takes a tenth of the time.
gc.disable()

# What is costly to make and shared by many tests is made once, by one worker: all six services, a browser, a full
# table, the syntax trees of all files.
_TOGETHER = {
    "tests/e2e/": "whole system",
    "tests/fuzz/test_made_up_forms.py": "made-up forms",
    "tests/fuzz/": "made-up requests",
    "tests/browser/": "file",
    "tests/guards/": "guards",
    "tests/cases/test_access_matrix.py": "access matrix",
    "tests/clients/test_contract.py": "documents of services",
    "tests/contract/test_apis.py": "documents of services",
    "tests/contract/test_consumers.py": "documents of services",
    "tests/cases/test_page_matrix.py": "page matrix",
    "tests/cases/test_desk_matrix.py": "desk matrix",
    "tests/gateway/test_desk_queue.py": "desk queue",
    "tests/gateway/test_desk_steps.py": "desk steps",
    "tests/services/review/test_queue_plan.py": "queue plan",
}


class SharedTogether(LoadScopeScheduling):  # type: ignore[misc]  # pytest-xdist publishes no types for it
    """Every test for the next worker that is free, but those that share something costly in one piece."""

    def _split_scope(self, nodeid: str) -> str:
        scope = next((scope for folder, scope in _TOGETHER.items() if nodeid.startswith(folder)), nodeid)
        return nodeid.partition("::")[0] if scope == "file" else scope


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> SharedTogether:
    """The scheduler with which pytest-xdist distributes the tests."""
    return SharedTogether(config, log)


# All their tests are marked `server`; to collect those of tests/fuzz takes as long as to collect all the others.
SERVERS_THROUGHOUT = {"browser", "e2e", "fuzz"}
# All their tests are marked `system`.
SYSTEM_THROUGHOUT = {"fuzz"}
_LEFT_ASIDE = {"not server": SERVERS_THROUGHOUT, "not system": SYSTEM_THROUGHOUT}


# Stands in every file with tests of `make test-system`, which collects no others.
_MARK_OF_THE_SYSTEM = re.compile(r"\bmark\.(system|faults)\b")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave folders and files aside of which `make quick`, `make test` or `make test-system` would run nothing."""
    if collection_path.name in _LEFT_ASIDE.get(config.option.markexpr, ()):
        return True
    if config.option.markexpr == "system" and collection_path.match("test_*.py"):
        return None if _MARK_OF_THE_SYSTEM.search(collection_path.read_text()) else True
    return None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what talks to a broker as `kafka`, and what kills servers again and again as `system`."""
    for item in items:
        if isinstance(item, pytest.Function) and {"broker", "stack"} & set(item.fixturenames):
            item.add_marker(pytest.mark.kafka)
        if item.get_closest_marker("faults"):
            item.add_marker(pytest.mark.system)
        if item.get_closest_marker("system") and not _MARK_OF_THE_SYSTEM.search(item.path.read_text()):
            raise pytest.UsageError(f"make test-system does not find {item.nodeid}: write the mark in its file")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Hide what collecting made from the garbage collector, which would look through 10,000 tests again and again."""
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.set_threshold(20_000, 20, 20)
        gc.enable()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Repeat what is marked `faults` as often as `make faults TIMES=` asks for."""
    times = int(os.environ.get("ZAIRYU_TEST_TIMES", "1"))
    if times > 1 and metafunc.definition.get_closest_marker("faults"):
        metafunc.fixturenames.append("time_of_many")
        metafunc.parametrize("time_of_many", range(1, times + 1))


@pytest.fixture(autouse=True)
def _no_part_ended(request: pytest.FixtureRequest) -> Iterator[None]:
    """A part that ended although nobody asked for it fails the test, also where it was started again."""
    before = restarts()
    yield
    ended = {part: count - before.get(part, 0) for part, count in restarts().items() if count != before.get(part, 0)}
    if ended and not request.node.get_closest_marker("parts_end"):
        pytest.fail(f"parts ended although nobody asked for it: {ended}")
