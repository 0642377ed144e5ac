"""Notes of all workers, held against the contracts at the end of each run of tests, or written down as contracts.

`make contracts` writes what all tests read; with ARGS it adds what the named tests read. A run in which more is read
than the contracts have says so, with the line to type, and fails with ZAIRYU_TEST_CONTRACTS=check.
"""

import json
import os
import re
import sys
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from typing import Any

import pytest
from hypothesis import is_hypothesis_test

from tests.contracts import notes
from tests.contracts.files import ASKING, EVENTS, NOT_SEEN, ROUTES, Contract, Shapes, load, save, with_items
from tests.contracts.notes import Asked
from tests.contracts.shapes import ANYTHING, MISSING
from tests.guards.sources import ROOT

_HOW = "ZAIRYU_TEST_CONTRACTS"
_SHOWN = 20
# Of each kind, as workers send it: what was read, and the test that did.
Notes = dict[str, list[list[str]]]
_of_workers: list[Notes] = []
_ROUTE = re.compile(r"^### `(\w+ /.*)`$", re.MULTILINE)
_SPACES = re.compile(r"[\s\[]")


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
    """Write the contracts, or say what they lack."""
    if hasattr(config, "workerinput"):
        return
    made = [_own(), *_of_workers]
    how = os.environ.get(_HOW, "")
    if how in ("add", "renew"):
        for line in _write(made, renew=how == "renew"):
            terminalreporter.write_line(line)
    elif found := _lacking(made):
        terminalreporter.section("contracts", red=True)
        for line in found[:_SHOWN]:
            terminalreporter.write_line(line)
        tests = " ".join(sorted({_SPACES.split(line.rpartition(" in ")[2])[0] for line in found}))
        terminalreporter.write_line(f'{len(found)} reads are in no contract: make contracts ARGS="{tests}"')
        if how == "check":
            session = terminalreporter._session
            session.exitstatus = session.exitstatus or pytest.ExitCode.TESTS_FAILED


def _own() -> Notes:
    return {
        "events": [[*what, test] for what, test in notes.events.items()],
        "answers": [[a.service, a.method, a.path, path, test] for (a, path), test in notes.answers.items()],
        "asking": [[name, test] for name, test in notes.asking.items()],
    }


def _lacking(made: Iterable[Notes]) -> list[str]:
    """A sentence for each read that no contract has, which ends with the test."""
    by_event, by_route = load(EVENTS), load(ROUTES)
    asking = set(json.loads(ASKING.read_text("utf-8")))
    routes: dict[tuple[str, str, str], Shapes | None] = {}
    found: dict[str, str] = {}
    for each in made:
        for consumer, subject, path, test in each.get("events", ()):
            if path not in by_event.get(consumer, {}).get(subject, {}):
                found.setdefault(f"{consumer} reads {path or 'nothing'} of {subject}", test)
        for service, method, asked, path, test in each.get("answers", ()):
            if (request := (service, method, asked)) not in routes:
                route = _route_of(service, method, asked)
                routes[request] = by_route.get(service, {}).get(route, {}) if route else None
            fields = routes[request]
            if fields is not None and not _is_kept(fields, path):
                found.setdefault(f"gateway reads {path or 'the answer'} of {service}'s {method} {asked}", test)
        for name, test in each.get("asking", ()):
            if name not in asking:
                found.setdefault(f"{name} asks a service", test)
    return [f"{line} in {test}" for line, test in sorted(found.items())]


def _is_kept(fields: Shapes, path: str) -> bool:
    """Whether a contract has a field of an answer."""
    if path in fields:
        return True
    return any(_same(kept, path) or _is_open(kept, shape, path) for kept, shape in fields.items())


def _route_of(service: str, method: str, asked: str) -> str | None:
    """The route that a request reaches; None for one that only a twin of the service has, in the gateway's tests."""
    found = [r for r in _routes(service) if r.startswith(f"{method} ") and _same(r.partition(" ")[2], asked)]
    return min(found, key=lambda route: route.count("{"), default=None)


@cache
def _routes(service: str) -> list[str]:
    """The routes of a service. Its OpenAPI document takes seconds to make; the page that is made of it has them too."""
    return _ROUTE.findall((ROOT / f"docs/api/{service}.md").read_text("utf-8"))


def _same(template: str, path: str) -> bool:
    """Whether a path has the steps of a template, in which `*` and `{name}` are any."""
    steps, found = template.split("/"), path.split("/")
    return len(steps) == len(found) and all(
        step in ("*", other) or step.startswith("{") for step, other in zip(steps, found, strict=True)
    )


def _is_open(kept: str, shape: str, path: str) -> bool:
    """Whether a field of a contract holds `path` without a word on what is inside it."""
    depth = kept.count("/") + 1 if kept else 0
    within = "/".join(path.split("/")[:depth])
    return ANYTHING in shape.split(" | ") and (not kept or _same(kept, within))


def _write(made: Iterable[Notes], *, renew: bool) -> list[str]:
    """Write the contracts; returns lines on what is read and not there."""
    from tests.clients.documents import document
    from tests.contracts.producers import answer_schema, event_schema, route_of
    from tests.contracts.shapes import named

    by_event: dict[str, Contract] = defaultdict(dict, {} if renew else load(EVENTS))
    by_route: dict[str, Contract] = defaultdict(dict, {} if renew else load(ROUTES))
    asking = set() if renew else set(json.loads(ASKING.read_text("utf-8")))
    not_there: dict[str, str] = {}
    for each in made:
        for consumer, subject, path, _ in each.get("events", ()):
            by_event[consumer].setdefault(subject, {}).update(with_items(event_schema(subject), path))
        for service, method, asked, path, test in each.get("answers", ()):
            if route := route_of(Asked(service, method, asked)):
                root, schema = document(service), answer_schema(service, route)
                fields = with_items(root, named(root, path, schema), schema)
                by_route[service].setdefault(route, {}).update(fields)
                if set(fields.values()) == {MISSING}:
                    not_there.setdefault(f"gateway reads {path} of {service}'s {route}, which has none", test)
        asking |= {name for name, _ in each.get("asking", ())}
    for directory, contracts in ((EVENTS, by_event), (ROUTES, by_route)):
        for file in directory.glob("*.json"):
            file.unlink()
        for name, contract in contracts.items():
            save(directory, name, contract)
    left = [each for each in json.loads(NOT_SEEN.read_text("utf-8")) if each not in asking]
    for file, names in ((ASKING, sorted(asking)), (NOT_SEEN, left)):
        file.write_text(json.dumps(names, indent=1) + "\n", "utf-8")
    return [f"{line} in {test}" for line, test in sorted(not_there.items())]
