"""Access to the object store: an identity for each bucket, codes between its parts, and a certificate.

The S3 port asks for a signature, and an identity reaches its own bucket alone. The other parts (master, volume, filer)
talk to each other over gRPC with a certificate that nobody else has; their HTTP takes no request without a code.
"""

import datetime
import ipaddress
import json
import os
from collections.abc import Mapping
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from deploy.local.ports import HOST
from deploy.local.secrets import Secrets

_PARTS = ("MASTER", "VOLUME", "FILER", "S3", "ADMIN", "WORKER", "CLIENT", "MSG_BROKER")
_CODES = ("JWT_SIGNING_KEY", "JWT_SIGNING_READ_KEY", "JWT_FILER_SIGNING_KEY", "JWT_FILER_SIGNING_READ_KEY")
# A stack that is older than this has long been cleaned away.
_CERTIFICATE_FOR = datetime.timedelta(days=3650)


def write_identities(file: Path, secrets: Mapping[str, str], operator: str) -> None:
    """SeaweedFS's file of S3 identities: one for each bucket of `secrets`, and the one that may make buckets."""
    identities = [
        {
            "name": name,
            "credentials": [{"accessKey": name, "secretKey": secret}],
            "actions": ["Admin"]
            if name == operator
            else [f"{action}:{name}" for action in ("Read", "Write", "List", "Tagging")],
        }
        for name, secret in secrets.items()
    ]
    _write(file, json.dumps({"identities": identities}).encode())


def inner_environment(directory: Path, secrets: Secrets) -> dict[str, str]:
    """The variables by which the store's parts know each other; writes the certificate that they name, once."""
    certificate, key = directory / "inner.crt", directory / "inner.key"
    if not (certificate.exists() and key.exists()):
        _make_certificate(certificate, key)
    values = {name: secrets.text(f"store_{name.lower()}") for name in _CODES} | {
        "GRPC_CA": str(certificate),
        # From which the store derives the key that encrypts those of the files.
        "S3_SSE_KEY": secrets.text("store_sse_key"),
    }
    for part in _PARTS:
        values |= {f"GRPC_{part}_CERT": str(certificate), f"GRPC_{part}_KEY": str(key)}
    return {f"WEED_{name}": value for name, value in values.items()}


def _make_certificate(certificate: Path, key: Path) -> None:
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "object-store")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + _CERTIFICATE_FOR)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(HOST))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(private, SHA256())
    )
    _write(key, private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    _write(certificate, made.public_bytes(Encoding.PEM))


def _write(file: Path, content: bytes) -> None:
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(content)
