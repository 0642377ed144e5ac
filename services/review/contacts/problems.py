"""Errors of messages that did not arrive."""

from shared.errors import Conflict, Text


class InformedAlready(Conflict):
    """Somebody recorded already how the person was informed."""

    code = "informed-already"
    title = Text("連絡済みとして記録されています", "It is recorded already that the person was informed")
