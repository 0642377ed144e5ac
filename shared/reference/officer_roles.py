"""Which officers' roles do not go together. Role codes are those of `shared.auth.Role`."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from shared.reference.dated import Dated, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleExclusion(Dated):
    """Who holds `role` cannot hold `other`, and the other way round."""

    role: str
    other: str


_CHANGING = ("administrator", "card_office", "chief_examiner", "examiner", "operator", "reception", "user_approval")

# That one person takes both steps of a decision is kept out where it is taken: by person, whatever roles they hold.
ROLE_EXCLUSIONS = Table(
    "officer_role_exclusions",
    lambda row: (row.role, row.other),
    [
        RoleExclusion(
            role="auditor",
            other=other,
            source="Separation of duties: an auditor reads and changes nothing; rules of the real system not published",
            verify=True,
        )
        for other in _CHANGING
    ],
)


def excluded_pair(roles: Iterable[str], day: date) -> tuple[str, str] | None:
    """The first two of `roles` that one officer cannot hold together on `day`; None where all of them go together."""
    held = set(roles)
    for row in ROLE_EXCLUSIONS.on(day):
        if {row.role, row.other} <= held:
            return row.role, row.other
    return None
