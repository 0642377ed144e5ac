"""Answers of mail servers: which are for good, which may pass, which ask for less, and which are about the relay.

Sources: RFC 5321 (4.2.3, 4.5.3.1.10), RFC 3463 and the IANA registry of enhanced status codes. A row of the table is
chosen by stage, code and what the answer is about (`statuses.py`), the first that fits.
"""

from dataclasses import dataclass
from enum import StrEnum

from services.notification.channels.mail.domain.statuses import (
    About,
    Kind,
    about,
    kind_of,
    stated_status,
    status_in,
    status_of_smtp,
)


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
    """Refusals whose code begins with `code`, about one subject or any, at one of `stages`."""

    meaning: Meaning
    code: str
    about: About | None = None
    stages: frozenset[Stage] = frozenset(Stage)

    def fits(self, stage: Stage, code: str, subject: About) -> bool:
        return stage in self.stages and code.startswith(self.code) and self.about in (None, subject)


_TO = frozenset({Stage.RCPT, Stage.DATA})

RULES = (
    # Less at once, please: x.7.x is policy, which is how large providers throttle.
    Rule(Meaning.SLOWER, "421", About.RULE, _TO),
    Rule(Meaning.SLOWER, "45", About.RULE),
    # The server closes the connection, for whatever reason of its own.
    Rule(Meaning.RELAY, "421"),
    # The mail is too large, which no other attempt changes.
    Rule(Meaning.FOR_GOOD, "55", About.SIZE),
    # The mailbox is full, which its reader changes; 552 without more also meant too many recipients.
    Rule(Meaning.LATER, "55", About.FULL),
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
    # Words say what a refusal for good is about. What may pass is known by its code alone.
    stated = stated_status(text) if code >= 500 else status_in(text)
    subject = about(stated or status_of_smtp(code))
    return next(rule.meaning for rule in RULES if rule.fits(stage, str(code), subject))


def dead_address(stage: Stage, code: int, text: str) -> str | None:
    """The status code by which an answer says that the address receives nothing; None where it does not say so.

    550 alone does not: relays that take nothing from this site answer it to every address.
    """
    stated = stated_status(text)
    if stated is None or kind_of(stated) is Kind.SOFT or meaning_of(stage, code, text) is not Meaning.FOR_GOOD:
        return None
    return stated
