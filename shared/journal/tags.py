"""Audit tags: the action of a journal row, never an ad-hoc string."""

import re
from enum import StrEnum

_GRAMMAR = re.compile(r"[a-z][a-z_]*:[a-z][a-z_]*")


class AuditTag(StrEnum):
    """`subject:action`, both in snake case. Each service has one subclass that lists all of its tags."""

    def __init__(self, value: str) -> None:
        if not _GRAMMAR.fullmatch(value):
            raise ValueError(f"audit tag {value!r} is not of the form subject:action")
