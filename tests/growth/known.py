"""Statements that look at more pages where tables have more rows, each with the reason why it may."""

import re
from typing import NamedTuple


class Known(NamedTuple):
    """Statements of one service ("" for each), by an expression that stands in them, and the reason."""

    service: str
    statement: str
    reason: str


KNOWN: tuple[Known, ...] = ()


def reason_of(service: str, statement: str) -> str | None:
    """The reason why a statement may grow; None where it may not."""
    return next(
        (each.reason for each in KNOWN if each.service in ("", service) and re.search(each.statement, statement)), None
    )
