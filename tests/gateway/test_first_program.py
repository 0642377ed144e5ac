"""The first program of docs/api-clients.md, run as a vendor runs it: a process of its own, by its credentials alone."""

import asyncio
import re
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from deploy.local.object_store import ObjectStore as S3Server
from shared.clock import ManualClock
from shared.reference.receipt_numbers import PATTERN
from tests.gateway.portal import portal_site
from tests.infra.databases import TestDatabase
from tests.services.document import files

GUIDE = Path(__file__).parents[2] / "docs" / "api-clients.md"


async def test_the_first_program_files_an_application(
    service_database: Callable[[str], TestDatabase], object_store: S3Server, tmp_path: Path
) -> None:
    (tmp_path / "first.py").write_text(re.findall(r"```python\n(.*?)```", GUIDE.read_text(), re.DOTALL)[0])
    (tmp_path / "face.jpg").write_bytes(files.jpeg())
    (tmp_path / "evidence.pdf").write_bytes(files.pdf(3))
    clock = ManualClock(datetime.now(UTC))
    async with portal_site(service_database, clock, object_store) as portal:
        browser = await portal.filer()
        session = (await browser.client.get("/session")).json()
        system = {"name": "first", "scopes": ["application:read", "application:write", "document:write"]}
        headers = {"Origin": browser.url, "X-CSRF-Token": session["csrf_token"], "Idempotency-Key": str(uuid4())}
        made = await browser.client.post("/api/v1/accounts/me/clients", json=system, headers=headers)
        assert made.status_code == 201, made.text
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *(tmp_path / "first.py", browser.url, made.json()["id"], made.json()["client_secret"]),
            *(tmp_path / "face.jpg", tmp_path / "evidence.pdf"),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        ended = asyncio.ensure_future(process.communicate())
        while not ended.done():
            await portal.exchange()
            await asyncio.wait([ended], timeout=0.2)
        printed, said = ended.result()
        assert process.returncode == 0, said.decode()
        assert re.fullmatch(PATTERN, printed.decode().strip())
