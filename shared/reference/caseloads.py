"""The number of cases that an examiner of an office has at work at once."""

from dataclasses import dataclass
from datetime import date

from shared.reference.dated import Dated, Table

EVERY_OFFICE = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Caseload(Dated):
    """The limit of an office; of `*`, where an office has no row of its own. Cases that wait for the applicant, for an
    interview or for the second officer do not count."""

    office: str
    cases: int


CASELOADS = Table(
    "caseloads",
    lambda row: row.office,
    [
        Caseload(
            office=EVERY_OFFICE,
            cases=40,
            source="Project rule; limits of the real offices are not published",
            verify=True,
        ),
        Caseload(
            office="TYO",
            cases=60,
            source="Project rule; limits of the real offices are not published",
            verify=True,
        ),
    ],
)


def caseload(office: str, day: date) -> Caseload:
    """The limit of an office on a day."""
    return CASELOADS.get(day, office, EVERY_OFFICE)
