"""Statements that look at more pages where tables have more rows, each with the reason why it may."""

import re
from typing import NamedTuple


class Known(NamedTuple):
    """Statements of one service ("" for each), by an expression that stands in them, and the reason."""

    service: str
    statement: str
    reason: str


KNOWN = (
    Known(
        "registration",
        r"FROM organisation_categories",
        "once an hour, of all organisations: some ten thousand file in Japan, and their categories change once a year",
    ),
    Known(
        "application",
        r"percentile_cont.*progress_steps",
        "once a day, of the decisions of a year, by an index of their times: 2,000 rows are less than a year's",
    ),
    Known(
        "review",
        r"INSERT INTO figure_(steps|counts|durations)",
        "once an hour, of the cases of a month: 2,000 rows are less than a month's",
    ),
    Known(
        "review",
        r"FROM cards WHERE issued_at",
        "of the cards of a week; proposals are read as a whole while that is cheaper than to look for each of them",
    ),
)


def reason_of(service: str, statement: str) -> str | None:
    """The reason why a statement may grow; None where it may not."""
    return next(
        (each.reason for each in KNOWN if each.service in ("", service) and re.search(each.statement, statement)), None
    )
