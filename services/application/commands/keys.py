"""What commands need of the runtime: the seal for addresses, and the secret that finds a person again."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.application.domain.receiving import person_key, same_person_keys
from services.application.forms.field import Form
from services.application.forms.form import FormVersion
from shared.sealing import Sealer


@dataclass(frozen=True, slots=True)
class Keys:
    """`sealer` closes addresses in events; `person_secret` is the key of `person_key`."""

    sealer: Sealer
    person_secret: bytes

    def person(self, version: FormVersion, values: Mapping[str, Any]) -> bytes | None:
        """The person's key by the residence card number in a form; None where there is none yet."""
        number = version.fact("card_number", Form(values))
        return person_key(self.person_secret, number) if number else None

    def persons(self, version: FormVersion, form: Form) -> tuple[str, ...]:
        """The keys by which review finds other applications of the person, no matter who files them."""
        return same_person_keys(self.person_secret, version, form)
