"""The programs of docs/build-on-zairyu.md, run as people run them: processes of their own, with credentials alone."""

import asyncio
import os
import re
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from deploy.local.object_store import ObjectStore as S3Server
from shared.clock import ManualClock
from shared.reference.receipt_numbers import PATTERN
from tests.gateway.portal import Portal, portal_site
from tests.infra.databases import TestDatabase
from tests.services.document import files
from tests.services.document.test_incoming import large

ROOT = Path(__file__).parents[2]
PROGRAMS = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "build-on-zairyu.md").read_text(), re.DOTALL)
SCOPES = ["application:read", "application:write", "document:read", "document:write"]


async def registered(portal: Portal) -> tuple[str, str, str]:
    """Address, id and secret of a system that somebody registered."""
    browser = await portal.filer()
    session = (await browser.client.get("/session")).json()
    headers = {"Origin": browser.url, "X-CSRF-Token": session["csrf_token"], "Idempotency-Key": str(uuid4())}
    system = {"name": "first", "scopes": SCOPES}
    made = await browser.client.post("/api/v1/accounts/me/clients", json=system, headers=headers)
    assert made.status_code == 201, made.text
    return browser.url, made.json()["id"], made.json()["client_secret"]


async def ran(portal: Portal, program: Path, *arguments: str | Path) -> str:
    """The output of a program; events go from service to service while it runs."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        program,
        *arguments,
        env=os.environ | {"PYTHONPATH": str(ROOT / "clients" / "python")},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    ended = asyncio.ensure_future(process.communicate())
    while not ended.done():
        await portal.exchange()
        await asyncio.wait([ended], timeout=0.2)
    printed, said = ended.result()
    assert process.returncode == 0, said.decode()
    return printed.decode().strip()


@pytest.mark.system
async def test_both_first_programs_file_an_application(
    service_database: Callable[[str], TestDatabase], object_store: S3Server, tmp_path: Path
) -> None:
    """The second one sends its evidence in parts."""
    (tmp_path / "face.jpg").write_bytes(files.jpeg())
    (tmp_path / "small.pdf").write_bytes(files.pdf(3))
    (tmp_path / "large.pdf").write_bytes(large(5))
    async with portal_site(service_database, ManualClock(datetime.now(UTC)), object_store) as portal:
        credentials = await registered(portal)
        printed = []
        for number, evidence in enumerate(("small.pdf", "large.pdf")):
            program = tmp_path / f"program{number}.py"
            program.write_text(PROGRAMS[number])
            printed += [await ran(portal, program, *credentials, tmp_path / "face.jpg", tmp_path / evidence)]
        first, *rest = printed[1].splitlines()
        assert re.fullmatch(PATTERN, printed[0])
        assert re.fullmatch(PATTERN, first)
        assert {line.split()[0] for line in rest} == {printed[0], first}
