"""Choices of how messages come, and the morning at which those that wait are sent together."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType

from shared.clock import JST

MORNING = time(8)


class Topic(StrEnum):
    """A kind of messages for which an account chooses how they come."""

    OWN = "own"  # about applications that the account filed
    COLLEAGUES = "colleagues"  # about those that colleagues filed for the same organisation in the same role
    CASES = "cases"  # to an officer, about the cases that they have


class How(StrEnum):
    """A way in which messages come. Each of them is in the inbox, except with `NONE`."""

    AT_ONCE = "at_once"
    MORNING = "morning"  # one mail in the morning with all of them
    INBOX = "inbox"  # no mail
    NONE = "none"


# What can be chosen for each topic; the first holds for an account that chose nothing.
OFFERED: Mapping[Topic, tuple[How, ...]] = MappingProxyType(
    {
        Topic.OWN: (How.AT_ONCE, How.MORNING),
        Topic.COLLEAGUES: (How.NONE, How.INBOX, How.MORNING, How.AT_ONCE),
        Topic.CASES: (How.INBOX, How.MORNING, How.AT_ONCE),
    }
)


def next_morning(now: datetime) -> datetime:
    """The first eight o'clock in Japan after `now`, aware like it."""
    local = now.astimezone(JST)
    morning = datetime.combine(local.date(), MORNING, tzinfo=JST)
    if morning <= local:
        morning += timedelta(days=1)
    return morning.astimezone(now.tzinfo)
