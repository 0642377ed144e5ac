"""The signature inside a PDF (PAdES): programs that show it say who signed it and that nothing was changed since."""

import hmac
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko_certvalidator.registry import SimpleCertificateStore

_PURPOSE = b"zairyu.certificate-signer.v1"
# The order of the curve P-256: a private key is a number below it.
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_FROM, _UNTIL = datetime(2026, 1, 1, tzinfo=UTC), datetime(2046, 1, 1, tzinfo=UTC)


class UnusableSigner(ValueError):
    """The file of the site's key cannot be read with its password."""


class PdfSigner:
    """Signs PDFs with one key and its certificate."""

    def __init__(self, signer: signers.SimpleSigner) -> None:
        self._signer = signer

    @classmethod
    def of_file(cls, path: str, password: str) -> "PdfSigner":
        """The key and certificates of a PKCS#12 file. Raises `UnusableSigner`."""
        signer = signers.SimpleSigner.load_pkcs12(path, passphrase=password.encode())  # type: ignore[no-untyped-call]
        if signer is None:
            raise UnusableSigner(f"{path}: no PKCS#12 file, or another password")
        return cls(signer)

    @classmethod
    def self_signed(cls, secret: str) -> "PdfSigner":
        """A key that is derived from `secret`, with a certificate that it signs itself: for a site without one."""
        number = int.from_bytes(hmac.digest(secret.encode(), _PURPOSE, "sha512")) % (_ORDER - 1) + 1
        key = ec.derive_private_key(number, ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Zairyu, self-signed")])
        usage = x509.KeyUsage(True, True, False, False, False, False, False, False, False)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(int.from_bytes(sha256(_PURPOSE).digest()[:8]) | 1)
            .not_valid_before(_FROM)
            .not_valid_after(_UNTIL)
            .add_extension(usage, critical=True)
            .sign(key, SHA256(), ecdsa_deterministic=True)
        )
        raw = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        return cls(
            signers.SimpleSigner(
                signing_cert=asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER)),
                signing_key=asn1_keys.PrivateKeyInfo.load(raw),
                cert_registry=SimpleCertificateStore(),  # type: ignore[no-untyped-call]
            )
        )

    def sign(self, pdf: bytes, reason: str) -> bytes:
        """`pdf` with a signature behind its last byte. Computes for a moment; not in a running event loop."""
        metadata = signers.PdfSignatureMetadata(
            field_name="Signature", md_algorithm="sha256", reason=reason, subfilter=SigSeedSubFilter.PADES, certify=True
        )
        signed: BytesIO = signers.sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)), metadata, signer=self._signer)
        return signed.getvalue()
