"""Sealed values: an address or a one-time link that travels in an event, readable only with the sealing key.

Topics, dead letters and backups then hold no address and no usable link. A writer need not read them: services
seal with a public key, and the private one is notification's alone. What one service seals for itself (`Vault`) has
another key.
"""

import hmac
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_PUBLIC, _PRIVATE = "public-", "private-"
# The first bytes of every value: which way it was sealed. In base64 it begins `gAAAA`, as SealedText asks of one.
_FORM = b"\x80\x00\x00\x00\x02"
_KEY_BYTES = 32
_NONCE_BYTES = 12
# Short texts must look alike in length: plain text is padded to a multiple of so many bytes.
_BLOCK = 32


class SealBroken(ValueError):
    """The sealed value was made with another key or was altered."""


class BadKey(ValueError):
    """A text that is no key of the kind that is needed. It says which, and never the key."""


def new_key_pair() -> tuple[str, str]:
    """A fresh (private, public) pair as settings hold them: `private-...`, `public-...`."""
    private = X25519PrivateKey.generate()
    raw = private.private_bytes_raw(), private.public_key().public_bytes_raw()
    return _PRIVATE + urlsafe_b64encode(raw[0]).decode(), _PUBLIC + urlsafe_b64encode(raw[1]).decode()


def private_key(text: str) -> X25519PrivateKey:
    """The key behind `private-` and 32 bytes in URL-safe base64. Raises `BadKey`."""
    return X25519PrivateKey.from_private_bytes(_raw(text, _PRIVATE))


def public_key(text: str) -> X25519PublicKey:
    """The key behind `public-` and 32 bytes in URL-safe base64. Raises `BadKey`."""
    return X25519PublicKey.from_public_bytes(_raw(text, _PUBLIC))


class Sealer:
    """Seals short texts for whom the key belongs to, and opens them where it is the private one.

    `key` is `public-...`, or `private-...`, or several private ones behind commas: the first seals, all open.
    """

    def __init__(self, key: str) -> None:
        keys = [each.strip() for each in key.split(",")]
        self._private = [private_key(each) for each in keys if not each.startswith(_PUBLIC)]
        self._public = self._private[0].public_key() if self._private else public_key(keys[0])

    def seal(self, plain: str) -> str:
        """`plain` (UTF-8) as an opaque ASCII text."""
        return self.with_one_key().seal(plain)

    def with_one_key(self) -> "SealedTogether":
        """A key for the texts of one command: to agree on it costs forty times as much as to seal a text with it."""
        return SealedTogether(self._public)

    @property
    def has_earlier_keys(self) -> bool:
        """Whether what was sealed with another key than the one in use is opened as well."""
        return len(self._private) > 1

    def hashes(self, plain: str) -> list[bytes]:
        """Keyed hashes of a text, one for each private key, the first with the key in use: what was sealed is found by
        them, and who lacks the key cannot try texts out."""
        return [hmac.digest(_hash_key(key), plain.encode(), "sha256") for key in self._private]

    def open(self, sealed: str) -> str:
        """The text that was sealed; raises `SealBroken`, also where the private key is another's."""
        try:
            raw = urlsafe_b64decode(sealed)
            form, sent, rest = raw[: len(_FORM)], raw[len(_FORM) :][:_KEY_BYTES], raw[len(_FORM) + _KEY_BYTES :]
            nonce, box = rest[:_NONCE_BYTES], rest[_NONCE_BYTES:]
            if form != _FORM or len(nonce) < _NONCE_BYTES:
                raise ValueError
            ephemeral = X25519PublicKey.from_public_bytes(sent)
        except ValueError as error:
            raise SealBroken("not a sealed value") from error
        for key in self._private:
            try:
                padded = _cipher(key.exchange(ephemeral), sent, key.public_key()).decrypt(nonce, box, _FORM)
            except (InvalidTag, ValueError):
                continue
            return padded.rstrip(b"\0")[:-1].decode()
        raise SealBroken("another key, or altered: compare ZAIRYU_SEALING_KEY of both services")


class SealedTogether:
    """Seals several short texts with one key of their own, each under a nonce drawn for it.

    Who reads along sees of two values that they came of the same command, and nothing else.
    """

    def __init__(self, reader: X25519PublicKey) -> None:
        once = X25519PrivateKey.generate()
        self._sent = once.public_key().public_bytes_raw()
        self._cipher = _cipher(once.exchange(reader), self._sent, reader)

    def seal(self, plain: str) -> str:
        """`plain` (UTF-8) as an opaque ASCII text."""
        text, nonce = plain.encode(), os.urandom(_NONCE_BYTES)
        padded = text + b"\x01" + bytes(-(len(text) + 1) % _BLOCK)
        return urlsafe_b64encode(_FORM + self._sent + nonce + self._cipher.encrypt(nonce, padded, _FORM)).decode()


class Vault:
    """The seal for data that a service alone reads, in its own database. `key`: Fernet keys, the current one first."""

    def __init__(self, key: str) -> None:
        try:
            self._fernet = MultiFernet([Fernet(each.strip()) for each in key.split(",")])
        except ValueError:
            raise BadKey("not a Fernet key (32 bytes, URL-safe base64)") from None

    def seal(self, plain: str) -> str:
        """`plain` (UTF-8) as an opaque ASCII text."""
        return self._fernet.encrypt(plain.encode()).decode()

    def open(self, sealed: str) -> str:
        """The text that was sealed; raises `SealBroken`."""
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken as error:
            raise SealBroken("another key, or altered: the key that sealed it must stay in the list") from error


def _hash_key(key: X25519PrivateKey) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=b"zairyu hash of a sealed text").derive(key.private_bytes_raw())


def _cipher(shared: bytes, sent: bytes, reader: X25519PublicKey) -> ChaCha20Poly1305:
    context = b"zairyu sealed text 2" + sent + reader.public_bytes_raw()
    return ChaCha20Poly1305(HKDF(SHA256(), 32, salt=None, info=context).derive(shared))


def _raw(text: str, prefix: str) -> bytes:
    kind = prefix.removesuffix("-")
    if not text.startswith(prefix):
        raise BadKey(f"not a {kind} key: it begins with {prefix!r}")
    try:
        raw = urlsafe_b64decode(text.removeprefix(prefix))
    except ValueError:
        raw = b""
    if len(raw) != _KEY_BYTES:
        raise BadKey(f"not a {kind} key: {prefix!r} and 32 bytes in URL-safe base64")
    return raw
