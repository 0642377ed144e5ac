"""Answers of mail servers: which are for good, which may pass, which ask for less, and which are about the relay.

Sources: RFC 5321 (4.2.3, 4.5.3.1.10), RFC 3463 and the IANA registry of enhanced status codes. A row of the table is
chosen by stage, code and the beginning of the enhanced code (`5.1.1`), the first that fits.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

_ENHANCED = re.compile(r"\s*([245]\.\d{1,3}\.\d{1,3})\b")


class Stage(StrEnum):
    """The command that was answered. `DATA` is also the answer to the content."""

    MAIL = "MAIL"
    RCPT = "RCPT"
    DATA = "DATA"


class Meaning(StrEnum):
    """The meaning of a refusal for the mail that it was given for."""

    FOR_GOOD = "for good"
    LATER = "later"
    SLOWER = "slower"  # later, and the domain of the recipient gets fewer mails for a while
    RELAY = "relay"  # later, and the relay is at fault


@dataclass(frozen=True, slots=True)
class Rule:
    """Refusals whose code begins with `code` and whose enhanced code begins with `enhanced`, at one of `stages`."""

    meaning: Meaning
    code: str
    enhanced: str = ""
    stages: frozenset[Stage] = frozenset(Stage)

    def fits(self, stage: Stage, code: str, enhanced: str) -> bool:
        return stage in self.stages and code.startswith(self.code) and enhanced.startswith(self.enhanced)


_TO = frozenset({Stage.RCPT, Stage.DATA})

RULES = (
    # Less at once, please: 4.7.x is policy, which is how large providers throttle.
    Rule(Meaning.SLOWER, "421", "4.7.", _TO),
    Rule(Meaning.SLOWER, "45", "4.7."),
    # The server closes the connection, for whatever reason of its own.
    Rule(Meaning.RELAY, "421"),
    # The mail is too large, which no other attempt changes.
    Rule(Meaning.FOR_GOOD, "552", "5.3.4"),
    Rule(Meaning.FOR_GOOD, "55", "5.2.3"),
    # The mailbox is full (5.2.2), which its reader changes; 552 without more also meant too many recipients.
    Rule(Meaning.LATER, "55", "5.2.2"),
    Rule(Meaning.LATER, "552"),
    # Sign-in, and commands that the server does not know: the site's settings.
    Rule(Meaning.RELAY, "530"),
    Rule(Meaning.RELAY, "535"),
    Rule(Meaning.RELAY, "500"),
    Rule(Meaning.RELAY, "502"),
    Rule(Meaning.RELAY, "503"),
    # The sender's address is the same for every mail: refused, it says nothing about this recipient.
    Rule(Meaning.RELAY, "5", stages=frozenset({Stage.MAIL})),
    # 550, 551, 553, 554, 5.1.x and all others: the address, or what the mail says.
    Rule(Meaning.FOR_GOOD, "5"),
    Rule(Meaning.LATER, ""),
)


def meaning_of(stage: Stage, code: int, text: str) -> Meaning:
    """The meaning of an answer at `stage`; `text` is what follows its code."""
    found = _ENHANCED.match(text)
    enhanced = found[1] if found else ""
    return next(rule.meaning for rule in RULES if rule.fits(stage, str(code), enhanced))
