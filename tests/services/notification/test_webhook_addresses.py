"""Webhooks reach public addresses alone, however an address is written and wherever its name leads at that moment."""

import asyncio
import socket
import ssl
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from services.notification.webhooks.domain.addresses import AddressRefused, check_addresses, is_allowed, webhook_url
from services.notification.webhooks.domain.answers import Answer, Outcome
from services.notification.webhooks.outgoing import network
from services.notification.webhooks.outgoing.client import WebhookClient

NOW = datetime(2026, 7, 1, tzinfo=UTC)
# What resolvers give for a name, or read out of one that is a number.
NOT_PUBLIC = (
    *("127.0.0.1", "127.1.2.3", "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255"),
    *("192.168.0.1", "169.254.169.254", "169.254.0.1", "100.64.0.1", "100.100.100.200", "100.127.255.255"),
    *("192.0.0.1", "192.0.0.192", "192.0.2.1", "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1"),
    *("192.88.99.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "168.63.129.16"),
    *("::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:a9fe:a9fe", "::ffff:8.8.8.8"),
    *("64:ff9b::127.0.0.1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "2002:7f00:1::", "2002:a9fe:a9fe::", "2001::1"),
    *("2001:db8::1", "2001:10::1", "3fff::1", "100::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fec0::1", "ff02::1"),
    *("5f00::1", "4000::1"),
)
PUBLIC = ("8.8.8.8", "1.1.1.1", "203.0.114.1", "172.32.0.1", "100.128.0.1", "2606:4700:4700::1111", "2400:8500::1")
# Addresses as people and attackers write them, of which none is a webhook's.
NOT_TAKEN = (
    *("http://hr.example.co.jp/", "ftp://hr.example.co.jp/", "//hr.example.co.jp/", "hr.example.co.jp", "", "https://"),
    *("https://user@hr.example.co.jp/", "https://a:b@hr.example.co.jp/", "https://hr.example.co.jp@127.0.0.1/"),
    *("https://127.0.0.1/", "https://127.1/", "https://2130706433/", "https://0177.0.0.1/", "https://0x7f.0.0.1/"),
    *(
        "https://0/",
        "https://127.0.0.1./",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[fe80::1%25eth0]/",
    ),
    *("https://169.254.169.254/latest/meta-data/", "https://[64:ff9b::7f00:1]/", "https://10.0.0.1/", "https://1.2.3/"),
    *("https://１２７.0.0.1/", "https://①②⑦.0.0.1/", "https://hr.example.co.jp:0/", "https://hr.example.co.jp:99999/"),
    *("https://hr_example.co.jp/", "https://hr.example.co.jp/#top", "https://hr.example.co.jp/a b", "https://*.jp/"),
    *("https://hr.example.co.jp\\@127.0.0.1/", "https://hr.example.co.jp/\r\nX: y", "https://%31%32%37.0.0.1/"),
)


@pytest.mark.parametrize("text", NOT_PUBLIC)
def test_an_address_that_is_not_public_is_refused(text: str) -> None:
    assert not is_allowed(ip_address(text))
    with pytest.raises(AddressRefused):
        check_addresses([text])
    with pytest.raises(AddressRefused):
        check_addresses(["8.8.8.8", text])


@pytest.mark.parametrize("text", PUBLIC)
def test_a_public_address_is_reached(text: str) -> None:
    assert is_allowed(ip_address(text))
    assert check_addresses([text]) == [text]


def test_loopback_where_a_setting_says_so_opens_nothing_else() -> None:
    opened = [text for text in NOT_PUBLIC if is_allowed(ip_address(text), loopback=True)]
    assert opened[:2] == ["127.0.0.1", "127.1.2.3"]
    assert set(opened[2:]) <= {"::1", "::ffff:127.0.0.1"}
    assert webhook_url("http://127.0.0.1:8080/x", loopback=True)
    for text in ("http://10.0.0.1/", "http://hr.example.co.jp/", "https://192.168.0.1/"):
        with pytest.raises(ValueError):
            webhook_url(text, loopback=True)


@pytest.mark.parametrize("text", NOT_TAKEN)
def test_what_is_no_public_https_address_is_not_taken(text: str) -> None:
    with pytest.raises(ValueError):
        webhook_url(text)


@pytest.mark.parametrize("text", ["https://hr.example.co.jp/zairyu?key=1", "https://8.8.8.8:8443/", "https://a.jp"])
def test_a_public_https_address_is_taken_as_it_is(text: str) -> None:
    assert webhook_url(text) == text


# Names that no check of the text can refuse: the system's resolver reads numbers out of them.
@pytest.mark.parametrize(
    "host",
    ["localhost", "0x7f000001", "0x7f.1", "2130706433", "017700000001", "127.1", "0", "[::1]", "[::ffff:7f00:1]"],
)
async def test_nothing_is_connected_to_this_machine_under_any_name(host: str) -> None:
    asked = 0

    async def count(_reader: Any, writer: asyncio.StreamWriter) -> None:
        nonlocal asked
        asked += 1
        writer.close()

    server = await asyncio.start_server(count, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    client = WebhookClient(each=2)
    try:
        answer = await client.post(f"http://{host}:{port}/", {}, "{}", NOW)
        assert answer.outcome in (Outcome.ADDRESS_REFUSED, Outcome.NOT_REACHED)
        assert asked == 0
    finally:
        await client.close()
        server.close()


async def test_a_name_that_leads_elsewhere_at_the_next_look_is_refused_then(monkeypatch: pytest.MonkeyPatch) -> None:
    """DNS rebinding: the address that was checked is the one that is connected to, and each connection asks again."""
    answers = iter([["8.8.8.8"], ["127.0.0.1"], ["169.254.169.254", "8.8.8.8"]])
    monkeypatch.setattr(network, "_look_up", lambda *_: next(answers))
    connected: list[str] = []

    async def connect(_socket: socket.socket, address: Any) -> None:
        connected.append(address[0])
        raise OSError("no network in tests")

    monkeypatch.setattr(asyncio.get_running_loop(), "sock_connect", connect)
    client = WebhookClient(each=2)
    outcomes = [(await client.post("https://hr.example.co.jp/", {}, "{}", NOW)).outcome for _ in range(3)]
    await client.close()
    assert outcomes == [Outcome.NOT_REACHED, Outcome.ADDRESS_REFUSED, Outcome.ADDRESS_REFUSED]
    assert connected == ["8.8.8.8"], "looked up once, and the address that was looked at is the one that is taken"


async def test_a_name_server_that_hangs_holds_one_thread_and_no_other_name(monkeypatch: pytest.MonkeyPatch) -> None:
    may, asked = threading.Event(), []

    def look_up(host: str, port: int) -> list[str]:
        asked.append(host)
        if host == "slow.example.jp":
            may.wait()
        return ["10.0.0.1"]

    monkeypatch.setattr(network, "_look_up", look_up)
    monkeypatch.setattr("services.notification.webhooks.outgoing.client.SECONDS", 60)
    client = WebhookClient(each=50)
    try:
        slow = asyncio.gather(*(client.post("https://slow.example.jp/", {}, "{}", NOW, "slow") for _ in range(50)))
        await asyncio.sleep(0)
        other = await client.post("https://other.example.jp/", {}, "{}", NOW, "other")
        assert other.outcome is Outcome.ADDRESS_REFUSED
        assert asked.count("slow.example.jp") == 1
        assert not slow.done(), "they wait for the name server"
        may.set()
        assert {each.outcome for each in await slow} == {Outcome.ADDRESS_REFUSED}
    finally:
        may.set()
        await client.close()


@asynccontextmanager
async def https_receiver(folder: Path, name: str, answer: bytes) -> AsyncIterator[tuple[int, str, list[bytes]]]:
    """A server over TLS with a certificate for `name`; its port, the file of who signed it, and what it was sent."""
    key = Ed25519PrivateKey.generate()
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, None)
    )
    certificate_file, key_file = folder / "certificate.pem", folder / "key.pem"
    certificate_file.write_bytes(certificate.public_bytes(Encoding.PEM))
    key_file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate_file, key_file)
    sent: list[bytes] = []

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        sent.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(answer)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(take, "127.0.0.1", 0, ssl=context)
    try:
        yield server.sockets[0].getsockname()[1], str(certificate_file), sent
    finally:
        server.close()


@pytest.mark.parametrize(
    ("certificate_name", "outcome"), [("hr.test", Outcome.ACCEPTED), ("other.test", Outcome.NOT_REACHED)]
)
async def test_over_tls_the_name_counts_although_the_address_is_connected_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, certificate_name: str, outcome: Outcome
) -> None:
    monkeypatch.setattr(network, "_look_up", lambda *_: ["127.0.0.1"])
    answer = b"HTTP/1.1 204 No Content\r\n\r\n"
    async with https_receiver(tmp_path, certificate_name, answer) as (port, ca_file, sent):
        client = WebhookClient(each=2, loopback=True, ca_file=ca_file)
        found = await client.post(f"https://hr.test:{port}/hook?a=1", {"x": "y"}, "{}", NOW)
        await client.close()
        assert found.outcome is outcome
        if outcome is Outcome.ACCEPTED:
            assert sent[0].startswith(b"POST /hook?a=1 HTTP/1.1\r\nHost: hr.test:%d\r\n" % port)
        stranger = WebhookClient(each=2, loopback=True)
        assert (await stranger.post(f"https://hr.test:{port}/", {}, "{}", NOW)).outcome is Outcome.NOT_REACHED
        await stranger.close()


async def raw(answer: Callable[[asyncio.StreamWriter], Any]) -> Answer:
    """The outcome of a message to a server that answers with these bytes and nothing else."""

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        try:
            await answer(writer)
        except ConnectionError:
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(take, "127.0.0.1", 0)
    client = WebhookClient(each=2, loopback=True)
    try:
        return await client.post(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/", {}, "{}", NOW)
    finally:
        await client.close()
        server.close()


@pytest.mark.parametrize(
    ("sent", "outcome"),
    [
        (b"", Outcome.NOT_REACHED),
        (b"SSH-2.0-OpenSSH\r\n", Outcome.NOT_REACHED),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort", Outcome.ACCEPTED),
        (b"HTTP/1.1 500 No\r\nContent-Length: 0\r\nX-Nul: a\x00b\r\n\r\n", Outcome.NOT_REACHED),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 50_000 + b"\r\n", Outcome.NOT_REACHED),
        (b"HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n", Outcome.REDIRECTED),
    ],
)
async def test_what_is_no_proper_answer_fails_and_raises_nothing(sent: bytes, outcome: Outcome) -> None:
    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write(sent)
        await writer.drain()

    assert (await raw(answer)).outcome is outcome


@pytest.mark.parametrize(
    ("first", "outcome"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", Outcome.ACCEPTED),
        (b"HTTP/1.1 200 OK\r\nX: ", Outcome.TIMED_OUT),
    ],
)
async def test_an_answer_that_drips_has_its_time_in_all(
    monkeypatch: pytest.MonkeyPatch, first: bytes, outcome: Outcome
) -> None:
    monkeypatch.setattr("services.notification.webhooks.outgoing.client.SECONDS", 0.4)
    loop = asyncio.get_running_loop()

    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write(first)
        while True:
            writer.write(b"H")
            await writer.drain()
            waiting = loop.create_future()
            loop.call_later(0.05, waiting.set_result, None)
            await waiting

    assert (await raw(answer)).outcome is outcome


def test_the_resolver_of_the_system_reads_numbers_out_of_names() -> None:
    """The text of an address is therefore not what decides."""
    assert socket.getaddrinfo("0x7f.1", 443, type=socket.SOCK_STREAM)[0][4][0] == "127.0.0.1"
