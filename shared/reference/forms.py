"""Numbers of rows in the repeating lists of a form."""

from dataclasses import dataclass
from datetime import date

from shared.reference.dated import Dated, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class RowLimit(Dated):
    """A repeating list of the form: how many rows the official form has, and how many are accepted here.

    Rows beyond the official number are printed on a continuation sheet, as people do on paper.
    """

    code: str
    official: int
    accepted: int


ROW_LIMITS = Table(
    "row_limits",
    lambda row: row.code,
    [
        RowLimit(code=code, official=official, accepted=accepted, source="COE form, section N, as offered in 2026-05")
        for code, official, accepted in (
            ("family", 6, 30),
            ("jobs", 6, 50),
            ("industries", 3, 10),
            ("occupations", 4, 10),
        )
    ],
)


def row_limit(code: str, day: date) -> RowLimit:
    """The numbers of rows of a repeating list of the form: `family`, `jobs`, `industries`, `occupations`."""
    return ROW_LIMITS.get(day, code)
