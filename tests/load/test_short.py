"""A load of all profiles with a few people, as `make load` runs it: no request fails, and nothing is lost."""

import asyncio
import json
import os
from pathlib import Path

import pytest

from deploy.local.ports import Ports
from deploy.local.stack import LocalStack
from deploy.local.system import running_system
from tests.load.__main__ import load
from tests.load.profiles import read_profiles
from tests.load.report import read_requests
from tests.load.site import SETTINGS, LocalSite

# On servers of its own: what other tests leave behind would be found here. A busy machine is slow and has not failed.
_PATIENT = {"ZAIRYU_UPSTREAM_SECONDS": "120"}
pytestmark = [
    pytest.mark.system,
    pytest.mark.server,
    pytest.mark.skipif("ZAIRYU_TEST_LOAD" not in os.environ, reason="ZAIRYU_TEST_LOAD=1 runs it: two to ten minutes"),
]


def test_everybody_does_an_errand(tmp_path: Path) -> None:
    everything = read_profiles()["everything"]
    folder = tmp_path / "report"
    folder.mkdir()
    with (
        LocalStack(tmp_path / "stack", Ports.free(), durable=False) as stack,
        running_system(stack=stack, further=SETTINGS | _PATIENT) as system,
    ):
        site = LocalSite(system, offices=2)
        outcome = asyncio.run(load(site, folder, everything, 10, 540, 0.05, errands=True, patient=True))
    assert outcome.wrong == (), (folder / "locust.log").read_text()[-4000:]
    done = {request.name for request in read_requests(folder / "requests.csv") if request.kind == "ERRAND"}
    assert done == {part.kind for part in everything.people}
    assert json.loads((folder / "machine.json").read_text())["processor"]
    assert (folder / "report.html").read_text().count("<dt>processor</dt>") == 1
