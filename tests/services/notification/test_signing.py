"""DKIM: each mail carries a signature of each key, verified as a receiver does it, on what arrived."""

import base64
from collections.abc import Callable
from pathlib import Path

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from pydantic import ValidationError

from services.notification.app import _smtp
from services.notification.channels.mail.relay import SmtpRelay
from services.notification.channels.mail.relay.signing import Signer
from services.notification.settings import Settings
from shared.clock import SystemClock
from tests.services.notification.faulty import FaultyServer, faulty_server
from tests.services.notification.test_relay import mail
from tests.support.keys import environment

Private = rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey

RSA = rsa.generate_private_key(65537, 2048)
ED = ed25519.Ed25519PrivateKey.generate()


def pem(key: Private) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def published(**keys: Private) -> Callable[..., bytes | None]:
    """The DNS of `example.jp` with these keys by selector, as dkimpy asks it."""
    records = {}
    for selector, key in keys.items():
        if isinstance(key, ed25519.Ed25519PrivateKey):
            kind, public = "ed25519", key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        else:
            kind, public = "rsa", key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        record = f"v=DKIM1; k={kind}; p={base64.b64encode(public).decode()}"
        records[f"{selector}._domainkey.example.jp.".encode()] = record.encode()
    return lambda name, timeout=5: records.get(name)


async def received(server: FaultyServer, signer: Signer, **parts: str) -> bytes:
    options = {"sender": "office@example.jp", "sender_name": "在留申請オンライン", "timeout": 5}
    relay = SmtpRelay("127.0.0.1", server.port, sign=signer.sign, **options)  # type: ignore[arg-type]
    await relay.send(mail(**parts))
    await relay.close()
    return server.raw[-1]


def verifies(content: bytes, index: int, dns: Callable[..., bytes | None]) -> bool:
    try:
        return bool(dkim.DKIM(content).verify(idx=index, dnsfunc=dns))
    except dkim.ValidationError:
        return False


async def test_what_arrives_has_a_signature_of_each_key_and_any_change_breaks_them() -> None:
    dns = published(rsa1=RSA, ed1=ED)
    signer = Signer("example.jp", {"rsa1": pem(RSA), "ed1": pem(ED)})
    long = "ありがとうございます。" * 400 + "\r\n.\r\n..two dots\r\n\r\n\r\n"
    async with faulty_server() as server:
        content = await received(server, signer, text=long, html=f"<p>{long}</p>", calendar="BEGIN:VCALENDAR\r\n")
    assert content.isascii(), "in seven bits, which no server on the way has to rewrite"
    for index, algorithm in enumerate((b"rsa-sha256", b"ed25519-sha256")):
        one = dkim.DKIM(content)
        assert one.verify(idx=index, dnsfunc=dns)
        assert one.signature_fields[b"a"] == algorithm
        signed = [name.strip() for name in one.signature_fields[b"h"].split(b":")]
        assert {b"from", b"to", b"subject", b"date", b"message-id", b"content-type"} <= set(signed)
        for change in (
            content.replace(b"Message-ID: <", b"Message-ID: <x"),
            content.rstrip() + b"\r\nmore\r\n",
            content.replace(b"\r\nFrom: ", b"\r\nFrom: thief@example.jp\r\nFrom: ", 1),
        ):
            assert not verifies(change, index, dns)


async def test_while_keys_change_over_receivers_verify_with_either() -> None:
    old, new = RSA, rsa.generate_private_key(65537, 2048)
    signer = Signer("example.jp", {"old": pem(old), "new": pem(new)})
    async with faulty_server() as server:
        content = await received(server, signer)
    for index, dns in enumerate((published(old=old), published(new=new))):
        assert dkim.DKIM(content).verify(idx=index, dnsfunc=dns)


def test_keys_of_the_settings_are_read_at_the_start_or_refused_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment("notification").items():
        monkeypatch.setenv(name, value)
    good, bad = tmp_path / "ed.pem", tmp_path / "bad.pem"
    good.write_bytes(pem(ED))
    base = {"database_url": "postgresql://x/y"}
    settings = Settings(mail_dkim_keys=f"a={good} b={good}", mail_from="x@example.jp", **base)  # type: ignore[arg-type]
    assert list(settings.dkim_keys) == ["a", "b"]
    relay = _smtp(settings, SystemClock())["first"]
    assert isinstance(relay, SmtpRelay) and relay._sign is not None
    content = relay._sign(b"From: x@example.jp\r\n\r\ntext\r\n")
    assert dkim.DKIM(content).verify(dnsfunc=published(a=ED))
    curve, short = ec.generate_private_key(ec.SECP256R1()), rsa.generate_private_key(65537, 1024)
    for name, made in (("none", b"secret words"), ("short", pem(short)), ("curve", pem(curve)), ("missing", b"")):
        bad.write_bytes(made)
        wrong = f"{name}={tmp_path / 'nowhere'}" if name == "missing" else f"{name}={bad}"
        with pytest.raises(ValidationError, match=name) as refused:
            Settings(mail_dkim_keys=wrong, **base)  # type: ignore[arg-type]
        assert "secret words" not in str(refused.value)
    with pytest.raises(ValidationError, match="SELECTOR=FILE"):
        Settings(mail_dkim_keys="nothing", **base)  # type: ignore[arg-type]
