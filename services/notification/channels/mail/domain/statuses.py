"""Status codes of undelivered mail (RFC 3463): what each is about, and what that says about the address.

The one table for both: reports about mails that came back, and the answers of a server that a mail is handed to.

550 without an extended code is two things: the mailbox is not there, or a policy refuses the mail (RFC 5321, 4.2.3:
"mailbox unavailable (e.g., mailbox not found, no access, or command rejected for policy reasons)"). The words beside it
tell them apart. They are those that systems send: see Validity's examples of blocks (help.returnpath.com), Mailgun's
list of classified bounces (help.mailgun.com), and the replies of Exim, Postfix and smtpf (milter.info).
"""

import re
from datetime import timedelta
from enum import StrEnum

_STATUS = re.compile(r"(?<![\d.])([45])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
# Three digits that begin an answer: others are amounts, or a part of a number.
_SMTP = re.compile(r"(?:^|[\s:;(<\"'#])([45][0-5]\d)(?=[ -]\S|\s*\Z)", re.MULTILINE)
# The extended code that says what an SMTP code alone does; others say only whether it is for good.
_OF_SMTP = {550: "5.1.1", 551: "5.1.6", 552: "5.2.2", 553: "5.1.3", 556: "5.1.10", 452: "4.2.2"}
# Words of servers that give no code, in their order, each with the code that it stands for.
_WORDS = (
    (r"mailbox (?:is )?full|(?:over|exceeded).{0,20}quota|quota exceeded|容量.{0,20}(?:超|一杯|いっぱい)", "5.2.2"),
    (
        r"unknown user|user unknown|no such (?:user|mailbox|recipient)|recipient unknown|unknown recipient"
        r"|(?:user|address|recipient|account|mailbox).{0,40}(?:not exist|n't exist|not found|disabled)"
        r"|(?:user|account|recipient|address).{0,40}unavailable"
        r"|(?:あて先|宛先|アドレス|ユーザ).{0,40}(?:見つかり|見あたり|存在し|不明|間違)",
        "5.1.1",
    ),
    (r"host(?:name)? (?:unknown|not found)|domain.{0,40}(?:not found|not exist|n't exist)", "5.1.2"),
    # Our mails, our name or our servers are refused, and not this mailbox.
    (
        r"spam|unsolicited|phish|virus|malware|banned content|content (?:rejected|denied)"
        r"|block(?:ed|ing|[ -]?list)|black[ -]?list|deny[ -]?list|\brbl\b|dnsbl|\blisted (?:in|at|by|on)\b"
        r"|polic(?:y|ies)|prohibit|reputation"
        r"|\b(?:spf|dkim|dmarc|ptr|helo|ehlo)\b|reverse dns|sender verif"
        r"|relay(?:ing)? (?:access )?(?:denied|not permitted)"
        r"|rate limit|too many (?:messages|mails|connections|recipients)"
        r"|\b(?:message|e-?mail|mail|sender|client|host|connections?|ip(?: address)?)(?: is| are| was| has been)?"
        r" (?:rejected|refused|denied)"
        r"|受信拒否|拒否され|拒否設定|迷惑メール|ブロック",
        "5.7.1",
    ),
    # The words of RFC 5321 for 550, also in front of a policy that is named after them.
    (r"mailbox.{0,40}unavailable", "5.1.1"),
)
# What a text quotes is no reason: the address of `spam-reports@example.jp`.
_ADDRESS = re.compile(r"[^\s<>\"'(),:;]+@[^\s<>\"'(),:;]+")
_BY_WORDS = tuple((re.compile(pattern, re.IGNORECASE | re.DOTALL), status) for pattern, status in _WORDS)


class About(StrEnum):
    """The subject of a status code."""

    ADDRESS = "address"
    SENDER = "sender"  # our own address
    FULL = "full"  # the mailbox, which its reader changes
    SIZE = "size"  # of the mail
    MOMENT = "moment"  # the receiving system cannot take it now: congestion, loops, tried for too long
    SERVERS = "servers"  # the talk between two of them
    CONTENT = "content"  # it was not understood
    RULE = "rule"  # reputation, a filter, addresses that its reader allows, how many mails at once
    UNSTATED = "unstated"  # it failed, and the code does not say why


# By the code behind its class: `1.7` is 5.1.7 and 4.1.7. One number stands for all codes below it, and the longer one
# goes before it. All others are about the address.
_ABOUT = {
    # RFC 3463 calls x.0.0, x.2.0 and x.4.0 "undefined": servers answer so to spam, to their own errors, to anything.
    "0": About.UNSTATED,
    "2.0": About.UNSTATED,
    "4.0": About.UNSTATED,
    "1.7": About.SENDER,
    "1.8": About.SENDER,
    "2.2": About.FULL,
    "2.3": About.SIZE,
    "3.4": About.SIZE,
    "3": About.MOMENT,
    "4.5": About.MOMENT,
    "4.6": About.MOMENT,
    "4.7": About.MOMENT,
    "5": About.SERVERS,
    "6": About.CONTENT,
    "7": About.RULE,
}
# So many mails in a row of time that failed for a passing reason: nobody reads there.
SOFT_FAILURES = 5
SOFT_TIME = timedelta(days=30)


class Kind(StrEnum):
    """The meaning of a failure for the address."""

    HARD = "hard"  # it receives nothing
    SOFT = "soft"  # this mail did not arrive; another may


def about(status: str) -> About:
    """The subject of a status code such as `5.1.1`."""
    _, _, rest = status.partition(".")
    return _ABOUT.get(rest) or _ABOUT.get(rest.partition(".")[0]) or About.ADDRESS


def kind_of(status: str) -> Kind:
    """The kind of a status code such as `5.1.1`."""
    return Kind.HARD if status.startswith("5.") and about(status) is About.ADDRESS else Kind.SOFT


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


def stated_status(text: str) -> str | None:
    """The code that a text names, or that its words stand for; None where it says no more than that it failed."""
    status = status_in(text)
    if status is not None and not status.endswith(".0.0"):
        return status
    words = _ADDRESS.sub("", text)
    return next((code for pattern, code in _BY_WORDS if pattern.search(words)), None)


def status_of(text: str) -> str | None:
    """The code that a text names, or that its words or an SMTP code stand for; None where it says nothing."""
    match = _SMTP.search(text)
    return stated_status(text) or (status_of_smtp(int(match[1])) if match else status_in(text))


def status_of_smtp(code: int) -> str:
    """The extended code that an SMTP code stands for."""
    return _OF_SMTP.get(code, f"{code // 100}.0.0")
