"""Mail servers that fail at every stage: nothing is lost, nothing sent twice, the right ones given up.

Only what a server took over without saying so may come twice, under one Message-ID.
"""

import asyncio
import random
import ssl
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from sqlalchemy import func, select

from services.notification.channels.mail.channel import MailChannel
from services.notification.channels.mail.relay import NotNow, Refused, Relays, SmtpRelay, Unreachable
from services.notification.channels.protocol import MAIL
from services.notification.delivery.sender import Sender
from services.notification.messages.catalogue import WRITERS
from services.notification.messages.store import Delivery, Notification
from tests.cases.test_mails_once import all_sent, make
from tests.services.notification.conftest import MailClient
from tests.services.notification.faulty import DROP, SILENCE, STAGES, TAKE_AND_DROP, FaultyServer, faulty_server
from tests.services.notification.test_relay import mail
from tests.support.parts import running
from tests.support.waiting import eventually


def relay_of(server: FaultyServer, timeout: float = 30, **options: Any) -> SmtpRelay:
    return SmtpRelay("127.0.0.1", server.port, sender="office@example.jp", sender_name="o", timeout=timeout, **options)


def expected(stage: str, answer: str) -> tuple[type[Exception], bool | None]:
    """The error of a relay for an answer at a stage, and whether the failure is the relay's own."""
    if stage in ("CONNECT", "EHLO", "AUTH"):
        return Unreachable, True
    if answer.startswith("421"):
        return NotNow, True
    if answer.startswith(("45", "552")):
        return NotNow, False
    return (NotNow, True) if stage == "MAIL" else (Refused, None)


@pytest.mark.parametrize("answer", ["421", "450", "451", "452", "550", "552", "554"])
@pytest.mark.parametrize("stage", STAGES)
async def test_every_refusal_at_every_stage(stage: str, answer: str) -> None:
    kind, by_relay = expected(stage, answer)
    async with faulty_server(faults={stage: f"{answer} not this"}) as server:
        relay = relay_of(server)
        with pytest.raises(kind, match=f"smtp-{answer}") as refused:
            await relay.send(mail())
        assert type(refused.value) is kind
        assert getattr(refused.value, "by_relay", None) == by_relay
        assert server.accepted == []
        server.faults.clear()
        await relay.send(mail())
        assert len(server.accepted) == 1, "the mail after it is none the worse"
        await relay.close()


@pytest.mark.parametrize("stage", STAGES)
async def test_connection_that_is_lost_at_every_stage(stage: str) -> None:
    async with faulty_server(faults={stage: DROP}) as server:
        relay = relay_of(server)
        with pytest.raises(NotNow, match="connection") as failure:
            await relay.send(mail())
        assert failure.value.by_relay
        assert isinstance(failure.value, Unreachable) == (stage in ("CONNECT", "EHLO"))
        assert server.accepted == []


async def test_mail_that_was_taken_over_without_a_word_is_the_only_one_that_comes_twice() -> None:
    sent = mail()
    async with faulty_server(faults={"END": TAKE_AND_DROP}) as server:
        relay = relay_of(server)
        with pytest.raises(NotNow, match="connection") as failure:
            await relay.send(sent)
        assert not isinstance(failure.value, Unreachable), "another relay does not get it at once"
        server.faults.clear()
        await relay.send(sent)
        assert [str(one["Message-ID"]) for one in server.accepted] == [f"<{sent.message_id}>"] * 2
        await relay.close()


async def test_silence_at_every_stage_ends_with_the_time_out() -> None:
    """All stages at once: the time-out passes once."""

    async def silent(stage: str) -> tuple[bool, str]:
        async with faulty_server(faults={stage: SILENCE}) as server:
            with pytest.raises(NotNow) as failure:
                await relay_of(server, timeout=3).send(mail())
            assert failure.value.by_relay
            assert server.accepted == []
            return isinstance(failure.value, Unreachable), str(failure.value)

    found = dict(zip(STAGES, await asyncio.gather(*map(silent, STAGES)), strict=True))
    assert {code for _, code in found.values()} == {"timeout"}
    assert found["CONNECT"][0] and found["EHLO"][0]


@pytest.mark.parametrize("answer", ["535 5.7.8 wrong", "454 4.7.0 later", "421 busy", DROP])
async def test_sign_in_that_fails_is_never_the_mails_fault(answer: str) -> None:
    async with faulty_server(faults={"AUTH": answer}, extensions=("AUTH PLAIN",)) as server:
        with pytest.raises(Unreachable):
            await relay_of(server, username="u", password="p").send(mail())
        assert server.accepted == []


def certificate(folder: Path, *, name: str = "", days: int = 1, signer: str = "known") -> tuple[ssl.SSLContext, Path]:
    """TLS of a server with a certificate for 127.0.0.1, or for `name`; and the authority that its relay knows."""
    now = datetime.now(UTC)
    authority, key = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()

    def made(subject: str, public: Any, by: Ed25519PrivateKey, *extensions: x509.ExtensionType) -> x509.Certificate:
        builder = (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)]))
            .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "authority")]))
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=10))
            .not_valid_after(now + timedelta(days=days if subject != "authority" else 10))
        )
        for extension in extensions:
            builder = builder.add_extension(extension, critical=False)
        return builder.sign(by, None)

    is_authority = x509.BasicConstraints(ca=True, path_length=None)
    at = x509.DNSName(name) if name else x509.IPAddress(ip_address("127.0.0.1"))
    ca = made("authority", authority.public_key(), authority, is_authority)
    by = authority if signer == "known" else key
    server = made("server", key.public_key(), by, x509.SubjectAlternativeName([at]))
    files = folder / "ca.pem", folder / "server.pem", folder / "key.pem"
    files[0].write_bytes(ca.public_bytes(Encoding.PEM))
    files[1].write_bytes(server.public_bytes(Encoding.PEM))
    files[2].write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files[1], files[2])
    return context, files[0]


@pytest.mark.parametrize("security", ["tls", "starttls"])
@pytest.mark.parametrize(
    "lie",
    [{"name": "other.example"}, {"days": -1}, {"signer": "itself"}],
    ids=["another name", "expired", "self-signed"],
)
async def test_no_mail_goes_to_a_server_whose_certificate_lies(
    tmp_path: Path, security: str, lie: dict[str, Any]
) -> None:
    context, ca = certificate(tmp_path, **lie)
    async with faulty_server(tls=context, implicit=security == "tls") as server:
        with pytest.raises(Unreachable, match="certificate"):
            await relay_of(server, security=security, ca_file=ca).send(mail())
        assert server.accepted == []


@pytest.mark.parametrize("security", ["tls", "starttls"])
async def test_mails_go_over_tls_and_never_without_it(tmp_path: Path, security: str) -> None:
    context, ca = certificate(tmp_path)
    async with faulty_server(tls=context, implicit=security == "tls") as server:
        relay = relay_of(server, security=security, ca_file=ca)
        await relay.send(mail())
        await relay.send(mail())
        assert (server.connections, len(server.accepted)) == (1, 2)
        await relay.close()
    async with faulty_server() as server:
        with pytest.raises(Unreachable):
            await relay_of(server, security=security, ca_file=ca, timeout=3).send(mail())
        assert server.accepted == []


@pytest.fixture
async def pair(post: MailClient) -> AsyncIterator[tuple[FaultyServer, FaultyServer, Sender]]:
    """A sender with two relays, by the clock of the test."""
    state = post.service.app.state
    async with faulty_server() as first, faulty_server() as second:
        relays = Relays({"first": relay_of(first), "second": relay_of(second)}, post.clock)
        channel = MailChannel(relays, state.runtime.sealer, WRITERS, site=state.site, domain="zairyu.test")
        yield first, second, Sender(state.runtime.commands, {MAIL: channel})
        await relays.close()


def arrived(*servers: FaultyServer) -> Counter[str]:
    return Counter(str(one["Message-ID"]) for server in servers for one in server.accepted)


async def goes_on(post: MailClient, count: int) -> bool:
    post.clock.advance(timedelta(seconds=30))
    return await all_sent(post, count)


MAILS = 60
PLACES = 8


async def test_mails_arrive_once_however_their_servers_fail(
    post: MailClient, pair: tuple[FaultyServer, FaultyServer, Sender]
) -> None:
    """Another fault with each mail, at both relays: each arrives, and only what was taken without a word twice."""
    first, second, sender = pair
    faults = [(stage, fault) for stage in STAGES for fault in ("421 no", "451 no", DROP)]
    await make(post, len(faults))

    async def send_meeting(stage: str, fault: str) -> None:
        for server in (first, second):
            server.faults = {stage: fault}
        await sender.send_due()
        post.clock.advance(timedelta(minutes=1))

    for stage, fault in faults:
        await send_meeting(stage, fault)
    before = arrived(first, second)
    # Taken without a word; the first attempts may meet connections that the fault before has ended.
    while not (taken := arrived(first, second) - before):
        await send_meeting("END", TAKE_AND_DROP)
    for server in (first, second):
        server.faults = {}
    while not await all_sent(post, len(faults)):
        await sender.send_due()
        post.clock.advance(timedelta(minutes=10))
    copies = arrived(first, second)
    assert len(copies) == len(faults)
    assert {mail: count for mail, count in copies.items() if count > 1 + taken[mail]} == {}
    async with post.service.db.read() as session:
        assert await session.scalar(select(func.count()).where(Notification.state == "failed")) == 0


@pytest.mark.faults
async def test_relay_that_dies_in_the_middle_is_replaced_by_the_other_and_comes_back(
    post: MailClient, pair: tuple[FaultyServer, FaultyServer, Sender]
) -> None:
    first, second, sender = pair
    await make(post, MAILS)
    dies_after = random.randint(1, MAILS // 2)
    async with running(sender.run()):
        await eventually(lambda: len(first.accepted) >= dies_after, 120)
        await first.stop()
        await eventually(lambda: goes_on(post, MAILS), 120)
        copies = arrived(first, second)
        assert len(copies) == MAILS
        assert sum(copies.values()) - MAILS <= PLACES, "what was with the first one when it died"
        assert len(second.accepted) > 0
        await first.start()
        post.clock.advance(timedelta(minutes=10))
        before = len(first.accepted)
        await make(post, 3)
        await eventually(lambda: goes_on(post, MAILS + 3), 120)
        assert len(first.accepted) > before, "mails drift back"


@pytest.mark.faults
async def test_no_attempt_is_counted_while_both_relays_are_away(
    post: MailClient, pair: tuple[FaultyServer, FaultyServer, Sender]
) -> None:
    first, second, sender = pair
    await make(post, MAILS)
    dies_after = random.randint(1, MAILS // 2)
    async with running(sender.run()):
        await eventually(lambda: len(first.accepted) >= dies_after, 120)
        await first.stop()
        await second.stop()
        await eventually(lambda: sender._channels[MAIL].concurrency == 0, 120)
        # Hours pass, in which one mail at a time tries a relay out.
        for _ in range(20):
            post.clock.advance(timedelta(minutes=11))
            sender.wake()
            await asyncio.sleep(0)
        async with post.service.db.read() as session:
            waiting = list(await session.scalars(select(Delivery.attempts).where(Delivery.state == "waiting")))
        assert all(attempts <= 1 for attempts in waiting), "only what was with the first one when it died had one"
        await second.start()
        await first.start()
        await eventually(lambda: goes_on(post, MAILS), 120)
    copies = arrived(first, second)
    assert len(copies) == MAILS
    assert sum(copies.values()) - MAILS <= PLACES
