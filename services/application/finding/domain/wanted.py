"""The applications that a list shows, and their order."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from services.application.progress.domain import Progress
from shared.text.search import Spellings


class Sort(StrEnum):
    """Orders of a list."""

    NEWEST = "newest"
    OLDEST = "oldest"
    EDITED = "edited"
    FILED = "filed"
    STAY_END = "stay_end"


class Left(StrEnum):
    """Everybody in charge who acts for the organisation no longer in the role of the application, or files no more."""

    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Days:
    """A time from day to day, both included; None where it has no beginning or no end."""

    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """The applications that a list shows. None, and no name of several, stand for no such condition.

    `words` are those of name or receipt number, all of which an application has. `stay` is when the stay ends: the
    granted one, else the present one. `in_charge` is the account of a colleague, or those
    who have left by `today`.
    """

    today: date
    ids: tuple[UUID, ...] = ()
    states: tuple[Progress, ...] = ()
    procedures: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    offices: tuple[str, ...] = ()
    in_charge: UUID | Left | None = None
    words: tuple[Spellings, ...] | None = None
    stay: Days = Days()
    filed: Days = Days()
    sort: Sort = Sort.NEWEST
