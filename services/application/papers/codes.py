"""The code of a paper: what it says in clear, and an Ed25519 signature of that.

Of a proof, `KEY.TYOEN26000001.261129.270131.261201.SIGNATURE`: the key's id, the receipt number in ASCII, the day of
receipt, the last day of the special period (`-` without one), the day of issue, and the signature in URL-safe base64.
Of a certificate, `KEY.TYO26-000123.261201.270301.SIGNATURE`: its number, its day of issue, its last day (`-` without
one). Anybody with the published key reads and verifies it without a network; only the database knows what became of it
since.
"""

import hmac
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from shared.reference.offices import OFFICES
from shared.reference.receipt_numbers import ReceiptNumber, parse_receipt_number

# What is signed begins so: a signature of this key means nothing elsewhere.
PURPOSE = b"zairyu.proof.v1\n"
# Longer than any code can be.
MAX_LENGTH = 160
_CODE = re.compile(
    r"(?P<key>[0-9a-f]{4})\.(?:"
    r"(?P<office>[A-Z]{3})(?P<letters>[A-Z]{1,3})(?P<year>\d{2})(?P<serial>\d{6})"
    r"\.(?P<received>\d{6})\.(?P<end>\d{6}|-)\.(?P<issued>\d{6})"
    r"|(?P<certificate>[A-Z]{3}\d{2}-\d{6,9})\.(?P<certified>\d{6})\.(?P<last>\d{6}|-)"
    r")\.(?P<signature>[A-Za-z0-9_-]{86})",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Proven:
    """The facts that a code states. `receipt_number` as people write it; `special_period_end` is a day in Japan."""

    receipt_number: str
    received_on: date
    special_period_end: date | None
    issued_on: date


@dataclass(frozen=True, slots=True)
class Certified:
    """The facts that the code of a certificate states. `valid_until` is None where it does not end."""

    number: str
    issued_on: date
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class ProofKeys:
    """The keys of this installation: the first signs, all verify."""

    keys: Sequence[Ed25519PrivateKey]

    @classmethod
    def of(cls, configured: str) -> "ProofKeys":
        """The keys that are derived from the configured secrets, which stand behind commas: the newest first."""
        seeds = (
            hmac.new(each.strip().encode(), b"zairyu.proof-key.v1", sha256).digest() for each in configured.split(",")
        )
        return cls(tuple(Ed25519PrivateKey.from_private_bytes(seed) for seed in seeds))

    def published(self) -> Mapping[str, str]:
        """The public keys (32 bytes in URL-safe base64) by id, for verification without this system."""
        return {key_id(key.public_key()): _base64(key.public_key().public_bytes_raw()) for key in self.keys}

    def issue(self, stated: Proven | Certified) -> str:
        """The code of a paper; the same for the same facts."""
        key = self.keys[0]
        said = f"{key_id(key.public_key())}.{_said(stated)}"
        return f"{said}.{_base64(key.sign(PURPOSE + said.encode()))}"

    def read(self, code: str) -> Proven | Certified | None:
        """The facts of a code that one of the keys signed; None for anything else. A forged code costs what a genuine
        one does."""
        found = _CODE.fullmatch(code) if len(code) <= MAX_LENGTH else None
        said, _, signature = (code if found else _NOTHING).rpartition(".")
        known = {key_id(key.public_key()): key.public_key() for key in self.keys}
        public = known.get(found["key"]) if found else None
        genuine = _is_signed(public or self.keys[0].public_key(), said, signature)
        return _stated(found) if found and public and genuine else None


# Of the form of a code, and signed by nobody.
_NOTHING = f"0000.TYOEN26000001.260101.-.260101.{'A' * 86}"


def key_id(key: Ed25519PublicKey) -> str:
    """Four hexadecimal digits by which a code names its key."""
    return sha256(key.public_bytes_raw()).hexdigest()[:4]


def _said(stated: Proven | Certified) -> str:
    if isinstance(stated, Certified):
        return f"{stated.number}.{stated.issued_on:%y%m%d}.{_digits(stated.valid_until)}"
    number = parse_receipt_number(stated.receipt_number).ascii
    return f"{number}.{stated.received_on:%y%m%d}.{_digits(stated.special_period_end)}.{stated.issued_on:%y%m%d}"


def _stated(found: re.Match[str]) -> Proven | Certified | None:
    if found["certificate"]:
        return Certified(found["certificate"], _day(found["certified"]), _perhaps_day(found["last"]))
    prefix = next((row.prefix for row in OFFICES.rows if row.code == found["office"]), None)
    if prefix is None:
        return None
    number = ReceiptNumber(prefix, found["letters"], 2000 + int(found["year"]), int(found["serial"]))
    return Proven(str(number), _day(found["received"]), _perhaps_day(found["end"]), _day(found["issued"]))


def _digits(day: date | None) -> str:
    return f"{day:%y%m%d}" if day else "-"


def _perhaps_day(digits: str) -> date | None:
    return None if digits == "-" else _day(digits)


def _day(digits: str) -> date:
    return date(2000 + int(digits[:2]), int(digits[2:4]), int(digits[4:]))


def _is_signed(key: Ed25519PublicKey, said: str, signature: str) -> bool:
    try:
        raw = urlsafe_b64decode(signature + "==")
        key.verify(raw, PURPOSE + said.encode())
    except (ValueError, InvalidSignature):
        return False
    # The last character has bits to spare: only one writing of a signature counts.
    return _base64(raw) == signature


def _base64(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")
