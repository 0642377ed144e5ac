"""Stays that end, and what renews them."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.application.progress.domain import RENEWING

# The states of an application that is under way.
OPEN = ("draft", "received")
# A page of the largest list.
MOST_RENEWALS = 200
# How far ahead the calendar looks unless it is asked for other days.
MONTHS_AHEAD = 12


class Renewal(StrEnum):
    """Whether a renewal of a stay is under way."""

    NONE = "none"
    UNDER_WAY = "under_way"


class Unit(StrEnum):
    """The units of time by which stays are counted."""

    MONTH = "month"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Ending:
    """The number of stays that end in a month (by its first day) or on a day, and how many are being renewed."""

    on: date
    stays: int
    under_way: int


def is_renewal(state: str, procedure: str) -> bool:
    """Whether an application in this state is one by which a stay may go on."""
    return state in OPEN and procedure in RENEWING
