"""Seals get an RFC 3161 time stamp where a service is set, and do without while it is away."""

import shutil
import subprocess
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import httpx
import pytest
from rfc3161_client import decode_timestamp_response
from sqlalchemy import func, select

from shared.journal import journal_seals, journal_timestamps, seal_new_rows, verify
from shared.journal.jobs import rfc3161_stamper
from shared.journal.seals import stamp_seals
from tests.support.folder import clerk, open_folder, request_identity
from tests.support.folder_service import FolderService
from tests.support.waiting import eventually

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="the stamping service of this test is openssl")

_CONFIG = """
[tsa]
default_tsa = tsa_config
[tsa_config]
serial = serial
crypto_device = builtin
signer_cert = cert.pem
signer_key = key.pem
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
[req]
distinguished_name = name
x509_extensions = stamping
[name]
[stamping]
extendedKeyUsage = critical,timeStamping
"""


class Stamping(BaseHTTPRequestHandler):
    """A stamping service: hands the query to `openssl ts`."""

    folder: Path

    def do_POST(self) -> None:
        query = self.rfile.read(int(self.headers["Content-Length"]))
        (self.folder / "query").write_bytes(query)
        _openssl(self.folder, "ts", "-reply", "-config", "tsa.cnf", "-queryfile", "query", "-out", "reply")
        self.send_response(200)
        self.end_headers()
        self.wfile.write((self.folder / "reply").read_bytes())

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def _openssl(folder: Path, *arguments: str) -> None:
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def stamping_url(tmp_path: Path) -> Iterator[str]:
    (tmp_path / "tsa.cnf").write_text(_CONFIG)
    (tmp_path / "serial").write_text("01")
    certificate = ("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "key.pem", "-out", "cert.pem")
    _openssl(tmp_path, *certificate, "-subj", "/CN=Test stamping", "-config", "tsa.cnf", "-days", "1")
    server = HTTPServer(("127.0.0.1", 0), type("Handler", (Stamping,), {"folder": tmp_path}))
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


async def _sealed(service: FolderService) -> None:
    await service.commands.run(clerk(), request_identity(), lambda work: open_folder(work, "A"))
    # Rows are sealed once no older transaction runs, on the whole server: its own work begins some as well.
    await eventually(lambda: _sealed_now(service))


async def _sealed_now(service: FolderService) -> bool:
    async with service.db.transaction() as session:
        return await seal_new_rows(session, service.clock.now()) is not None


async def test_a_seal_gets_one_stamp_that_a_reader_can_decode(service: FolderService, stamping_url: str) -> None:
    await _sealed(service)
    for expected in (1, 0):
        async with service.db.transaction() as session:
            assert await stamp_seals(session, rfc3161_stamper(stamping_url), service.clock.now()) == expected
    async with service.db.read() as session:
        token = await session.scalar(select(journal_timestamps.c.token))
        digest = await session.scalar(select(journal_seals.c.hash))
    response = decode_timestamp_response(token)
    assert response.tst_info.message_imprint.message
    assert digest


async def test_sealing_goes_on_while_the_stamping_service_is_away(service: FolderService) -> None:
    await _sealed(service)
    with pytest.raises(httpx.HTTPError):
        async with service.db.transaction() as session:
            await stamp_seals(session, rfc3161_stamper("http://127.0.0.1:9/"), service.clock.now())
    await _sealed(service)
    async with service.db.read() as session:
        assert await session.scalar(select(func.count()).select_from(journal_seals)) == 2
        assert await verify(session) == []
