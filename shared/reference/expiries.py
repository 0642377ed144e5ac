"""Fields of forms that say until when a paper or permission is valid.

When a document was issued no form asks; of documents that must be of the last three months it is not known here.
"""

from dataclasses import dataclass
from datetime import date

from shared.reference.dated import Dated, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Expiry(Dated):
    """The last day of validity that the field `code` of a form states."""

    code: str


EXPIRIES = Table(
    "expiries",
    lambda row: row.code,
    [
        Expiry(code="passport_expiry", source="Forms of COE, change and extension: date of expiration of the passport"),
        Expiry(code="supporter.stay_expiry", source="Forms of dependants: end of the stay of the supporter"),
        Expiry(code="employer.stay_expiry", source="Forms of designated activities: end of the stay of the employer"),
        Expiry(
            code="supervisor.licence_to", source="Forms of technical interns: licence of the supervising organisation"
        ),
        Expiry(code="emp.to", source="Forms of specified skilled workers: end of the employment contract"),
    ],
)


def expiry_fields(day: date) -> tuple[str, ...]:
    """The codes of the fields that name the end of something, on a day."""
    return tuple(row.code for row in EXPIRIES.on(day))
