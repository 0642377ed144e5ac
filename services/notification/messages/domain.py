"""States of a message and of its delivery, and the parties that receive one."""

from enum import IntEnum, StrEnum

from shared.reference.receipt_numbers import number_typed


class MessageState(StrEnum):
    """The recorded state of a message. It ends once after the message was made; only a resend reopens it."""

    CREATED = "created"
    HELD = "held"  # waits for the morning's summary
    SENT = "sent"
    FAILED = "failed"
    SUMMARISED = "summarised"  # a summary names it, which is mailed in its place
    INBOX = "inbox"  # in the inbox alone, as its reader chose


# States in which a message has not ended.
OPEN_STATES = frozenset({MessageState.CREATED, MessageState.HELD})


class DeliveryState(StrEnum):
    """The state of the work on one message."""

    WAITING = "waiting"
    HELD = "held"
    SENDING = "sending"
    DONE = "done"


class Priority(IntEnum):
    """The order in which due messages are delivered: all of one before any of the next."""

    FIRST = 0
    BROADCAST = 1  # behind links to sign in, receipts and everything else that one person waits for


class Party(StrEnum):
    """The role in which a recipient receives a message."""

    ACCOUNT = "account"
    APPLICANT = "applicant"
    OLD_ADDRESS = "old_address"
    COLLEAGUE = "colleague"
    OFFICER = "officer"
    SUMMARY = "summary"  # the account, of a mail that stands for several messages


# Parties whose messages are in the inbox of the account.
IN_THE_INBOX = frozenset({Party.ACCOUNT, Party.COLLEAGUE, Party.OFFICER})


def shown_state(state: str, delivery_state: str | None, attempts: int) -> str:
    """The state that people see: that of the message, and for one that is being mailed `sending` or
    `temporary-failure`."""
    if state != MessageState.CREATED:
        return state
    if delivery_state == DeliveryState.SENDING:
        return "sending"
    return "temporary-failure" if attempts else "created"


def mailbox(address: str) -> str:
    """The mailbox behind an address: no provider in use distinguishes capitals from small letters."""
    return address.strip().casefold()


def number_of(typed: str | None) -> str | None:
    """A receipt number as messages have it, from what somebody typed; a number of another kind as it was typed."""
    if typed is None or not typed.strip():
        return None
    return number_typed(typed) or typed.strip()
