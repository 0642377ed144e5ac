"""Services import without the garbage collector, and serve with it."""

import ast
import gc

import pytest

from shared.http.server import exempt_what_stays
from tests.guards.sources import ROOT, SERVICES, tree


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_turns_the_collector_off_before_it_imports_what_takes_long(service: str) -> None:
    body = tree(ROOT / "services" / service / "__main__.py").body
    imports = [ast.unparse(node) for node in body if isinstance(node, ast.Import | ast.ImportFrom)]
    first = next(line for line in imports if "services" in line or "shared" in line)
    assert first == "import shared.importing"


def test_a_server_collects_again() -> None:
    gc.disable()
    try:
        exempt_what_stays()
        assert gc.isenabled()
    finally:
        gc.enable()
