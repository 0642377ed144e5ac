"""The plan of a run: a file from the process that prepares the system to the one with the people."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

# Names the plan's file to the process that plays the people.
VARIABLE = "ZAIRYU_LOAD_PLAN"


@dataclass(frozen=True, slots=True)
class Account:
    """An account that can sign in; `secret` is that of an authenticator app."""

    login_id: str
    password: str
    secret: str | None = None


@dataclass(frozen=True, slots=True)
class People:
    """So many people of one kind, the seconds that they think, and what is theirs alone."""

    kind: str
    count: int
    think: tuple[float, float]
    own: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """`folder` holds the files that people send, and takes what they were answered: `filed.txt`, `requests.csv`.

    Accounts are those of offices under "office", of those that have filed something under "filer", and those of
    officers under their role. `filed` and `drafts` are ids of applications by the login id of their office: filed ones,
    and those that are complete and not filed. `rate` and `seconds` are an open load's: how many in a second, and how
    long. Every pause is multiplied with `thinking`. `patient` people ask again where nobody answers. With
    `errands` the run is over once somebody of each kind has done an errand.
    """

    url: str
    folder: Path
    people: Sequence[People]
    accounts: Mapping[str, Sequence[Account]]
    filed: Mapping[str, Sequence[str]] = field(default_factory=dict)
    drafts: Mapping[str, Sequence[str]] = field(default_factory=dict)
    rate: float = 0
    seconds: float = 0
    thinking: float = 1
    patient: bool = False
    errands: bool = False

    def write(self, path: Path) -> None:
        """Write it down."""
        path.write_text(json.dumps(asdict(self) | {"folder": str(self.folder)}))

    @classmethod
    def read(cls, path: Path) -> "Plan":
        """The plan of the file."""
        found = json.loads(path.read_text())
        accounts = {kind: [Account(**one) for one in those] for kind, those in found.pop("accounts").items()}
        people = [People(**(one | {"think": tuple(one["think"])})) for one in found.pop("people")]
        return cls(**(found | {"folder": Path(found["folder"]), "accounts": accounts, "people": people}))
