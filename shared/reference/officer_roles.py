"""Names of officers' roles, and pairs of them that exclude each other. Role codes are those of `shared.auth.Role`."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from shared.errors import Text
from shared.reference.dated import Dated, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleExclusion(Dated):
    """An officer with `role` cannot hold `other`, nor the other way round."""

    role: str
    other: str


NAMES = {
    "user_approval": Text("利用申出審査", "User approval"),
    "reception": Text("受付", "Reception"),
    "examiner": Text("審査官", "Examiner"),
    "chief_examiner": Text("決裁者", "Chief examiner"),
    "card_office": Text("カード交付", "Card office"),
    "auditor": Text("監査", "Auditor"),
    "operator": Text("運用", "Operator"),
    "administrator": Text("管理者", "Administrator"),
}

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
        for other in NAMES
        if other != "auditor"
    ],
)


def excluded_pair(roles: Iterable[str], day: date) -> tuple[str, str] | None:
    """The first two of `roles` that one officer cannot hold together on `day`; None where all of them go together."""
    held = set(roles)
    for row in ROLE_EXCLUSIONS.on(day):
        if {row.role, row.other} <= held:
            return row.role, row.other
    return None
