"""Sealed values: an address or a one-time link that travels in an event, readable only with the sealing key.

Topics, dead letters and backups then hold no address and no usable link.
"""

from cryptography.fernet import Fernet, InvalidToken


class SealBroken(ValueError):
    """The sealed value was made with another key or was altered."""


class Sealer:
    """Seals and opens short texts. `key` is a Fernet key (32 bytes, URL-safe base64)."""

    def __init__(self, key: str) -> None:
        self._fernet = Fernet(key)

    def seal(self, plain: str) -> str:
        """`plain` (UTF-8) as an opaque ASCII text."""
        return self._fernet.encrypt(plain.encode()).decode()

    def open(self, sealed: str) -> str:
        """The text that was sealed; raises `SealBroken`."""
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken as error:
            raise SealBroken("another key, or altered: compare ZAIRYU_SEALING_KEY of both services") from error
