"""The table of copies that are rebuilt is that of the services, and that of the page for operators."""

import re
from typing import Any

import pytest

from shared.rebuilding.kept import KEPT
from tests.guards.sources import ROOT, WITH_DATABASE
from tests.guards.test_route_permissions import build


@pytest.fixture(scope="module")
def states() -> dict[str, Any]:
    """The state of each service's application, with the facts that it sends and rebuilds."""
    return {service: build(service).state for service in WITH_DATABASE}


def test_every_snapshot_and_projection_of_a_service_is_in_the_table(states: dict[str, Any]) -> None:
    sent = {(service, kind) for service, state in states.items() for kind in state.snapshot_sources}
    assert sent == {(each.owner, each.kind) for each in KEPT}
    announced = {source.announced: kind for state in states.values() for kind, source in state.snapshot_sources.items()}
    rebuilt = {
        (announced[projection.announced], service, projection.name)
        for service, state in states.items()
        for projection in state.projections
    }
    assert rebuilt == {(each.kind, *by) for each in KEPT for by in each.by}


def test_every_projection_is_followed_by_the_handlers_of_its_service(states: dict[str, Any]) -> None:
    for service, state in states.items():
        for projection in state.projections:
            assert {projection.page, projection.announced} <= set(state.handlers), (service, projection.name)


def test_the_page_for_operators_names_them() -> None:
    page = (ROOT / "docs" / "operations" / "rebuild.md").read_text()
    rows = re.findall(r"^\| `(\w+)`: [^|]+ \| (\w+) \| `(\w+)` \| (\w+) \|$", page, re.M)
    assert sorted(rows) == sorted((name, keeper, each.kind, each.owner) for each in KEPT for keeper, name in each.by)
