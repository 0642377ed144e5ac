"""The malware scanner: one suite for clamd and for its twin in memory."""

import asyncio
from dataclasses import dataclass
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from deploy.local.ports import HOST, Ports
from deploy.local.scanner import TEST_MALWARE
from deploy.local.scanner import Scanner as ClamdServer
from services.document.scanner import Clamd, MemoryScanner, Scanner, ScannerUnavailable


@dataclass
class Case:
    """A scanner, and more than it takes at once."""

    scanner: Scanner
    too_much: int


@pytest.fixture(params=["memory", pytest.param("clamd", marks=pytest.mark.server)])
def case(request: pytest.FixtureRequest) -> Case:
    if request.param == "memory":
        return Case(MemoryScanner({TEST_MALWARE: "Test.Malware"}, most=1000), 1001)
    server: ClamdServer = request.getfixturevalue("clamd")
    return Case(Clamd(server.address), 53 * 1024 * 1024)


async def test_malware_is_found_and_other_content_is_not(case: Case) -> None:
    source = BytesIO(b"%PDF-1.7 " + TEST_MALWARE + b" end")
    source.seek(5)  # wherever it stands, all of it is scanned
    found = await case.scanner.scan(source)
    assert found.complete and "Test.Malware" in (found.name or "")
    clean = await case.scanner.scan(BytesIO(b"%PDF-1.7 nothing"))
    assert (clean.name, clean.complete) == (None, True)


async def test_what_is_beyond_a_limit_was_not_scanned(case: Case) -> None:
    assert not (await case.scanner.scan(BytesIO(bytes(case.too_much)))).complete


async def test_version_says_whose_signatures_they_are(case: Case) -> None:
    assert await case.scanner.version() == await case.scanner.version() != ""


async def test_clamd_gives_up_at_what_is_packed_too_deep(clamd: ClamdServer) -> None:
    content = b"content"
    for _ in range(20):
        out = BytesIO()
        with ZipFile(out, "w", ZIP_DEFLATED) as archive:
            archive.writestr("inner.zip", content)
        content = out.getvalue()
    found = await Clamd(clamd.address).scan(BytesIO(content))
    assert (found.complete, (found.name or "").startswith("Heuristics.Limits.Exceeded")) == (False, True)


@pytest.mark.parametrize("answer", [b"", b"stream: out of memory ERROR\0", b"no clamd at all\0"])
async def test_other_answers_are_no_scan(answer: bytes) -> None:
    async def say(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\0")
        writer.write(answer)
        writer.close()

    async with await asyncio.start_server(say, HOST, 0) as server:
        it = Clamd(f"{HOST}:{server.sockets[0].getsockname()[1]}")
        for asked in (it.scan(BytesIO(b"content")), it.version()):
            with pytest.raises(ScannerUnavailable):
                await asked


async def test_scanner_that_is_away_is_unavailable() -> None:
    with pytest.raises(ScannerUnavailable):
        await Clamd(f"{HOST}:{Ports.free().scanner}").version()


@pytest.mark.parametrize("address", ["clamd", "clamd:", ":3310", "clamd:port"])
def test_other_addresses_are_refused_at_start(address: str) -> None:
    with pytest.raises(ValueError, match="host:port"):
        Clamd(address)
