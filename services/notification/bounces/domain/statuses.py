"""Status codes of undelivered mail (RFC 3463), and what each says about the address."""

import re
from datetime import timedelta
from enum import StrEnum

_STATUS = re.compile(r"(?<![\d.])([45])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
# Three digits that begin an answer: others are amounts, or a part of a number.
_SMTP = re.compile(r"(?:^|[\s:;(<\"'#])([45][0-5]\d)(?=[ -]\S)", re.MULTILINE)
# The extended code that says what an SMTP code alone does; others say only whether it is for good.
_OF_SMTP = {"550": "5.1.1", "551": "5.1.6", "552": "5.2.2", "553": "5.1.3", "556": "5.1.10", "452": "4.2.2"}

# Codes of class 5 that say something about the mail or about a moment, and not that the address receives nothing. A
# pattern of two numbers stands for all codes below it; a longer one goes before it.
_NOT_OF_THE_ADDRESS = {
    "5.1.7": "our sender's address",
    "5.1.8": "our sender's address",
    "5.2.2": "the mailbox is full",
    "5.2.3": "the mail is too large",
    "5.3": "the receiving system cannot take it now",
    "5.4.5": "congestion",
    "5.4.6": "a loop of forwarding",
    "5.4.7": "tried for too long",
    "5.5": "the talk between two servers went wrong",
    "5.6": "the content was not understood",
    "5.7": "refused by a rule: reputation, a filter, addresses that its reader allows",
}
# So many mails in a row of time that failed for a passing reason: nobody reads there.
SOFT_FAILURES = 5
SOFT_TIME = timedelta(days=30)


class Kind(StrEnum):
    """The meaning of a failure for the address."""

    HARD = "hard"  # it receives nothing
    SOFT = "soft"  # this mail did not arrive; another may


def kind_of(status: str) -> Kind:
    """The kind of a status code such as `5.1.1`."""
    if not status.startswith("5."):
        return Kind.SOFT
    below = status.rpartition(".")[0]
    return Kind.SOFT if status in _NOT_OF_THE_ADDRESS or below in _NOT_OF_THE_ADDRESS else Kind.HARD


def is_suppressed_after(kind: Kind, soft_failures: int) -> bool:
    """Whether nothing is sent to an address any more after a failure, the last of `soft_failures` in `SOFT_TIME`."""
    return kind is Kind.HARD or soft_failures >= SOFT_FAILURES


def status_in(text: str) -> str | None:
    """The extended status code of a failure that a text names first; None where it names none."""
    general = None
    for match in _STATUS.finditer(text):
        # `5.0.0` says no more than `failed`; a later code may say why.
        if match[2] != "0":
            return f"{match[1]}.{int(match[2])}.{int(match[3])}"
        general = general or f"{match[1]}.0.0"
    return general


def status_of_smtp(text: str) -> str | None:
    """The extended code that the SMTP code in a text stands for; None where there is none."""
    match = _SMTP.search(text)
    return None if match is None else _OF_SMTP.get(match[1], f"{match[1][0]}.0.0")
