"""States of a message and of its delivery, and the parties that receive one."""

from enum import StrEnum


class MessageState(StrEnum):
    """The recorded state of a message. It changes once after the message was made; only a resend reopens it."""

    CREATED = "created"
    SENT = "sent"
    FAILED = "failed"


class DeliveryState(StrEnum):
    """The state of the work on one message."""

    WAITING = "waiting"
    SENDING = "sending"
    DONE = "done"


class Party(StrEnum):
    """The role in which a recipient receives a message."""

    ACCOUNT = "account"
    APPLICANT = "applicant"
    OLD_ADDRESS = "old_address"


def shown_state(state: str, delivery_state: str | None, attempts: int) -> str:
    """The state that people see: created, sending, temporary-failure, sent or failed."""
    if state != MessageState.CREATED:
        return state
    if delivery_state == DeliveryState.SENDING:
        return "sending"
    return "temporary-failure" if attempts else "created"


def same_address(one: str, other: str) -> bool:
    """Whether two addresses reach the same mailbox: no provider in use distinguishes capitals from small letters."""
    return one.strip().casefold() == other.strip().casefold()
