"""DKIM signatures (RFC 6376, RFC 8463): made last, so that nothing of a mail changes after them."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass

import dkim
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

# Signed twice where a second one, added on the way, would be shown in its place.
_ONCE = ("date", "message-id", "mime-version", "content-type", "content-language", "auto-submitted")
_UNSUBSCRIBE = ("list-unsubscribe", "list-unsubscribe-post")
_TWICE = ("from", "to", "subject")
_HEADERS = [name.encode() for name in (*_TWICE, *_TWICE, *_ONCE, *_UNSUBSCRIBE)]
_RELAXED = (b"relaxed", b"relaxed")


@dataclass(frozen=True, slots=True, repr=False)
class _Key:
    selector: bytes
    algorithm: bytes
    secret: bytes


class Signer:
    """Signs for `domain` with each of `keys`, PEM by selector: RSA (rsa-sha256) or Ed25519 (ed25519-sha256).

    Several keys make as many signatures, of which a receiver needs one that it can verify: the old beside the new while
    keys change over, and RSA beside Ed25519, which not all receivers know.
    """

    def __init__(self, domain: str, keys: Mapping[str, bytes]) -> None:
        self._domain = domain.encode("idna")
        self._keys = [_key_of(selector, pem) for selector, pem in keys.items()]

    def sign(self, content: bytes) -> bytes:
        """`content`, with a signature of each key above it. Takes ten milliseconds of computing for one of RSA."""
        signatures = [
            dkim.sign(
                content,
                key.selector,
                self._domain,
                key.secret,
                canonicalize=_RELAXED,
                signature_algorithm=key.algorithm,
                include_headers=_HEADERS,
            )
            for key in self._keys
        ]
        return b"".join(signatures) + content


def _key_of(selector: str, pem: bytes) -> _Key:
    private = load_pem_private_key(pem, None)
    if isinstance(private, Ed25519PrivateKey):
        raw = private.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
        return _Key(selector.encode(), b"ed25519-sha256", base64.b64encode(raw))
    return _Key(
        selector.encode(),
        b"rsa-sha256",
        private.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()),
    )
