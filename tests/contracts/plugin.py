"""Notes of all workers, held against the contracts at the end of each run of tests.

A run that reads more than the contracts have says so, and keeps what it read for `make contracts`, which adds it; with
ZAIRYU_TEST_CONTRACTS=check it fails.
"""

import os
import sys
from typing import Any

import pytest
from hypothesis import is_hypothesis_test

from tests.contracts import notes
from tests.contracts.reads import Notes, beyond, keep, write

_SHOWN = 20
_of_workers: list[Notes] = []


def pytest_collection_finish(session: pytest.Session) -> None:
    """Observe what the collected tests import, and nothing else."""
    if {"services.gateway.pages.kit.client", "shared.messaging.handlers"} <= sys.modules.keys():
        notes.observe()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Leave aside what tests with drawn values read, and those that kill servers: no two runs read the same."""
    notes.aside = is_hypothesis_test(getattr(item, "obj", None)) or item.get_closest_marker("system") is not None


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    _of_workers.append(getattr(node, "workeroutput", {}).get("contracts", {}))


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["contracts"] = _own()


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Say what the contracts lack, or write them again."""
    if hasattr(config, "workerinput"):
        return
    made = [_own(), *_of_workers]
    how = os.environ.get("ZAIRYU_TEST_CONTRACTS")
    if how == "renew":
        for line in write(made, renew=True):
            terminalreporter.write_line(line)
    elif found := beyond(made):
        terminalreporter.section("contracts", red=True)
        for sentence, (_, note) in list(found.items())[:_SHOWN]:
            terminalreporter.write_line(f"{sentence} in {note[-1]}")
        terminalreporter.write_line(f"{len(found)} reads are in no contract: `make contracts` adds them")
        keep(found.values())
        if how == "check":
            session = terminalreporter._session
            session.exitstatus = session.exitstatus or pytest.ExitCode.TESTS_FAILED


def _own() -> Notes:
    return {
        "events": [[*what, test] for what, test in notes.events.items()],
        "answers": [[a.service, a.method, a.path, path, test] for (a, path), test in notes.answers.items()],
        "asking": [[name, test] for name, test in notes.asking.items()],
    }
