"""The profiles of `profiles.toml`: who takes part, how many of each, and how long they think."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("profiles.toml")
# Officers need accounts of their own: a code of an authenticator app is taken once.
OFFICERS = {"Examiner": "examiner", "ChiefExaminer": "chief_examiner", "ApprovingChief": "chief_examiner"}


@dataclass(frozen=True, slots=True)
class Part:
    """People of one kind: their share, the least and the most seconds that they think, and what is theirs alone."""

    kind: str
    share: int
    think: tuple[float, float]
    own: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Profile:
    """A profile as it stands in the file."""

    name: str
    what: str
    people: tuple[Part, ...]
    spawn: float = 10
    cases: int = 0
    proposals: int = 0

    def counts(self, users: int) -> dict[str, int]:
        """The number of people of each kind among so many: by their shares, and one of each at least."""
        shares = {part.kind: part.share for part in self.people}
        total = sum(shares.values())
        counts = {kind: max(1, users * share // total) for kind, share in shares.items()}
        by_rest = sorted(shares, key=lambda kind: users * shares[kind] % total, reverse=True)
        for kind in by_rest:
            if sum(counts.values()) < users:
                counts[kind] += 1
        return counts

    def officers(self, counts: Mapping[str, int]) -> dict[str, int]:
        """Officers by role, among so many people of each kind; "proposer" is the one of proposals that are prepared."""
        roles = dict.fromkeys(OFFICERS.values(), 0) | {"proposer": int(self.proposals > 0)}
        for kind, role in OFFICERS.items():
            roles[role] += counts.get(kind, 0)
        return roles

    def prepared(self, counts: Mapping[str, int]) -> tuple[int, int]:
        """The applications that are filed before, and how many of them are proposed."""
        chiefs = sum(counts.get(kind, 0) for kind, role in OFFICERS.items() if role == "chief_examiner")
        proposals = self.proposals * chiefs
        return self.cases * counts.get("Examiner", 0) + proposals, proposals


def read_profiles(path: Path = FILE) -> dict[str, Profile]:
    """All profiles by name."""
    found = tomllib.loads(path.read_text())
    return {name: _profile(name, values) for name, values in found.items()}


def _profile(name: str, values: Mapping[str, Any]) -> Profile:
    people = tuple(_part(kind, dict(part)) for kind, part in values["people"].items())
    others = {key: value for key, value in values.items() if key != "people"}
    return Profile(name=name, people=people, **others)


def _part(kind: str, values: dict[str, Any]) -> Part:
    least, most = values.pop("think")
    return Part(kind, values.pop("share"), (float(least), float(most)), values)
