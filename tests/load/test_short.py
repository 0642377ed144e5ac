"""A load of all profiles with a few people, as `make load` runs it: no request fails, and nothing is lost."""

import asyncio
import json
from pathlib import Path

import pytest

from deploy.local.stack import LocalStack
from deploy.local.system import running_system
from tests.load.__main__ import load
from tests.load.profiles import read_profiles
from tests.load.report import read_requests
from tests.load.site import SETTINGS, LocalSite

pytestmark = [pytest.mark.system, pytest.mark.kafka]


def test_all_profiles_at_once(stack: LocalStack, tmp_path: Path) -> None:
    everything = read_profiles()["everything"]
    with running_system(stack=stack, further=SETTINGS) as system:
        outcome = asyncio.run(load(LocalSite(system), tmp_path, everything, 12, 30, 0.1))
    log = (tmp_path / "locust.log").read_text()
    assert outcome.wrong == (), log[-4000:]
    done = {request.name for request in read_requests(tmp_path / "requests.csv")}
    # Every kind of people came to the end of its errand.
    assert done >= {
        "/applications/{id}/receipt",
        "/api/v1/applications/{id}/submit",
        "rows of a workbook filed",
        "/desk/cases/{id}/proposal",
        "/desk/cases/{id}/decision",
        "/api/v1/applications/{id}/timeline",
        "/sign-out",
        "/applications/{id}/payment",
        "(the store)/{file}",
        "/desk/proposals",
    }
    assert json.loads((tmp_path / "machine.json").read_text())["processor"]
    assert (tmp_path / "report.html").read_text().count("<dt>processor</dt>") == 1
