"""Authenticity of messages: codes that only the sending service and the reading service can make.

Every service has a key pair (X25519). The secret that two services share follows from the private key of the one and
the public key of the other, so that no secret travels and no third service has it: a message carries one code (HMAC)
for each service that may read it, and a reader could forge messages to itself alone. See docs/decisions/0110.
"""

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256
from struct import Struct
from typing import Literal

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from shared.messaging.message import Message
from shared.sealing import BadKey, Sealer, private_key, public_key

HEADER = "authentication"

# Attributes that a code covers beside topic, key and body. Not `traceparent`: tracing on the way may rewrite it.
_COVERED = tuple(
    f"ce_{name}" for name in ("id", "source", "type", "subject", "time", "dataschema", "correlationid", "causationid")
)
_CODE_BYTES = 16
_CODE_LETTERS = 22
_lengths = Struct(f">{2 + len(_COVERED)}I").pack

Reason = Literal["unsigned", "unknown-key", "forged", "wrong-topic", "wrong-source", "wrong-key", "stale"]


class Refused(ValueError):
    """A message that is not what the service in charge of its topic sent. `reason` is a code, the text says more."""

    def __init__(self, reason: Reason, text: str) -> None:
        super().__init__(text)
        self.reason = reason


def source_of(service: str) -> str:
    """The CloudEvents `source` of a service's events."""
    return f"/zairyu/{service}"


@lru_cache(maxsize=256)
def _owner_and_source(topic: str) -> tuple[str, bytes]:
    owner = owner_of(topic)
    return owner, source_of(owner).encode()


def owner_of(topic: str) -> str:
    """The service whose events `topic` carries, and nobody else's: `review` for `review.events`."""
    return topic.partition(".")[0]


@dataclass(frozen=True, slots=True)
class _Shared:
    """The key of one service's codes for another; `keyed` has taken in the key and nothing else."""

    sender_id: bytes
    reader_id: bytes
    keyed: hmac.HMAC

    def code(self, digest: bytes) -> bytes:
        made = self.keyed.copy()
        made.update(digest)
        return urlsafe_b64encode(made.digest()[:_CODE_BYTES])[:_CODE_LETTERS]


class EventKeys:
    """The keys with which one service signs its messages and checks those of others.

    `private` are its own keys, `public` those of all services that read or send; of several keys the first is the
    current one, and the others are still accepted. Raises `BadKey` where a key is none, and where the service's own
    public keys do not belong to its private ones: it would refuse, or be refused, without anybody having forged.
    """

    def __init__(self, service: str, private: Sequence[str], public: Mapping[str, Sequence[str]]) -> None:
        mine = [private_key(text) for text in private]
        known = {name: [public_key(text) for text in texts] for name, texts in public.items()}
        if not mine or key_id(mine[0].public_key()) not in map(key_id, known.get(service, ())):
            raise BadKey(
                f"ZAIRYU_EVENT_KEY does not belong to the keys of {service} in ZAIRYU_EVENT_PUBLIC_KEYS: "
                "replace both together (docs/messaging.md, Replacing a key)"
            )
        self.service = service
        self._sealers = {name: Sealer(texts[0]) for name, texts in public.items() if texts}
        self._opener = Sealer(",".join(private))
        me = mine[0]
        self._id = key_id(me.public_key())
        self._for = [_shared(me, keys[0], sender=me.public_key(), reader=keys[0]) for keys in known.values() if keys]
        self._from: dict[str, dict[bytes, list[_Shared]]] = {}
        for name, keys in known.items():
            for key in keys:
                pairs = [_shared(each, key, sender=key, reader=each.public_key()) for each in mine]
                self._from.setdefault(name, {})[key_id(key)] = pairs

    def seal_for(self, service: str, plain: str) -> str:
        """`plain`, closed so that `service` alone can open it. Raises `KeyError` for a service that has no key here."""
        return self._sealers[service].seal(plain)

    def open(self, sealed: str) -> str:
        """A text that another service closed for this one. Raises `SealBroken`."""
        return self._opener.open(sealed)

    @property
    def source(self) -> str:
        """The CloudEvents `source` of what this service sends."""
        return source_of(self.service)

    @classmethod
    def parse(cls, service: str, private: str, public: str) -> "EventKeys":
        """From settings: `KEY[,PREVIOUS]`, and `review=KEY[,PREVIOUS] application=KEY ...`."""
        pairs = [each.partition("=") for each in public.split()]
        return cls(service, _list(private), {name: _list(keys) for name, _, keys in pairs})

    def sign(self, message: Message) -> Message:
        """`message` with its codes: a header of `SENDER:` and for each reader `READER:code`, by ids of keys."""
        digest = _digest(message, dict(message.headers))
        codes = [pair.reader_id + pair.code(digest) for pair in self._for]
        rest = [header for header in message.headers if header[0] != HEADER]
        return replace(message, headers=(*rest, (HEADER, b" ".join([self._id, *codes]))))

    def check(self, message: Message, headers: Mapping[str, bytes] | None = None) -> None:
        """That the owner of the topic sent `message` to us, as it is, under this key. Raises `Refused`.

        `headers` are those of the message by name, where the caller has them already.
        """
        headers = dict(message.headers) if headers is None else headers
        owner, source = _owner_and_source(message.topic)
        if headers.get("ce_source") != source:
            raise Refused("wrong-source", f"only {owner} sends to this topic")
        if headers.get("ce_subject") != message.key.encode(errors="replace"):
            raise Refused("wrong-key", "sent under another key than its subject")
        signed = headers.get(HEADER)
        if signed is None:
            raise Refused("unsigned", "no authentication code")
        sender_id, _, codes = signed.partition(b" ")
        pairs = self._from.get(owner, {}).get(sender_id)
        if pairs is None:
            raise Refused("unknown-key", f"signed with a key that is not one of {owner}")
        for pair in pairs:
            begin = codes.find(pair.reader_id)
            if begin >= 0:
                begin += len(pair.reader_id)
                if hmac.compare_digest(pair.code(_digest(message, headers)), codes[begin : begin + _CODE_LETTERS]):
                    return
                raise Refused("forged", "the authentication code does not fit")
        raise Refused("unknown-key", f"no code for a key of {self.service}")


def key_id(key: X25519PublicKey) -> bytes:
    """The name of a public key in a header: 8 letters and a colon."""
    return urlsafe_b64encode(sha256(key.public_bytes_raw()).digest()[:6]) + b":"


def _list(keys: str) -> list[str]:
    return [key for key in keys.split(",") if key]


def _shared(
    private: X25519PrivateKey, public: X25519PublicKey, *, sender: X25519PublicKey, reader: X25519PublicKey
) -> _Shared:
    context = b"zairyu event codes 1" + sender.public_bytes_raw() + reader.public_bytes_raw()
    derived = HKDF(SHA256(), 32, salt=None, info=context).derive(private.exchange(public))
    return _Shared(key_id(sender), key_id(reader), hmac.new(derived, digestmod="sha256"))


def _digest(message: Message, headers: Mapping[str, bytes]) -> bytes:
    """SHA-256 over all that is covered, each part behind its length, so that no part can pass for another's end."""
    parts = [message.topic.encode(), message.key.encode(), *[headers.get(name, b"") for name in _COVERED]]
    return sha256(b"".join([_lengths(*map(len, parts)), *parts, message.value])).digest()
