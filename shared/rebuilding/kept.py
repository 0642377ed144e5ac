"""The snapshots of owners, and the projections that are rebuilt from each, as data."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kept:
    """Facts of one kind: their owner, and those who keep them, each with its projection."""

    kind: str
    owner: str
    by: tuple[tuple[str, str], ...]


KEPT = (
    Kept(
        "accounts",
        "registration",
        (("application", "accounts"), ("document", "stopped_accounts"), ("notification", "people")),
    ),
    Kept("organisations", "registration", (("application", "organisation_categories"),)),
    Kept("usage_registrations", "registration", (("document", "filed_registrations"),)),
    Kept("periodic_reports", "registration", (("document", "filed_reports"),)),
    Kept("documents", "document", (("application", "documents"), ("registration", "uploaded_files"))),
    Kept(
        "applications", "application", (("review", "cases"), ("document", "filings"), ("notification", "applications"))
    ),
    Kept("cases", "review", (("document", "handlings"), ("notification", "examinations"))),
)


def kept_of(owner: str) -> tuple[Kept, ...]:
    """The facts of an owner that others keep."""
    return tuple(each for each in KEPT if each.owner == owner)
