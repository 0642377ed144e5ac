"""Keyed hashes by which a person is found again without anything about them being kept."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from services.application.forms.field import Form
from services.application.forms.form import FormVersion


@dataclass(frozen=True, slots=True)
class PersonKeys:
    """The hashes of one installation. `secret` is derived from the configured key."""

    secret: bytes

    @classmethod
    def of(cls, root: str) -> "PersonKeys":
        """The hashes under the configured key `root`."""
        return cls(hmac.new(root.encode(), b"zairyu.person-key", sha256).digest())

    def card_key(self, version: FormVersion, values: Mapping[str, Any]) -> bytes | None:
        """The key of the residence card number in a form; None where there is none yet."""
        number = version.fact("card_number", Form(values))
        return person_key(self.secret, number) if number else None

    def person(self, version: FormVersion, form: Form) -> UUID | None:
        """The person as their owner's lists know them: by name, birth date and nationality, which outlast a card; by
        the card until all three are entered."""
        keys = same_person_keys(self.secret, version, form)
        return UUID(hex=keys[-1][:32]) if keys else None

    def shared_keys(self, version: FormVersion, form: Form) -> tuple[str, ...]:
        """The keys (hex) that applications of one person share, no matter who files them; see `same_person_keys`."""
        return same_person_keys(self.secret, version, form)


def person_key(secret: bytes, card_number: str) -> bytes:
    """A keyed hash of a residence card number: equal numbers meet, and without `secret` it says nothing."""
    return hmac.digest(secret, b"zairyu.person.v1\n" + card_number.encode(), "sha256")


def same_person_keys(secret: bytes, version: FormVersion, form: Form) -> tuple[str, ...]:
    """Keyed hashes (hex) that two applications of one person share: one of the residence card number, and one of name,
    birth date and nationality, which stay when a card is renewed or its number was mistyped.

    Only what is filled in gives a key. The second one may meet for two people: an officer says so.
    """
    keys = []
    if card := version.fact("card_number", form):
        keys.append(person_key(secret, card).hex())
    identity = [version.fact(fact, form) for fact in ("name", "birth_date", "nationality")]
    if all(identity):
        name, born, nationality = identity
        letters = "".join(filter(str.isalnum, str(name).casefold()))
        written = "\n".join((letters, str(born), str(nationality)))
        keys.append(hmac.digest(secret, b"zairyu.identity.v1\n" + written.encode(), "sha256").hex())
    return tuple(keys)
