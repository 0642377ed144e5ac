"""The common base of registration's tables."""

from collections.abc import Iterable

from sqlalchemy import MetaData

import shared.db
from shared.auth.actor import APPLICANT_ROLES, OFFICER_ROLES
from shared.db.engine import NAMING

MEMBER_ROLES = tuple(sorted(APPLICANT_ROLES))
OFFICE_ROLES = tuple(sorted(OFFICER_ROLES))
# Personal data and secrets are in the journal as digests only: its rows can never be erased.
PRIVATE = {"secret": True}


class Row(shared.db.Row):
    """Ancestor of registration's tables."""

    __abstract__ = True
    metadata = MetaData(naming_convention=NAMING)


def one_of(column: str, values: Iterable[str]) -> str:
    """The condition of a CHECK that holds `column` to `values`."""
    return f"{column} IN ({', '.join(repr(str(value)) for value in values)})"
